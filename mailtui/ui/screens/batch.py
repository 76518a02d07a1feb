"""One batch: how far it is while it runs, what became of every row, and what can be done about it."""

import asyncio
from time import monotonic

from textual import work
from textual.app import ComposeResult
from textual.reactive import reactive
from typing_extensions import override

from mailtui.desk import Desk
from mailtui.domain.batch import Batch, BatchState
from mailtui.errors import MailtuiError
from mailtui.runner.front import Runner
from mailtui.texts import _
from mailtui.ui import ages, batch_wording, keys, plan_lines
from mailtui.ui.batch_errands import BatchErrands
from mailtui.ui.progress import Progress
from mailtui.ui.reporting import reporting
from mailtui.ui.screens.about_batch import AboutBatch
from mailtui.ui.widgets.key_bar import KeyBar
from mailtui.ui.widgets.lines import Lines
from mailtui.ui.widgets.spans import Line
from mailtui.ui.widgets.tally import Tally

_TICK_S = 0.5


class BatchScreen(AboutBatch):
    """Follows a batch through the journal, whoever carries it out; leaving the screen does not stop it."""

    KEYS = keys.BATCH
    BINDINGS = keys.bindings(keys.BATCH)

    record: reactive[Batch | None] = reactive(None, init=False)
    """The batch as the journal last had it."""
    opened: reactive[int | None] = reactive(None, init=False)
    """The number of the row whose changes are shown."""

    def __init__(self, batch: Batch, desk: Desk, runner: Runner, errands: BatchErrands) -> None:
        super().__init__(errands)
        self._first = batch
        self._desk, self._runner = desk, runner
        self._owners: list[int] = []
        self._title, self._about, self._counts = Tally(), Tally(), Tally()
        self._list = Lines(self._lay_out, has_cursor=True, id="rows")
        self._progress = Progress()
        self._told: MailtuiError | None = None

    def compose(self) -> ComposeResult:
        """Head, rows, keys."""
        yield from (self._title, self._about, self._counts, self._list)
        yield KeyBar(usable_first=True)

    def on_mount(self) -> None:
        """Show it, and follow it."""
        self.record = self._first
        self.look_again()

    @property
    @override
    def chosen(self) -> Batch | None:
        return self.record

    @override
    def look_again(self) -> None:
        self.follow()

    @work(group="follow", exclusive=True)
    async def follow(self) -> None:
        """Look into the journal again and again: whoever works on the batch may be elsewhere, or begin later."""
        with reporting(self):
            while True:
                await self._look()
                await asyncio.sleep(_TICK_S)

    async def _look(self) -> None:
        summary = await asyncio.to_thread(self._desk.batch_summary, self._first.id)
        if self.record is None or _news(summary) != _news(self.record):
            self.record = await asyncio.to_thread(self._desk.batch, self._first.id)
        elif summary.state is BatchState.RUNNING:
            self._show_head()
        await self._errands.show_passwords(self._list, self._first.id)
        failure = self._runner.failure(self._first.id)
        if failure is not None and failure is not self._told:
            self._told = failure
            with reporting(self):
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
        rows = self.record.rows if self.record else ()
        lines, self._owners = plan_lines.of_rows(rows, self.opened, self._desk.schema.rule, cells)
        return lines

    def _show_head(self) -> None:
        batch = self.record
        if batch is None:
            return
        title = f"{batch.id} {batch_wording.task(batch.task)}"
        left = self._progress.text(batch, monotonic()) or batch_wording.what_next(batch)
        self._title.line = ((title, "title"), ("   ", ""), batch_wording.state_of(batch), ("   ", ""), (left, "muted"))
        about = [_("ticket {ticket}").format(ticket=batch.ticket) if batch.ticket else _("no ticket"), batch.reason]
        about += [batch.operator, ages.moment(batch.started)]
        if batch.undone_by:
            about.append(_("undone by {batch}").format(batch=batch.undone_by))
        self._about.line = ((" · ".join(filter(None, about)), "muted"),)
        self._counts.line = plan_lines.counts(batch)

    def action_open(self) -> None:
        """Show what the row at the cursor changes, or hide it again."""
        cursor = self._list.cursor
        if cursor < len(self._owners):
            number = self._owners[cursor]
            self.opened = None if self.opened == number else number


def _news(batch: Batch) -> tuple[object, ...]:
    """Give what of a batch can become different."""
    return dict(batch.counts), batch.state, batch.is_paused, batch.ended, batch.undone_by
