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
from mailtui.ui.widgets.cursor import CursorView
from mailtui.ui.widgets.spans import Span
from mailtui.ui.widgets.windows import Windows

_NOTE_AT = 2


class AccountTable(CursorView):
    """Accounts, one a line below a line of headings; the line at the cursor is the account at hand."""

    BINDINGS = keys.bindings(keys.MARKING)
    HEAD = 1

    rows: reactive[Sequence[int]] = reactive((), repaint=False, always_update=True)
    """The cache's row ids of the list, in its order."""
    range_start: reactive[int | None] = reactive(None, init=False)
    """Where a range began; None while there is none."""
    columns: reactive[tuple[Column, ...]] = reactive(columns.DESK)
    """What is shown of an account, as far as there is room."""
    note: reactive[str] = reactive("")
    """What stands in an empty list."""
    sort: reactive[Sort] = reactive(Sort.MATCH)
    """The column the list is ordered by."""
    reverse: reactive[bool] = reactive(False)
    """Whether the order is turned round."""

    @dataclass
    class Moved(Message):
        """Another account is at hand, None where the list is empty; or the range begins or ends."""

        table: "AccountTable"
        account: AccountLine | None

        @property
        def control(self) -> "AccountTable":
            """The table it happened in."""
            return self.table

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
        marks: Container[str],
        *,
        id: str | None = None,  # noqa: A002
    ) -> None:
        super().__init__(id=id)
        self._read = read
        self._marks = marks
        self._windows = Windows((), read)

    @property
    def account(self) -> AccountLine | None:
        """The account at hand."""
        return self._windows[self.cursor]

    def watch_rows(self) -> None:
        """Show another list; whoever sets it also says where the cursor goes."""
        self._windows = Windows(self.rows, self._read)
        self.range_start = None
        self.length = len(self.rows)
        self.refresh()
        self.post_message(self.Moved(self, self.account))

    def watch_range_start(self) -> None:
        """Tell that a range was begun or dropped."""
        self.post_message(self.Moved(self, self.account))

    @override
    def cursor_moved(self) -> None:
        if self.range_start is not None:
            self.refresh()
        self.post_message(self.Moved(self, self.account))

    @override
    def render_line(self, y: int) -> Strip:
        """Give the headings, or the account in sight at `y`."""
        cells = self.room
        placed = columns.place(self.columns, cells)
        if y == 0:
            return self.strip(columns.heading(placed, self.sort, reverse=self.reverse), cells)
        position = self.scroll_offset.y + y - 1
        account = self._windows[position]
        if account is None:
            is_note = y == _NOTE_AT and not self.rows
            return self.strip(((" " * columns.GUTTER, ""), (self.note, "muted")) if is_note else (), cells)
        return self.strip(columns.line(placed, account, self._mark(position, account)), cells, self._over(position))

    def _mark(self, position: int, account: AccountLine) -> Span:
        if self._in_range(position):
            return "+ ", "key"
        return ("* ", "key") if account.id in self._marks else ("  ", "")

    def _over(self, position: int) -> str:
        if position != self.cursor:
            return "range" if self._in_range(position) else ""
        return "cursor" if self.has_focus else "cursor-blurred"

    def _in_range(self, position: int) -> bool:
        return self.range_start is not None and min(self.range_start, self.cursor) <= position <= max(
            self.range_start, self.cursor
        )

    def mark(self) -> None:
        """Ask for the account at hand to be marked and move on, or for the range that was begun."""
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
