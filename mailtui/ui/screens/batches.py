"""What was done, newest first."""

import asyncio
from collections.abc import Sequence
from functools import partial

from textual import work
from textual.app import ComposeResult
from textual.reactive import reactive
from textual.screen import Screen
from typing_extensions import override

from mailtui.desk import Desk
from mailtui.domain.batch import Batch
from mailtui.texts import _, fit
from mailtui.ui import ages, batch_wording, keys, plan_lines
from mailtui.ui.asking import begin, close
from mailtui.ui.errands import Errands
from mailtui.ui.reporting import reporting
from mailtui.ui.screens.batch import can_undo
from mailtui.ui.widgets.key_bar import KeyBar
from mailtui.ui.widgets.lines import Lines
from mailtui.ui.widgets.spans import Line
from mailtui.ui.widgets.tally import Tally


class BatchesScreen(Screen[None]):
    """The batches of the journal; one of them can be opened, or reversed."""

    BINDINGS = keys.bindings(keys.BATCHES)

    batches: reactive[Sequence[Batch]] = reactive((), init=False)
    """The newest batches."""

    def __init__(self, desk: Desk, errands: Errands) -> None:
        super().__init__()
        self._desk, self._errands = desk, errands
        self._title, self._list = Tally(), Lines(has_cursor=True, id="batches")

    def compose(self) -> ComposeResult:
        """A heading, the list, the keys."""
        yield from (self._title, self._list)
        yield KeyBar()

    def on_mount(self) -> None:
        """Read the journal."""
        self.load()

    @property
    def _chosen(self) -> Batch | None:
        cursor = self._list.cursor
        return self.batches[cursor] if cursor < len(self.batches) else None

    @work(group="load", exclusive=True)
    async def load(self) -> None:
        """Read the newest batches."""
        with reporting(self):
            self.batches = await asyncio.to_thread(self._desk.batches)

    def watch_batches(self) -> None:
        """Show them."""
        self._title.line = (
            (_("Batches"), "title"),
            ("   " + (_("newest first") if self.batches else _("Nothing was done yet.")), "muted"),
        )
        self._list.lines = [_line(batch) for batch in self.batches]
        self.refresh_bindings()

    def on_lines_moved(self) -> None:
        """Grey what the chosen batch does not allow."""
        self.refresh_bindings()

    @override
    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Grey what cannot be done to the chosen batch."""
        if action == "open":
            return True if self._chosen else None
        if action == "undo":
            is_possible = self._chosen and can_undo(self._chosen) and self._errands.can_write
            return True if is_possible else None
        return True

    async def open_batch(self, batch: Batch) -> None:
        """Show the rows of a batch."""
        with reporting(self):
            await self._errands.watch(self, batch.id)
        self.load()

    async def undo(self, batch: Batch) -> None:
        """Reverse a batch."""
        await self._errands.undo(self, batch)
        self.load()

    def action_open(self) -> None:
        """Open what is at the cursor."""
        if self._chosen:
            begin(self, partial(self.open_batch, self._chosen))

    def action_undo(self) -> None:
        """Reverse the batch."""
        if self._chosen:
            begin(self, partial(self.undo, self._chosen))

    def action_close(self) -> None:
        """Close without an answer."""
        close(self)


def _line(batch: Batch) -> Line:
    word, tone = batch_wording.batch_state(batch.state)
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
