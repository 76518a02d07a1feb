"""The console greys what the operator may not do, and says why, before a key is pressed."""

from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import replace

import pytest

from mailtui.demo.address import DemoAddress
from mailtui.desk import OPERATOR, Desk
from mailtui.domain.account import Account
from mailtui.domain.rights import OperatorRule, Role
from mailtui.queries.views import View
from mailtui.runner.front import Runner
from mailtui.ui.screens.batches import BatchesScreen
from tests.ui.conftest import opened
from tests.ui.hands import Hands

READ_ONLY = OperatorRule(1, "*", role=Role.READ_ONLY)


Ruling = Callable[..., Desk]


@pytest.fixture
def ruled(desk: Desk, address: DemoAddress) -> Ruling:
    """Give what puts the operator of the desk under rules."""

    def under(*rules: OperatorRule) -> Desk:
        by_rules = Desk(replace(desk.config, operators=rules), files=desk.files)
        by_rules.give_password(OPERATOR, address.password)
        return by_rules

    return under


def two_of_different_units(desk: Desk) -> tuple[Account, Account]:
    """Give two people, the second not in the unit that the first is in."""
    with closing(desk.mirror()) as mirror:
        found: Sequence[Account] = mirror.accounts(View("is:active kind:person"), 100)
    first = max(found, key=lambda one: len(one.department_path))
    return first, next(one for one in found if first.department_path[-1] not in one.department_path)


async def find(hands: Hands, account: Account) -> None:
    """Have one account at hand."""
    await hands.press("slash", *account.mail or "", "enter")
    await hands.shows(1)


async def told(hands: Hands, typed: str, *texts: str) -> None:
    """See what the palette says of a command, and leave it."""
    await hands.press(":", *typed)
    await hands.sees(*texts)
    await hands.press("escape")
    await hands.misses("Commands")


async def test_a_task_that_no_rule_allows_is_grey_and_says_why(ruled: Ruling) -> None:
    async with opened(ruled(READ_ONLY), (120, 40)) as hands:
        await hands.press("x", "e", "equals_sign")
        assert len(hands.app.screen_stack) == 1
        await told(hands, "disable", "operators[1] (read-only) does not allow “disable”")


async def test_what_is_grey_goes_by_the_unit_of_the_account_at_hand(desk: Desk, ruled: Ruling) -> None:
    mine, another = two_of_different_units(desk)
    rule = OperatorRule(1, "*", role=Role.HELPDESK, units=(mine.department_path[-1],))
    async with opened(ruled(rule), (160, 40)) as hands:
        await find(hands, another)
        await hands.press("x")
        assert len(hands.app.screen_stack) == 1
        await told(hands, "disable", "operators[1] (helpdesk) is for ")
        await hands.press("escape")
        await find(hands, mine)
        await hands.press("x")
        await hands.sees("Disable: ", "Ticket")


async def test_marks_that_lie_partly_outside_are_refused_by_name_before_anything_is_asked(
    desk: Desk, ruled: Ruling
) -> None:
    mine, another = two_of_different_units(desk)
    rule = OperatorRule(1, "*", role=Role.HELPDESK, units=(mine.department_path[-1],))
    async with opened(ruled(rule), (160, 40)) as hands:
        for account in (mine, another):
            await find(hands, account)
            await hands.press("space", "escape")
        await hands.press("x")
        await hands.sees("Disable: ", "Ticket")
        await hands.press("enter")
        await hands.sees(f"to {another.login}: operators[1] (helpdesk) is for")
    assert desk.batches() == []


@pytest.mark.parametrize("rules", [(), (READ_ONLY,)])
async def test_a_batch_is_grey_to_who_may_not_do_its_task(
    desk: Desk, ruled: Ruling, rules: tuple[OperatorRule, ...]
) -> None:
    person, _another = two_of_different_units(desk)
    Runner(desk).save(desk.plans.prepare("disable", [person.id], {}))
    async with opened(ruled(*rules)) as hands:
        await hands.press("b")
        await hands.until(lambda: isinstance(hands.app.screen, BatchesScreen), "the batches")
        await hands.sees("planned")
        await hands.press("c")
        if rules:
            assert isinstance(hands.app.screen, BatchesScreen)
        else:
            await hands.until(lambda: not isinstance(hands.app.screen, BatchesScreen), "the question")
