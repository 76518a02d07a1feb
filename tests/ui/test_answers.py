"""Answers to the questions of tasks: what they may be is said, offered while they are typed, and checked in place."""

from collections.abc import AsyncIterator
from contextlib import closing

import pytest

from mailtui.desk import Desk
from mailtui.ui.widgets.offers import Offers
from tests.ui.conftest import opened
from tests.ui.hands import Hands


@pytest.fixture(params=[(80, 24), (120, 40)], ids=["80x24", "120x40"])
async def hands(desk: Desk, request: pytest.FixtureRequest) -> AsyncIterator[Hands]:
    """Hands on a console of two sizes, the accounts shown."""
    async with opened(desk, request.param) as hands:
        await hands.until(lambda: bool(hands.table.rows), "accounts in the table")
        yield hands


async def form(hands: Hands, command: str) -> None:
    await hands.press(":", *command, "enter")
    await hands.sees("Ticket", "Reason")


def offered(hands: Hands) -> list[str]:
    return [offer.value for field in hands.app.screen.query(Offers) for offer in field.offers]


def group_name(desk: Desk) -> str:
    with closing(desk.mirror()) as mirror:
        names = [row["name"] for row in mirror.ask("SELECT name FROM directory_group ORDER BY row", {})]
    return next(str(name) for name in names if str(name).isascii() and str(name).isalpha())


async def test_a_group_is_offered_and_taken_with_tab(hands: Hands, desk: Desk) -> None:
    name = group_name(desk)
    await form(hands, "join")
    await hands.sees("The name of the group, or its DN.")
    await hands.write(name[:3])
    await hands.until(lambda: name in offered(hands), "an offer")
    await hands.sees("Tab take it")
    await hands.press(*["down"] * (offered(hands).index(name) + 1), "tab")
    await hands.until(lambda: offered(hands) == [], "no offer")
    await hands.press("enter")
    await hands.sees(name, "[ Cancel ]")


async def test_arrows_and_enter_take_what_is_offered_and_only_then_go_on(hands: Hands, desk: Desk) -> None:
    await form(hands, "move")
    await hands.write("sal")
    await hands.until(lambda: bool(offered(hands)), "offers")
    await hands.press("down", "down", "up", "enter")
    await hands.until(lambda: offered(hands) == [], "no offer")
    assert "Move: " in hands.screen()
    await hands.press("enter")
    await hands.sees("[ Cancel ]")
    assert desk.batches() == []


async def test_esc_leaves_the_offers_first(hands: Hands) -> None:
    await form(hands, "move")
    await hands.write("sal")
    await hands.until(lambda: bool(offered(hands)), "offers")
    await hands.press("escape")
    await hands.until(lambda: offered(hands) == [], "no offer")
    await hands.sees("Move: ")
    await hands.press("escape")
    await hands.misses("Move: ")


@pytest.mark.parametrize(
    ("command", "typed", "said"),
    [
        ("join", "nobodys", "There is no group “nobodys”."),
        ("move", "Nowhere", "There is no org unit “Nowhere”."),
        ("grant-seat", "nobody@example.com", "is no shared mailbox"),
        ("expire", "someday", "“someday”"),
        ("rename", "", "Log-in: The new log-in."),
        ("forward", "nonsense", "“nonsense” is not an address"),
    ],
)
async def test_what_cannot_be_the_answer_is_said_at_the_field(
    hands: Hands, command: str, typed: str, said: str
) -> None:
    await form(hands, command)
    await hands.write(typed)
    await hands.press("enter")
    await hands.until(lambda: said in " ".join(hands.screen().replace("│", " ").split()), said)
    assert hands.app.focused is not None
    await hands.press("x", "backspace")
    await hands.until(lambda: said not in " ".join(hands.screen().replace("│", " ").split()), f"no {said}")


async def test_answers_that_need_not_be_given_say_so(hands: Hands) -> None:
    await form(hands, "edit")
    assert hands.screen().count("optional") >= 5
    await hands.press("tab", "tab", "tab", *"an")
    await hands.until(lambda: bool(offered(hands)), "offers")
    await hands.press("tab")
    await hands.until(lambda: "@" in hands.screen(), "the address taken")


async def test_marked_accounts_are_moved_to_where_the_operator_has_gone(hands: Hands) -> None:
    await hands.press("space", "1")
    for _unit in range(40):
        await hands.press("l", "down")
        unit = hands.main._marking.view.unit
        if unit is not None and unit.name.startswith("Sales"):
            break
    await hands.press("m")
    await hands.sees("Move: 1 marked account", "Sales")
    await hands.press("enter")
    await hands.sees("[ Cancel ]")
