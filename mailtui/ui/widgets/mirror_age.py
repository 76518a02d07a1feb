"""How old the mirror is, and what keeps it young."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from threading import Thread
from typing import TYPE_CHECKING

from textual import on, work
from textual.geometry import Size
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip
from typing_extensions import override

from mailtui.credentials import PasswordNeeded
from mailtui.desk import Desk
from mailtui.errors import DirectoryError, MailtuiError, Stopped
from mailtui.queries.views import MirrorState
from mailtui.texts import _, clean, width
from mailtui.ui import ages
from mailtui.ui.reporting import reporting, with_password
from mailtui.ui.widgets.spans import Toned

if TYPE_CHECKING:
    from mailtui.sync.following import Following
    from mailtui.sync.reading import SyncProgress
    from mailtui.sync.syncing import SyncReport

_TICK_S = 1.0
_MOST_CELLS = 46
_SHORT_S, _PATIENCE_S = 1.0, 1.0


class MirrorAge(Toned):
    """The age of the mirror; while a sync runs its progress, after a failed one the failure beside the age.

    The mirror is brought up to date every few seconds, by this console or whoever else does so already; one that is
    shared is left to the service that fills it.
    """

    text: reactive[str] = reactive("", layout=True)
    """What it says."""
    progress: reactive[str] = reactive("", init=False)
    """How far a sync is; empty while none runs that takes long."""

    class Synced(Message):
        """The mirror holds something new, whoever brought it."""

    class Told(Message):
        """A sync was done, or has failed."""

        def __init__(self, news: SyncReport | MailtuiError) -> None:
            super().__init__()
            self.news = news

    class Answered(Message):
        """The sync that was asked for was done."""

        def __init__(self, report: SyncReport) -> None:
            super().__init__()
            self.report = report

    class Reached(Message):
        """The directory let us in, for the first time since the console was opened."""

    class Ended(Message):
        """The mirror is not followed any more; `why` is None where that was asked for."""

        def __init__(self, why: MailtuiError | None) -> None:
            super().__init__()
            self.why = why

    def __init__(self, desk: Desk, state: Callable[[], MirrorState], *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._desk, self._state = desk, state
        self._following: Following | None = None
        self._thread: Thread | None = None
        self._latest: SyncProgress | None = None
        self._is_asked = self._wants_news = False
        self._trouble = ""
        self._was_reached = False
        # Before any list is made: one that is older than a change in between is then made again.
        self._generation = state().generation

    def on_mount(self) -> None:
        """Look at the mirror often, for somebody else may renew it; the age goes in steps, so little is sent."""
        self.show_age()
        self.set_interval(_TICK_S, self.look_again)

    async def on_unmount(self) -> None:
        """Let the mirror be; a sync under way ends in order, unless the directory keeps it waiting."""
        if self._following is not None and self._thread is not None:
            self._following.end()
            await asyncio.to_thread(self._thread.join, _PATIENCE_S)

    def look_again(self) -> None:
        """Say how old the mirror is now, how far a sync is, and whether there is something new."""
        self._tell()
        self.show_age()
        generation = self._state().generation
        if generation != self._generation:
            self._generation = generation
            self.post_message(self.Synced())

    def show_age(self) -> None:
        """Say how old the mirror is now."""
        state = self._state()
        age = _("mirrored {age}").format(age=ages.ago(state.as_of)) if state.as_of else _("never mirrored")
        failed = state.failed_at is not None and (state.as_of is None or state.failed_at > state.as_of)
        trouble = self._trouble or (_("sync failed: {why}").format(why=state.failure) if failed else "")
        if not trouble and state.usage_failure:
            trouble = _("use not asked: {why}").format(why=state.usage_failure)
        self.set_class(bool(trouble), "-failed")
        self.text = self.progress or (_("{age} · {trouble}").format(trouble=trouble, age=age) if trouble else age)

    def begin(self) -> None:
        """Follow the directory, if that can be done without a question; ask it where nothing was mirrored yet."""
        if self._following is None and self._desk.renews_mirror:
            if self._state().as_of is None:
                self.ask()
            else:
                self._follow()

    def toggle(self) -> None:
        """Ask for a sync at once, or stop one under way that takes long."""
        if self._following is not None and self._latest is not None:
            self._following.end()
        else:
            self._wants_news = True
            self.ask()

    def ask(self) -> None:
        """Ask for a sync at once, and for a password where only a person knows it."""
        self._is_asked = True
        if not self._desk.renews_mirror:
            self._trouble = _("kept by a service")
            self.show_age()
        elif self._following is not None:
            self.progress = _("reading the directory…")
            self._following.ask()
        else:
            self._log_in()

    @work(group="sync", exclusive=True)
    async def _log_in(self) -> None:
        self.progress = _("reading the directory…")
        with reporting(self):
            with suppress(Stopped):
                await with_password(self, self._desk, self._desk.log_in)
                self._follow()
                return
            self._trouble = _("r logs in and goes on")
        self.progress = ""

    def _follow(self) -> None:
        from mailtui.sync.following import Following

        self._trouble = ""
        self._following = Following()
        # Not one of asyncio's threads: those are waited for at the end, and a server may take long to answer.
        self._thread = Thread(target=partial(self._keep, self._following), name="sync", daemon=True)
        self._thread.start()

    def _keep(self, following: Following) -> None:
        """Follow until the end, in a thread."""
        why = None
        try:
            self._desk.keeper().follow(following, self._note, lambda news: self._post(self.Told(news)))
        except MailtuiError as error:
            why = error
        self._post(self.Ended(why))

    def _post(self, message: Message) -> None:
        if self.is_attached:
            self.post_message(message)

    def _note(self, progress: SyncProgress) -> None:
        self._latest = progress

    @on(Told)
    def hear(self, event: Told) -> None:
        """Show what came of a sync; a failure of one that was asked for is said aloud."""
        event.stop()
        is_asked, self._is_asked = self._is_asked, False
        self._latest = None
        self.progress = ""
        self.look_again()
        if not self._was_reached and not isinstance(event.news, MailtuiError):
            self._was_reached = True
            self.post_message(self.Reached())
        if is_asked:
            self._say(event.news)

    @on(Ended)
    def hear_end(self, event: Ended) -> None:
        """Say why the mirror is not followed any more."""
        event.stop()
        is_asked, self._is_asked = self._is_asked, False
        self._following, self._latest = None, None
        if event.why is None:
            self._trouble = _("stopped; r goes on")
        elif isinstance(event.why, PasswordNeeded):
            self._trouble = _("r logs in and goes on")
            if is_asked and self.screen.is_current:
                self._log_in()
            is_asked = False
        elif not isinstance(event.why, DirectoryError):
            # What the directory said is kept with the mirror; the rest nobody else knows.
            self._trouble = event.why.message
        self.progress = ""
        self.look_again()
        if is_asked and event.why is not None:
            self._say(event.why)

    def _say(self, news: SyncReport | MailtuiError) -> None:
        wants_news, self._wants_news = self._wants_news, False
        with reporting(self):
            if isinstance(news, MailtuiError):
                raise news
            if wants_news:
                self.post_message(self.Answered(news))

    def _tell(self) -> None:
        latest = self._latest
        if latest is None or latest.seconds < _SHORT_S:
            return
        text = _("read {number}").format(number=f"{latest.read:,}")
        if latest.is_waiting:
            text = _("another mailtui is syncing")
        elif latest.expected:
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
        return min(_MOST_CELLS, width(clean(self.text)) + 1)

    @override
    def render_line(self, y: int) -> Strip:
        """Give the text."""
        tone = "bad" if self.has_class("-failed") else "key" if self.progress else "muted"
        return self.strip(((" ", ""), (self.text, tone)), self.size.width)
