"""Two real servers to speak LDAP with: the embedded directory and slapd, both with the same few people."""

from collections.abc import Callable, Iterator
from typing import Any, cast

import pytest

from mailtui.config import DirectoryConfig
from mailtui.demo import service
from mailtui.demo.address import BASE, DemoAddress
from mailtui.directory.connection import Login, connect
from mailtui.directory.port import Directory
from tests.servers.ldif import Record
from tests.servers.slapd import BASE_ENTRY, slapd

PEOPLE = f"ou=people,{BASE}"
Opened = Callable[[], Directory]


def person(login: str, **more: list[str]) -> Record:
    """A person of the smallest kind, below ou=people."""
    attributes = {
        "objectClass": ["inetOrgPerson", "mailUser"], "uid": [login], "cn": [login.title()], "sn": [login.title()],
        "mail": [f"{login}@example.com"], **more,
    }  # fmt: skip
    return f"uid={login},{PEOPLE}", attributes


RECORDS: list[Record] = [
    BASE_ENTRY,
    (PEOPLE, {"objectClass": ["organizationalUnit"], "ou": ["people"]}),
    *(person(f"p{number}", mailQuota=[str(number << 20)]) for number in range(2500)),
    person("star", cn=["a*b", "(c)\\d"], description=["x"]),
]


@pytest.fixture(scope="session", params=["embedded", pytest.param("slapd", marks=pytest.mark.server)])
def address(request: pytest.FixtureRequest) -> Iterator[DemoAddress]:
    """A server that runs for all tests of the session."""
    if request.param == "slapd":
        with slapd(RECORDS) as running:
            yield running
    else:
        with service.temporary(0, 1) as running:
            fill(running, RECORDS[2:])
            yield running


def fill(address: DemoAddress, records: list[Record]) -> None:
    """Add entries over LDAP."""
    import ldap3

    server = ldap3.Server(address.url, get_info=ldap3.NONE)
    with ldap3.Connection(server, address.bind_dn, address.password.reveal(), raise_exceptions=True) as connection:
        for dn, attributes in records:
            cast("Any", connection).add(dn, attributes=dict(attributes))


def config_of(address: DemoAddress, **changed: object) -> DirectoryConfig:
    """A config for a server, with some of it changed."""
    held: dict[str, object] = {"urls": (address.url,), "base": address.base, "bind_dn": address.bind_dn, **changed}
    return DirectoryConfig(**held)  # type: ignore[arg-type]


def admin(address: DemoAddress) -> Login:
    """The log-in that may do everything."""
    return Login("simple", address.bind_dn, address.password)


@pytest.fixture
def directory(address: DemoAddress) -> Iterator[Directory]:
    """A bound connection."""
    opened = connect(config_of(address), admin(address))
    yield opened
    opened.close()
