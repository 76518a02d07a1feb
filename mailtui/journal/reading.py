"""Batches as the events tell them: states are never stored, they are the last event of each row."""

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select

from mailtui.domain.batch import OPEN_STATES, Batch, BatchRow, BatchState, RowState
from mailtui.errors import Refused
from mailtui.journal.records import ENDED, NOTE, OPENED, ROW_KINDS, STARTED, read_changes, read_private, read_values
from mailtui.journal.tables import EVENTS, IMAGES
from mailtui.texts import _

Counts = Mapping[RowState, int]


@dataclass(slots=True)
class _Life:
    """What the events of a batch, apart from its rows, say."""

    opened: Mapping[str, Any]
    started: datetime
    texts: list[str]
    ended: datetime | None = None
    was_started: bool = False
    was_cancelled: bool = False

    def take(self, kind: str, at: datetime, body: Mapping[str, Any], private: Mapping[str, Any] | None) -> None:
        """Take in the next event."""
        if kind == STARTED:
            self.was_started, self.was_cancelled, self.ended = True, False, None
        elif kind == ENDED:
            self.was_cancelled, self.ended = bool(body.get("cancelled")), at
        elif kind == NOTE and private:
            self.texts.append(private["text"])

    def state(self, counts: Counts, is_held: bool) -> BatchState:
        """Tell what became of the batch; `is_held` says that a runner holds its lock."""
        if is_held and self.ended is None and self.was_started:
            return BatchState.RUNNING
        if self.was_cancelled:
            return BatchState.CANCELLED
        if any(counts.get(state) for state in OPEN_STATES):
            return BatchState.INTERRUPTED if self.was_started else BatchState.PLANNED
        bad = (RowState.DRIFTED, RowState.CONFLICT, RowState.FAILED)
        return BatchState.PARTIAL if any(counts.get(state) for state in bad) else BatchState.DONE


_TAKEN_BACK = (RowState.VERIFIED, RowState.DRIFTED, RowState.SENT)


def checked_name(text: str) -> str:
    """Give the id of a batch as the journal spells it.

    Raises:
        Refused: No batch could be called so.
    """
    name = text.strip().upper()
    if not re.fullmatch(r"B[1-9][0-9]{0,17}", name):
        raise _unknown(text)
    return name


def _unknown(batch: str) -> Refused:
    return Refused(_("There is no batch {batch}").format(batch=batch), hint=_("`mailtui batches` lists what there is."))


def read_batch(connection: Connection, batch: str, is_held: bool) -> Batch:
    """Give one batch with its rows.

    Raises:
        Refused: There is no such batch.
    """
    life = _lives(connection, [batch]).get(batch)
    if life is None:
        raise _unknown(batch)
    rows = _rows(connection, batch)
    counts = Counter(row.state for row in rows)
    undoers = _undoers(connection)
    return _batch(batch, life, counts, undoers, is_held, rows)


def read_batches(connection: Connection, limit: int, held: frozenset[str]) -> list[Batch]:
    """Give the newest batches without their rows, newest first; a runner works on those in `held`."""
    query = select(EVENTS.c.batch).where(EVENTS.c.kind == OPENED).order_by(EVENTS.c.seq.desc()).limit(limit)
    names = list(connection.execute(query).scalars())
    lives, counts, undoers = _lives(connection, names), _counts(connection, names), _undoers(connection)
    return [_batch(name, lives[name], counts.get(name, {}), undoers, name in held) for name in names]


def _batch(
    name: str, life: _Life, counts: Counts, undoers: Mapping[str, str], is_held: bool, rows: Iterable[BatchRow] = ()
) -> Batch:
    return Batch(
        id=name,
        state=life.state(counts, is_held),
        task=life.opened["task"],
        ticket=life.opened["ticket"],
        reason=life.opened["reason"],
        operator=life.opened["operator"],
        started=life.started,
        counts={state: counts.get(state, 0) for state in RowState},
        ended=life.ended,
        undoes=life.opened["undoes"],
        undone_by=undoers.get(name),
        rows=tuple(rows),
        warnings=tuple(life.texts),
    )


