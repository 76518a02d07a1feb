"""Whom rules protect is told for all accounts at hand at once, and what cannot be told is said."""

from collections.abc import Callable

import pytest

from mailtui.domain.account import Kind, Standing
from mailtui.domain.dn import join
from mailtui.domain.protection import Protection
from mailtui.queries.mirror import Mirror
from mailtui.queries.protection import protection
from tests.cache.records import BASE, group, person, unit

Filled = Callable[..., Mirror]

BOARD_UNIT = join("ou", "Board Office", BASE)
ANN = person("ann", "Ann Lee", title="Director of Sales", employee_number="4711")
BOB = person("bob", "Bob Roe", below=BOARD_UNIT)
DEMON = person("demon", "Backup", kind=Kind.SERVICE)
OFF = person("off", "Off Duty", below=BOARD_UNIT, standing=Standing.DISABLED)
RECORDS = (unit("people"), unit("Board Office"), ANN, BOB, DEMON, OFF, group("Board", [ANN], owners=[BOB]))
ALL = [record.id for record in (ANN, BOB, DEMON, OFF)]


@pytest.mark.parametrize(
    ("rule", "protected", "said"),
    [
        ("group:board", {"ann"}, "group board"),
        ("group:CN=board, OU=groups,dc=EXAMPLE,dc=com", {"ann"}, "group CN=board, OU=groups,dc=EXAMPLE,dc=com"),
        ("dept:board", {"bob", "off"}, "dept:board"),
        ("dept:board is:active", {"bob"}, "dept:board is:active"),
        ("dept:board -is:active", {"off"}, "dept:board -is:active"),
        ("kind:service", {"demon"}, "kind:service"),
        ("title:director", {"ann"}, "title:director"),
        ("bob@example.com", {"bob"}, "bob@example.com"),
        ("lee an", {"ann"}, "lee an"),
        ("4711", {"ann"}, "4711"),
        ("nobody", set(), ""),
    ],
)
def test_each_kind_of_rule_protects_those_it_means(filled: Filled, rule: str, protected: set[str], said: str) -> None:
    found = protection(filled(*RECORDS), ALL, [rule])
    assert found == Protection({f"id-{login}": said for login in protected})


def test_only_the_accounts_at_hand_are_told_and_the_first_rule_says_why(filled: Filled) -> None:
    mirror = filled(*RECORDS)
    found = protection(mirror, [ANN.id, DEMON.id, "id-gone"], ["group:board", "title:director", "kind:service"])
    assert found.why == {ANN.id: "group board", DEMON.id: "kind:service"}
    assert protection(mirror, [], ["group:board"]) == Protection()
    assert protection(mirror, ALL, ["profile:executive"]) == Protection()


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("group:bord", "group bord"),
        ("group:cn=board,ou=elsewhere,dc=example,dc=com", "group cn=board,ou=elsewhere,dc=example,dc=com"),
        ("dept:bord", "dept:bord"),
        ("kind:person group:bord", "kind:person group:bord"),
    ],
)
def test_a_group_or_unit_that_the_mirror_does_not_hold_is_told(filled: Filled, rule: str, said: str) -> None:
    assert protection(filled(*RECORDS), ALL, [rule, "group:board"]) == Protection({ANN.id: "group board"}, (said,))


def test_a_search_word_of_many_hits_still_finds_the_few_at_hand(filled: Filled) -> None:
    crowd = [person(f"p{number:05}", f"Anders {number}") for number in range(12_000)]
    mirror = filled(*crowd)
    at_hand = [crowd[0].id, crowd[11_999].id]
    assert set(protection(mirror, at_hand, ["anders"]).why) == set(at_hand)
