"""The directories that the suite runs over, and clients of them."""

from collections.abc import Callable, Iterator

import pytest

from mailtui.demo.address import DemoAddress
from tests.conformance.client import Client
from tests.conformance.world import ENTRIES, PEOPLE, PERSON
from tests.servers.embedded import embedded
from tests.servers.slapd import slapd

BOTH = [pytest.param(embedded, id="embedded"), pytest.param(slapd, id="slapd", marks=pytest.mark.server)]
Connect = Callable[..., Client]
Hire = Callable[..., str]


@pytest.fixture(scope="session", params=BOTH)
def directory(request: pytest.FixtureRequest) -> Iterator[DemoAddress]:
    with request.param(ENTRIES) as address:
        yield address


@pytest.fixture
def connect(directory: DemoAddress) -> Iterator[Connect]:
    clients: list[Client] = []

    def connected(dn: str | None = None, password: str | None = None, *, starts_tls: bool = False) -> Client:
        clients.append(Client(directory, dn, password, starts_tls=starts_tls))
        return clients[-1]

    yield connected
    for client in clients:
        client.close()


@pytest.fixture
def admin(directory: DemoAddress, connect: Connect) -> Client:
    return connect(directory.bind_dn, directory.password.reveal())


@pytest.fixture
def nobody(connect: Connect) -> Client:
    return connect()


@pytest.fixture
def hire(admin: Client) -> Iterator[Hire]:
    """Give a function that adds a person, who is gone after the test; it gives the DN."""
    hired: list[str] = []

    def added(login: str, unit: str = PEOPLE, **attributes: list[str]) -> str:
        dn = f"uid={login},{unit}"
        whole = {"cn": [login.title()], "sn": ["Hired"], **attributes}
        answer = admin.add(dn, PERSON, whole)
        assert answer.code == 0, answer
        hired.append(dn)
        return dn

    yield added
    for dn in admin.search("dc=example,dc=com", "(sn=Hired)").entries:
        admin.delete(dn)
