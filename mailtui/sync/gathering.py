"""What one search brings since its cursor, as it comes; what is mirrored just so is not kept."""

from __future__ import annotations

from collections.abc import Iterable, Sized
from typing import TYPE_CHECKING, TypeVar

from mailtui.directory.port import Entry, Gone, Named, Reached

if TYPE_CHECKING:
    from mailtui.cache.updating import Update
    from mailtui.directory.port import News
    from mailtui.domain.mirror import Record
    from mailtui.sync.reading import Reading
    from mailtui.sync.searches import Search

MOST = 10_000
"""With more than this that is new, a full load is quicker, and needs no more memory."""

_BATCH = 500

Found = TypeVar("Found", bound=Sized)


class TooMuch(Exception):
    """More is new than a delta is for."""


def check(found: Found) -> Found:
    """Let so much through.

    Raises:
        TooMuch: It is more than a delta is for.
    """
    if len(found) > MOST:
        raise TooMuch
    return found


class Gathering:
    """The news of one search: `records` that are new, ids that `came` at all, ids that are `gone`."""

    def __init__(self, update: Update, search: Search, reading: Reading) -> None:
        self._update, self._search, self._reading = update, search, reading
        self._unsifted: list[Record] = []
        self.records: list[Record] = []
        self.came: set[str] = set()
        self.gone: set[str] = set()
        self.reached = Reached("", names_all=False)

    def gather(self, news: Iterable[News]) -> None:
        """Take everything to the end.

        Raises:
            TooMuch: A full load would do better.
        """
        for one in self._reading.watch(news):
            if isinstance(one, Entry):
                self._take(self._search.record(one))
            elif isinstance(one, Gone):
                self.gone.update(one.ids)
                check(self.gone)
            elif isinstance(one, Named):
                self._update.name((entry_id, None) for entry_id in one.ids)
            else:
                self.reached = one
        self._sift()

    def _take(self, record: Record) -> None:
        self.came.add(record.id)
        self._unsifted.append(record)
        if len(self._unsifted) >= _BATCH:
            self._sift()

    def _sift(self) -> None:
        self.records += self._update.differing(self._unsifted)
        self._unsifted.clear()
        check(self.records)
