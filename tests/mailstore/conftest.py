"""A Dovecot whose accounts are those of a slapd, asked over HTTP and by its command; and the sample company's store."""

import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import pytest

from mailtui.config import MailStoreConfig
from mailtui.demo.address import BASE, DemoAddress
from mailtui.mailstore.doveadm import Doveadm
from mailtui.mailstore.over_http import HttpLine
from mailtui.mailstore.over_ssh import SshLine
from mailtui.mailstore.port import MailStore
from tests.servers.dovecot import Dovecot, dovecot
from tests.servers.ldif import Record
from tests.servers.sample import SampleStore, sample_store
from tests.servers.slapd import BASE_ENTRY, slapd

PEOPLE = f"ou=people,{BASE}"
ROOM = 20 << 20
COUNT = 120


def address_of(login: str) -> str:
    """The address by which the store knows an account."""
    return f"{login}@example.com"


def record(login: str, quota: int | None = ROOM) -> Record:
    """An account with so much room."""
    attributes = {
        "objectClass": ["inetOrgPerson", "mailUser"], "uid": [login], "cn": [login], "sn": [login],
        "mail": [address_of(login)], "userPassword": ["secret"],
    }  # fmt: skip
    return f"uid={login},{PEOPLE}", {**attributes, **({} if quota is None else {"mailQuota": [str(quota)]})}


def records(logins: Sequence[str]) -> list[Record]:
    """Entries for a directory of these accounts."""
    unit: Record = (PEOPLE, {"objectClass": ["organizationalUnit"], "ou": ["people"]})
    return [BASE_ENTRY, unit, *map(record, logins)]


@pytest.fixture(scope="session")
def directory() -> Iterator[DemoAddress]:
    """A directory of people p0, p1, ..., each with 20 MiB, one without a limit and one with little room."""
    with slapd(_everybody()) as running:
        yield running


def _everybody() -> list[Record]:
    special = [record("endless", 0), record("small", 64 << 10)]
    return [*records([f"p{number}" for number in range(COUNT)]), *special]


@pytest.fixture(scope="session")
def sample() -> Iterator[SampleStore]:
    """The sample company's store, with the same accounts."""
    with sample_store(_everybody()) as running:
        yield running


@pytest.fixture(scope="session")
def server(directory: DemoAddress) -> Iterator[Dovecot]:
    """A Dovecot that runs for all tests of the session."""
    with dovecot(directory) as running:
        yield running


def config_of(server: Dovecot, **changed: object) -> MailStoreConfig:
    """A config for a server, with some of it changed."""
    gate = [sys.executable, "-I", "-S", str(Path(__file__).with_name("gate.py")), str(server.config)]
    held: dict[str, object] = {
        "kind": "doveadm", "url": server.url, "ca_file": server.ca_file, "ssh_command": tuple(gate),
        "last_login_dict": server.last_logins, "shared_dict": server.shared, **changed,
    }  # fmt: skip
    return MailStoreConfig(**held)  # type: ignore[arg-type]


def over_http(server: Dovecot, **changed: object) -> Doveadm:
    """A store asked over HTTP."""
    config = config_of(server, **changed)
    return Doveadm(HttpLine(config, server.key), config)


@pytest.fixture(params=["http", "ssh"])
def store(request: pytest.FixtureRequest, server: Dovecot) -> MailStore:
    """The same store, by each of the two ways to ask it."""
    config = config_of(server)
    return over_http(server) if request.param == "http" else Doveadm(SshLine(config), config)


@dataclass(frozen=True)
class Kept:
    """A store, and ways to put mail into it: `deliver` to an account, `save` in a folder; `dovecot` if it is one."""

    store: MailStore
    deliver: Callable[..., None]
    save: Callable[..., None]
    dovecot: Dovecot | None = None


@pytest.fixture(params=["http", "ssh", "sample"])
def kept(request: pytest.FixtureRequest) -> Kept:
    """A store of each kind, by each of the ways to ask it."""
    if request.param == "sample":
        sample: SampleStore = request.getfixturevalue("sample")
        return Kept(sample.open(), sample.deliver, sample.save)
    server: Dovecot = request.getfixturevalue("server")
    config = config_of(server)
    store = over_http(server) if request.param == "http" else Doveadm(SshLine(config), config)
    return Kept(store, server.deliver, server.save, server)


_numbers = count()


@pytest.fixture
def user() -> str:
    """The address of an account that no other test has."""
    return address_of(f"p{next(_numbers)}")


@pytest.fixture
def colleague() -> str:
    """The address of another one."""
    return address_of(f"p{next(_numbers)}")


def mail(number: int, size: int = 100) -> bytes:
    """A mail that differs from all others."""
    text = f"Message {number}. ".ljust(size, "x")
    lines = [text[start : start + 70] for start in range(0, size, 70)]
    head = [f"Subject: mail {number}", f"Message-ID: <{number}@example.com>", "From: sender@example.com", ""]
    return "\r\n".join([*head, *lines, ""]).encode()
