"""Paged searches, and limits of the server (each in a directory of its own)."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

import pytest

from mailtui.demo.address import DemoAddress
from tests.conformance.client import Client
from tests.conformance.conftest import Connect
from tests.conformance.world import ANN, BASE, COUNT, ENTRIES
from tests.servers.embedded import embedded
from tests.servers.slapd import SlapdOptions, slapd


@pytest.mark.parametrize("size", [1, 2, 3, COUNT - 1, COUNT, COUNT + 1, 1000])
def test_pages_give_everything_once(nobody: Client, size: int) -> None:
    seen: list[str] = []
    answer, cookie = nobody.page(size)
    seen += answer.entries
    while cookie:
        assert len(answer.entries) == size
        answer, cookie = nobody.page(size, cookie)
        assert answer.code == 0
        seen += answer.entries
    assert len(seen) == len(set(seen)) == COUNT


def test_the_size_of_pages_may_change(nobody: Client) -> None:
    _answer, cookie = nobody.page(2)
    answer, cookie = nobody.page(4, cookie)
    assert len(answer.entries) == 4
    answer, cookie = nobody.page(100, cookie)
    assert (len(answer.entries), cookie) == (COUNT - 6, b"")


def test_a_cookie_that_was_used_is_old(nobody: Client) -> None:
    _answer, first = nobody.page(2)
    nobody.page(2, first)
    assert nobody.page(2, first)[0].code == 53


def test_a_cookie_is_bound_to_its_connection(nobody: Client, connect: Connect) -> None:
    _answer, cookie = nobody.page(2)
    assert connect().page(2, cookie)[0].code == 2


def test_a_cookie_that_never_was_is_refused(nobody: Client) -> None:
    assert nobody.page(2, b"junk")[0].code == 2


def test_other_searches_do_not_disturb_a_paged_one(nobody: Client) -> None:
    _answer, cookie = nobody.page(4)
    assert nobody.found("(uid=ann)") == {"ann"}
    answer, _cookie = nobody.page(4, cookie)
    assert (answer.code, len(answer.entries)) == (0, 4)


def test_a_size_limit_of_the_client_counts_all_pages(nobody: Client) -> None:
    assert nobody.page(3, size_limit=2)[0].code == 4
    answer, cookie = nobody.page(3, size_limit=4)
    assert answer.code == 0
    answer, _cookie = nobody.page(3, cookie, size_limit=4)
    assert (answer.code, len(answer.entries)) == (4, 1)


def _embedded() -> AbstractContextManager[DemoAddress]:
    return embedded(ENTRIES, size_limits={"*": 4})


def _slapd() -> AbstractContextManager[DemoAddress]:
    return slapd(ENTRIES, SlapdOptions(limits="sizelimit 4"))


LIMITED = [pytest.param(_embedded, id="embedded"), pytest.param(_slapd, id="slapd", marks=pytest.mark.server)]


@pytest.fixture(scope="module", params=LIMITED)
def limited(request: pytest.FixtureRequest) -> Iterator[DemoAddress]:
    start: Callable[[], AbstractContextManager[DemoAddress]] = request.param
    with start() as address:
        yield address


@pytest.fixture
def person(limited: DemoAddress) -> Iterator[Client]:
    client = Client(limited, ANN, "ann's secret")
    yield client
    client.close()


@pytest.mark.parametrize(("asked", "number"), [(0, 4), (2, 2), (4, 4), (5, 4), (500, 4)])
def test_a_limit_of_the_server_holds_for_people(person: Client, asked: int, number: int) -> None:
    answer = person.search(BASE, size_limit=asked)
    assert (answer.code, len(answer.entries)) == (4, number)


def test_a_limit_of_the_server_is_not_felt_by_small_answers(person: Client) -> None:
    assert person.search(BASE, "(objectClass=person)").code == 0


def test_a_limit_of_the_server_counts_all_pages(person: Client) -> None:
    answer, cookie = person.page(3)
    assert (answer.code, len(answer.entries)) == (0, 3)
    answer, cookie = person.page(3, cookie)
    assert (answer.code, len(answer.entries), cookie) == (4, 1, b"")


def test_the_administrator_has_no_limit(limited: DemoAddress) -> None:
    client = Client(limited, limited.bind_dn, limited.password.reveal())
    assert len(client.search(BASE).entries) == COUNT
    client.close()
