"""Distinguished names as the embedded directory reads, compares and spells them (RFC 4514, as slapd does it)."""

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from mailtui.demo import syntaxes
from mailtui.demo.schema import ServerSchema
from mailtui.domain import dn

_QUOTED = r"\"(?:[^\"\\]|\\.)*\"[ ]*"
_PLAIN = r"(?!#)(?:[^,;+\"\\<>\0]|\\(?:[0-9A-Fa-f]{2}|[,;+\"\\<> #=]))+"
_PART = rf"[ ]*[A-Za-z0-9.;-]+[ ]*=[ ]*(?:{_QUOTED}|{_PLAIN})"
_VALID = re.compile(rf"{_PART}(?:[,;+]{_PART})*", re.DOTALL)
# Nearly all names are so: nothing escaped, one value; what is above them was mostly read before.
_PLAIN_VALUE = re.compile(r'(?![ #])[^,;+"\\<>\0=]*[^,;+"\\<>\0= ]')
_SIMPLE = re.compile(rf"[A-Za-z0-9.;-]+={_PLAIN_VALUE.pattern}")
_DEEP = 50
_ESCAPED = frozenset(',+"\\<>;=\0')


@dataclass(frozen=True, slots=True)
class Name:
    """A distinguished name: as the server spells it, and as it compares.

    `texts` and `keys` are its RDNs, the entry's own first; `pairs` are the attributes and values of that first one.
    """

    texts: tuple[str, ...]
    keys: tuple[str, ...]
    pairs: tuple[tuple[str, str], ...]

    @property
    def text(self) -> str:
        """The name as the server spells it."""
        return ",".join(self.texts)

    @property
    def key(self) -> str:
        """The form in which all spellings of the name are equal."""
        return ",".join(self.keys)

    @property
    def above(self) -> str:
        """The key of the entry above."""
        return ",".join(self.keys[1:])

    def all_pairs(self) -> Iterator[tuple[str, str]]:
        """Walk the attributes and values of all its RDNs."""
        return (pair for rdn in dn.parse(self.text) for pair in rdn)


@lru_cache(maxsize=65536)
def name(schema: ServerSchema, text: str) -> Name:
    """Read a distinguished name.

    Raises:
        ValueError: The text is no DN, or names an attribute that there isn't.
    """
    head, _comma, rest = text.partition(",")
    if rest and _SIMPLE.fullmatch(head) and rest.count(",") < _DEEP:
        own, above = _name(schema, dn.parse(head)), name(schema, rest)
        return Name(own.texts + above.texts, own.keys + above.keys, own.pairs)
    if text and not _VALID.fullmatch(text):
        raise ValueError(text)
    return _name(schema, dn.parse(text))


def _name(schema: ServerSchema, parsed: tuple[dn.Rdn, ...]) -> Name:
    rdns = [sorted(_pair(schema, *pair) for pair in rdn) for rdn in parsed]
    # Interned, since every entry repeats the names of all that are above it.
    return Name(
        tuple(sys.intern("+".join(f"{attribute}={spell(value)}" for attribute, value in rdn)) for rdn in rdns),
        tuple(sys.intern("+".join(f"{a.lower()}={_compared(value)}" for a, value in rdn)) for rdn in rdns),
        tuple(rdns[0]) if rdns else (),
    )


def _pair(schema: ServerSchema, attribute: str, value: str) -> tuple[str, str]:
    kind = schema.attribute(attribute)
    if kind is None or not syntaxes.is_valid(kind.syntax, value.encode("utf-8", "surrogateescape")):
        raise ValueError(attribute)
    return kind.name, value


def _compared(value: str) -> str:
    return spell(syntaxes.caseless(value.encode("utf-8", "surrogateescape")).decode("utf-8", "surrogateescape"))


def spell(value: str) -> str:
    """Write a naming value as slapd does: what must be escaped becomes a backslash and two digits."""
    if _PLAIN_VALUE.fullmatch(value):
        return value
    last = len(value) - 1
    return "".join(
        f"\\{ord(c):02X}" if c in _ESCAPED or (c == " " and i in {0, last}) or (c == "#" and not i) else c
        for i, c in enumerate(value)
    )


def is_below(key: str, base: str) -> bool:
    """Tell of two keys whether the first is that of the second's entry, or of one below it."""
    return not base or key == base or key.endswith("," + base)
