"""What was done, newest first."""

import asyncio
from collections.abc import Sequence
from functools import partial

from textual import work
from textual.app import ComposeResult
from textual.reactive import reactive
from typing_extensions import override

from mailtui.desk import Desk
from mailtui.domain.batch import Batch
from mailtui.texts import _, fit
from mailtui.ui import ages, batch_wording, keys, plan_lines
from mailtui.ui.asking import begin
from mailtui.ui.batch_errands import BatchErrands
from mailtui.ui.reporting import reporting
from mailtui.ui.screens.about_batch import AboutBatch
from mailtui.ui.widgets.key_bar import KeyBar
from mailtui.ui.widgets.lines import Lines
from mailtui.ui.widgets.spans import Line
from mailtui.ui.widgets.tally import Tally

_TICK_S = 1.0


class BatchesScreen(AboutBatch):
    """The batches of the journal; one of them can be opened, and what its own screen offers can be done to it."""

    KEYS = keys.BATCHES
    BINDINGS = keys.bindings(keys.BATCHES)

    batches: reactive[Sequence[Batch]] = reactive((), init=False)
    """The newest batches."""

    def __init__(self, desk: Desk, errands: BatchErrands) -> None:
        super().__init__(errands)
        self._desk = desk
        self._title, self._list = Tally(), Lines(has_cursor=True, id="batches")

    def compose(self) -> ComposeResult:
        """A heading, the list, the keys."""
        yield from (self._title, self._list)
        yield KeyBar(usable_first=True)

    def on_mount(self) -> None:
        """Read the journal."""
        self.look_again()

    @property
    @override
    def chosen(self) -> Batch | None:
        cursor = self._list.cursor
        return self.batches[cursor] if cursor < len(self.batches) else None

    @override
    def look_again(self) -> None:
        self.load()

    @work(group="load", exclusive=True)
    async def load(self) -> None:
        """Read the newest batches again and again: others begin some, carry them out, settle them."""
        with reporting(self):
            seen = None
            while True:
                mark = await asyncio.to_thread(self._desk.journal_mark)
                if mark != seen:
                    seen = mark
                    self._show(await asyncio.to_thread(self._desk.batches))
                await self._errands.show_all_passwords(self._list)
                await asyncio.sleep(_TICK_S)

    def _show(self, batches: Sequence[Batch]) -> None:
        """Show batches, the cursor where it was: what a key does must not depend on what was begun just now."""
        chosen = self.chosen
        self.batches = batches
        place = next((number for number, one in enumerate(batches) if chosen and one.id == chosen.id), None)
        if place is not None:
            self._list.cursor = place
        self._title.line = (
            (_("Batches"), "title"),
            ("   " + (_("newest first") if batches else _("Nothing was done yet.")), "muted"),
        )

    def watch_batches(self) -> None:
        """Show them."""
        self._list.lines = [_line(batch) for batch in self.batches]
        self.refresh_bindings()

    def on_lines_moved(self) -> None:
        """Grey what the chosen batch does not allow."""
        self.refresh_bindings()

    @override
    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "open":
            return True if self.chosen else None
        return super().check_action(action, parameters)

    async def open_batch(self, batch: Batch) -> None:
        """Show the rows of a batch."""
        with reporting(self):
            await self._errands.watch(self, batch.id)
        self.look_again()

    def action_open(self) -> None:
        """Open what is at the cursor."""
        if self.chosen:
            begin(self, partial(self.open_batch, self.chosen))


def _line(batch: Batch) -> Line:
    word, tone = batch_wording.short_state_of(batch)
    note = _("undone by {batch}").format(batch=batch.undone_by) if batch.undone_by else ""
    note = note or (_("undoes {batch}").format(batch=batch.undoes) if batch.undoes else "")
    return (
        (fit(batch.id, 5), "strong"),
        (ages.moment(batch.started) + "  ", "muted"),
        (fit(batch_wording.task(batch.task), 9), ""),
        (f"{batch.total:>5,}  ", ""),
        (fit(word, 14), tone),
        *(() if batch.is_clean else plan_lines.counts(batch)),
        (" · ".join(filter(None, (note, batch.ticket, batch.reason))), "muted"),
    )
