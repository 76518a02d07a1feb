"""Rows that a crash left open, settled: the directory is asked what became of them."""

from collections.abc import Mapping, Sequence
from contextlib import suppress

from mailtui.apply.judging import settled
from mailtui.apply.means import Means, Seen
from mailtui.directory.port import Entry
from mailtui.domain.batch import Batch, BatchRow, Closing, RowState
from mailtui.domain.entries import Act
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
    bare = {Act.DELETE, Act.RENAME}
    closed = [row for row in batch.rows if row.found or (row.act in bare and row.state is RowState.VERIFIED)]
    for start in range(0, len(closed), _AT_ONCE):
        some = closed[start : start + _AT_ONCE]
        began = means.clock()
        entries = entries_of(some, attributes_of(some, means), means)
        means.mirror(batch.id, _seen(some, entries), began, _gone(some, entries))


def _settle_some(batch: str, rows: Sequence[BatchRow], means: Means) -> None:
    began = means.clock()
    entries = entries_of(rows, attributes_of(rows, means), means)
    ends: list[Closing] = []
    again: list[int] = []
    for row in rows:
        closing = settled(row, entries.get(row.number), means.schema)
        if closing is None:
            again.append(row.number)
        else:
            ends.append(closing)
    means.journal.settle(batch, ends, again, means.operator, means.clock())
    means.mirror(batch, _seen(rows, entries), began, _gone(rows, entries))


def _seen(rows: Sequence[BatchRow], entries: Mapping[int, Entry]) -> list[Seen]:
    return [(row.kind, entries[row.number]) for row in rows if row.number in entries]


def _gone(rows: Sequence[BatchRow], entries: Mapping[int, Entry]) -> list[str]:
    return [row.account_id for row in rows if row.act is Act.DELETE and row.number not in entries]


def entries_of(rows: Sequence[BatchRow], attributes: Sequence[str], means: Means) -> dict[int, Entry]:
    """Read the entries of rows, by row number; one that may have been added, and whose id nobody knows, by its DN."""
    named = [row for row in rows if not row.account_id]
    found = means.directory.read_ids([row.account_id for row in rows if row.account_id], attributes)
    at = means.directory.read(list(dict.fromkeys(row.dn for row in named)), attributes)
    by_id = {row.number: found[row.account_id] for row in rows if row.account_id in found}
    return by_id | {row.number: at[row.dn] for row in named if row.dn in at}


def attributes_of(rows: Sequence[BatchRow], means: Means) -> tuple[str, ...]:
    """Give the attributes to read of the entries of rows: those they touch, and those that are mirrored."""
    mirrored = (name for kind in dict.fromkeys(row.kind for row in rows) for name in means.reading[kind])
    touched = (before.attribute for row in rows for before in row.before or ())
    return tuple(dict.fromkeys((*mirrored, *touched)))


def settle_all(names: Sequence[str], means: Means) -> list[Batch]:
    """Settle batches; those on which somebody begins to work meanwhile are left to them."""
    done = []
    for name in names:
        with suppress(Refused):
            done.append(settle(name, means))
    return done
