"""Content synchronization (RFC 4533): its request, and what its responses say, without a connection in sight."""

from dataclasses import dataclass
from enum import IntEnum
from uuid import UUID

from mailtui.directory import ber

REQUEST, STATE, DONE, INFO = (f"1.3.6.1.4.1.4203.1.9.1.{number}" for number in (1, 2, 3, 4))
_REFRESH_ONLY = 1
_NEW_COOKIE, _ID_SET = 0x80, 0xA3


class State(IntEnum):
    """What a response says of its entry (section 2.3)."""

    PRESENT = 0
    ADD = 1
    MODIFY = 2
    DELETE = 3


@dataclass(frozen=True, slots=True)
class Info:
    """What is said between entries (section 2.5).

    `ids` are entryUUIDs of entries that are all gone, or all still there and unchanged; `cookie` is where things stand,
    empty where that is not said.
    """

    cookie: bytes = b""
    ids: tuple[str, ...] = ()
    are_gone: bool = False


@dataclass(frozen=True, slots=True)
class Done:
    """The end of a refresh (section 2.4).

    Without `is_by_deletes`, what was not named is gone: the server has named all that is still there.
    """

    cookie: bytes = b""
    is_by_deletes: bool = False


def request(cookie: bytes) -> bytes:
    """Write the value of the request control for one refresh from a cookie; empty: from nothing."""
    resumed = [ber.octets(cookie)] if cookie else []
    return ber.encode(ber.SEQUENCE, ber.integer(_REFRESH_ONLY, ber.ENUMERATED), *resumed)


def state(value: bytes) -> tuple[State, str]:
    """Read a Sync State control: what it says, and the entry's id.

    Raises:
        ValueError: It is none.
    """
    (_tag, begin, end), (_other, first, last) = _parts(value)[:2]
    return State(ber.read_integer(value, begin, end)), str(UUID(bytes=value[first:last]))


def info(value: bytes) -> Info:
    """Read a Sync Info message.

    Raises:
        ValueError: It is none.
    """
    tag, start, end = ber.header(value, 0)
    if tag == _NEW_COOKIE:
        return Info(value[start:end])
    parts = {part: (begin, stop) for part, begin, stop in ber.children(value, start, end)}
    cookie = value[slice(*parts.get(ber.OCTETS, (0, 0)))]
    if tag != _ID_SET:
        return Info(cookie)
    ids = tuple(str(UUID(bytes=value[b:e])) for _tag, b, e in ber.children(value, *parts.get(ber.SET, (0, 0))))
    return Info(cookie, ids, _is_true(value, parts))


def done(value: bytes) -> Done:
    """Read a Sync Done control.

    Raises:
        ValueError: It is none.
    """
    parts = {tag: (begin, stop) for tag, begin, stop in _parts(value)}
    return Done(value[slice(*parts.get(ber.OCTETS, (0, 0)))], _is_true(value, parts))


def _is_true(value: bytes, parts: dict[int, tuple[int, int]]) -> bool:
    return any(value[slice(*parts.get(ber.BOOLEAN, (0, 0)))])


def _parts(value: bytes) -> list[tuple[int, int, int]]:
    tag, start, end = ber.header(value, 0)
    if tag != ber.SEQUENCE or end > len(value):
        raise ValueError("not a sequence")
    return list(ber.children(value, start, end))
