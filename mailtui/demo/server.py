"""The embedded directory's server: it listens on loopback and gives every client a thread."""

import ssl
import time
from collections.abc import Mapping
from functools import partial

from mailtui.demo.certificates import Certificates
from mailtui.demo.door import Door
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
        self._door = Door(partial(session or Session, self), on_leave=self.touch)
        self._touched = time.monotonic()

    def size_limit(self, who: Identity) -> int | None:
        """Give how many entries a search may give somebody; None is as many as there are."""
        return None if who.is_admin else self._limits.get(who.key, self._limits.get("*"))

    def touch(self) -> None:
        """Note that somebody uses the server."""
        self._touched = time.monotonic()

    def idle_s(self) -> float:
        """Give how many seconds ago the last client did anything; 0 while one is connected."""
        return 0 if self._door.is_busy else time.monotonic() - self._touched

    def listen(self, port: int = 0) -> int:
        """Begin to listen on 127.0.0.1; port 0 is any that is free. Gives the port.

        Raises:
            OSError: The port is taken.
        """
        return self._door.listen(port)

    def start(self) -> None:
        """Begin to take clients, in a thread."""
        self._door.start()

    def stop(self) -> None:
        """Hang up on everybody, and wait until all threads are gone."""
        self._door.stop()
