"""What is offered while an answer is typed is what the answer may name, and can be taken as it is offered."""

from collections.abc import Callable

import pytest

from mailtui.domain.account import Kind, Standing
from mailtui.queries.completions import accounts, groups, mailboxes, recipients, unit_name, units
from mailtui.queries.groups import group_named, seats_named
from mailtui.queries.mirror import Mirror
from mailtui.queries.units import unit_named
from tests.cache.records import PEOPLE, group, person, unit

Filled = Callable[..., Mirror]
SALES = f"ou=Sales,{PEOPLE}"
ASIA, LABS = f"ou=Asia,{SALES}", f"ou=Asia,ou=Labs,{PEOPLE}"


@pytest.fixture
def mirror(filled: Filled) -> Mirror:
    ann = person("ann", "Ann Lee", below=SALES)
    return filled(
        unit("people"), unit("Sales", PEOPLE), unit("Asia", SALES), unit("Labs", PEOPLE),
        unit("Asia", f"ou=Labs,{PEOPLE}"), unit("研发部", PEOPLE), ann, person("bob", mail=None),
        person("gone", standing=Standing.DISABLED),
        person("sh-press", "Press", kind=Kind.SHARED, mail="press@example.com"),
        group("press", [ann]), group("All Sales"), group("all-staff"),
    )  # fmt: skip


def test_units_are_offered_by_as_little_of_their_paths_as_tells_them_apart(mirror: Mirror) -> None:
    assert [one.value for one in units(mirror, "sal", 5)] == ["Sales"]
    assert {one.value for one in units(mirror, "as", 5)} == {"Sales/Asia", "Labs/Asia"}
    assert (
        [one.value for one in units(mirror, "研", 5)] == [one.value for one in units(mirror, "yanfa", 5)] == ["研发部"]
    )
    assert {unit_named(mirror, one.value).dn for one in units(mirror, "Labs/asi", 5)} == {ASIA, LABS}
    assert unit_name(mirror, ASIA) == "Sales/Asia"


def test_groups_are_offered_by_any_of_their_words(mirror: Mirror) -> None:
    assert [one.value for one in groups(mirror, "ALL", 5)] == ["All Sales", "all-staff"]
    assert [one.value for one in groups(mirror, "sta", 5)] == ["all-staff"]
    assert group_named(mirror, groups(mirror, "pr", 5)[0].value).name == "press"
    assert groups(mirror, "nobody", 5) == []


def test_mailboxes_and_accounts_are_searched_for(mirror: Mirror) -> None:
    [box] = mailboxes(mirror, "pre", 5)
    assert (box.value, seats_named(mirror, box.value).name) == ("press@example.com", "press")
    assert mailboxes(mirror, "ann", 5) == []
    assert [(one.value, one.detail) for one in accounts(mirror, "ann", 5)] == [("ann@example.com", "Ann Lee · Sales")]
    assert [one.value for one in accounts(mirror, "bob", 5)] == ["bob"]
    assert accounts(mirror, "quota>x", 5) == []


def test_mail_is_offered_to_go_to_active_accounts_that_have_an_address(mirror: Mirror) -> None:
    assert [one.value for one in recipients(mirror, "ann@exa", 5)] == ["ann@example.com"]
    assert recipients(mirror, "bob", 5) == recipients(mirror, "gone", 5) == []


def test_no_more_than_a_few_are_offered(mirror: Mirror) -> None:
    assert len(groups(mirror, "a", 1)) == len(units(mirror, "a", 1)) == len(accounts(mirror, "p", 1)) == 1
