"""An embedded directory put together: tree, certificates, administrator, server."""

import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from mailtui.demo import certificates
from mailtui.demo.address import BASE, BIND_DN, DemoAddress
from mailtui.demo.schema import server_schema
from mailtui.demo.server import DirectoryServer
from mailtui.demo.session import Session
from mailtui.demo.tree import Tree
from mailtui.domain.secret import Secret


def new_tree() -> Tree:
    """Give an empty tree for the demo's base."""
    return Tree(server_schema(), BASE)


def new_password() -> Secret:
    """Make a password for an administrator."""
    return Secret(secrets.token_urlsafe(18))


class Host:
    """A directory and where it answers: nowhere before `listen`, to nobody before `start`."""

    def __init__(
        self,
        tree: Tree,
        folder: Path,
        *,
        password: Secret | None = None,
        size_limits: Mapping[str, int] | None = None,
        session: type[Session] | None = None,
    ) -> None:
        self.tree = tree
        self._password = password or new_password()
        self._made = certificates.make(folder)
        self.server = DirectoryServer(
            tree, BIND_DN, self._password, self._made, size_limits=size_limits, session=session
        )

    def listen(self, port: int = 0) -> DemoAddress:
        """Take a port, any free one for 0.

        Raises:
            OSError: The port is taken.
        """
        taken = self.server.listen(port)
        return DemoAddress(f"ldap://127.0.0.1:{taken}", BASE, BIND_DN, self._password, self._made.authority)

    @contextmanager
    def running(self) -> Iterator[None]:
        """Answer clients; hang up on all of them at the end."""
        self.server.start()
        try:
            yield
        finally:
            self.server.stop()
