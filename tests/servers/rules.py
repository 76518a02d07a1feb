"""What a proxy does with which message: rules, and the kinds of message they name (RFC 4511 section 4.2 and on)."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import Enum, StrEnum, auto

from mailtui.directory import ber


class Kind(StrEnum):
    """Kinds of message by the name RFC 4511 gives them; the kind tells the direction too."""

    BIND_REQUEST = "bindRequest"
    BIND_RESPONSE = "bindResponse"
    UNBIND_REQUEST = "unbindRequest"
    SEARCH_REQUEST = "searchRequest"
    SEARCH_RESULT_ENTRY = "searchResultEntry"
    SEARCH_RESULT_DONE = "searchResultDone"
    MODIFY_REQUEST = "modifyRequest"
    MODIFY_RESPONSE = "modifyResponse"
    ADD_REQUEST = "addRequest"
    ADD_RESPONSE = "addResponse"
    DELETE_REQUEST = "delRequest"
    DELETE_RESPONSE = "delResponse"
    RENAME_REQUEST = "modDNRequest"
    RENAME_RESPONSE = "modDNResponse"
    ABANDON_REQUEST = "abandonRequest"
    EXTENDED_REQUEST = "extendedReq"
    EXTENDED_RESPONSE = "extendedResp"
    OTHER = "other"


_TAGS = {
    0x60: Kind.BIND_REQUEST,
    0x61: Kind.BIND_RESPONSE,
    0x42: Kind.UNBIND_REQUEST,
    0x63: Kind.SEARCH_REQUEST,
    0x64: Kind.SEARCH_RESULT_ENTRY,
    0x65: Kind.SEARCH_RESULT_DONE,
    0x66: Kind.MODIFY_REQUEST,
    0x67: Kind.MODIFY_RESPONSE,
    0x68: Kind.ADD_REQUEST,
    0x69: Kind.ADD_RESPONSE,
    0x4A: Kind.DELETE_REQUEST,
    0x6B: Kind.DELETE_RESPONSE,
    0x6C: Kind.RENAME_REQUEST,
    0x6D: Kind.RENAME_RESPONSE,
    0x50: Kind.ABANDON_REQUEST,
    0x77: Kind.EXTENDED_REQUEST,
    0x78: Kind.EXTENDED_RESPONSE,
}


class Action(Enum):
    """What is done with a message; a cut ends the connection towards both sides, and nothing passes after it."""

    PASS = auto()
    """Forward it."""
    DROP = auto()
    """Swallow it, and go on as if it had been forwarded."""
    TWICE = auto()
    """Forward it two times."""
    HOLD = auto()
    """Forward it late, others overtake it: after `seconds`, or when `Proxy.release` is called."""
    HANG = auto()
    """From here on forward nothing on any connection, in neither direction: for `seconds`, or until the release."""
    CUT_BEFORE = auto()
    """Cut instead of forwarding it."""
    CUT_INSIDE = auto()
    """Forward half of its bytes, then cut."""
    CUT_AT_ANSWER = auto()
    """Forward this request, and cut instead of forwarding its answer: the server has carried it out."""


class End(Enum):
    """How a connection is cut: in order (FIN), or as by a firewall or a crash (RST)."""

    CLOSE = auto()
    RESET = auto()


@dataclass(frozen=True, slots=True)
class At:
    """One rule: at the n-th message of a kind, counted from 1 over the proxy's life, do something; None is each one.

    `call` is called before anything is done with the message, in the proxy's thread: all else waits for it.
    """

    kind: Kind
    number: int | None
    do: Action = Action.PASS
    seconds: float | None = None
    ends: End = End.RESET
    call: Callable[[], object] | None = None


class Rules:
    """Rules, what they were asked so far, and which of them were met."""

    def __init__(self, rules: Iterable[At] = ()) -> None:
        self.rules = list(rules)
        self.counts: Counter[Kind] = Counter()
        self.met: list[At] = []

    def judge(self, kind: Kind) -> At | None:
        """Count a message, and give the first rule that it meets."""
        self.counts[kind] += 1
        number = self.counts[kind]
        found = next((rule for rule in self.rules if rule.kind == kind and rule.number in {None, number}), None)
        if found:
            self.met.append(found)
        return found


@dataclass(frozen=True, slots=True)
class Message:
    """One whole LDAPMessage as it came."""

    data: bytes
    number: int
    kind: Kind


class Frames:
    """Bytes put together to messages. What is no LDAP, as TLS is not, passes as it comes, without an end or a kind."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._is_raw = False

    def split(self, received: bytes) -> list[Message]:
        """Take bytes, and give the messages that are whole now."""
        if self._is_raw:
            return [Message(received, 0, Kind.OTHER)]
        self._buffer += received
        whole, start = [], 0
        while start < len(self._buffer) and (end := self._end(start)) is not None:
            whole.append(_message(bytes(self._buffer[start:end])))
            start = end
        del self._buffer[:start]
        return whole

    def _end(self, start: int) -> int | None:
        """Give where a message ends; None while it is not there in full."""
        self._is_raw = self._buffer[start] != ber.SEQUENCE
        if self._is_raw:
            return len(self._buffer)
        try:
            _tag, _begin, end = ber.header(self._buffer, start)
        except IndexError:
            return None
        return end if end <= len(self._buffer) else None

    def rest(self) -> bytes:
        """Give what is left of a message that was never finished."""
        return bytes(self._buffer)


def _message(data: bytes) -> Message:
    if data[0] != ber.SEQUENCE:
        return Message(data, 0, Kind.OTHER)
    _tag, start, _end = ber.header(data, 0)
    _integer, begin, behind = ber.header(data, start)
    kind = _TAGS.get(data[behind], Kind.OTHER)
    return Message(data, ber.read_integer(data, begin, behind), kind)
