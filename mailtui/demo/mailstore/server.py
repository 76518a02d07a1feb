"""The mail store beside the embedded directory: it listens at once, and is put together when somebody asks."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from mailtui.demo.door import Door, Visitor
from mailtui.demo.tree import Tree
from mailtui.domain.secret import Secret

if TYPE_CHECKING:
    from mailtui.demo.mailstore.office import Office


class StoreServer:
    """A mail store for the accounts of a tree, open to who has the key; `on_use` is told of every client."""

    def __init__(self, tree: Tree, key: Secret, on_use: Callable[[], None]) -> None:
        self._tree, self.key, self._on_use = tree, key, on_use
        self._door = Door(self._welcome, on_leave=on_use)
        self._office: Office | None = None
        self._guard = threading.Lock()

    @property
    def is_busy(self) -> bool:
        """Whether a client is connected."""
        return self._door.is_busy

    def office(self) -> Office:
        """Give what the store keeps; as the directory is now, if nobody asked before."""
        from mailtui.demo.mailstore.office import Office

        with self._guard:
            self._office = self._office or Office(self._tree)
            return self._office

    def listen(self, port: int = 0) -> int:
        """Begin to listen on 127.0.0.1, at a port or, if that is taken, at any; gives the port."""
        try:
            return self._door.listen(port)
        except OSError:
            return self._door.listen()

    def start(self) -> None:
        """Begin to take clients, in a thread."""
        self._door.start()

    def stop(self) -> None:
        """Hang up on everybody, and wait until all threads are gone."""
        self._door.stop()

    def _welcome(self, connection: socket.socket) -> Visitor:
        # Much to load, and in many a short life nobody asks for it.
        from mailtui.demo.mailstore.serving import Conversation

        self._on_use()
        return Conversation(connection, self.office, self.key)
