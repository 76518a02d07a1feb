"""The chain of events: how one is hashed to the one before, appended, and proven."""

import hashlib
import json
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, insert, select

from mailtui.journal.tables import EVENTS, IMAGES
from mailtui.texts import _

_START = "0" * 64
_FIELDS = ("seq", "batch", "row", "account", "kind", "at", "body", "image", "prev")
PURGED = "purged"


@dataclass(frozen=True, slots=True)
class Draft:
    """An event that is not yet in the chain; `private` goes to the table of images."""

    batch: str
    kind: str
    row: int | None = None
    account: str | None = None
    body: Mapping[str, Any] | None = None
    private: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class ChainReport:
    """What a check of the chain found; `first_broken` is the number of the first record that is not as it was."""

    ok: bool
    records: int
    first_broken: int | None
    message: str


def canonical(value: object) -> str:
    """Write a value as JSON in the one form that is hashed."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"))


def moment(at: datetime) -> str:
    """Write a time as the journal keeps it: RFC 3339, UTC, microseconds."""
    return at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def append(connection: Connection, drafts: Sequence[Draft], at: datetime) -> None:
    """Add events to the end of the chain, inside a transaction that holds the write lock."""
    last = connection.execute(select(EVENTS.c.seq, EVENTS.c.hash).order_by(EVENTS.c.seq.desc()).limit(1)).first()
    seq, head = (last[0], last[1]) if last else (0, _START)
    events: list[dict[str, Any]] = []
    images: list[dict[str, Any]] = []
    for draft in drafts:
        image = _image(draft.private) if draft.private else None
        seq += 1
        event = _event(draft, seq, at, image["digest"] if image else None, head)
        head = event["hash"]
        events.append(event)
        images += [image] if image else []
    if images:
        connection.execute(insert(IMAGES), images)
    if events:
        connection.execute(insert(EVENTS), events)


def _event(draft: Draft, seq: int, at: datetime, image: str | None, head: str) -> dict[str, Any]:
    event = {
        "seq": seq,
        "batch": draft.batch,
        "row": draft.row,
        "account": draft.account,
        "kind": draft.kind,
        "at": moment(at),
        "body": canonical(draft.body or {}),
        "image": image,
        "prev": head,
    }
    return {**event, "hash": _hash(event)}


def _image(private: Mapping[str, Any]) -> dict[str, Any]:
    salt, body = secrets.token_bytes(16), canonical(private)
    return {"digest": _digest(salt, body), "salt": salt, "body": body}


def _digest(salt: bytes, body: str) -> str:
    return hashlib.sha256(salt + body.encode()).hexdigest()


def _hash(event: Mapping[str, Any] | RowMapping) -> str:
    return hashlib.sha256(canonical([event[field] for field in _FIELDS]).encode()).hexdigest()


def verify(connection: Connection) -> ChainReport:
    """Walk the whole chain, in its order, up to the first record that is not as it was written."""
    purged = _purged_batches(connection)
    seq, head = 0, _START
    for record in _records(connection):
        fault = _fault(record, seq + 1, head, purged)
        if fault:
            return ChainReport(False, seq, seq + 1, _("Record {seq}: {fault}").format(seq=seq + 1, fault=fault))
        seq, head = record["seq"], record["hash"]
    return ChainReport(True, seq, None, _("{count} records, consistent").format(count=seq))


def _records(connection: Connection) -> Iterable[RowMapping]:
    columns = [EVENTS.c[field] for field in (*_FIELDS, "hash")]
    query = (
        select(*columns, IMAGES.c.salt, IMAGES.c.body.label("private"))
        .select_from(EVENTS.outerjoin(IMAGES, IMAGES.c.digest == EVENTS.c.image))
        .order_by(EVENTS.c.seq)
    )
    return connection.execution_options(yield_per=1000).execute(query).mappings()


def _purged_batches(connection: Connection) -> frozenset[str]:
    return frozenset(connection.execute(select(EVENTS.c.batch).where(EVENTS.c.kind == PURGED)).scalars())


def _fault(record: RowMapping, seq: int, head: str, purged: frozenset[str]) -> str:
    if record["seq"] != seq:
        return _("it is missing, the next one is {seq}").format(seq=record["seq"])
    if record["prev"] != head:
        return _("it does not follow the one before")
    if record["hash"] != _hash(record):
        return _("it was changed")
    if record["image"] is None:
        return ""
    if record["private"] is None:
        return "" if record["batch"] in purged else _("what it keeps apart is gone")
    return "" if _digest(record["salt"], record["private"]) == record["image"] else _("what it keeps apart was changed")
