"""The chain of events: how one is hashed to the one before, and appended."""

import hashlib
import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection

PURGED = "purged"
# One encoder for all: `json.dumps` with arguments makes a new one at each call.
_CANONICAL = json.JSONEncoder(sort_keys=True, separators=(",", ":"))
_ADD_EVENT = (
    'INSERT INTO event (seq, batch, "row", account, kind, at, body, image, prev, hash) VALUES (?,?,?,?,?,?,?,?,?,?)'
)
_ADD_IMAGE = "INSERT INTO image (digest, salt, body) VALUES (?,?,?)"

_Image = tuple[str, bytes, str]


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
class Head:
    """The newest record at some moment: its number, and its hash, which stands for all before it too."""

    seq: int
    hash: str


START = Head(0, "0" * 64)


def canonical(value: object) -> str:
    """Write a value as JSON in the one form that is hashed."""
    return _CANONICAL.encode(value)


def moment(at: datetime) -> str:
    """Write a time as the journal keeps it: RFC 3339, UTC, microseconds."""
    return at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def append(connection: Connection, drafts: Sequence[Draft], at: datetime) -> Head:
    """Add events to the end of the chain, inside a transaction that holds the write lock; gives the new head."""
    last = connection.exec_driver_sql("SELECT seq, hash FROM event ORDER BY seq DESC LIMIT 1").first()
    head = Head(*last) if last else START
    written = moment(at)
    events: list[tuple[object, ...]] = []
    images: list[_Image] = []
    for draft in drafts:
        image = _image(draft.private) if draft.private else None
        event = _event(draft, head, written, image[0] if image else None)
        head = Head(head.seq + 1, event_hash(event))
        events.append((*event, head.hash))
        images += [image] if image else []
    if images:
        connection.exec_driver_sql(_ADD_IMAGE, images)
    if events:
        connection.exec_driver_sql(_ADD_EVENT, events)
    return head


def _event(draft: Draft, head: Head, at: str, image: str | None) -> tuple[object, ...]:
    body = canonical(draft.body) if draft.body else "{}"
    # An enum is no text to SQLite.
    return (head.seq + 1, draft.batch, draft.row, draft.account, str(draft.kind), at, body, image, head.hash)


def event_hash(event: Sequence[object]) -> str:
    """Hash an event: the columns from `seq` to `prev`, in the order of the table."""
    return hashlib.sha256(canonical(event).encode()).hexdigest()


def _image(private: Mapping[str, Any]) -> _Image:
    salt, body = secrets.token_bytes(16), canonical(private)
    return image_digest(salt, body), salt, body


def image_digest(salt: bytes, body: str) -> str:
    """Hash an image, salted so that a purged one cannot be guessed from its digest."""
    return hashlib.sha256(salt + body.encode(errors="surrogateescape")).hexdigest()
