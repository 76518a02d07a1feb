"""A line to a mail store on which requests and answers get lost."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum

_AT_ONCE = 1 << 16


class Loss(StrEnum):
    """What becomes of one request: its answer cut or held back, or the request itself held back."""

    ANSWER_CUT = "the connection ends in place of the answer"
    ANSWER_HELD = "the answer does not come"
    REQUEST_HELD = "the request does not arrive"


@dataclass
class Relay:
    """Where it listens, what it loses of a request, and the requests that came."""

    port: int
    loss: Callable[[bytes], Loss | None]
    requests: list[bytes] = field(default_factory=list)
    ended: threading.Event = field(default_factory=threading.Event)

    def count(self, word: bytes) -> int:
        """Count the requests that hold a word."""
        return sum(word in request for request in self.requests)


@contextmanager
def relayed(port: int, loss: Callable[[bytes], Loss | None] = lambda _request: None) -> Iterator[Relay]:
    """Stand before a server until the end of the block."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        relay = Relay(listener.getsockname()[1], loss)
        thread = threading.Thread(target=_serve, args=(listener, relay, port))
        thread.start()
        try:
            yield relay
        finally:
            relay.ended.set()
            with socket.create_connection(("127.0.0.1", relay.port)):
                thread.join(20)


def _serve(listener: socket.socket, relay: Relay, port: int) -> None:
    held: list[socket.socket] = []
    while True:
        client, _address = listener.accept()
        if relay.ended.is_set():
            break
        request = _request(client)
        loss = relay.loss(request)
        relay.requests.append(request)
        answer = b"" if loss is Loss.REQUEST_HELD else _answer(port, request)
        if loss in {Loss.ANSWER_HELD, Loss.REQUEST_HELD}:
            held.append(client)
            continue
        client.sendall(b"" if loss else answer)
        client.close()
    for each in (client, *held):
        each.close()


def _request(client: socket.socket) -> bytes:
    read = b""
    while b"\r\n\r\n" not in read:
        read += client.recv(_AT_ONCE)
    head, _blank, body = read.partition(b"\r\n\r\n")
    length = next(
        int(line.split(b":")[1]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length")
    )
    while len(body) < length:
        body += client.recv(_AT_ONCE)
    return head + b"\r\n\r\n" + body


def _answer(port: int, request: bytes) -> bytes:
    answer = b""
    with socket.create_connection(("127.0.0.1", port)) as server:
        server.sendall(request)
        while part := server.recv(_AT_ONCE):
            answer += part
    return answer
