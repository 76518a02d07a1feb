"""Who we are at the directory: identities, their passwords in memory, and bound connections."""

from __future__ import annotations

from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

from mailtui.credentials import find_password
from mailtui.errors import ConfigError, CredentialsRefused
from mailtui.texts import _

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mailtui.config import DirectoryConfig, SyncConfig
    from mailtui.desk.desk import Desk
    from mailtui.directory.port import Directory
    from mailtui.domain.secret import Secret

OPERATOR, SYNC = "operator", "sync"


class Access:
    """Binds as the operator, or as whoever reads the mirror; what a person typed is kept for the session alone."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._passwords: dict[str, Secret] = {}
        self._is_password_made = False

    def give_password(self, identity: str, password: Secret, *, is_made: bool = False) -> None:
        """Keep a password for the rest of the session, in memory alone; the identity is `operator` or `sync`.

        One that the program itself has made is known to nobody who could be asked for it.
        """
        self._passwords[identity] = password
        if identity == OPERATOR:
            self._is_password_made = is_made

    @contextmanager
    def connected(self, identity: str = OPERATOR) -> Iterator[Directory]:
        """Give a bound connection, closed at the end.

        Raises:
            PasswordNeeded: Only a person knows the password: ask, `give_password`, and come again.
            CredentialsRefused: The directory does not accept it; a password given by hand is forgotten.
        """
        with closing(self.connect(identity)) as directory:
            yield directory

    def connect(self, identity: str = OPERATOR) -> Directory:
        """Open a bound connection that the caller closes; see `connected`."""
        who = self.identity(identity)
        self._check(who)
        identity = OPERATOR if who is self._desk.directory_config else identity
        return self._bound(identity, who, self._password(identity, who))

    def _check(self, who: DirectoryConfig | SyncConfig) -> None:
        from mailtui.directory.connection import check_addresses

        check_addresses(self._desk.directory_config)
        if who.bind == "simple" and not who.bind_dn:
            raise ConfigError(
                _("The config names nobody to log in as"), hint=_('Set `bind_dn`, or bind = "anonymous".')
            )

    def _bound(self, identity: str, who: DirectoryConfig | SyncConfig, password: Secret | None) -> Directory:
        from mailtui.directory.connection import Login, connect

        try:
            login = Login(who.bind, who.bind_dn, password)
            directory = connect(self._desk.directory_config, login, id_attribute=self._desk.schema.id)
        except CredentialsRefused:
            self._passwords.pop(identity, None)
            raise
        if password and not who.password_command:
            self._passwords[identity] = password
        return directory

    def _password(self, identity: str, who: DirectoryConfig | SyncConfig) -> Secret | None:
        if who.bind != "simple":
            return None
        return self._passwords.get(identity) or find_password(identity, who.bind_dn, who.password_command)

    def log_in_to_write(self) -> Secret | None:
        """See that the directory lets the operator in; gives the password, for a process that binds on its own.

        None where a bind needs none. It raises what `connected` does.
        """
        self._check(self._desk.directory_config)
        password = self._password(OPERATOR, self._desk.directory_config)
        self._bound(OPERATOR, self._desk.directory_config, password).close()
        return password

    def forget(self) -> None:
        """Forget every password that was given."""
        self._passwords.clear()

    def lock(self) -> None:
        """Forget every password that a person knows; one that the program made, nobody could give again."""
        if not self._is_password_made:
            self.forget()

    @property
    def asks_password(self) -> bool:
        """Whether only a person can prove to be the operator."""
        return self._desk.directory_config.bind == "simple" and not self._is_password_made

    def prove(self, password: Secret | None) -> None:
        """Have the directory accept the operator's password in a bind of its own.

        Raises:
            CredentialsRefused: It does not, or there is none.
        """
        from mailtui.directory.connection import Login, connect

        bind_dn = self._desk.directory_config.bind_dn
        # Without either, a simple bind is an anonymous one (RFC 4513 section 5.1), which many servers accept.
        if not bind_dn or password is None or not password.reveal():
            raise CredentialsRefused(_("Nobody can log in without a name and a password"))
        connect(
            self._desk.directory_config, Login("simple", bind_dn, password), id_attribute=self._desk.schema.id
        ).close()
        if not self._desk.directory_config.password_command:
            self._passwords[OPERATOR] = password

    def identity(self, identity: str) -> DirectoryConfig | SyncConfig:
        """Give the config of an identity: `operator` or `sync`, who is the operator unless configured."""
        config = self._desk.directory_config
        return config.sync if identity == SYNC and config.sync else config
