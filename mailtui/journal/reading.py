"""Batches as the events tell them: states are never stored, they are the last event of each row."""

import json
import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select

from mailtui.domain.batch import OPEN_STATES, Batch, BatchRow, BatchState, RowState, Wish
from mailtui.domain.entries import Act, EntryKind
from mailtui.errors import Refused
from mailtui.journal.damage import damaged, naming
from mailtui.journal.life import Counts, Life
from mailtui.journal.records import ENDED, OPENED, ROW_KINDS, STARTED, WISH, read_changes, read_private, read_values
from mailtui.journal.tables import EVENTS, IMAGES
from mailtui.texts import _

# What of a batch stands in the event that opens it.
_OPENED = ("task", "ticket", "reason", "operator", "undoes")
_EVENT = (EVENTS.c.seq, EVENTS.c.batch, EVENTS.c.kind, EVENTS.c.at, EVENTS.c.body)
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
    name: str, life: Life, counts: Counts, undoers: Mapping[str, str], is_held: bool, rows: Iterable[BatchRow] = ()
) -> Batch:
    state = life.state(counts, is_held)
    is_running = state is BatchState.RUNNING
    return Batch(
        id=name,
        state=state,
        **life.opened,
        started=life.started,
        counts={state: counts.get(state, 0) for state in RowState},
        ended=life.ended,
        undone_by=undoers.get(name),
        rows=tuple(rows),
        warnings=tuple(life.texts),
        answers=life.answers,
        runner_pid=life.pid if is_running else None,
        is_paused=is_running and life.is_paused,
    )


def read_summary(connection: Connection, batch: str, is_held: bool) -> Batch:
    """Give one batch without its rows.

    Raises:
        Refused: There is no such batch.
    """
    life = _lives(connection, [batch]).get(batch)
    if life is None:
        raise _unknown(batch)
    return _batch(batch, life, _counts(connection, [batch]).get(batch, {}), _undoers(connection), is_held)


def unsettled(connection: Connection) -> list[str]:
    """Name the batches whose runner ended with rows under way, or with all rows closed and the batch not."""
    kinds = EVENTS.c.kind.in_((STARTED, ENDED))
    query = select(*_EVENT).where(kinds).order_by(EVENTS.c.seq)
    last = {event.batch: event for event in connection.execute(query)}
    # A runner ends with no row under way; whoever cancels a batch that nobody carries out may leave some.
    begun = [name for name, event in last.items() if event.kind == STARTED or _said(event).get("cancelled")]
    return [
        name
        for name, counts in _counts(connection, begun).items()
        if counts.get(RowState.SENT) or (last[name].kind == STARTED and not counts.get(RowState.PLANNED))
    ]


def touching(connection: Connection, batch: str, held: Collection[str]) -> list[str]:
    """Name those of the batches in `held` that were begun before this one and have open rows for the same accounts."""
    query = (
        select(EVENTS.c.batch, func.max(EVENTS.c.seq).label("seq"))
        .where(EVENTS.c.kind == STARTED, EVENTS.c.batch.in_([*held, batch]))
        .group_by(EVENTS.c.batch)
    )
    begun = {event.batch: event.seq for event in connection.execute(query)}
    earlier = [name for name in begun if name != batch and begun[name] < begun.get(batch, 0)]
    own = _open_accounts(connection, batch) if earlier else set()
    return [name for name in earlier if own & _open_accounts(connection, name)]


def _open_accounts(connection: Connection, batch: str) -> set[str]:
    return {row.account_id or row.dn for row in _rows(connection, batch) if row.state in OPEN_STATES}


def wish_of(connection: Connection, batch: str) -> Wish | None:
    """Give what was last wished of the runner that is at work on a batch."""
    begun = select(func.max(EVENTS.c.seq)).where(EVENTS.c.batch == batch, EVENTS.c.kind == STARTED).scalar_subquery()
    query = (
        select(EVENTS.c.seq, EVENTS.c.body)
        .where(EVENTS.c.batch == batch, EVENTS.c.row.is_(None), EVENTS.c.kind == WISH, EVENTS.c.seq > begun)
        .order_by(EVENTS.c.seq.desc())
        .limit(1)
    )
    event = connection.execute(query).first()
    if event is None:
        return None
    with naming(event.seq):
        return Wish(json.loads(event.body)["wish"])


