"""Whether every record is as it was written: the chain by itself, and against heads that were kept elsewhere."""

import hmac
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from sqlalchemy import Connection

from mailtui.journal.chain import PURGED, START, Head, event_hash, image_digest
from mailtui.texts import _, ngettext

_RECORDS = (
    'SELECT seq, batch, "row", account, kind, at, event.body, image, prev, hash, salt, image.body '
    "FROM event LEFT JOIN image ON digest = image ORDER BY seq"
)
_COLUMNS = 9
"""How many columns of an event are hashed."""


@dataclass(frozen=True, slots=True)
class ChainReport:
    """What a check of the chain found.

    `first_broken` is the number of the first record that is not as it was, `heads` how many kept elsewhere there were,
    and `untouched_to` the last record that they prove to be as it was written.
    """

    ok: bool
    records: int
    first_broken: int | None
    message: str
    heads: int = 0
    untouched_to: int | None = None


@dataclass(frozen=True, slots=True)
class _Fault:
    seq: int
    text: str


@dataclass(slots=True)
class _Walk:
    """How far the records are as they were written."""

    known: dict[int, set[str]]
    head: Head = START
    proven: list[int] = field(default_factory=list)
    missing: dict[str, int] = field(default_factory=dict)
    kept: set[str] = field(default_factory=set)
    images: int = 0

    def take(self, record: tuple[object, ...]) -> _Fault | None:
        """Take in the next record, unless it is not as it was."""
        fault = _fault_of_event(record, self.head) or self._fault_of_image(record) or self._fault_of_head(record)
        if fault:
            return fault
        self.head = Head(self.head.seq + 1, str(record[9]))
        return None

    def _fault_of_image(self, record: tuple[object, ...]) -> _Fault | None:
        seq, batch, kind, digest, salt, private = self.head.seq + 1, str(record[1]), record[4], record[7], *record[10:]
        if kind == PURGED:
            self.missing.pop(batch, None)
        if digest is None:
            return None
        if private is None and salt is None:
            self.missing.setdefault(batch, seq)
            return None
        self.images += 1
        self.kept.add(batch)
        is_whole = isinstance(salt, bytes) and isinstance(private, str) and image_digest(salt, private) == digest
        return None if is_whole else _Fault(seq, _("what it keeps apart was changed"))

    def _fault_of_head(self, record: tuple[object, ...]) -> _Fault | None:
        seq = self.head.seq + 1
        for digest in self.known.get(seq, ()):
            if not hmac.compare_digest(digest, str(record[9])):
                since = self.proven[-1] + 1 if self.proven else 1
                return _Fault(seq, _("syslog has another hash: records from {seq} on were rewritten").format(seq=since))
            self.proven.append(seq)
        return None

    def fault_at_end(self, images: int) -> _Fault | None:
        """Tell what is wrong once every record was taken in; `images` is how many the file holds."""
        newest = max(self.known, default=0)
        if newest > self.head.seq:
            text = _("the end was cut off: syslog knows of {count} records").format(count=newest)
            return _Fault(self.head.seq + 1, text)
        if images > self.images:
            return _Fault(self.head.seq + 1, _("something is kept apart to which no record refers"))
        return None


def verify(connection: Connection, heads: Iterable[Head] = ()) -> ChainReport:
    """Walk the whole chain, in its order, up to the first record that is not as it was written."""
    known: dict[int, set[str]] = {}
    for head in heads:
        known.setdefault(head.seq, set()).add(head.hash)
    walk = _Walk(known)
    with _as_it_is(connection) as raw:
        records: Iterator[tuple[object, ...]] = raw.execute(_RECORDS)
        fault = next((fault for record in records if (fault := walk.take(record))), None)
        if fault is None:
            fault = walk.fault_at_end(raw.execute("SELECT count(*) FROM image").fetchone()[0])
        else:
            _excuse_purged(walk, records)
    return _report(walk, _earliest(walk, fault))


@contextmanager
def _as_it_is(connection: Connection) -> Iterator[sqlite3.Connection]:
    # Text that is no UTF-8 any more is a record that was changed, not a failure to read.
    raw = connection.connection.driver_connection
    assert isinstance(raw, sqlite3.Connection)
    strict, raw.text_factory = raw.text_factory, lambda text: text.decode("utf-8", "surrogateescape")
    try:
        yield raw
    finally:
        raw.text_factory = strict


def _fault_of_event(record: tuple[object, ...], head: Head) -> _Fault | None:
    seq, found = head.seq + 1, record[0]
    assert isinstance(found, int)
    if found < seq:
        return _Fault(found, _("it was added"))
    if found > seq:
        return _Fault(seq, _("it is missing, the next one is {seq}").format(seq=found))
    is_whole = _is_whole(record)
    if record[8] != head.hash:
        # A record that is whole, but for what it follows, tells that the one before is another.
        return _Fault(seq - 1 if is_whole and head.seq else seq, _("it does not fit between its neighbours"))
    return None if is_whole else _Fault(seq, _("it was changed"))


def _is_whole(record: tuple[object, ...]) -> bool:
    event = record[:_COLUMNS]
    # Bytes where text belongs: a changed one, which JSON could not even write.
    return not any(isinstance(value, bytes) for value in event) and event_hash(event) == record[9]


def _excuse_purged(walk: _Walk, records: Iterator[tuple[object, ...]]) -> None:
    # Behind a break nothing hangs on the chain, but a purge that is whole in itself explains what it took.
    for record in records:
        if record[4] == PURGED and _is_whole(record):
            walk.missing.pop(str(record[1]), None)


def _earliest(walk: _Walk, fault: _Fault | None) -> _Fault | None:
    # A batch that keeps nothing at all was purged, perhaps by the very record that is broken now.
    gone = min((seq for batch, seq in walk.missing.items() if fault is None or batch in walk.kept), default=None)
    if gone is None or (fault and fault.seq < gone):
        return fault
    return _Fault(gone, _("what it keeps apart is gone"))


def _report(walk: _Walk, fault: _Fault | None) -> ChainReport:
    heads = sum(map(len, walk.known.values()))
    if fault is None:
        untouched = max(walk.proven, default=None)
        return ChainReport(True, walk.head.seq, None, _praise(walk.head.seq, heads, untouched), heads, untouched)
    untouched = max((seq for seq in walk.proven if seq < fault.seq), default=None)
    message = _("Record {seq}: {fault}").format(seq=fault.seq, fault=fault.text)
    return ChainReport(False, max(0, fault.seq - 1), fault.seq, message, heads, untouched)


def _praise(records: int, heads: int, untouched: int | None) -> str:
    count = ngettext("{count} record", "{count} records", records).format(count=records)
    if untouched is None:
        doubt = _("whether the newest were cut off, or all were written anew, only heads kept in syslog can tell")
        return _("{count}, consistent: each follows from the one before; {doubt}").format(count=count, doubt=doubt)
    shown = ngettext("{count} head in syslog", "{count} heads in syslog", heads).format(count=heads)
    praise = _("{count}, untouched up to record {seq}, as {heads} show").format(count=count, seq=untouched, heads=shown)
    return praise if untouched == records else praise + _("; consistent after it")
