"""The cache as its writers see it: full loads, single accounts mended, and how fresh it is."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from mailtui.cache.layout import to_stored
from mailtui.cache.mending import Mender
from mailtui.cache.opening import explained, open_engine, writing
from mailtui.cache.staging import Staging
from mailtui.domain.mirror import AccountRecord


class Cache:
    """The mirror's file, open for writing; `was_rebuilt` tells that one was there which could not be used."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._engine, self.was_rebuilt = open_engine(path)

    @contextmanager
    def stage(self) -> Iterator[Staging]:
        """Begin a full load; leaving the block without a commit drops what was staged."""
        with self._engine.connect() as connection:
            yield Staging(connection, self.path)

    def mend(self, records: Sequence[AccountRecord], as_of: datetime) -> None:
        """Write single accounts as they were just read: all or none.

        Raises:
            StoreError: The file cannot be written.
        """
        if records:
            with explained(self.path), self._engine.connect() as connection, writing(connection):
                Mender(connection).put(records, as_of)

    def remove(self, ids: Iterable[str]) -> None:
        """Forget accounts that are no longer in the directory."""
        with explained(self.path), self._engine.connect() as connection, writing(connection):
            Mender(connection).drop(ids)

    def note_failure(self, reason: str, at: datetime) -> None:
        """Keep why the last sync failed, until one succeeds; the mirror's age stands."""
        with explained(self.path), self._engine.connect() as connection, writing(connection):
            connection.exec_driver_sql("UPDATE sync_state SET failed_at = ?, failure = ?", (to_stored(at), reason))

    def close(self) -> None:
        """Close the file."""
        self._engine.dispose()
