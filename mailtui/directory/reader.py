"""Responses read by ourselves from a connection that ldap3 opened: a dozen times faster than ldap3 reads them.

ldap3 builds the requests and numbers them; from there on the bytes are framed and walked here by index (RFC 4511
section 4.1.1). It must not be used where SASL wraps the stream in a layer of its own.
"""

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from mailtui.directory import ber
from mailtui.directory.failures import lost
from mailtui.directory.port import Entry
from mailtui.directory.writer import Control, message
from mailtui.domain.rules import decode_text
from mailtui.errors import DirectoryError, Unreachable
from mailtui.texts import _

ENTRY, DONE, REFERENCE, INTERMEDIATE, EXTENDED = 0x64, 0x65, 0x73, 0x79, 0x78
_CONTROLS, _CHUNK, _LARGEST = 0xA0, 1 << 18, 1 << 28
_NAME, _VALUE = 0x80, 0x81
_ANY = -1


@dataclass(frozen=True, slots=True)
class Intermediate:
    """What came in between (RFC 4511 section 4.13): the OID that says what it is, and its raw value."""

    name: str
    value: bytes


@dataclass(frozen=True, slots=True)
class Result:
    """How an operation ended (RFC 4511 section 4.1.9), with the raw values of the controls that came with it."""

    code: int
    dn: str
    reason: str
    controls: dict[str, bytes]


