"""Search filters (RFC 4511 section 4.5.1.7): three answers, and where an index can shorten the search."""

# ruff: noqa: D102 -- every __call__ answers for one entry, as Filter says.

import operator
import unicodedata
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from functools import lru_cache, partial

from mailtui.demo import matching
from mailtui.demo.entries import Sight, Wanted
from mailtui.demo.matching import Key, Rule
from mailtui.demo.naming import Name
from mailtui.demo.schema import ServerSchema
from mailtui.demo.tree import Tree, index_keys

# What an entry is asked: yes, no, or None where that cannot be told.
Filter = Callable[[Sight], bool | None]
_MANY = 50


def candidates(question: Filter, tree: Tree) -> Collection[str] | None:
    """Give keys among which are those of all entries that a filter holds for; None when they may be anywhere."""
    return question.candidates(tree) if isinstance(question, Undefined | Every | Some | Compared) else None


@dataclass(frozen=True, slots=True)
class Undefined:
    """Nobody can tell: an unknown attribute, a rule that does not suit it, a value that breaks its syntax."""

    def __call__(self, _sight: Sight) -> None:
        return

    def candidates(self, _tree: Tree) -> Collection[str] | None:
        """No entry can be found by it."""
        return ()


@dataclass(frozen=True, slots=True)
class Every:
    """All parts hold; without parts it is always true."""

    parts: tuple[Filter, ...]

    def __call__(self, sight: Sight) -> bool | None:
        answer: bool | None = True
        for part in self.parts:
            one = part(sight)
            if one is False:
                return False
            if one is None:
                answer = None
        return answer

    def candidates(self, tree: Tree) -> Collection[str] | None:
        """The fewest that a part names: each names all."""
        each = (candidates(part, tree) for part in self.parts)
        return min((found for found in each if found is not None), key=len, default=None)


@dataclass(frozen=True, slots=True)
class Some:
    """At least one part holds; without parts it is never true."""

    parts: tuple[Filter, ...]

    def __call__(self, sight: Sight) -> bool | None:
        answer: bool | None = False
        for part in self.parts:
            one = part(sight)
            if one:
                return True
            if one is None:
                answer = None
        return answer

    def candidates(self, tree: Tree) -> Collection[str] | None:
        """All that the parts name, if each of them does."""
        union: set[str] = set()
        for part in self.parts:
            found = candidates(part, tree)
            if found is None:
                return None
            union.update(found)
        return union


@dataclass(frozen=True, slots=True)
class Not:
    """The part does not hold; where nobody can tell of the part, nobody can tell of its opposite."""

    part: Filter

    def __call__(self, sight: Sight) -> bool | None:
        answer = self.part(sight)
        return None if answer is None else not answer


@dataclass(frozen=True, slots=True)
class Present:
    """The attribute has a value."""

    wanted: Wanted

    def __call__(self, sight: Sight) -> bool | None:
        values = sight.values(self.wanted)
        return None if values is None else bool(values)


@dataclass(frozen=True, slots=True)
class Compared:
    """A value of the attribute, made ready, stands in a relation to the one that was asked for.

    `all_ready` makes all values ready at once, where equality is asked: a filter may name thousands of thousands.
    """

    wanted: Wanted
    asked: Key
    ready: Callable[[bytes], Iterable[Key]]
    fits: Callable[[Key, Key], bool]
    all_ready: Callable[[tuple[bytes, ...]], Collection[Key]] | None = None

    def __call__(self, sight: Sight) -> bool | None:
        values = sight.values(self.wanted)
        if values is None:
            return None
        if self.all_ready and len(values) > _MANY:
            return self.asked in self.all_ready(tuple(values))
        return any(self.fits(key, self.asked) for value in values for key in self.ready(value))

    def candidates(self, tree: Tree) -> Collection[str] | None:
        """What the index of the attribute holds, if it has one."""
        if self.fits is operator.ge and self.wanted.family == ("entryCSN",) and isinstance(self.asked, bytes):
            return tree.stamped_since(self.asked)
        if self.fits is not operator.eq or len(self.wanted.family) > 1:
            return None
        if self.wanted.family == ("entryDN",) and isinstance(self.asked, bytes):
            return (self.asked.decode("utf-8", "surrogateescape"),)
        return tree.indexed(self.wanted.family[0], self.asked)


@dataclass(frozen=True, slots=True)
class Pieces:
    """A value holds pieces in this order: one at its beginning, any between, one at its end."""

    wanted: Wanted
    initial: bytes
    between: tuple[bytes, ...]
    final: bytes
    ready: Callable[[bytes], bytes]

    def __call__(self, sight: Sight) -> bool | None:
        values = sight.values(self.wanted)
        return None if values is None else any(self._fits(self.ready(value)) for value in values)

    def _fits(self, value: bytes) -> bool:
        if not value.startswith(self.initial):
            return False
        position = len(self.initial)
        for piece in self.between:
            found = value.find(piece, position)
            if found < 0:
                return False
            position = found + len(piece)
        return len(value) - len(self.final) >= position and value.endswith(self.final)


