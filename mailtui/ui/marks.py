"""Which accounts the operator has marked."""

from mailtui.ui.row_set import RowSet


class Marks:
    """The marked accounts, by row id.

    Filter, sort, refresh and panes do not touch them. Cleared marks come back when cleared again.
    """

    def __init__(self) -> None:
        self._marked = RowSet()
        self._cleared = RowSet()

    def __len__(self) -> int:
        return len(self._marked)

    def __contains__(self, row: object) -> bool:
        return isinstance(row, int) and row in self._marked

    @property
    def rows(self) -> RowSet:
        """The marked ones; as they are now, they do not change with the marks."""
        return self._marked

    @property
    def cleared(self) -> RowSet:
        """Those whose marks can be brought back."""
        return self._cleared

    @property
    def can_clear(self) -> bool:
        """Whether clearing would change something: marks to take away, or marks to bring back."""
        return bool(self._marked or self._cleared)

    def add(self, rows: RowSet) -> None:
        """Mark accounts."""
        self._marked |= rows

    def invert(self, rows: RowSet) -> None:
        """Mark those of the accounts that are not marked, and take the marks of the others away."""
        self._marked ^= rows

    def discard(self, rows: RowSet) -> None:
        """Take the marks of accounts away that need none any more; clearing again does bring them back."""
        left = self._marked - rows
        if len(left) < len(self._marked):
            self._cleared, self._marked = self._marked, left

    def clear(self) -> None:
        """Take all marks away; where there are none, bring back those that were taken away last."""
        if self._marked:
            self._cleared, self._marked = self._marked, RowSet()
        else:
            self._marked, self._cleared = self._cleared, RowSet()

    def replace(self, marked: RowSet, cleared: RowSet) -> None:
        """Have other rows marked, and others to bring back: the same accounts, as far as they are still there."""
        self._marked, self._cleared = marked, cleared