class Wire:
    """The stream of responses on one connection.

    What was `put` may be under way for as long as it likes, while other requests are sent and answered.
    """

    def __init__(self, connection: Any, url: str) -> None:
        self._connection = connection
        self._url = url
        self._data = b""
        self._names: dict[bytes, str] = {}
        self._under_way: set[int] = set()
        self._ended: deque[tuple[int, Result]] = deque()

    def send(self, kind: str, request: object, controls: list[tuple[str, bool, bytes]] | None = None) -> int:
        """Send a request that ldap3 built (`kind` as it names it) and give its message id."""
        try:
            message_id: int = self._connection.send(kind, request, controls)
        except OSError as error:
            raise lost(self._url, str(error)) from error
        # ldap3 would wait for the response itself.
        self._connection.strategy._outstanding.pop(message_id, None)  # noqa: SLF001
        return message_id

    def ask(self, operation: bytes) -> int:
        """Send a request that was written by ourselves, and give its message id."""
        message_id = int(self._connection.server.next_message_id())
        self._send(message(message_id, operation))
        return message_id

    def put(self, operations: Sequence[tuple[bytes, Sequence[Control]]]) -> list[int]:
        """Send requests of one response each in one piece, and give their message ids; see `next_ended`."""
        ids = [int(self._connection.server.next_message_id()) for _operation in operations]
        pairs = zip(ids, operations, strict=True)
        self._send(b"".join(message(number, *operation) for number, operation in pairs))
        self._under_way.update(ids)
        return ids

    def _send(self, messages: bytes) -> None:
        if self._connection.closed or self._connection.socket is None:
            raise lost(self._url, _("the connection is closed"))
        try:
            self._connection.socket.sendall(messages)
        except OSError as error:
            raise lost(self._url, str(error)) from error

    def next_ended(self) -> tuple[int, Result]:
        """Wait for the response to any request that was put, and give its message id with it."""
        if not self._ended:
            try:
                _tag, _start, _end, after = next(self._messages(_ANY))
            except (IndexError, ValueError) as error:
                raise self._nonsense() from error
            self._data = self._data[after:]
        return self._ended.popleft()

    def entries(self, message_id: int) -> Iterator[Entry | Result]:
        """Give the entries that answer a search, and at last how it ended; references are passed over."""
        try:
            for tag, start, end, after in self._messages(message_id):
                if tag == ENTRY:
                    yield self._entry(start, end)
                elif tag not in {REFERENCE, INTERMEDIATE}:
                    yield self._last(start, end, after)
                    return
        except (IndexError, ValueError) as error:
            raise self._nonsense() from error

    def controlled(self, message_id: int) -> Iterator[tuple[Entry, dict[str, bytes]] | Intermediate | Result]:
        """Give the same, each entry with its controls, and what comes in between as well."""
        try:
            for tag, start, end, after in self._messages(message_id):
                if tag == ENTRY:
                    yield self._entry(start, end), self._controls(end, after)
                elif tag == INTERMEDIATE:
                    yield self._intermediate(start, end)
                elif tag != REFERENCE:
                    yield self._last(start, end, after)
                    return
        except (IndexError, ValueError) as error:
            raise self._nonsense() from error

    def _intermediate(self, start: int, end: int) -> Intermediate:
        parts = {tag: self._data[begin:stop] for tag, begin, stop in ber.children(self._data, start, end)}
        return Intermediate(decode_text(parts.get(_NAME, b"")), parts.get(_VALUE, b""))

    def result(self, message_id: int) -> Result:
        """Wait for the response to a request that has one."""
        try:
            _tag, start, end, after = next(self._messages(message_id))
            return self._last(start, end, after)
        except (IndexError, ValueError) as error:
            raise self._nonsense() from error

    def _nonsense(self) -> Unreachable:
        return lost(self._url, _("it sent what is no LDAP"))

    def _last(self, start: int, end: int, after: int) -> Result:
        result = self._result(start, end, after)
        self._data = self._data[after:]
        return result

    def entry_of(self, value: bytes) -> Entry:
        """Read an entry as the Post-Read control carries it (RFC 4527 section 3.2)."""
        _tag, start, end = ber.header(value, 0)
        held, self._data = self._data, value
        try:
            return self._entry(start, end)
        finally:
            self._data = held

    def _messages(self, message_id: int) -> Iterator[tuple[int, int, int, int]]:
        """Frame what arrives; positions are in `_data` and hold until the next step."""
        position = 0
        while True:
            end = self._frame_end(position)
            while end > len(self._data):
                self._receive(position, end - position)
                position = 0
                end = self._frame_end(0)
            start = ber.header(self._data, position)[1]
            _tag, id_start, id_end = ber.header(self._data, start)
            tag, op_start, op_end = ber.header(self._data, id_end)
            received_id = ber.read_integer(self._data, id_start, id_end)
            if received_id == message_id:
                yield tag, op_start, op_end, end
            elif received_id in self._under_way:
                # Out of turn, or a second time: the first response to a request is the one that counts.
                self._under_way.remove(received_id)
                self._ended.append((received_id, self._result(op_start, op_end, end)))
                if message_id == _ANY:
                    yield tag, op_start, op_end, end
            elif received_id == 0:
                # The only unsolicited message there is says that the server hangs up (RFC 4511 section 4.4.1).
                raise lost(self._url, self._result(op_start, op_end, end).reason or _("it hung up"))
            position = end

    def _frame_end(self, position: int) -> int:
        """Say where the message at a position ends; past the end of the data where that is not known yet."""
        try:
            end = ber.header(self._data, position)[2]
        except IndexError:
            return len(self._data) + 1
        if end - position > _LARGEST:
            raise DirectoryError(_("The directory sent a message of more than 256 MiB"))
        return end

    def _receive(self, position: int, wanted: int) -> None:
        """Drop what is before a position and receive until at least `wanted` bytes follow it."""
        parts = [self._data[position:]]
        size = len(parts[0])
        while size < wanted:
            try:
                chunk = self._connection.socket.recv(_CHUNK)
            except OSError as error:
                raise self._timed_out(error) from error
            if not chunk:
                raise lost(self._url, _("it closed the connection"))
            parts.append(chunk)
            size += len(chunk)
        self._data = b"".join(parts)

    def _timed_out(self, error: OSError) -> Unreachable:
        seconds = self._connection.receive_timeout
        late = isinstance(error, (TimeoutError, BlockingIOError))
        return lost(self._url, _("no answer for {n} seconds").format(n=seconds) if late else str(error))

    def _entry(self, start: int, end: int) -> Entry:
        """Walk a SearchResultEntry (RFC 4511 section 4.5.2).

        Lengths below 128 are read in place: this is where a sync spends its time.
        """
        data, names = self._data, self._names
        _tag, begin, position = ber.header(data, start)
        dn = data[begin:position].decode("utf-8", "surrogateescape")
        _tag, position, end = ber.header(data, position)
        attributes: dict[str, tuple[bytes, ...]] = {}
        while position < end:
            size, position = data[position + 1], position + 2
            if size > 127:
                octets = size & 127
                position += octets
            size, position = data[position + 1], position + 2
            if size > 127:
                octets = size & 127
                size = int.from_bytes(data[position : position + octets], "big")
                position += octets
            raw = data[position : position + size]
            position += size
            name = names.get(raw)
            if name is None:
                name = names[raw] = decode_text(raw).lower()
            size, position = data[position + 1], position + 2
            if size > 127:
                octets = size & 127
                size = int.from_bytes(data[position : position + octets], "big")
                position += octets
            last, values = position + size, []
            while position < last:
                size, position = data[position + 1], position + 2
                if size > 127:
                    octets = size & 127
                    size = int.from_bytes(data[position : position + octets], "big")
                    position += octets
                values.append(data[position : position + size])
                position += size
            attributes[name] = tuple(values)
        return Entry(dn, attributes)

    def _result(self, start: int, end: int, after: int) -> Result:
        data = self._data
        (_c, begin, stop), dn, reason = islice(ber.children(data, start, end), 3)
        code = ber.read_integer(data, begin, stop)
        return Result(
            code, decode_text(data[slice(*dn[1:])]), decode_text(data[slice(*reason[1:])]), self._controls(end, after)
        )

    def _controls(self, start: int, end: int) -> dict[str, bytes]:
        data, controls = self._data, {}
        for tag, first, last in ber.children(data, start, end):
            if tag == _CONTROLS:
                for _tag, begin, stop in ber.children(data, first, last):
                    parts = [(t, data[b:e]) for t, b, e in ber.children(data, begin, stop)]
                    value = next((v for t, v in parts[1:] if t == ber.OCTETS), b"")
                    controls[decode_text(parts[0][1])] = value
        return controls
