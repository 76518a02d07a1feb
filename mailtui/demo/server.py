"""The embedded directory's server: it listens on loopback and gives every client a thread."""

import contextlib
import socket
import ssl
import threading
import time
from collections.abc import Mapping

from mailtui.demo.certificates import Certificates
from mailtui.demo.entries import Identity
from mailtui.demo.naming import name
from mailtui.demo.session import Session
from mailtui.demo.tree import Tree
from mailtui.domain.secret import Secret


class DirectoryServer:
    """A tree, who may do everything with it, and the clients at work on it.

    `size_limits` says how many entries a search gives to whom, by DN; `""` is nobody's, `"*"` everybody else's. The
    administrator has no limit. `session` is the class that serves a client.
    """

    def __init__(
        self,
        tree: Tree,
        admin_dn: str,
        admin_password: Secret,
        certificates: Certificates,
        *,
        size_limits: Mapping[str, int] | None = None,
        session: type[Session] | None = None,
    ) -> None:
        self.tree = tree
        where = name(tree.schema, admin_dn)
        self.admin = Identity(where.text, where.key, is_admin=True)
        self.admin_password = admin_password.reveal().encode()
        self.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.tls.minimum_version = ssl.TLSVersion.TLSv1_2
        self.tls.load_cert_chain(certificates.certificate, certificates.key)
        self._limits = {name(tree.schema, who).key if who != "*" else "*": n for who, n in (size_limits or {}).items()}
        self._session = session or Session
        self._listener: socket.socket | None = None
        self._sessions: dict[Session, threading.Thread] = {}
        self._acceptor = threading.Thread(target=self._accept, daemon=True)
        self._guard = threading.Lock()
        self._is_stopping = False
        self._touched = time.monotonic()

    def size_limit(self, who: Identity) -> int | None:
        """Give how many entries a search may give somebody; None is as many as there are."""
        return None if who.is_admin else self._limits.get(who.key, self._limits.get("*"))

    def touch(self) -> None:
        """Note that somebody uses the server."""
        self._touched = time.monotonic()

    def idle_s(self) -> float:
        """Give how many seconds ago the last client did anything; 0 while one is connected."""
        return 0 if self._sessions else time.monotonic() - self._touched

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
            sessions = dict(self._sessions)
        if self._listener:
            _wake(self._listener)
            self._acceptor.join()
            self._listener.close()
        for session, thread in sessions.items():
            _wake(session.connection)
            thread.join()

    def _accept(self) -> None:
        assert self._listener is not None
        while True:
            try:
                connection, _client = self._listener.accept()
            except OSError:
                return
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            session = self._session(self, connection)
            thread = threading.Thread(target=self._serve, args=(session,), daemon=True)
            with self._guard:
                if self._is_stopping:
                    connection.close()
                    return
                self._sessions[session] = thread
                thread.start()

    def _serve(self, session: Session) -> None:
        try:
            # A client that goes away in the middle of anything (TLS too) is no concern of the others.
            with contextlib.suppress(OSError):
                session.run()
        finally:
            self.touch()
            session.connection.close()
            with self._guard:
                del self._sessions[session]


def _wake(one: socket.socket) -> None:
    """End whatever a thread waits for on a socket; closing it would not."""
    with contextlib.suppress(OSError):
        # Not an SSLSocket's own shutdown, which takes the TLS state away from the thread that is using it.
        socket.socket.shutdown(one, socket.SHUT_RDWR)