def _lives(connection: Connection, names: Sequence[str]) -> dict[str, Life]:
    query = (
        select(*_EVENT, IMAGES.c.body.label("private"))
        .select_from(EVENTS.outerjoin(IMAGES, IMAGES.c.digest == EVENTS.c.image))
        .where(EVENTS.c.batch.in_(names), EVENTS.c.row.is_(None))
        .order_by(EVENTS.c.seq)
    )
    lives: dict[str, Life] = {}
    for event in connection.execute(query):
        with naming(event.seq):
            _live_on(lives, event)
    return lives


def _live_on(lives: dict[str, Life], event: Any) -> None:
    at, body, private = datetime.fromisoformat(event.at), json.loads(event.body), read_private(event.private)
    if event.kind == OPENED:
        opened, known = {name: body[name] for name in _OPENED}, private or {}
        lives[event.batch] = Life(opened, at, list(known.get("warnings", ())), known.get("answers", {}))
    else:
        lives[event.batch].take(event.kind, at, body, private)


def _said(event: Any) -> Mapping[str, Any]:
    """Read what an event says openly."""
    with naming(event.seq):
        return dict(json.loads(event.body))


def _rows(connection: Connection, batch: str) -> list[BatchRow]:
    query = (
        select(EVENTS.c.seq, EVENTS.c.row, EVENTS.c.kind, EVENTS.c.account, IMAGES.c.body.label("private"))
        .select_from(EVENTS.outerjoin(IMAGES, IMAGES.c.digest == EVENTS.c.image))
        .where(EVENTS.c.batch == batch, EVENTS.c.kind.in_(ROW_KINDS), EVENTS.c.row.is_not(None))
        .order_by(EVENTS.c.row, EVENTS.c.seq)
    )
    stories: dict[int, list[Any]] = {}
    for record in connection.execute(query):
        stories.setdefault(record.row, []).append(record)
    return [_row(number, story) for number, story in stories.items()]


def _row(number: int, story: Sequence[Any]) -> BatchRow:
    # What was planned last is what holds; a row that was only taken back keeps the plan it had.
    planning, last = next((event for event in reversed(story) if _plans(event)), None), story[-1]
    if planning is None:
        raise damaged(last.seq)
    with naming(planning.seq):
        row = _planned(number, planning)
    with naming(last.seq):
        end = (read_private(last.private) if last is not planning else None) or {}
        return replace(
            row,
            # An entry that is added has its id only since it was seen.
            account_id=row.account_id or next((event.account for event in story if event.account), ""),
            state=RowState(last.kind),
            detail=end.get("detail", ""),
            found=read_values(end.get("found", ())),
            was_sent=any(event.kind == RowState.SENT for event in story[story.index(planning) :]),
        )


def _plans(event: Any) -> bool:
    return event.kind == RowState.PLANNED and bool(event.account or event.private)


def _planned(number: int, event: Any) -> BatchRow:
    plan = read_private(event.private)
    known: Mapping[str, Any] = plan or {"login": "", "name": "", "dn": "", "changes": ()}
    return BatchRow(
        number=number,
        account_id=event.account or "",
        login=known["login"],
        name=known["name"],
        dn=known["dn"],
        state=RowState.PLANNED,
        changes=read_changes(known["changes"]),
        before=read_values(plan["before"]) if plan else None,
        kind=EntryKind(known.get("kind", EntryKind.ACCOUNT)),
        act=Act(known.get("act", Act.MODIFY)),
        new_dn=known.get("new_dn", ""),
        rests_on=known.get("rests_on", 0),
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
    query = select(*_EVENT).where(EVENTS.c.kind == OPENED).order_by(EVENTS.c.seq)
    undoes = {event.batch: undone for event in connection.execute(query) if (undone := _said(event).get("undoes"))}
    applied = _counts(connection, list(undoes))
    undoers: dict[str, str] = {}
    # Newest first: whether a later undo took an earlier one back is known when that one's turn comes.
    for name, undone in reversed(undoes.items()):
        if name not in undoers and any(applied.get(name, {}).get(state) for state in _TAKEN_BACK):
            undoers.setdefault(undone, name)
    return undoers
