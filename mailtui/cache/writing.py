"""The cache as its writers see it: full loads, single accounts mended, and how fresh it is."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from mailtui.cache.layout import from_stored, to_stored
from mailtui.cache.mending import Placed, mend
from mailtui.cache.opening import explained, open_engine, writing
from mailtui.cache.staging import ALONE, Staging
from mailtui.cache.updating import Update
from mailtui.cache.using import in_parts, show_all, take_one, take_some, targets
from mailtui.domain.mirror import MailboxRecord, Record, Target


@dataclass(frozen=True, slots=True)
class Position:
    """Where the mirror stands: the cursor of the last sync, and how many accounts it holds."""

    cursor: str
    accounts: int


class Cache:
    """The mirror's file, open for writing; `was_rebuilt` tells that one was there which could not be used.

    One connection stays open throughout: readers that may not write beside the file need what SQLite keeps there.
    """

    def __init__(self, path: Path, *, is_shared: bool = False) -> None:
        """Open it, made where it is not there; the group of the file may read one that `is_shared`."""
        self.path = path
        self._engine, self.was_rebuilt = open_engine(path, 0o640 if is_shared else 0o600)
        with explained(path), ExitStack() as held:
            self._held = held.enter_context(self._engine.connect())
            self._held.exec_driver_sql("SELECT 1 FROM sync_state")
            self._held.rollback()
            held.pop_all()

    def position(self) -> Position:
        """Tell where the next sync goes on."""
        with explained(self.path), self._engine.connect() as connection:
            return Position(*connection.exec_driver_sql("SELECT cursor, accounts FROM sync_state").one())

    @contextmanager
    def stage(self, alone: int = ALONE) -> Iterator[Staging]:
        """Begin a full load; leaving the block without a commit drops what was staged.

        Args:
            alone: Up to how many accounts no second process helps.
        """
        with self._engine.connect() as connection, closing(Staging(connection, self.path, alone)) as staging:
            yield staging

    @contextmanager
    def update(self) -> Iterator[Update]:
        """Begin a delta; leaving the block without a commit leaves everything as it was."""
        with self._engine.connect() as connection:
            yield Update(connection, self.path)

    def mend(
        self,
        records: Sequence[Record],
        as_of: datetime,
        gone: Sequence[str] = (),
        placed: Placed = lambda _record, _dn: None,
    ) -> None:
        """Write single entries as they were read just after `as_of`, and forget those that are gone: all or none.

        `placed` gives accounts whose units are at another DN; without it, such units are left to the next sync.

        Raises:
            StoreError: The file cannot be written.
        """
        if records or gone:
            with explained(self.path), self._engine.connect() as connection, writing(connection):
                mend(connection, records, gone, as_of, placed)

    def targets(self) -> list[Target]:
        """Give all accounts as what is known of mailboxes is matched to them."""
        with explained(self.path), self._engine.connect() as connection:
            return list(targets(connection))

    def take_usage(self, records: Iterable[MailboxRecord], as_of: datetime) -> None:
        """Write what a mail store said of all mailboxes at a moment; it is shown when all of it is written.

        Raises:
            StoreError: The file cannot be written.
        """
        with self._engine.connect() as connection:
            # Bit by bit: whoever mends an account meanwhile need not wait for the end.
            for some in in_parts(records):
                with explained(self.path), writing(connection):
                    take_some(connection, some)
            with explained(self.path), writing(connection):
                show_all(connection, as_of)

    def take_live(self, record: MailboxRecord) -> None:
        """Write what a mail store says of the use of one mailbox now; what is told of its growth stays."""
        with explained(self.path), self._engine.connect() as connection, writing(connection):
            take_one(connection, record)

    def usage_as_of(self) -> datetime | None:
        """Tell when the mail store was last asked about everybody."""
        with explained(self.path), self._engine.connect() as connection:
            return from_stored(connection.exec_driver_sql("SELECT usage_as_of FROM sync_state").scalar())

    def note_usage_failure(self, reason: str) -> None:
        """Keep why the mail store could not be asked, until it can."""
        with explained(self.path), self._engine.connect() as connection, writing(connection):
            connection.exec_driver_sql("UPDATE sync_state SET usage_failure = ?", (reason,))

    def note_failure(self, reason: str, at: datetime) -> None:
        """Keep why the last sync failed, until one succeeds; the mirror's age stands."""
        with explained(self.path), self._engine.connect() as connection, writing(connection):
            connection.exec_driver_sql("UPDATE sync_state SET failed_at = ?, failure = ?", (to_stored(at), reason))

    def close(self) -> None:
        """Close the file."""
        self._held.close()
        self._engine.dispose()
