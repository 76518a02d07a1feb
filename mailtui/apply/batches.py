"""A batch carried out: each row journalled, sent, read back, journalled again, and mirrored."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from threading import Event

from mailtui.apply.judging import obstacle, overtaken, verdict
from mailtui.directory.port import Directory, Entry
from mailtui.domain.batch import Batch, BatchRow, Closing, RowState
from mailtui.domain.operator import Operator
from mailtui.domain.schema import Schema
from mailtui.errors import AssertionFalse, DirectoryError, EntryGone, StoreError, Unreachable
from mailtui.journal.log import Journal
from mailtui.texts import _

# So many rows are journalled by one commit before their requests leave: what a crash leaves to be settled.
ROWS_A_COMMIT = 64

Counts = Mapping[RowState, int]


@dataclass(frozen=True, slots=True)
class Means:
    """What a batch is carried out with.

    `operator` is who carries it out, in a retry perhaps not who began it; `reading` names the attributes that `mend`
    needs of an entry to bring the cache up to date with it, as it was read after a moment.
    """

    journal: Journal
    directory: Directory
    schema: Schema
    reading: tuple[str, ...]
    mend: Callable[[Sequence[Entry], datetime], None]
    operator: Operator
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)


def carry_out(
    batch_id: str, means: Means, stop: Event, progress: Callable[[Counts], None], *, retry: bool = False
) -> Batch:
    """Send the planned rows of a batch, with `retry` the failed ones again too, and give the batch as it is then.

    `stop` ends it between two rows: the batch is cancelled and its other rows stay planned. `progress` is called with
    the number of rows in each state whenever one changes.

    Raises:
        Refused: There is no such batch, or somebody else works on it.
        DirectoryError: The directory cannot be reached any more, or be read. The batch is left interrupted, with the
            reason among its warnings: a row in flight stays `sent`, those behind it planned.
        StoreError: The journal cannot be written; what was sent by then stays `sent`.
    """
    journal = means.journal
    with journal.batch_lock(batch_id):
        if retry:
            _plan_failed_again(batch_id, means)
        batch = journal.batch(batch_id)
        journal.start_batch(batch.id, means.operator, means.clock())
        run = _Run(batch, means, stop, progress, dict(batch.counts))
        try:
            run.carry_out([row for row in batch.rows if row.state is RowState.PLANNED])
        except DirectoryError as error:
            journal.note(batch.id, error.message, means.clock())
            raise
        journal.close_batch(batch.id, means.clock(), cancelled=run.was_stopped)
    return journal.batch(batch.id)


def _plan_failed_again(batch_id: str, means: Means) -> None:
    # Under the batch's lock: nobody else can have sent, or planned again, a row that is failed here.
    batch = means.journal.batch(batch_id)
    failed = [row.number for row in batch.rows if row.state is RowState.FAILED]
    means.journal.withdraw(batch.id, failed, means.clock())


@dataclass(slots=True)
class _Run:
    """One batch under way; `counts` are ahead of the journal by at most the rows of one commit."""

    batch: Batch
    means: Means
    stop: Event
    progress: Callable[[Counts], None]
    counts: dict[RowState, int]
    was_stopped: bool = False

    def carry_out(self, rows: Sequence[BatchRow]) -> None:
        """Send rows, some at a time, until they are through or somebody stops it."""
        for start in range(0, len(rows), ROWS_A_COMMIT):
            if self.stop.is_set():
                self.was_stopped = True
            if self.was_stopped:
                return
            self._carry_out_some(rows[start : start + ROWS_A_COMMIT])

    def _carry_out_some(self, rows: Sequence[BatchRow]) -> None:
        journal, name, began = self.means.journal, self.batch.id, self.means.clock()
        some = _Some(list(rows))
        # Committed before any of the requests leaves: a crash from here on leaves rows that settling reads back.
        journal.sent(name, [row.number for row in rows], self.means.clock())
        self._count(RowState.PLANNED, RowState.SENT, len(rows))
        try:
            self._send(some)
            self._read_back(some)
        finally:
            # Also when the line was lost: what is known is written down, and what never left is planned again.
            journal.withdraw(name, [row.number for row in some.waiting], self.means.clock())
            journal.close_rows(name, some.closings, self.means.clock())
            self._count(RowState.SENT, RowState.PLANNED, len(some.waiting))
            self._mend(some.read, began)

    def _send(self, some: "_Some") -> None:
        ids = [row.account_id for row in some.waiting]
        entries = self.means.directory.read_ids(ids, self._attributes(some.waiting))
        while some.waiting:
            if self.stop.is_set():
                self.was_stopped = True
                return
            row = some.waiting.pop(0)
            self._send_one(row, entries.get(row.account_id), some)

    def _send_one(self, row: BatchRow, entry: Entry | None, some: "_Some") -> None:
        closing = obstacle(row, entry, self.means.schema)
        if closing or entry is None:
            self._close(closing or overtaken(row, entry, self.means.schema), entry, some)
            return
        try:
            after = self.means.directory.modify(
                entry.dn, row.changes, expecting=row.before or (), reading=self._attributes([row])
            )
        except (AssertionFalse, EntryGone):
            self._look_again(row, some)
        except Unreachable:
            raise
        except DirectoryError as error:
            self._close(Closing(row.number, RowState.FAILED, error.message), None, some)
        else:
            if after is None:
                some.unread.append(row)
            else:
                self._close(verdict(row, after, self.means.schema), after, some)

    def _look_again(self, row: BatchRow, some: "_Some") -> None:
        entry = self.means.directory.read_ids([row.account_id], self._attributes([row])).get(row.account_id)
        self._close(overtaken(row, entry, self.means.schema), entry, some)

    def _read_back(self, some: "_Some") -> None:
        """Read the rows whose server gives no Post-Read, in one search."""
        if not some.unread:
            return
        ids = [row.account_id for row in some.unread]
        entries = self.means.directory.read_ids(ids, self._attributes(some.unread))
        for row in some.unread:
            entry = entries.get(row.account_id)
            self._close(verdict(row, entry, self.means.schema), entry, some)

    def _close(self, closing: Closing, entry: Entry | None, some: "_Some") -> None:
        some.closings.append(closing)
        if entry is not None:
            some.read.append(entry)
        self._count(RowState.SENT, closing.state, 1)

    def _count(self, before: RowState, after: RowState, rows: int) -> None:
        self.counts[before] -= rows
        self.counts[after] += rows
        self.progress(dict(self.counts))

    def _attributes(self, rows: Sequence[BatchRow]) -> tuple[str, ...]:
        touched = (before.attribute for row in rows for before in row.before or ())
        return tuple(dict.fromkeys((*self.means.reading, *touched)))

    def _mend(self, entries: Sequence[Entry], as_of: datetime) -> None:
        """Bring the cache up to date; it can be read anew at any time, so its failure does not end the batch."""
        if not entries:
            return
        try:
            self.means.mend(entries, as_of)
        except StoreError as error:
            text = _("The cache was not brought up to date: {reason}").format(reason=error.message)
            self.means.journal.note(self.batch.id, text, self.means.clock())


@dataclass(slots=True)
class _Some:
    """The rows of one commit: not yet sent, sent but not yet read back, ended; and the entries read meanwhile."""

    waiting: list[BatchRow]
    unread: list[BatchRow] = field(default_factory=list)
    closings: list[Closing] = field(default_factory=list)
    read: list[Entry] = field(default_factory=list)
