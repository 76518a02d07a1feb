"""A client that sends bytes and shows messages as they come: for what ldap3 does not do, or would hide."""

import socket
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from mailtui.demo.address import DemoAddress
from mailtui.directory import ber
from tests.servers.rules import Frames, Message

ADD, DELETE, REPLACE = 0, 1, 2
Step = tuple[int, str, Sequence[str]]
Control = tuple[str, bool, bytes]


class Raw:
    """One connection in the clear, bound as who may do everything."""

    def __init__(self, line: socket.socket) -> None:
        self.line = line
        self._frames = Frames()
        self._waiting: list[Message] = []

    def send(self, *messages: bytes) -> None:
        """Send messages in one write."""
        self.line.sendall(b"".join(messages))

    def answers(self, count: int) -> list[Message]:
        """Wait for so many messages; fewer come when the server hangs up before. In the order they came.

        Raises:
            ConnectionResetError: The line was reset before.
        """
        while len(self._waiting) < count and (received := self.line.recv(65536)):
            self._waiting += self._frames.split(received)
        found, self._waiting = self._waiting[:count], self._waiting[count:]
        return found


@contextmanager
def raw(address: DemoAddress) -> Iterator[Raw]:
    """Connect and bind, with message number 1."""
    with socket.create_connection(("127.0.0.1", address.port), timeout=20) as line:
        connection = Raw(line)
        connection.send(bind(1, address.bind_dn, address.password.reveal()))
        (answer,) = connection.answers(1)
        assert code(answer) == 0
        yield connection


def bind(number: int, dn: str, password: str) -> bytes:
    """Write a bind request."""
    return _message(number, ber.encode(0x60, ber.integer(3), ber.octets(dn), ber.octets(password, 0x80)))


def modify(number: int, dn: str, *steps: Step, controls: Sequence[Control] = ()) -> bytes:
    """Write a modify request."""
    parts = [
        ber.encode(
            ber.SEQUENCE,
            ber.integer(way, ber.ENUMERATED),
            ber.encode(ber.SEQUENCE, ber.octets(attribute), ber.encode(ber.SET, *map(ber.octets, values))),
        )
        for way, attribute, values in steps
    ]
    return _message(number, ber.encode(0x66, ber.octets(dn), ber.encode(ber.SEQUENCE, *parts)), controls)


def code(answer: Message) -> int:
    """Give the result code of an answer that ends a request."""
    ((_tag, start, end), *_rest) = ber.children(answer.data, *_operation(answer.data))
    return ber.read_integer(answer.data, start, end)


def _operation(data: bytes) -> tuple[int, int]:
    """Give where the content of an answer's operation begins and ends."""
    _tag, start, end = ber.header(data, 0)
    _number, operation, *_controls = ber.children(data, start, end)
    return operation[1], operation[2]


def _message(number: int, operation: bytes, controls: Sequence[Control] = ()) -> bytes:
    written = [
        ber.encode(ber.SEQUENCE, ber.octets(oid), ber.boolean(value=is_critical), ber.octets(value))
        for oid, is_critical, value in controls
    ]
    return ber.encode(ber.SEQUENCE, ber.integer(number), operation, ber.encode(0xA0, *written) if written else b"")