@dataclass(frozen=True, slots=True)
class Fitting:
    """A rule named in the filter holds for the attribute, or for any that it suits; and for the DN if so asked."""

    schema: ServerSchema
    rule: Rule
    wanted: Wanted | None
    asked: Key
    in_dn: bool

    def __call__(self, sight: Sight) -> bool | None:
        if self.wanted:
            values = sight.values(self.wanted)
            if values is None:
                return None
        else:
            values = [value for description, found in sight.all() if self._suits(description) for value in found]
        if self.in_dn:
            values = [*values, *self._naming_values(sight.entry.name)]
        keys = (key for value in values for key in _safely(self.schema, self.rule, value))
        return any(self.rule.fits(key, self.asked) for key in keys)

    def _suits(self, description: str) -> bool:
        kind = self.schema.attribute(description)
        return kind is not None and matching.suits(self.rule, kind)

    def _naming_values(self, where: Name) -> list[bytes]:
        return [
            value.encode("utf-8", "surrogateescape")
            for attribute, value in where.all_pairs()
            if (attribute in self.wanted.family if self.wanted else self._suits(attribute))
        ]


def _safely(schema: ServerSchema, rule: Rule, value: bytes) -> list[Key]:
    try:
        return [rule.ready(schema, value)]
    except ValueError:
        return []


@lru_cache(maxsize=8)
def _keys(schema: ServerSchema, rule: Rule, values: tuple[bytes, ...]) -> frozenset[Key]:
    return frozenset(key for value in values for key in _safely(schema, rule, value))


def equality(schema: ServerSchema, description: str, asked: bytes) -> Filter:
    """Ask whether an attribute has a value."""
    kind, wanted = schema.attribute(description), want(schema, description)
    rule = matching.rule_for(kind.equality) if kind else None
    key = _safely(schema, rule, asked) if rule else []
    if not (kind and wanted and rule and key):
        return Undefined()
    if kind.name in {"objectClass", "structuralObjectClass"}:
        return Compared(wanted, key[0], lambda value: index_keys(schema, "objectClass", value), operator.eq)
    return Compared(
        wanted, key[0], lambda value: _safely(schema, rule, value), operator.eq, partial(_keys, schema, rule)
    )


def ordering(schema: ServerSchema, description: str, asked: bytes, *, at_least: bool) -> Filter:
    """Ask whether a value is at least, or at most, another."""
    kind, wanted = schema.attribute(description), want(schema, description)
    rule = matching.rule_for(kind.ordering) if kind else None
    key = _safely(schema, rule, asked) if rule else []
    if not (wanted and rule and key):
        return Undefined()
    return Compared(
        wanted, key[0], lambda value: _safely(schema, rule, value), operator.ge if at_least else operator.le
    )


def present(schema: ServerSchema, description: str) -> Filter:
    """Ask whether an attribute has any value."""
    wanted = want(schema, description)
    return Present(wanted) if wanted else Undefined()


def approximate(schema: ServerSchema, description: str, asked: bytes) -> Filter:
    """Ask whether a value of text has all the words, whatever their accents; of another kind, whether it is equal."""
    kind, wanted = schema.attribute(description), want(schema, description)
    if not kind or not wanted or not kind.equality.lower().startswith("caseignore"):
        return equality(schema, description, asked)
    return Compared(wanted, _words(asked), lambda value: [_words(value)], _has_words)


def _words(value: bytes) -> bytes:
    letters = unicodedata.normalize("NFKD", value.decode("utf-8", "replace")).casefold()
    plain = "".join(letter if letter.isalnum() else " " for letter in letters if not unicodedata.combining(letter))
    return f" {' '.join(plain.split())} ".encode()


def _has_words(value: Key, asked: Key) -> bool:
    assert isinstance(value, bytes)
    assert isinstance(asked, bytes)
    return all(b" " + word + b" " in value for word in asked.split())


def substrings(
    schema: ServerSchema, description: str, initial: bytes, between: Iterable[bytes], final: bytes
) -> Filter:
    """Ask whether a value holds pieces of text in this order."""
    kind, wanted = schema.attribute(description), want(schema, description)
    prepare = matching.PIECES.get(kind.substrings) if kind else None
    if not wanted or not prepare:
        return Undefined()
    return Pieces(
        wanted,
        prepare(initial + b"|")[:-1],
        tuple(prepare(b"|" + piece + b"|")[1:-1] for piece in between),
        prepare(b"|" + final)[1:],
        prepare,
    )


def extensible(schema: ServerSchema, rule_name: str, description: str, asked: bytes, *, in_dn: bool) -> Filter:
    """Ask whether a named rule holds; without a rule it is the attribute's own, without an attribute any it suits."""
    kind, wanted = schema.attribute(description), want(schema, description)
    rule = matching.rule_for(rule_name or (kind.equality if kind else ""), kind)
    key = _safely(schema, rule, asked) if rule else []
    if not rule or not key or (description and not wanted):
        return Undefined()
    return Fitting(schema, rule, wanted, key[0], in_dn)


def want(schema: ServerSchema, description: str) -> Wanted | None:
    """Make ready to look for an attribute; None when there is no such type."""
    kind = schema.attribute(description)
    return Wanted(kind.family, frozenset(description.lower().split(";")[1:])) if kind else None
