"""An embedded directory put together: tree, certificates, administrator, server, and the mail store beside it."""

import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from mailtui.demo import certificates
from mailtui.demo.address import BASE, BIND_DN, DemoAddress, StoreAddress
from mailtui.demo.files import write_private
from mailtui.demo.mailstore.server import StoreServer
from mailtui.demo.schema import server_schema
from mailtui.demo.server import DirectoryServer
from mailtui.demo.session import Session
from mailtui.demo.tree import Tree
from mailtui.domain.secret import Secret


def new_tree() -> Tree:
    """Give an empty tree for the demo's base."""
    return Tree(server_schema(), BASE)


def new_password() -> Secret:
    """Make a password for an administrator, or a key for the mail store."""
    return Secret(secrets.token_urlsafe(18))


class Host:
    """A directory and a mail store, and where they answer: nowhere before `listen`, to nobody before `running`.

    `before` is where they answered the last time: password, key and ports are kept where that can be.
    """

    def __init__(
        self,
        tree: Tree,
        folder: Path,
        *,
        before: DemoAddress | None = None,
        size_limits: Mapping[str, int] | None = None,
        session: type[Session] | None = None,
    ) -> None:
        self.tree = tree
        self._before, self._store_before = before, before.mailstore if before else None
        self._password = before.password if before else new_password()
        self._made = certificates.make(folder)
        self.server = DirectoryServer(
            tree, BIND_DN, self._password, self._made, size_limits=size_limits, session=session
        )
        key = self._store_before.key if self._store_before else new_password()
        self.mailstore = StoreServer(tree, key, self.server.touch)
        self._key_file = folder / "mailstore.key"

    def listen(self, port: int | None = None) -> DemoAddress:
        """Take a port: the one of last time unless another is given, and any free one for 0 or where that is taken.

        Raises:
            OSError: The given port is taken.
        """
        taken = self._taken() if port is None else self.server.listen(port)
        store = self.mailstore.listen(self._store_before.port if self._store_before else 0)
        write_private(self._key_file, [self.mailstore.key.reveal().encode(), b"\n"])
        found = StoreAddress(f"http://127.0.0.1:{store}", self.mailstore.key, self._key_file)
        return DemoAddress(f"ldap://127.0.0.1:{taken}", BASE, BIND_DN, self._password, self._made.authority, found)

    def _taken(self) -> int:
        try:
            return self.server.listen(self._before.port if self._before else 0)
        except OSError:
            return self.server.listen()

    def idle_s(self) -> float:
        """Give how many seconds ago the last client did anything; 0 while one is connected."""
        return 0 if self.mailstore.is_busy else self.server.idle_s()

    @contextmanager
    def running(self) -> Iterator[None]:
        """Answer clients; hang up on all of them at the end."""
        self.server.start()
        self.mailstore.start()
        try:
            yield
        finally:
            self.mailstore.stop()
            self.server.stop()
