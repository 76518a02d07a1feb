"""The tree of entries: who is below whom, and indexes for the questions that clients ask in batches."""

import threading
import time
import uuid
from bisect import bisect_left, insort
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from mailtui.demo.entries import SUBSCHEMA, Entry, tagged
from mailtui.demo.matching import Key, equality_key
from mailtui.demo.naming import Name, name
from mailtui.demo.schema import ServerSchema

INDEXED = (
    *("objectClass", "uid", "mail", "mailAlternateAddress", "mailForwardingAddress", "employeeNumber", "entryUUID"),
    *("member", "owner", "manager"),
)

_STAMPS_KEPT = 1000

# Told of a commit before it is made: entries that go (or are replaced), entries that come, and the contextCSN then.
Listener = Callable[[Sequence[Entry], Sequence[Entry], str], None]


@dataclass(frozen=True, slots=True)
class Stamp:
    """When a change was made: a change sequence number that is never given twice, and the time in seconds."""

    csn: bytes
    time: bytes


class Tree:
    """All entries below one base.

    `lock` is held while entries are looked up to be changed, until they are; readers take it to gather entries, which
    they may then read at leisure, since an entry never changes.
    """

    def __init__(self, schema: ServerSchema, base: str) -> None:
        self.schema = schema
        self.base = name(schema, base)
        self.lock = threading.RLock()
        self.listener: Listener | None = None
        self._entries: dict[str, Entry] = {}
        self._children: dict[str, dict[str, None]] = {}
        self._indexes: dict[str, dict[Key, set[str]]] = {attribute: {} for attribute in INDEXED}
        self._stamped: list[tuple[bytes, str]] = []
        self._serial = 0
        self._microsecond = 0

    def __len__(self) -> int:
        return len(self._entries)

    def get(self, key: str) -> Entry | None:
        """Give the entry of a key; None when there is none."""
        return self._entries.get(key)

    def nearest(self, where: Name) -> Entry | None:
        """Give the lowest entry above a name; None for a name outside the base."""
        keys = where.keys
        return next((found for i in range(1, len(keys)) if (found := self._entries.get(",".join(keys[i:])))), None)

    def has_children(self, key: str) -> bool:
        """Tell whether there are entries below an entry."""
        return bool(self._children.get(key))

    def children(self, key: str) -> list[Entry]:
        """Give the entries right below an entry."""
        return [self._entries[child] for child in self._children.get(key, ())]

    def subtree(self, key: str) -> list[Entry]:
        """Give an entry and all below it, those above before those below."""
        if key == self.base.key:
            return sorted(self._entries.values(), key=lambda entry: entry.serial)
        return list(self._walk(key))

    def _walk(self, key: str) -> Iterator[Entry]:
        yield self._entries[key]
        for child in self._children.get(key, ()):
            yield from self._walk(child)

    def indexed(self, attribute: str, value: Key) -> set[str] | None:
        """Give the keys of entries that have a value; None when the attribute has no index."""
        index = self._indexes.get(attribute)
        return None if index is None else index.get(value, set())

    def stamped_since(self, csn: bytes) -> set[str]:
        """Give the keys of entries that were last changed with this change sequence number or a later one."""
        first = bisect_left(self._stamped, (csn, ""))
        return {key for _csn, key in self._stamped[first:] if key in self._entries}

    def virtual(self, entry: Entry) -> Mapping[str, tuple[bytes, ...]]:
        """Give what is known of an entry without being kept: its DN, whether entries are below it, its schema."""
        made_up = {
            "entryDN": (entry.dn.encode("utf-8", "surrogateescape"),),
            "subschemaSubentry": (SUBSCHEMA.encode(),),
            "hasSubordinates": (b"TRUE" if self.has_children(entry.name.key) else b"FALSE",),
        }
        if entry.name.key == self.base.key:
            made_up["contextCSN"] = (_csn(self._microsecond),)
        return made_up

    def stamp(self) -> Stamp:
        """Give a stamp later than any before; the lock must be held."""
        self._microsecond = max(time.time_ns() // 1000, self._microsecond + 1)
        csn = _csn(self._microsecond)
        return Stamp(csn, csn[:14] + b"Z")

    def born(
        self, where: Name, attributes: Mapping[str, tuple[bytes, ...]], creator: str, identity: uuid.UUID | None = None
    ) -> Entry:
        """Make an entry with the attributes that the server gives a new one; it is not yet in the tree."""
        stamp, by = self.stamp(), creator.encode("utf-8", "surrogateescape")
        whole = {
            **attributes,
            "entryUUID": (str(identity or uuid.uuid4()).encode(),),
            "creatorsName": (by,),
            "createTimestamp": (stamp.time,),
            "entryCSN": (stamp.csn,),
            "modifiersName": (by,),
            "modifyTimestamp": (stamp.time,),
        }
        return self.numbered(where, whole)

    def numbered(self, where: Name, attributes: Mapping[str, tuple[bytes, ...]]) -> Entry:
        """Make an entry of attributes that are complete; it is not yet in the tree."""
        self._serial += 1
        return Entry(where, attributes, self._serial, tagged(attributes))

    def commit(self, gone: Sequence[Entry], come: Sequence[Entry]) -> None:
        """Replace entries by others at one stroke, after the listener was told; the lock must be held."""
        if self.listener:
            self.listener(gone, come, self.csn)
        for entry in gone:
            self._take_out(entry)
        for entry in come:
            self._put_in(entry)

    @property
    def csn(self) -> str:
        """The change sequence number of the last change (contextCSN)."""
        return _csn(self._microsecond).decode()

    def load(self, entries: Sequence[Entry], csn: str) -> None:
        """Fill an empty tree with entries that a tree had before, and its last CSN; the listener is not told."""
        for entry in entries:
            self._put_in(entry)
        moment = datetime.strptime(csn[:22], "%Y%m%d%H%M%S.%fZ").replace(tzinfo=UTC)
        self._microsecond = (moment - datetime.fromtimestamp(0, UTC)) // timedelta(microseconds=1)

    def _put_in(self, entry: Entry) -> None:
        key = entry.name.key
        self._entries[key] = entry
        self._stamp(key, entry)
        self._children.setdefault(entry.name.above, {})[key] = None
        for index, value in self._index_keys(entry):
            index.setdefault(value, set()).add(key)

    def _stamp(self, key: str, entry: Entry) -> None:
        # Nearly always the last: whoever asks what is new need not look through all that is old.
        insort(self._stamped, (entry.attributes.get("entryCSN", (b"",))[0], key))
        if len(self._stamped) > 2 * len(self._entries) + _STAMPS_KEPT:
            self._stamped = sorted((e.attributes.get("entryCSN", (b"",))[0], k) for k, e in self._entries.items())

    def _take_out(self, entry: Entry) -> None:
        key = entry.name.key
        del self._entries[key]
        self._children[entry.name.above].pop(key)
        for index, value in self._index_keys(entry):
            keys = index[value]
            keys.discard(key)
            if not keys:
                del index[value]

    def _index_keys(self, entry: Entry) -> Iterator[tuple[dict[Key, set[str]], Key]]:
        for description in (*INDEXED, *entry.tagged):
            attribute = description.partition(";")[0]
            index = self._indexes.get(attribute)
            if index is not None:
                for value in entry.attributes.get(description, ()):
                    for key in index_keys(self.schema, attribute, value):
                        yield index, key


def index_keys(schema: ServerSchema, attribute: str, value: bytes) -> Sequence[Key]:
    """Give the forms under which a value is found: its own, and for an object class those above it too."""
    if attribute in {"objectClass", "structuralObjectClass"}:
        known = schema.object_class(value.decode("utf-8", "surrogateescape"))
        return [name.encode() for name in known.lineage] if known else []
    kind = schema.attribute(attribute)
    return [equality_key(schema, kind, value)] if kind else []


def _csn(microsecond: int) -> bytes:
    moment = datetime.fromtimestamp(microsecond // 1_000_000, UTC)
    return f"{moment:%Y%m%d%H%M%S}.{microsecond % 1_000_000:06d}Z#000000#000#000000".encode()
