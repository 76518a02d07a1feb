"""The list of accounts: one a line, drawn from the window that is in sight, however long the list is."""

from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass

from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip
from typing_extensions import override

from mailtui.queries.views import AccountLine, Sort
from mailtui.ui import keys
from mailtui.ui.widgets import columns
from mailtui.ui.widgets.columns import Column
from mailtui.ui.widgets.row_list import RowList
from mailtui.ui.widgets.spans import Span

_NOTE_AT = 2


class AccountTable(RowList):
    """Accounts, one a line below a line of headings; the line at the cursor is the account at hand."""

    BINDINGS = keys.bindings(keys.MARKING)
    HEAD = 1

    columns: reactive[tuple[Column, ...]] = reactive(columns.DESK)
    """What is shown of an account, as far as there is room."""
    note: reactive[str] = reactive("")
    """What stands in an empty list."""
    sort: reactive[Sort] = reactive(Sort.MATCH)
    """The column the list is ordered by."""
    reverse: reactive[bool] = reactive(False)
    """Whether the order is turned round."""

    @dataclass
    class Opened(Message):
        """Everything about the account at hand was asked for."""

        table: "AccountTable"

    @dataclass
    class Marked(Message):
        """Marks are to be turned for one row, or set for a range of them."""

        table: "AccountTable"
        rows: Sequence[int]
        is_range: bool

    def __init__(
        self,
        read: Callable[[Sequence[int]], list[AccountLine]],
        marks: Container[int],
        *,
        id: str | None = None,  # noqa: A002
    ) -> None:
        super().__init__(read, id=id)
        self._marks = marks

    @override
    def render_line(self, y: int) -> Strip:
        """Give the headings, or the account in sight at `y`."""
        cells = self.room
        placed = columns.place(self.columns, cells)
        if y == 0:
            return self.strip(columns.heading(placed, self.sort, reverse=self.reverse), cells)
        position = self.scroll_offset.y + y - 1
        account = self.at(position)
        if account is None:
            note = (" " * columns.GUTTER + self._note(y, position), "muted")
            return self.strip((note,), cells, self._over(position))
        return self.strip(columns.line(placed, account, self._mark(position, account)), cells, self._over(position))

    def _note(self, y: int, position: int) -> str:
        if position == len(self.rows) and not self.is_whole:
            return "…"
        return self.note if y == _NOTE_AT and not self.rows else ""

    def _mark(self, position: int, account: AccountLine) -> Span:
        if self.in_range(position):
            return "+ ", "key"
        return ("* ", "key") if account.row in self._marks else ("  ", "")

    def _over(self, position: int) -> str:
        if position != self.cursor or position >= self.length:
            return "range" if self.in_range(position) else ""
        return "cursor" if self.has_focus else "cursor-blurred"

    def mark(self) -> None:
        """Ask for the account at hand to be marked and move on, or for the range that was begun."""
        if self.account is None:
            return
        if self.range_start is None:
            self.post_message(self.Marked(self, self.rows[self.cursor : self.cursor + 1], is_range=False))
            self.cursor += 1
            return
        first, last = sorted((self.range_start, self.cursor))
        self.range_start = None
        self.post_message(self.Marked(self, self.rows[first : last + 1], is_range=True))

    def action_mark(self) -> None:
        """Mark."""
        self.mark()

    def action_range(self) -> None:
        """Begin a range, or drop it."""
        self.range_start = self.cursor if self.range_start is None else None

    def action_open(self) -> None:
        """Open what is at the cursor."""
        self.post_message(self.Opened(self))
