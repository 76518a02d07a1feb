"""How old the mirror is, and what makes it young again."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from functools import partial
from threading import Event
from typing import TYPE_CHECKING

from textual import work
from textual.geometry import Size
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip
from typing_extensions import override

from mailtui.desk import Desk
from mailtui.errors import Stopped
from mailtui.queries.views import MirrorState
from mailtui.texts import _, clean, width
from mailtui.ui import ages
from mailtui.ui.reporting import reporting, with_password
from mailtui.ui.widgets.spans import Toned

if TYPE_CHECKING:
    from mailtui.sync.full import SyncProgress

_TICK_S = 1.0
_AGE_TICK_S = 2.0
_MOST_CELLS = 46


class MirrorAge(Toned):
    """The age of the mirror; while a sync runs its progress, after a failed one the failure beside the age."""

    text: reactive[str] = reactive("", layout=True)
    """What it says."""
    progress: reactive[str] = reactive("", init=False)
    """How far a sync is; empty while none runs."""

    class Synced(Message):
        """The mirror was brought up to date, here or elsewhere; or a sync ended without that."""

    def __init__(self, desk: Desk, state: Callable[[], MirrorState], *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._desk, self._state = desk, state
        self._stop: Event | None = None
        self._latest: SyncProgress | None = None
        # Before any list is made: one that is older than a swap in between is then made again.
        self._as_of = state().as_of

    def on_mount(self) -> None:
        """Look at the age often, for somebody else may sync too; it goes in steps, so little is sent."""
        self.show_age()
        self.set_interval(_AGE_TICK_S, self.look_again)

    def look_again(self) -> None:
        """Say how old the mirror is now; somebody else may have brought it up to date."""
        self.show_age()
        as_of = self._state().as_of
        if as_of != self._as_of:
            self._as_of = as_of
            self.post_message(self.Synced())

    def show_age(self) -> None:
        """Say how old the mirror is now."""
        state = self._state()
        age = _("mirrored {age}").format(age=ages.ago(state.as_of)) if state.as_of else _("never mirrored")
        failed = state.failed_at is not None and (state.as_of is None or state.failed_at > state.as_of)
        self.set_class(failed, "-failed")
        self.text = self.progress or (
            _("sync failed: {why} · {age}").format(why=state.failure, age=age) if failed else age
        )

    def toggle(self) -> None:
        """Begin a sync, or stop the one under way."""
        if self._stop is not None:
            self._stop.set()
        else:
            self.sync()

    @work(group="sync")
    async def sync(self) -> None:
        """Bring the mirror up to date."""
        if self._stop is not None:
            return
        self._stop, self._latest = Event(), None
        self.progress = _("reading the directory…")
        ticking = self.set_interval(_TICK_S, self._tell)
        try:
            with reporting(self), suppress(Stopped):
                await with_password(self, self._desk, partial(self._desk.sync, self._note, self._stop))
        finally:
            ticking.stop()
            self._stop = None
            self.progress = ""
        self.post_message(self.Synced())

    def _note(self, progress: SyncProgress) -> None:
        self._latest = progress

    def _tell(self) -> None:
        latest = self._latest
        if latest is None:
            return
        text = _("read {number}").format(number=f"{latest.read:,}")
        if latest.expected:
            text = _("read {number} of {expected}").format(number=f"{latest.read:,}", expected=f"{latest.expected:,}")
        if latest.seconds_left is not None:
            text = _("{progress}, {time} left").format(progress=text, time=ages.duration(latest.seconds_left))
        self.progress = _("{progress} · r stops").format(progress=text)

    def watch_progress(self) -> None:
        """Show how far it is."""
        self.show_age()

    @override
    def get_content_width(self, container: Size, viewport: Size) -> int:
        """Be as wide as what it says, within reason."""
        return min(_MOST_CELLS, width(clean(self.text)))

    @override
    def render_line(self, y: int) -> Strip:
        """Give the text."""
        tone = "bad" if self.has_class("-failed") else "key" if self.progress else "muted"
        return self.strip(((self.text, tone),), self.size.width)
