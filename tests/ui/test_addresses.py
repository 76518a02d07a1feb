"""The addresses of an account, and leavers, by keys alone: what a dialog offers, tasks do."""

from collections.abc import Callable
from contextlib import closing

from mailtui.desk import Desk
from mailtui.domain.account import Account, Standing
from mailtui.domain.plan import Answer
from mailtui.queries.views import View
from mailtui.runner.front import Runner
from mailtui.ui.dialogs.addresses import AddressesDialog
from mailtui.ui.dialogs.form import FormDialog
from tests.ui.conftest import opened
from tests.ui.hands import Hands
from tests.ui.test_why import SIZES, go_to


def done(desk: Desk, task: str, account: Account, **answers: Answer) -> None:
    """Do a task to an account."""
    runner = Runner(desk)
    assert runner.wait(runner.start(desk.plans.prepare(task, [account.id], answers)), 20)


def now(desk: Desk, *ids: str) -> list[Account]:
    """Give accounts as the mirror has them."""
    with closing(desk.mirror()) as mirror:
        return mirror.by_ids(ids)


def one_of(desk: Desk, is_meant: Callable[[Account], bool]) -> Account:
    """Give an active person who is meant."""
    with closing(desk.mirror()) as mirror:
        return next(one for one in mirror.accounts(View("is:active kind:person"), 60) if is_meant(one))


def plain(account: Account) -> bool:
    """Tell whether an account has its main address alone."""
    return bool(account.mail) and not account.aliases and not account.forwards


def answers(hands: Hands) -> dict[str, Answer]:
    """Give what the form in front is filled in with."""
    form = hands.app.screen
    return dict(form._answers) if isinstance(form, FormDialog) else {}


async def open_addresses(hands: Hands, account: Account) -> None:
    """Go to an account, and show its addresses."""
    await go_to(hands, account.login)
    await hands.press("a")
    await hands.sees("Addresses: ", "Main address", str(account.mail))


async def go_back(hands: Hands) -> None:
    """Close a form that was opened from the addresses: these are there again."""
    await hands.press("escape")
    await hands.sees("Addresses: ")


async def test_an_alias_is_made_the_main_address_from_the_list_of_them(desk: Desk) -> None:
    account = one_of(desk, plain)
    old, new = str(account.mail), "brand.new@example.com"
    done(desk, "add-alias", account, address=new)
    async with opened(desk) as hands:
        await open_addresses(hands, account)
        await hands.press("d", "m")
        assert isinstance(hands.app.screen, AddressesDialog), "the main address is no alias"
        await hands.press("n")
        await hands.sees("Add alias: ", "required")
        await go_back(hands)
        await hands.press("down", "d")
        await hands.sees("Remove alias: ")
        assert answers(hands) == {"address": new}
        await go_back(hands)
        await hands.press("down", "m")
        await hands.sees("Main address: ", "Ticket")
        assert answers(hands) == {"address": new}
        await hands.press("enter")
        await hands.sees("Press y")
        await hands.answer("y")
        await hands.sees("✓ done")
    [after] = now(desk, account.id)
    assert (after.mail, after.aliases) == (new, (old,))


async def test_forwards_are_offered_while_they_are_typed_and_changed_from_where_they_lead(desk: Desk) -> None:
    account = one_of(desk, plain)
    heir = one_of(desk, lambda one: plain(one) and one.id != account.id)
    done(desk, "forward", account, to="me@elsewhere.org", keep_copy=True)
    async with opened(desk) as hands:
        await open_addresses(hands, account)
        await hands.sees("Forwards to", "a copy is kept here", "outside")
        await hands.press("end", "f")
        await hands.sees("Forward: ", "[x] Keep a copy")
        assert answers(hands) == {"to": "me@elsewhere.org", "keep_copy": True}
        await go_back(hands)
        await hands.press("s")
        await hands.sees("Stop forwarding: ")
        await go_back(hands)
        await hands.press("f")
        await hands.sees("Forward: ", "[ ] Keep a copy")
        await hands.write(str(heir.mail)[:-12])
        await hands.sees(heir.name)
        await hands.press("down", "enter")
        await hands.until(lambda: answers(hands).get("to") == heir.mail, "the offer")
        await go_back(hands)
        await hands.press("home", "f")
        await hands.sees("Forward: ", "required")
        await hands.write("x@elsewhere.org")
        await hands.press("enter")
        await hands.sees("forward mail outside", "Press y")


@SIZES
async def test_what_may_not_be_done_is_told_with_the_reason_and_one_account_is_meant(
    desk: Desk, size: tuple[int, int]
) -> None:
    account = one_of(desk, plain)
    async with opened(desk, size, read_only=True) as hands:
        await open_addresses(hands, account)
        await hands.sees("Add alias, Remove alias, Main address, Forward, Stop forwarding: read-only")
        await hands.press("n", "f", "s", "end", "d")
        assert isinstance(hands.app.screen, AddressesDialog)
        await hands.press("escape", "space", "a")
        await hands.sees("1 marked")
        await hands.misses("Addresses: ")


async def test_leavers_are_switched_off_together_and_come_back_together(desk: Desk) -> None:
    async with opened(desk) as hands:
        await hands.until(lambda: bool(hands.table.rows), "accounts in the table")
        await hands.press("/", *"is:active kind:person", "enter")
        await hands.sees(" of ")
        await hands.press("space", "space", "space")
        await hands.until(lambda: len(hands.marked) == 3, "three marks")
        leavers = hands.marked
        before = sum(len(one.groups) for one in now(desk, *leavers))
        await hands.press("X")
        await hands.sees("Leaver: 3 marked accounts", "(•) they leave them", "Successor", "Last day")
        await hands.press("enter")
        await hands.sees("Switch off 3 leavers")
        await hands.answer("3", "enter")
        await hands.sees("✓ done")
    after = now(desk, *leavers)
    assert {one.standing for one in after} == {Standing.DISABLED}
    assert sum(len(one.groups) for one in after) < before
    [batch] = desk.batches()
    assert (batch.task, batch.is_clean) == ("leaver", True)
