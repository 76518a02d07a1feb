"""Rows that a crash left open, settled: the directory is asked what became of them."""

from collections.abc import Sequence
from contextlib import suppress

from mailtui.apply.judging import settled
from mailtui.apply.means import Means
from mailtui.domain.batch import Batch, BatchRow, Closing, RowState
from mailtui.errors import Refused

_AT_ONCE = 500


def settle(batch_id: str, means: Means) -> Batch:
    """Find out what became of the rows of a batch that were under way when its runner ended.

    As planned: verified. As before: planned again. Anything else: conflict. Gone: failed. A batch whose rows are all
    closed then is closed too. Nothing is written to the directory, and once more changes nothing.

    Raises:
        Refused: There is no such batch, or a runner is at work on it.
        DirectoryError: The directory cannot be reached or read; the rows stay as they are.
        StoreError: The journal cannot be written.
    """
    with means.journal.batch_lock(batch_id):
        batch = settle_locked(batch_id, means)
        if not batch.open_rows and batch.ended is None:
            means.journal.close_batch(batch.id, means.clock())
    # Read without the lock: whoever holds it counts as at work on the batch.
    return means.journal.batch(batch_id)


def settle_locked(batch_id: str, means: Means) -> Batch:
    """Do so for a batch whose lock is held by the caller."""
    batch = means.journal.batch(batch_id)
    unknown = [row for row in batch.rows if row.state is RowState.SENT]
    if batch.ended is None:
        _mirror_closed(batch, means)
    for start in range(0, len(unknown), _AT_ONCE):
        _settle_some(batch.id, unknown[start : start + _AT_ONCE], means)
    return means.journal.batch(batch.id) if unknown else batch


def _mirror_closed(batch: Batch, means: Means) -> None:
    """Bring the cache up to date with rows that were closed: a crash may have come between the two."""
    closed = [row for row in batch.rows if row.found]
    for start in range(0, len(closed), _AT_ONCE):
        some = closed[start : start + _AT_ONCE]
        began = means.clock()
        entries = means.directory.read_ids([row.account_id for row in some], attributes_of(some, means))
        means.mirror(batch.id, list(entries.values()), began)


def _settle_some(batch: str, rows: Sequence[BatchRow], means: Means) -> None:
    began = means.clock()
    entries = means.directory.read_ids([row.account_id for row in rows], attributes_of(rows, means))
    ends: list[Closing] = []
    again: list[int] = []
    for row in rows:
        closing = settled(row, entries.get(row.account_id), means.schema)
        if closing is None:
            again.append(row.number)
        else:
            ends.append(closing)
    means.journal.settle(batch, ends, again, means.operator, means.clock())
    means.mirror(batch, list(entries.values()), began)


def attributes_of(rows: Sequence[BatchRow], means: Means) -> tuple[str, ...]:
    """Give the attributes to read of the entries of rows: those they touch, and those that are mirrored."""
    touched = (before.attribute for row in rows for before in row.before or ())
    return tuple(dict.fromkeys((*means.reading, *touched)))


def settle_all(names: Sequence[str], means: Means) -> list[Batch]:
    """Settle batches; those on which somebody begins to work meanwhile are left to them."""
    done = []
    for name in names:
        with suppress(Refused):
            done.append(settle(name, means))
    return done
