"""The journal: what is about to be done is written here first, and what became of it after."""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, delete, select

from mailtui import locks
from mailtui.domain.batch import OPEN_STATES, Batch, Closing, RowState
from mailtui.domain.operator import Operator
from mailtui.domain.plan import Plan, Restorable
from mailtui.journal import chain, records, restoring
from mailtui.journal.chain import ChainReport, Draft
from mailtui.journal.reading import checked_name, read_batch, read_batches
from mailtui.journal.store import open_engine, reading, writing
from mailtui.journal.tables import EVENTS, IMAGES
from mailtui.texts import _


class Journal:
    """The record of every batch in one file; several processes and threads may write to it at once.

    Every method raises StoreError when the file cannot be read or written; then nothing of its doing is in it.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._engine = open_engine(path)

    def close(self) -> None:
        """Let go of the file."""
        self._engine.dispose()

    def open_batch(self, plan: Plan, operator: Operator, at: datetime) -> str:
        """Record a plan as a batch of planned rows, those that change nothing already ended; gives its id (`B17`)."""
        with writing(self._engine, self.path) as connection:
            batch = _next_name(connection)
            chain.append(connection, records.opening(batch, plan, operator), at)
        return batch

    def start_batch(self, batch: str, operator: Operator, at: datetime) -> None:
        """Record that a runner has begun, or goes on, and for whom: not always who opened the batch."""
        self._append([Draft(batch, records.STARTED, body=records.who(operator))], at)

    def sent(self, batch: str, numbers: Sequence[int], at: datetime) -> None:
        """Record that the requests of these rows are about to leave; on the disk when this returns."""
        self._append([Draft(batch, RowState.SENT, row=number) for number in numbers], at)

    def withdraw(self, batch: str, numbers: Sequence[int], at: datetime) -> None:
        """Record that rows are planned again, since their requests certainly changed nothing."""
        self._append([Draft(batch, RowState.PLANNED, row=number) for number in numbers], at)

    def close_rows(self, batch: str, closings: Sequence[Closing], at: datetime) -> None:
        """Record how rows ended."""
        self._append([records.closed(batch, closing) for closing in closings], at)

    def close_batch(self, batch: str, at: datetime, *, cancelled: bool = False) -> None:
        """Record that nothing more is to come of a batch."""
        self._append([Draft(batch, records.ENDED, body={"cancelled": cancelled})], at)

    def note(self, batch: str, text: str, at: datetime) -> None:
        """Record something worth knowing about a batch; it shows among its warnings."""
        self._append([Draft(batch, records.NOTE, private={"text": text})], at)

    def _append(self, drafts: Sequence[Draft], at: datetime) -> None:
        if drafts:
            with writing(self._engine, self.path) as connection:
                chain.append(connection, drafts, at)

    def batch(self, name: str) -> Batch:
        """Give one batch with its rows.

        Raises:
            Refused: There is no such batch.
        """
        name = checked_name(name)
        is_held = self.is_held(name)
        with reading(self._engine, self.path) as connection:
            return read_batch(connection, name, is_held)

    def batches(self, limit: int = 100) -> list[Batch]:
        """Give the newest batches without their rows, newest first."""
        held = frozenset(self._held())
        with reading(self._engine, self.path) as connection:
            return read_batches(connection, limit, held)

    def last_disable(self, account_ids: Sequence[str]) -> dict[str, Restorable]:
        """Tell what the last disable of accounts did; those enabled since, or whose disable was undone, are absent."""
        with reading(self._engine, self.path) as connection:
            return restoring.last_disable(connection, account_ids)

    def verify(self) -> ChainReport:
        """Check every record against the chain."""
        with reading(self._engine, self.path) as connection:
            return chain.verify(connection)

    def purge(self, before: datetime, at: datetime) -> int:
        """Drop what batches without open rows that began before a time keep apart; gives how many batches.

        Their events stay: who did what to which account id, when and with which result. They can no longer be undone.
        """
        with writing(self._engine, self.path) as connection:
            names = _purgeable(connection, before)
            images = select(EVENTS.c.image).where(EVENTS.c.batch.in_(names), EVENTS.c.image.is_not(None))
            connection.execute(delete(IMAGES).where(IMAGES.c.digest.in_(images)))
            chain.append(connection, [Draft(name, chain.PURGED) for name in names], at)
        return len(names)

    def batch_lock(self, batch: str) -> AbstractContextManager[None]:
        """Give the lock that whoever works on a batch holds.

        Raises:
            Refused: On entering, when another runner holds it.
        """
        refusal = _("Batch {batch} is being worked on").format(batch=checked_name(batch))
        return locks.hold(self._lock_path(batch), refusal)

    def is_held(self, batch: str) -> bool:
        """Tell whether somebody works on a batch."""
        return locks.is_held(self._lock_path(batch))

    def _lock_path(self, batch: str) -> Path:
        return self.path.with_name(f"{self.path.name}.{checked_name(batch)}.lock")

    def _held(self) -> Iterator[str]:
        for path in self.path.parent.glob(f"{self.path.name}.B*.lock"):
            name = path.name.removeprefix(f"{self.path.name}.").removesuffix(".lock")
            if locks.is_held(path):
                yield name


def _next_name(connection: Connection) -> str:
    query = select(EVENTS.c.batch).where(EVENTS.c.kind == records.OPENED).order_by(EVENTS.c.seq.desc()).limit(1)
    last = connection.execute(query).scalar()
    return f"B{int(last[1:]) + 1 if last else 1}"


def _purgeable(connection: Connection, before: datetime) -> list[str]:
    query = select(EVENTS.c.batch).where(EVENTS.c.kind == records.OPENED, EVENTS.c.at < chain.moment(before))
    purged = select(EVENTS.c.batch).where(EVENTS.c.kind == chain.PURGED)
    names = connection.execute(query.where(EVENTS.c.batch.not_in(purged))).scalars()
    batches = [read_batch(connection, name, is_held=False) for name in names]
    return [batch.id for batch in batches if not any(batch.counts[state] for state in OPEN_STATES)]