def _lives(connection: Connection, names: Sequence[str]) -> dict[str, _Life]:
    query = (
        select(EVENTS.c.batch, EVENTS.c.kind, EVENTS.c.at, EVENTS.c.body, IMAGES.c.body.label("private"))
        .select_from(EVENTS.outerjoin(IMAGES, IMAGES.c.digest == EVENTS.c.image))
        .where(EVENTS.c.batch.in_(names), EVENTS.c.row.is_(None))
        .order_by(EVENTS.c.seq)
    )
    lives: dict[str, _Life] = {}
    for name, kind, written, stored, image in connection.execute(query):
        at, body, private = datetime.fromisoformat(written), json.loads(stored), read_private(image)
        if kind == OPENED:
            lives[name] = _Life(body, at, list((private or {}).get("warnings", ())))
        else:
            lives[name].take(kind, at, body, private)
    return lives


def _rows(connection: Connection, batch: str) -> list[BatchRow]:
    query = (
        select(EVENTS.c.row, EVENTS.c.kind, EVENTS.c.account, IMAGES.c.body.label("private"))
        .select_from(EVENTS.outerjoin(IMAGES, IMAGES.c.digest == EVENTS.c.image))
        .where(EVENTS.c.batch == batch, EVENTS.c.kind.in_(ROW_KINDS), EVENTS.c.row.is_not(None))
        .order_by(EVENTS.c.row, EVENTS.c.seq)
    )
    stories: dict[int, list[Any]] = {}
    for record in connection.execute(query):
        stories.setdefault(record.row, []).append(record)
    return [_row(number, story) for number, story in stories.items()]


def _row(number: int, story: Sequence[Any]) -> BatchRow:
    first, last = story[0], story[-1]
    plan, end = read_private(first.private), (read_private(last.private) if len(story) > 1 else None) or {}
    planned = plan or {"login": "", "name": "", "dn": "", "changes": ()}
    return BatchRow(
        number=number,
        account_id=first.account,
        login=planned["login"],
        name=planned["name"],
        dn=planned["dn"],
        state=RowState(last.kind),
        detail=end.get("detail", ""),
        changes=read_changes(planned["changes"]),
        before=read_values(plan["before"]) if plan else None,
        found=read_values(end.get("found", ())),
    )


def _counts(connection: Connection, names: Sequence[str]) -> dict[str, dict[RowState, int]]:
    # SQLite gives the other columns from the row that has the maximum (https://sqlite.org/quirks.html section 6).
    latest = (
        select(EVENTS.c.batch, EVENTS.c.kind, func.max(EVENTS.c.seq))
        .where(EVENTS.c.batch.in_(names), EVENTS.c.kind.in_(ROW_KINDS))
        .group_by(EVENTS.c.batch, EVENTS.c.row)
        .subquery()
    )
    query = select(latest.c.batch, latest.c.kind, func.count()).group_by(latest.c.batch, latest.c.kind)
    counts: dict[str, dict[RowState, int]] = {}
    for name, kind, count in connection.execute(query):
        counts.setdefault(name, {})[RowState(kind)] = count
    return counts


def _undoers(connection: Connection) -> dict[str, str]:
    """Name the undo that holds for each batch: the last that took something back and was not itself taken back."""
    query = select(EVENTS.c.batch, EVENTS.c.body).where(EVENTS.c.kind == OPENED).order_by(EVENTS.c.seq)
    undoes = {name: undone for name, body in connection.execute(query) if (undone := json.loads(body)["undoes"])}
    applied = _counts(connection, list(undoes))
    undoers: dict[str, str] = {}
    # Newest first: whether a later undo took an earlier one back is known when that one's turn comes.
    for name, undone in reversed(undoes.items()):
        if name not in undoers and any(applied.get(name, {}).get(state) for state in _TAKEN_BACK):
            undoers.setdefault(undone, name)
    return undoers
