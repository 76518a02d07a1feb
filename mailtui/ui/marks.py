"""Which accounts the operator has marked."""

from collections.abc import Iterable, Iterator


class Marks:
    """The marked accounts, by entryUUID, in the order in which they were marked.

    Filter, sort, refresh and panes do not touch them. Cleared marks come back when cleared again.
    """

    def __init__(self) -> None:
        self._ids: dict[str, None] = {}
        self._cleared: dict[str, None] = {}

    def __len__(self) -> int:
        return len(self._ids)

    def __contains__(self, account_id: object) -> bool:
        return account_id in self._ids

    def __iter__(self) -> Iterator[str]:
        return iter(self._ids)

    @property
    def can_clear(self) -> bool:
        """Whether clearing would change something: marks to take away, or marks to bring back."""
        return bool(self._ids or self._cleared)

    def toggle(self, account_id: str) -> None:
        """Mark an account, or take its mark away."""
        self.invert([account_id])

    def add(self, account_ids: Iterable[str]) -> None:
        """Mark accounts."""
        self._ids.update(dict.fromkeys(account_ids))

    def invert(self, account_ids: Iterable[str]) -> None:
        """Mark those of the accounts that are not marked, and take the marks of the others away."""
        for account_id in account_ids:
            if account_id in self._ids:
                del self._ids[account_id]
            else:
                self._ids[account_id] = None

    def discard(self, account_ids: Iterable[str]) -> None:
        """Take the marks of accounts away that need none any more; clearing again does bring them back."""
        gone = {account_id: None for account_id in account_ids if account_id in self._ids}
        if gone:
            self._cleared = dict(self._ids)
            for account_id in gone:
                del self._ids[account_id]

    def clear(self) -> None:
        """Take all marks away; where there are none, bring back those that were taken away last."""
        if self._ids:
            self._cleared, self._ids = self._ids, {}
        else:
            self._ids, self._cleared = self._cleared, {}
