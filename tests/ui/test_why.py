"""Why somebody cannot work, and what rests on somebody, by keys alone."""

from collections.abc import AsyncIterator
from contextlib import closing

import pytest

from mailtui.desk import Desk
from mailtui.domain.account import Standing
from mailtui.queries.views import View
from mailtui.runner.front import Runner
from mailtui.ui.dialogs.form import FormDialog
from mailtui.ui.dialogs.why import WhyDialog
from tests.ui.batches import people
from tests.ui.conftest import opened
from tests.ui.hands import Hands

SIZES = pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=["80x24", "120x40"])


@pytest.fixture
async def hands(desk: Desk) -> AsyncIterator[Hands]:
    """Hands on a small console."""
    async with opened(desk) as hands:
        await hands.until(lambda: bool(hands.table.rows), "accounts in the table")
        yield hands


async def go_to(hands: Hands, query: str) -> None:
    await hands.press("/", *query)
    await hands.sees(" of ")
    await hands.press("enter")
    await hands.until(lambda: hands.table.account is not None, query)


def disabled(desk: Desk) -> str:
    """Disable somebody, and give the batch."""
    runner = Runner(desk)
    batch = runner.start(desk.plans.prepare("disable", people(desk, 1), {}))
    assert runner.wait(batch, 20)
    return batch


@SIZES
async def test_a_cause_is_mended_from_where_it_is_told(desk: Desk, size: tuple[int, int]) -> None:
    batch = disabled(desk)
    login = desk.batch(batch).rows[0].login
    async with opened(desk, size) as hands:
        await go_to(hands, login)
        await hands.press("w")
        await hands.sees("Why: ", "1 The account is disabled", f"since batch {batch}", "→ Enable", "Enter mend it")
        await hands.press("1")
        await hands.sees("Enable: ", "[x] Restore", "Ticket")
        assert isinstance(hands.app.screen, FormDialog)
        assert len(desk.batches()) == 1
        await hands.press("enter")
        await hands.sees("Press y")
        await hands.answer("y")
        await hands.sees("✓ done")
    with desk.connected() as directory:
        (entry,) = directory.read_ids([desk.batch(batch).rows[0].account_id], ["accountStatus"]).values()
    assert entry.get("accountStatus") in {(), (b"active",)}


async def test_the_answers_that_mend_it_are_filled_in(desk: Desk) -> None:
    runner = Runner(desk)
    with closing(desk.mirror()) as mirror:
        [one] = mirror.accounts(View(query="is:active quota>10"), 1)
    batch = runner.start(desk.plans.prepare("set-quota", [one.id], {"to": "2MiB", "force": True}))
    assert runner.wait(batch, 20)
    async with opened(desk) as hands:
        await go_to(hands, desk.batch(batch).rows[0].login)
        await hands.press("w")
        await hands.sees("The mailbox is full")
        await hands.press("enter")
        await hands.sees("Set quota: ", "GiB")
        form = hands.app.screen
        assert isinstance(form, FormDialog)
        assert str(form._answers["to"]).startswith("+")
    assert len(desk.batches()) == 1


async def test_where_nothing_is_wrong_it_says_what_was_looked_at(hands: Hands) -> None:
    for _one in range(len(hands.table.rows)):
        line = hands.table.account
        account = hands.main._looking.account(line.id) if line else None
        assert account is not None
        if account.standing is Standing.ACTIVE and not account.forwards and "pop3" in account.services:
            break
        await hands.press("down")
    await hands.press("w")
    await hands.sees("Why: ", "Nothing found", "standing, expiry, locks")
    await hands.press("1", "enter")
    assert isinstance(hands.app.screen, WhyDialog)
    await hands.press("escape")
    await hands.misses("Why: ")


async def test_nothing_is_mended_where_nothing_may_be_changed(desk: Desk) -> None:
    login = desk.batch(disabled(desk)).rows[0].login
    async with opened(desk, read_only=True) as hands:
        await go_to(hands, login)
        await hands.press("w")
        await hands.sees("The account is disabled")
        await hands.press("1", "enter")
        assert isinstance(hands.app.screen, WhyDialog)


@SIZES
async def test_what_rests_on_accounts_is_told_before_they_are_touched(desk: Desk, size: tuple[int, int]) -> None:
    async with opened(desk, size) as hands:
        await hands.until(lambda: bool(hands.table.rows), "accounts in the table")
        await hands.press("*")
        await hands.sees("marked")
        await hands.press("i")
        await hands.sees("Impact: ", "marked accounts", "If they were disabled or deleted:", "! ")
        await hands.press("pagedown", "escape")
        await hands.misses("Impact: ")
        assert desk.batches() == []
