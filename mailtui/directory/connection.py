"""A bound connection to one directory server: opened, secured and bound by ldap3, with the settings that must hold."""

import ipaddress
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlsplit

import ldap3

from mailtui.config import DirectoryConfig
from mailtui.directory.failures import translated
from mailtui.directory.ldap import LdapDirectory
from mailtui.directory.port import ENTRY_UUID, Directory
from mailtui.directory.reader import Wire
from mailtui.directory.tls import VerifiedTls
from mailtui.domain.secret import Secret
from mailtui.errors import ConfigError, Unreachable
from mailtui.texts import _

_CONNECT_S, _ANSWER_S = 10, 30


@dataclass(frozen=True, slots=True)
class Login:
    """Who to be on the connection: `bind` is simple, external or anonymous."""

    bind: str
    dn: str = ""
    password: Secret | None = None


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a server listens; `host` is a path for `ldapi`."""

    scheme: str
    host: str
    port: int

    @property
    def is_local(self) -> bool:
        """Whether nothing that is sent there leaves this machine."""
        if self.scheme == "ldapi" or self.host == "localhost":
            return True
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return False


def connect(config: DirectoryConfig, login: Login, *, id_attribute: str = ENTRY_UUID) -> Directory:
    """Bind to the first server of the list that can be reached; `id_attribute` is what entries are known by for good.

    Raises:
        ConfigError: An address is no LDAP URL, or is cleartext and not allowed.
        Unreachable: None of the servers answers, or one cannot be trusted.
        CredentialsRefused: The server does not accept the log-in.
    """
    endpoints = check_addresses(config)
    failure: Unreachable | None = None
    for url, endpoint in zip(config.urls, endpoints, strict=True):
        try:
            return _connect(url, endpoint, config, login, id_attribute)
        except Unreachable as error:
            failure = failure or error
    assert failure is not None
    raise failure


def check_addresses(config: DirectoryConfig) -> list[Endpoint]:
    """Read the addresses of the servers, before any password is asked for.

    Raises:
        ConfigError: One is no LDAP URL, or is cleartext and not allowed.
    """
    return [_endpoint(url, config) for url in config.urls]


def _endpoint(url: str, config: DirectoryConfig) -> Endpoint:
    hint = _("Write ldaps://host, ldap://host:389 or ldapi://%2Fpath%2Fto%2Fsocket.")
    parts = urlsplit(url)
    if parts.scheme == "ldapi":
        return Endpoint("ldapi", unquote(parts.netloc), 0)
    try:
        port = parts.port
    except ValueError:
        port = -1
    if parts.scheme not in {"ldap", "ldaps"} or not parts.hostname or port == -1:
        raise ConfigError(_("“{url}” is no LDAP address").format(url=url), hint=hint)
    endpoint = Endpoint(parts.scheme, parts.hostname, port or (636 if parts.scheme == "ldaps" else 389))
    if endpoint.scheme == "ldap" and not (endpoint.is_local or config.start_tls or config.allow_cleartext):
        raise ConfigError(
            _("{url} would send passwords readable over the network").format(url=url),
            hint=_("Use ldaps://, or set start_tls = true."),
        )
    return endpoint


def _connect(url: str, endpoint: Endpoint, config: DirectoryConfig, login: Login, id_attribute: str) -> Directory:
    for file in (config.ca_file, config.certificate_file, config.key_file):
        if file and not file.is_file():
            raise ConfigError(_("There is no file {path}").format(path=file), hint=_("Check the path in the config."))
    tls = VerifiedTls(config.ca_file, config.certificate_file, config.key_file)
    with translated(url, tls), ExitStack() as on_failure:
        connection = _connection(endpoint, login, tls)
        on_failure.callback(_abandon, connection)
        connection.open(read_server_info=False)
        if config.start_tls and endpoint.scheme == "ldap":
            connection.start_tls(read_server_info=False)
        # Never before TLS: the bind carries the password.
        if login.bind != "anonymous":
            connection.bind(read_server_info=False)
        on_failure.pop_all()
    return LdapDirectory(connection, Wire(connection, url), url, config.base, id_attribute)


def _abandon(connection: Any) -> None:
    """Close the socket that ldap3 leaves open when it fails."""
    if connection.socket is not None:
        connection.socket.close()


def _connection(endpoint: Endpoint, login: Login, tls: VerifiedTls) -> Any:
    where = f"ldapi://{endpoint.host}" if endpoint.scheme == "ldapi" else endpoint.host
    server = ldap3.Server(
        where, port=endpoint.port or None, use_ssl=endpoint.scheme == "ldaps", tls=tls, get_info=ldap3.NONE,
        connect_timeout=_CONNECT_S, allowed_referral_hosts=[],
    )  # fmt: skip
    return ldap3.Connection(
        server, **_identity(login), client_strategy=ldap3.SYNC, auto_bind=ldap3.AUTO_BIND_NONE, auto_referrals=False,
        auto_range=False, check_names=False, raise_exceptions=True, return_empty_attributes=False,
        receive_timeout=_ANSWER_S,
    )  # fmt: skip


def _identity(login: Login) -> dict[str, Any]:
    if login.bind == "external":
        return {"authentication": ldap3.SASL, "sasl_mechanism": ldap3.EXTERNAL, "sasl_credentials": ""}
    if login.bind == "anonymous":
        return {"authentication": ldap3.ANONYMOUS}
    return {
        "authentication": ldap3.SIMPLE,
        "user": login.dn,
        "password": login.password.reveal() if login.password else "",
    }
