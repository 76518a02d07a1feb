"""What is configured, as values; `Policy` is of the domain."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from mailtui.domain.policy import Policy
from mailtui.domain.rights import OperatorRule
from mailtui.errors import ConfigError
from mailtui.texts import _


@dataclass(frozen=True, slots=True)
class SyncConfig:
    """`[directory.sync]`: who reads the mirror, where that is not the operator."""

    bind: str = "simple"
    """`simple` (a DN and a password), `external` (a certificate or the socket's peer) or `anonymous`."""
    bind_dn: str = ""
    password_command: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DirectoryConfig:
    """`[directory]`: where it is, who we are there, and how it spells things."""

    urls: tuple[str, ...]
    """Tried in order: `ldaps://host`, `ldap://host:389`, `ldapi://%2Frun%2Fslapd%2Fldapi`."""
    base: str
    """The DN below which everything is."""
    bind: str = "simple"
    """`simple`, `external` or `anonymous`."""
    bind_dn: str = ""
    """The operator's DN; `{user}` stands for the name of the OS user."""
    password_command: tuple[str, ...] = ()
    """A command (no shell) whose first line of output is the password."""
    schema: str = "mailuser"
    """A built-in name, or a path to a TOML file."""
    start_tls: bool = False
    ca_file: Path | None = None
    """Certificates to trust, in place of the system's."""
    certificate_file: Path | None = None
    key_file: Path | None = None
    """The client's certificate and key, for `bind = "external"` over TLS."""
    allow_cleartext: bool = False
    """Permit plain ldap:// to another machine: passwords then cross the network readable."""
    sync: SyncConfig | None = None


@dataclass(frozen=True, slots=True)
class MailStoreConfig:
    """`[mailstore]`: the server that holds the mail, and how it is asked."""

    kind: str
    """`doveadm` (Dovecot's HTTP API) or `doveadm-ssh` (its command, over ssh)."""
    url: str = ""
    """Where the HTTP API answers: `https://mail.example.com:8080`."""
    key_command: tuple[str, ...] = ()
    """A command (no shell) whose first line of output is the API key."""
    ca_file: Path | None = None
    """Certificates to trust, in place of the system's."""
    allow_cleartext: bool = False
    """Permit plain http:// to another machine: the key then crosses the network readable."""
    ssh_command: tuple[str, ...] = ()
    """The command to which the words of a doveadm command are added: `["ssh", "mailtui@mail.example.com"]`."""
    timeout_s: int = 10
    """How long one account may take; what goes over all of them, or moves mail, gets a multiple of it."""
    user_name: str = "address"
    """What the mail store knows an account by: its `address`, or its `login`."""
    last_login_dict: str = ""
    """The dictionary in which the server notes log-ins, as its own config writes it."""
    shared_dict: str = ""
    """The dictionary of who has which shared mailbox, likewise."""
    folder_separator: str = "/"
    """What stands between the names of a folder and one within it."""
    others_folders: tuple[str, ...] = ("shared/", "Public/")
    """How the names of folders begin that an account sees but that are not its own."""


@dataclass(frozen=True, slots=True)
class CacheConfig:
    """`[cache]`: where the mirror is kept."""

    path: Path | None = None


@dataclass(frozen=True, slots=True)
class Config:
    """Everything that was configured.

    `directory` and `mailstore` are None where nothing is yet; `overruled` names the user's keys that the site has set
    otherwise.
    """

    directory: DirectoryConfig | None = None
    policy: Policy = field(default_factory=Policy)
    operators: tuple[OperatorRule, ...] = ()
    cache: CacheConfig = field(default_factory=CacheConfig)
    mailstore: MailStoreConfig | None = None
    keys: Mapping[str, str] = field(default_factory=dict)
    overruled: tuple[str, ...] = ()

    def required_directory(self) -> DirectoryConfig:
        """Give the directory's config.

        Raises:
            ConfigError: There is none.
        """
        if self.directory is None:
            raise ConfigError(
                _("No directory is configured"),
                hint=_("Try `mailtui demo`, or write a config file: `mailtui` prints one to start from."),
            )
        return self.directory
