"""The journal: what is about to be done is written here first, and what became of it after."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, delete, func, select

from mailtui import locks
from mailtui.domain.batch import OPEN_STATES, Batch, Closing, RowState, Wish
from mailtui.domain.operator import Operator
from mailtui.domain.plan import Plan, PlanRow, Restorable
from mailtui.journal import chain, exporting, heads, proving, records, restoring
from mailtui.journal.chain import Draft
from mailtui.journal.damage import naming
from mailtui.journal.proving import ChainReport
from mailtui.journal.reading import checked_name, read_batch, read_batches, read_summary, touching, unsettled, wish_of
from mailtui.journal.store import name_of, open_engine, overwrite, reading, writing
from mailtui.journal.tables import EVENTS, IMAGES
from mailtui.texts import _


class Journal:
    """The record of every batch in one file; several processes and threads may write to it at once.

    Every method raises StoreError when the file cannot be read or written; then nothing of its doing is in it.
    """

    def __init__(self, path: Path, *, is_shared: bool = False, syslog: Path = heads.SYSLOG) -> None:
        """Open one person's journal, or a site's; the heads of its chain go to `syslog`, a socket.

        Raises:
            Refused: The folder or the files of a site's journal have another group or mode than they need.
        """
        self.path = path
        self._is_shared = is_shared
        self._engine = open_engine(path, is_shared=is_shared)
        self._syslog = heads.Syslog(name_of(path, is_shared=is_shared), syslog)

    def close(self) -> None:
        """Let go of the file."""
        self._engine.dispose()

    def open_batch(self, plan: Plan, operator: Operator, at: datetime) -> str:
        """Record a plan as a batch of planned rows, those that change nothing already ended; gives its id (`B17`)."""
        with writing(self._engine, self.path) as connection:
            batch = _next_name(connection)
            head = chain.append(connection, records.opening(batch, plan, operator), at)
        self._syslog.tell(head)
        return batch

    def start_batch(self, batch: str, operator: Operator, pid: int, at: datetime) -> None:
        """Record that a runner has begun, or goes on, and for whom: not always who opened the batch."""
        self._append([Draft(batch, records.STARTED, body={**records.who(operator), "pid": pid})], at)

    def advance(self, batch: str, closings: Sequence[Closing], sent: Sequence[int], at: datetime) -> None:
        """Record how rows ended, and that the requests of others, by number, are about to leave.

        It is on the disk when this returns.
        """
        ended = [records.closed(batch, closing) for closing in closings]
        self._append([*ended, *(Draft(batch, RowState.SENT, row=number) for number in sent)], at)

    def withdraw(self, batch: str, numbers: Sequence[int], at: datetime) -> None:
        """Record that rows are planned again, since their requests certainly changed nothing."""
        self._append([Draft(batch, RowState.PLANNED, row=number) for number in numbers], at)

    def settle(
        self, batch: str, closings: Sequence[Closing], again: Sequence[int], operator: Operator, at: datetime
    ) -> None:
        """Record what was found out about rows that a crash left open: how they ended, and which are planned again."""
        drafts = [Draft(batch, records.SETTLED, body=records.who(operator))]
        drafts += [records.closed(batch, closing) for closing in closings]
        self._append([*drafts, *(Draft(batch, RowState.PLANNED, row=number) for number in again)], at)

    def replan(self, batch: str, rows: Mapping[int, PlanRow], at: datetime) -> None:
        """Record that rows, by number, are planned anew; those that change nothing any more end with it."""
        drafts = [records.planned(batch, number, row) for number, row in rows.items()]
        self._append([*drafts, *records.idle(batch, rows)], at)

    def close_batch(self, batch: str, at: datetime, *, cancelled: bool = False) -> None:
        """Record that nothing more is to come of a batch."""
        self._append([Draft(batch, records.ENDED, body={"cancelled": cancelled})], at)

    def wish(self, batch: str, wish: Wish, operator: Operator, at: datetime) -> None:
        """Record what somebody wants of the runner of a batch."""
        body = {**records.who(operator), "wish": wish}
        self._append([Draft(checked_name(batch), records.WISH, body=body)], at)

    def wish_of(self, batch: str) -> Wish | None:
        """Give what was last wished of the runner that is at work on a batch; None where nothing was."""
        with reading(self._engine, self.path) as connection:
            return wish_of(connection, batch)

    def note(self, batch: str, text: str, at: datetime) -> None:
        """Record something worth knowing about a batch; it shows among its warnings."""
        self._append([Draft(batch, records.NOTE, private={"text": text})], at)

    def _append(self, drafts: Sequence[Draft], at: datetime) -> None:
        if drafts:
            with writing(self._engine, self.path) as connection:
                head = chain.append(connection, drafts, at)
            # Events of rows come by the thousand; those of their batch stand for them.
            if any(draft.row is None for draft in drafts):
                self._syslog.tell(head)

    def batch(self, name: str) -> Batch:
        """Give one batch with its rows.

        Raises:
            Refused: There is no such batch.
        """
        name = checked_name(name)
        is_held = self.is_held(name)
        with reading(self._engine, self.path) as connection:
            return read_batch(connection, name, is_held)

    def summary(self, name: str) -> Batch:
        """Give one batch without its rows.

        Raises:
            Refused: There is no such batch.
        """
        name = checked_name(name)
        is_held = self.is_held(name)
        with reading(self._engine, self.path) as connection:
            return read_summary(connection, name, is_held)

    def unsettled(self) -> list[str]:
        """Name the batches that a crash left with rows sent, or with nothing to do but to be closed."""
        with reading(self._engine, self.path) as connection:
            names = unsettled(connection)
        return [name for name in names if not self.is_held(name)]

    def in_the_way(self, batch: str) -> list[str]:
        """Name the batches that are carried out, were begun before this one, and have open rows in common with it."""
        held = frozenset(self._held())
        with reading(self._engine, self.path) as connection:
            return touching(connection, batch, held)

    def batches(self, limit: int = 100) -> list[Batch]:
        """Give the newest batches without their rows, newest first."""
        held = frozenset(self._held())
        with reading(self._engine, self.path) as connection:
            return read_batches(connection, limit, held)

    def mark(self) -> tuple[int, tuple[str, ...]]:
        """Give what is another as soon as `batches` would be: the last event, and the batches that are worked on."""
        held = tuple(sorted(self._held()))
        with reading(self._engine, self.path) as connection:
            return connection.execute(select(func.max(EVENTS.c.seq))).scalar() or 0, held

    def last_disable(self, account_ids: Sequence[str], switching: Collection[str] = ()) -> dict[str, Restorable]:
        """Tell what the last disable of accounts did; those enabled since, or whose disable was undone, are absent."""
        with reading(self._engine, self.path) as connection:
            return restoring.last_disable(connection, account_ids, switching)

    def verify(self, syslog: Iterable[str] = ()) -> ChainReport:
        """Check every record against the chain, and against its heads among the lines of a syslog."""
        known = list(heads.read(syslog, self._syslog.name))
        with reading(self._engine, self.path) as connection:
            return proving.verify(connection, known)

    def export(self) -> Iterator[Mapping[str, Any]]:
        """Give every event with what it keeps apart, in order and read as they are asked for; see `exporting`."""
        with reading(self._engine, self.path) as connection:
            yield from exporting.export(connection)

    def purge(self, before: datetime, at: datetime) -> int:
        """Drop what batches without open rows that began before a time keep apart; gives how many batches.

        Their events stay: who did what to which account id, when and with which result. They can no longer be undone.
        """
        with writing(self._engine, self.path) as connection:
            names = _purgeable(connection, before)
            images = select(EVENTS.c.image).where(EVENTS.c.batch.in_(names), EVENTS.c.image.is_not(None))
            connection.execute(delete(IMAGES).where(IMAGES.c.digest.in_(images)))
            head = chain.append(connection, [Draft(name, chain.PURGED) for name in names], at)
        if names:
            self._syslog.tell(head)
        overwrite(self._engine, self.path)
        return len(names)

    def batch_lock(self, batch: str) -> AbstractContextManager[None]:
        """Give the lock that whoever works on a batch holds.

        Raises:
            Refused: On entering, when another runner holds it.
        """
        refusal = _("Batch {batch} is being worked on").format(batch=checked_name(batch))
        return locks.hold(self._lock_path(batch), refusal, is_shared=self._is_shared)

    def is_held(self, batch: str) -> bool:
        """Tell whether somebody works on a batch."""
        return locks.is_held(self._lock_path(batch))

    def held(self) -> tuple[str, ...]:
        """Name the batches that somebody works on."""
        return tuple(self._held())

    def _lock_path(self, batch: str) -> Path:
        return self.path.with_name(f"{self.path.name}.{checked_name(batch)}.lock")

    def _held(self) -> Iterator[str]:
        for path in self.path.parent.glob(f"{self.path.name}.B*.lock"):
            name = path.name.removeprefix(f"{self.path.name}.").removesuffix(".lock")
            if locks.is_held(path):
                yield name


def _next_name(connection: Connection) -> str:
    opened = select(EVENTS.c.seq, EVENTS.c.batch).where(EVENTS.c.kind == records.OPENED)
    last = connection.execute(opened.order_by(EVENTS.c.seq.desc()).limit(1)).first()
    if last is None:
        return "B1"
    with naming(last.seq):
        return f"B{int(last.batch[1:]) + 1}"


def _purgeable(connection: Connection, before: datetime) -> list[str]:
    query = select(EVENTS.c.batch).where(EVENTS.c.kind == records.OPENED, EVENTS.c.at < chain.moment(before))
    purged = select(EVENTS.c.batch).where(EVENTS.c.kind == chain.PURGED)
    names = connection.execute(query.where(EVENTS.c.batch.not_in(purged))).scalars()
    batches = [read_batch(connection, name, is_held=False) for name in names]
    return [batch.id for batch in batches if not any(batch.counts[state] for state in OPEN_STATES)]
