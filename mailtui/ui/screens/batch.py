"""One batch: how far it is while it runs, what became of every row, and what can be done about it."""

import asyncio
from time import monotonic
from typing import Protocol

from textual import work
from textual.app import ComposeResult
from textual.reactive import reactive
from textual.screen import Screen
from textual.widget import Widget
from typing_extensions import override

from mailtui.desk import Desk
from mailtui.domain.batch import Batch, BatchState, RowState
from mailtui.runner.front import Runner
from mailtui.texts import _
from mailtui.ui import ages, batch_wording, keys, plan_lines
from mailtui.ui.asking import begin, close
from mailtui.ui.reporting import reporting
from mailtui.ui.widgets.key_bar import KeyBar
from mailtui.ui.widgets.lines import Lines
from mailtui.ui.widgets.spans import Line
from mailtui.ui.widgets.tally import Tally

_TICK_S = 0.5
_OPEN = (RowState.PLANNED, RowState.SENT)
_UNDOABLE = (RowState.VERIFIED, RowState.DRIFTED, RowState.SENT)


class Doing(Protocol):
    """What can be done about a batch, where anything can."""

    @property
    def can_write(self) -> bool:
        """Whether anything may be changed."""

    async def retry(self, widget: Widget, batch: Batch) -> bool:
        """Send its failed rows again."""

    async def undo(self, widget: Widget, batch: Batch) -> Batch | None:
        """Reverse it."""


class BatchScreen(Screen[None]):
    """Follows a batch through the journal; leaving the screen does not stop it."""

    BINDINGS = keys.bindings(keys.BATCH)

    record: reactive[Batch | None] = reactive(None, init=False)
    """The batch as the journal last had it."""
    opened: reactive[int | None] = reactive(None, init=False)
    """The number of the row whose changes are shown."""

    def __init__(self, batch: Batch, desk: Desk, runner: Runner, doing: Doing) -> None:
        super().__init__()
        self._first = batch
        self._desk, self._runner, self._doing = desk, runner, doing
        self._owners: list[int] = []
        self._title, self._about, self._counts = Tally(), Tally(), Tally()
        self._list = Lines(self._lay_out, has_cursor=True, id="rows")
        self._begun, self._open_at_start = monotonic(), _open(batch)

    def compose(self) -> ComposeResult:
        """Head, rows, keys."""
        yield from (self._title, self._about, self._counts, self._list)
        yield KeyBar()

    def on_mount(self) -> None:
        """Show it, and look again as long as it runs."""
        self.record = self._first
        self.follow()

    @work(group="follow", exclusive=True)
    async def follow(self) -> None:
        """Look into the journal until the batch has ended."""
        with reporting(self):
            while self._runner.is_running(self._first.id):
                await asyncio.sleep(_TICK_S)
                self.record = await asyncio.to_thread(self._desk.batch, self._first.id)
            self.record = await asyncio.to_thread(self._desk.batch, self._first.id)
            failure = self._runner.failure(self._first.id)
            if failure is not None:
                raise failure

    def watch_record(self) -> None:
        """Show what became of it so far."""
        self._show_head()
        self._list.lay_out()
        self.refresh_bindings()

    def watch_opened(self) -> None:
        """Show the rows, one of them opened."""
        self._list.lay_out()

    def _lay_out(self, cells: int) -> list[Line]:
        lines, self._owners = plan_lines.of_rows(self.record.rows if self.record else (), self.opened, cells)
        return lines

    def _show_head(self) -> None:
        batch = self.record
        if batch is None:
            return
        word, tone = batch_wording.batch_state(batch.state)
        title = f"{batch.id} {batch_wording.task(batch.task)}"
        self._title.line = (
            (title, "title"),
            ("   ", ""),
            (word, tone),
            ("   ", ""),
            (self._left(), "muted"),
        )
        about = [_("ticket {ticket}").format(ticket=batch.ticket) if batch.ticket else _("no ticket"), batch.reason]
        about += [batch.operator, ages.moment(batch.started)]
        if batch.undone_by:
            about.append(_("undone by {batch}").format(batch=batch.undone_by))
        self._about.line = ((" · ".join(filter(None, about)), "muted"),)
        self._counts.line = plan_lines.counts(batch)

    def _left(self) -> str:
        """Say how far a running batch is, and how long it will take."""
        batch = self.record
        if batch is None or not self._runner.is_running(batch.id):
            return ""
        done = self._open_at_start - _open(batch)
        text = _("{done} of {total}").format(done=batch.total - _open(batch), total=batch.total)
        if not done:
            return text
        seconds = (monotonic() - self._begun) / done * _open(batch)
        return _("{progress}, {time} left").format(progress=text, time=ages.duration(seconds))

    @override
    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Grey what cannot be done to the batch now."""
        batch = self.record
        if batch is None or action not in {"stop", "retry", "undo"}:
            return True
        is_running = self._runner.is_running(batch.id)
        if action == "stop":
            return True if is_running else None
        if is_running or not self._doing.can_write:
            return None
        is_possible = _can_retry(batch) if action == "retry" else can_undo(batch)
        return True if is_possible else None

    async def undo(self) -> None:
        """Reverse the batch, and show what that came to."""
        if self.record:
            await self._doing.undo(self, self.record)
            self.follow()

    async def retry(self) -> None:
        """Send the failed rows again."""
        if self.record and await self._doing.retry(self, self.record):
            self._begun, self._open_at_start = monotonic(), self.record.counts.get(RowState.FAILED, 0)
            self.follow()

    def action_stop(self) -> None:
        """Stop between rows."""
        self._runner.cancel(self._first.id)

    def action_undo(self) -> None:
        """Reverse the batch."""
        begin(self, self.undo)

    def action_retry(self) -> None:
        """Send failed rows again."""
        begin(self, self.retry)

    def action_open(self) -> None:
        """Show what the row at the cursor changes, or hide it again."""
        cursor = self._list.cursor
        if cursor < len(self._owners):
            number = self._owners[cursor]
            self.opened = None if self.opened == number else number

    def action_close(self) -> None:
        """Close without an answer."""
        close(self)


def can_undo(batch: Batch) -> bool:
    """Tell whether there is something to take back that was not taken back yet."""
    return batch.undone_by is None and batch.state is not BatchState.RUNNING and any(map(batch.counts.get, _UNDOABLE))


def _can_retry(batch: Batch) -> bool:
    return bool(batch.counts.get(RowState.FAILED))


def _open(batch: Batch) -> int:
    return sum(batch.counts.get(state, 0) for state in _OPEN)
