"""Requests taken from the line: their values, and how they are read (RFC 4511 section 4)."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import IntEnum
from typing import TypeVar

from mailtui.demo.results import Code, Malformed, Refusal
from mailtui.directory import ber


class Operation(IntEnum):
    """Tags of requests."""

    BIND = 0x60
    UNBIND = 0x42
    SEARCH = 0x63
    MODIFY = 0x66
    ADD = 0x68
    DELETE = 0x4A
    RENAME = 0x6C
    COMPARE = 0x6E
    ABANDON = 0x50
    EXTENDED = 0x77


@dataclass(frozen=True, slots=True)
class Control:
    """A request control; `value` is None where it has none."""

    oid: str
    is_critical: bool
    value: bytes | None


@dataclass(frozen=True, slots=True)
class Message:
    """One LDAPMessage: its number, the tag of its request, the request's content, and its controls."""

    number: int
    tag: int
    body: bytes
    controls: tuple[Control, ...]


@dataclass(frozen=True, slots=True)
class Bind:
    """A bind; `password` is None when it is not a simple one."""

    version: int
    dn: str
    password: bytes | None


@dataclass(frozen=True, slots=True)
class Search:
    """A search; `filter` is the whole element as it came, since its meaning depends on the schema."""

    base: str
    scope: int
    size_limit: int
    types_only: bool
    filter: bytes
    attributes: tuple[str, ...]


class Way(IntEnum):
    """What a modification does with its values (RFC 4511 section 4.6, RFC 4525)."""

    ADD = 0
    DELETE = 1
    REPLACE = 2
    INCREMENT = 3


@dataclass(frozen=True, slots=True)
class Modification:
    """One step of a modify."""

    way: Way
    description: str
    values: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class Modify:
    """A modify: its steps in order."""

    dn: str
    steps: tuple[Modification, ...]


@dataclass(frozen=True, slots=True)
class Add:
    """An add; an attribute may be named more than once."""

    dn: str
    attributes: tuple[tuple[str, tuple[bytes, ...]], ...]


@dataclass(frozen=True, slots=True)
class Rename:
    """A modify DN; `superior` is None when the entry stays where it is."""

    dn: str
    rdn: str
    deletes_old: bool
    superior: str | None


@dataclass(frozen=True, slots=True)
class Compare:
    """A compare."""

    dn: str
    description: str
    value: bytes


@dataclass(frozen=True, slots=True)
class Extended:
    """An extended request; `value` is None where it has none."""

    oid: str
    value: bytes | None


Element = tuple[int, bytes]
Read = TypeVar("Read")


def elements(data: bytes) -> Iterator[Element]:
    """Walk the elements of some content: the tag and the content of each.

    Raises:
        Malformed: They do not fit.
    """
    try:
        for tag, start, end in ber.children(data, 0, len(data)):
            yield tag, data[start:end]
    except (ValueError, IndexError) as error:
        raise Malformed("decoding error") from error


def text(data: bytes) -> str:
    """Read an octet string as text."""
    return data.decode("utf-8", "surrogateescape")


def number(data: bytes) -> int:
    """Read an integer."""
    return ber.read_integer(data, 0, len(data))


def read_message(data: bytes) -> Message:
    """Read what stands in an LDAPMessage.

    Raises:
        Malformed: It is none.
    """
    parts = list(elements(data))
    if len(parts) < 2 or parts[0][0] != ber.INTEGER or not 0 <= number(parts[0][1]) < 2**31:
        raise Malformed("decoding error")
    controls = [_control(content) for tag, rest in parts[2:] if tag == 0xA0 for _tag, content in elements(rest)]
    return Message(number(parts[0][1]), parts[1][0], parts[1][1], tuple(controls))


def _control(data: bytes) -> Control:
    oid, *rest = elements(data)
    fields = dict(rest)
    return Control(text(oid[1]), fields.get(ber.BOOLEAN, b"\0") != b"\0", fields.get(ber.OCTETS))


def read_bind(body: bytes) -> Bind:
    """Read a bind request."""
    (_v, version), (_n, dn), (tag, credentials) = elements(body)
    return Bind(number(version), text(dn), credentials if tag == 0x80 else None)


def read_search(body: bytes) -> Search:
    """Read a search request.

    Raises:
        Refusal: Its scope is none.
    """
    base, scope, _aliases, size, _time, types_only, question, attributes = elements(body)
    if number(scope[1]) not in {0, 1, 2}:
        raise Refusal(Code.PROTOCOL_ERROR, "invalid scope")
    return Search(
        text(base[1]),
        number(scope[1]),
        number(size[1]),
        types_only[1] != b"\0",
        ber.encode(*question),
        tuple(text(content) for _tag, content in elements(attributes[1])),
    )


def read_modify(body: bytes) -> Modify:
    """Read a modify request."""
    (_d, dn), (_s, steps) = elements(body)
    return Modify(text(dn), tuple(_modification(step) for _tag, step in elements(steps)))


def _modification(data: bytes) -> Modification:
    (_w, way), (_a, attribute) = elements(data)
    if number(way) not in set(Way):
        raise Refusal(Code.PROTOCOL_ERROR, "unrecognized modify operation")
    return Modification(Way(number(way)), *_attribute(attribute))


def _attribute(data: bytes) -> tuple[str, tuple[bytes, ...]]:
    (_d, description), (_v, values) = elements(data)
    return text(description), tuple(value for _tag, value in elements(values))


def read_add(body: bytes) -> Add:
    """Read an add request."""
    (_d, dn), (_a, attributes) = elements(body)
    return Add(text(dn), tuple(_attribute(attribute) for _tag, attribute in elements(attributes)))


def read_rename(body: bytes) -> Rename:
    """Read a modify DN request."""
    dn, rdn, deletes_old, *superior = elements(body)
    return Rename(text(dn[1]), text(rdn[1]), deletes_old[1] != b"\0", text(superior[0][1]) if superior else None)


def read_compare(body: bytes) -> Compare:
    """Read a compare request."""
    (_d, dn), (_a, assertion) = elements(body)
    (_t, description), (_v, value) = elements(assertion)
    return Compare(text(dn), text(description), value)


def read_extended(body: bytes) -> Extended:
    """Read an extended request."""
    fields = dict(elements(body))
    return Extended(text(fields[0x80]), fields.get(0x81))


def reading(read: Callable[[bytes], Read], body: bytes) -> Read:
    """Read a request's content.

    Raises:
        Malformed: It is not as the request must be.
        Refusal: It is, but asks what there isn't.
    """
    try:
        return read(body)
    except (ValueError, KeyError, IndexError, TypeError) as error:
        raise Malformed("decoding error") from error
