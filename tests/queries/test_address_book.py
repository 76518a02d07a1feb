"""The addresses of an account are listed with whose they are, where they lead and who relies on them."""

from collections.abc import Callable

import pytest

from mailtui.domain.account import Delivery, Standing
from mailtui.domain.policy import Policy
from mailtui.queries.address_book import Listed, Role, address_book
from mailtui.queries.mirror import Mirror
from tests.cache.records import NOW, PEOPLE, person, unit

Filled = Callable[..., Mirror]


def listed(mirror: Mirror, login: str, policy: Policy | None = None) -> list[Listed]:
    account = mirror.account(f"id-{login}")
    assert account is not None
    return list(address_book(mirror, account, policy or Policy(), NOW))


@pytest.fixture
def mirror(filled: Filled) -> Mirror:
    return filled(
        unit("Sales", PEOPLE),
        person("ann", "Ann Lee", below=f"ou=Sales,{PEOPLE}", aliases=("a.lee@example.com",)),
        person("gone", "Gone", standing=Standing.DISABLED, delivery=Delivery.BOUNCE),
        person("bob", "Bob", aliases=("gone@example.com",), forwards=("Bob@example.com", "ann@example.com")),
        person(
            "cid", "Cid", forwards=("a.lee@example.com", "x@elsewhere.org", "nobody@example.com", "dis@example.com")
        ),
        person("dis", "Dis", standing=Standing.DISABLED, delivery=Delivery.RECEIVE),
    )


def test_own_addresses_tell_who_relies_on_them_and_who_else_has_them(mirror: Mirror) -> None:
    assert listed(mirror, "ann") == [
        Listed(Role.MAIN, "ann@example.com", "mail of Bob is forwarded here"),
        Listed(Role.ALIAS, "a.lee@example.com", "mail of Cid is forwarded here"),
    ]
    assert listed(mirror, "bob")[1] == Listed(
        Role.ALIAS, "gone@example.com", "also an address of Gone", is_trouble=True
    )


def test_forwards_tell_where_they_lead_and_what_is_wrong_with_that(mirror: Mirror) -> None:
    assert listed(mirror, "bob")[2:] == [
        Listed(Role.FORWARD, "Bob@example.com", "a copy is kept here", is_own=True),
        Listed(Role.FORWARD, "ann@example.com", "Ann Lee · Sales"),
    ]
    assert [(one.note, one.is_trouble) for one in listed(mirror, "cid")[1:]] == [
        ("Ann Lee · Sales", False),
        ("outside", True),
        ("which is nobody's address", True),
        ("whose account (Dis) is disabled", True),
    ]


@pytest.mark.parametrize(
    ("rule", "note"), [("allow", ("outside", False)), ("deny", ("outside, which policy forbids", True))]
)
def test_what_goes_outside_is_marked_by_policy(mirror: Mirror, rule: str, note: tuple[str, bool]) -> None:
    one = listed(mirror, "cid", Policy(external_forward=rule))[2]
    assert (one.note, one.is_trouble) == note
