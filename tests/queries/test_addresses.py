"""Who holds an address or a log-in."""

from collections.abc import Callable

from mailtui.queries.addresses import Held, holders, taken
from mailtui.queries.mirror import Mirror
from tests.cache.records import person

Filled = Callable[..., Mirror]

ANN = person("ann", aliases=("A.Lee@Bücher.example",), forwards=("new@example.com",))
BOB = person("Bob", aliases=("ann@names.example",), forwards=("ann@example.com",))
ASKED = ["ANN@example.com", "a.lee@xn--bcher-kva.example", "new@example.com", "BOB", "carl", "carl@example.com", ""]


def test_main_addresses_aliases_forwards_and_log_ins_are_held(filled: Filled) -> None:
    assert taken(filled(ANN, BOB), ASKED) == set(ASKED[:4])


def test_each_holder_is_told_with_what_it_has_it_as(filled: Filled) -> None:
    found = holders(filled(ANN, BOB), [*ASKED, *ASKED])
    assert {key: [(each.account.id, each.held) for each in found[key]] for key in found} == {
        "ANN@example.com": [("id-ann", Held.MAIL), ("id-Bob", Held.FORWARD)],
        "a.lee@xn--bcher-kva.example": [("id-ann", Held.ALIAS)],
        "new@example.com": [("id-ann", Held.FORWARD)],
        "BOB": [("id-Bob", Held.LOGIN)],
    }


def test_ten_thousand_are_asked_in_one_question(filled: Filled) -> None:
    crowd = [person(f"p{number}") for number in range(2_000)]
    keys = [f"p{number}@example.com" for number in range(10_000)]
    assert taken(filled(*crowd), keys) == set(keys[:2_000])
