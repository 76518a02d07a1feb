"""A list of row ids with the accounts at hand: it may change beneath the cursor, or not be known to its end yet."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from textual.message import Message
from textual.reactive import reactive
from typing_extensions import override

from mailtui.queries.views import AccountLine
from mailtui.ui.widgets.cursor import CursorView
from mailtui.ui.widgets.windows import Windows


class RowList(CursorView):
    """Accounts by row id, read by the window that is in sight; how they are drawn is left to a subclass."""

    rows: Sequence[int] = ()
    """The cache's row ids of the list, in its order."""
    is_whole = True
    """Whether these are all; if not, what is still to come is one line at the end."""
    range_start: reactive[int | None] = reactive(None, init=False)
    """Where a range began; None while there is none."""

    @dataclass
    class Moved(Message):
        """Another account is at hand, None where the list is empty; or the range begins or ends.

        `by_hand` tells whether the operator moved, or the list beneath.
        """

        table: "RowList"
        account: AccountLine | None
        by_hand: bool = True

        @property
        def control(self) -> "RowList":
            """The table it happened in."""
            return self.table

    def __init__(
        self,
        read: Callable[[Sequence[int]], list[AccountLine]],
        *,
        id: str | None = None,  # noqa: A002
    ) -> None:
        super().__init__(id=id)
        self._windows = Windows(read)
        self._is_for_end = False

    def at(self, position: int) -> AccountLine | None:
        """Give the account at a place; None where it is gone since, or there is none."""
        return self._windows[position]

    @property
    def account(self) -> AccountLine | None:
        """The account at hand."""
        return self.at(self.cursor)

    @property
    def row(self) -> int | None:
        """The row id of the account at hand; None where there is none."""
        return self.rows[self.cursor] if self.cursor < len(self.rows) else None

    def show(self, rows: Sequence[int], cursor: int, *, is_whole: bool = True) -> None:
        """Show another list; the line at the cursor stays where it is on the screen, as far as that can be."""
        above = self.cursor - self.scroll_offset.y
        self.rows, self.is_whole = rows, is_whole
        self._windows.show(rows)
        self.range_start = None
        self._lay_out(cursor, above)

    def renew(self, rows: Sequence[int], row: int | None) -> None:
        """Show the list as it is now: `row` at hand again, or who stands in its place; a range goes on."""
        start = self.range_start
        began = self.rows[start] if start is not None and start < len(self.rows) else None
        at_hand = None if row is None else place_of(rows, row, self.cursor)
        self.show(rows, self.cursor if at_hand is None else at_hand)
        if began is not None:
            self.range_start = place_of(rows, began, start or 0)

    def lengthen(self, rows: Sequence[int]) -> None:
        """Show the whole of a list whose beginning is shown; who waits at its end is taken there."""
        before, above = len(self.rows), self.cursor - self.scroll_offset.y
        if rows[:before] != self.rows:
            # Somebody changed the mirror in between.
            self.renew(rows, self.row)
            return
        self.rows, self.is_whole = rows, True
        self._windows.lengthen(rows)
        self._lay_out(len(rows) if self._is_for_end else self.cursor, above)

    def _lay_out(self, cursor: int, above: int) -> None:
        with self.prevent(self.Moved):
            self.length = len(self.rows) + (not self.is_whole)
            self.cursor = cursor
        self._is_for_end = False
        self._scroll(max(0, self.cursor - above))
        self.refresh()
        self.post_message(self.Moved(self, self.account, by_hand=False))

    def read_again(self) -> None:
        """Show the accounts in sight as they are now."""
        self._windows.read_again()
        self.refresh()
        self.post_message(self.Moved(self, self.account, by_hand=False))

    @override
    def edge(self, direction: int) -> None:
        super().edge(direction)
        # Where the list ends may not be known yet.
        self._is_for_end = direction > 0 and not self.is_whole

    def watch_range_start(self) -> None:
        """Tell that a range was begun or dropped."""
        self.post_message(self.Moved(self, self.account))

    @override
    def cursor_moved(self) -> None:
        self._is_for_end = False
        if self.range_start is not None:
            self.refresh()
        self.post_message(self.Moved(self, self.account))

    def in_range(self, position: int) -> bool:
        """Tell whether a place is within the range that was begun."""
        return self.range_start is not None and min(self.range_start, self.cursor) <= position <= max(
            self.range_start, self.cursor
        )


def place_of(rows: Sequence[int], row: int, near: int) -> int | None:
    """Give the place of a row in a list, which is quickest `near` to where it was; None where it is not in it."""
    if near < len(rows) and rows[near] == row:
        return near
    try:
        return rows.index(row)
    except ValueError:
        return None
