"""A port on loopback, and a thread for each client that comes through it."""

import contextlib
import socket
import threading
from collections.abc import Callable
from typing import Protocol


class Visitor(Protocol):
    """One client and what serves it; `connection` is what a hang-up ends, also where it went on under TLS."""

    connection: socket.socket

    def run(self) -> None:
        """Serve the client until it or the server hangs up."""


class Door:
    """Listens, and serves each client in a thread as what `welcome` makes of its connection."""

    def __init__(self, welcome: Callable[[socket.socket], Visitor], *, on_leave: Callable[[], None]) -> None:
        self._welcome, self._on_leave = welcome, on_leave
        self._listener: socket.socket | None = None
        self._visitors: dict[Visitor, threading.Thread] = {}
        self._acceptor = threading.Thread(target=self._accept, daemon=True)
        self._guard = threading.Lock()
        self._is_stopping = False

    @property
    def is_busy(self) -> bool:
        """Whether a client is connected."""
        return bool(self._visitors)

    def listen(self, port: int = 0) -> int:
        """Begin to listen on 127.0.0.1; port 0 is any that is free. Gives the port.

        Raises:
            OSError: The port is taken.
        """
        self._listener = socket.create_server(("127.0.0.1", port), backlog=128)
        bound: int = self._listener.getsockname()[1]
        return bound

    def start(self) -> None:
        """Begin to take clients, in a thread."""
        self._acceptor.start()

    def stop(self) -> None:
        """Hang up on everybody, and wait until all threads are gone."""
        with self._guard:
            self._is_stopping = True
            visitors = dict(self._visitors)
        if self._listener:
            _wake(self._listener)
            self._acceptor.join()
            self._listener.close()
        for visitor, thread in visitors.items():
            _wake(visitor.connection)
            thread.join()

    def _accept(self) -> None:
        assert self._listener is not None
        while True:
            try:
                connection, _client = self._listener.accept()
            except OSError:
                return
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            visitor = self._welcome(connection)
            thread = threading.Thread(target=self._serve, args=(visitor,), daemon=True)
            with self._guard:
                if self._is_stopping:
                    connection.close()
                    return
                self._visitors[visitor] = thread
                thread.start()

    def _serve(self, visitor: Visitor) -> None:
        try:
            # A client that goes away in the middle of anything (TLS too) is no concern of the others.
            with contextlib.suppress(OSError):
                visitor.run()
        finally:
            self._on_leave()
            visitor.connection.close()
            with self._guard:
                del self._visitors[visitor]


def _wake(one: socket.socket) -> None:
    """End whatever a thread waits for on a socket; closing it would not."""
    with contextlib.suppress(OSError):
        # Not an SSLSocket's own shutdown, which takes the TLS state away from the thread that is using it.
        socket.socket.shutdown(one, socket.SHUT_RDWR)
