"""Lines of accounts fetched by the window that is in sight, and kept while they are near."""

from collections import OrderedDict
from collections.abc import Callable, Sequence

from mailtui.queries.views import AccountLine

_WINDOW = 128
_KEPT = 16


class Windows:
    """The lines of a list of row ids; memory does not grow with the list."""

    def __init__(self, read: Callable[[Sequence[int]], list[AccountLine]]) -> None:
        self._read = read
        self._rows: Sequence[int] = ()
        self._windows: OrderedDict[int, dict[int, AccountLine]] = OrderedDict()

    def show(self, rows: Sequence[int]) -> None:
        """Give the lines of another list from now on."""
        self._rows = rows
        self.read_again()

    def lengthen(self, rows: Sequence[int]) -> None:
        """Give the lines of a list that goes on where the last one ended."""
        self._windows.pop(len(self._rows) // _WINDOW, None)
        self._rows = rows

    def read_again(self) -> None:
        """Give the lines as they are now from now on."""
        self._windows.clear()

    def __getitem__(self, position: int) -> AccountLine | None:
        """Give the line at a position of the list; None where the account is gone since, or there is no such place."""
        if not 0 <= position < len(self._rows):
            return None
        return self._window(position // _WINDOW).get(self._rows[position])

    def _window(self, number: int) -> dict[int, AccountLine]:
        window = self._windows.get(number)
        if window is None:
            rows = self._rows[number * _WINDOW : (number + 1) * _WINDOW]
            window = self._windows[number] = {line.row: line for line in self._read(rows)}
            if len(self._windows) > _KEPT:
                self._windows.popitem(last=False)
        self._windows.move_to_end(number)
        return window
