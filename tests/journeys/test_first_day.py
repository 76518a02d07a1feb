"""A new operator's first day, by keys alone, on the sample company: what she is told to do, she does in the console."""

from collections.abc import AsyncIterator, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from threading import Event

import pytest

from mailtui.config import Config, DirectoryConfig
from mailtui.demo import service
from mailtui.demo.allotments import DEPARTMENTS, NAMING, PROFILES
from mailtui.desk import Desk
from mailtui.domain.account import Account
from mailtui.domain.policy import Policy
from mailtui.paths import StorePaths
from mailtui.queries.views import View
from mailtui.ui.widgets.org_tree import OrgTree
from tests.ui.conftest import opened
from tests.ui.hands import Hands

PEOPLE = 200


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A desk at a sample company of its own, with the rules that the demo has."""
    with service.temporary(PEOPLE, seed=1) as there:
        directory = DirectoryConfig(urls=(there.url,), base=there.base, bind_dn=there.bind_dn, schema="demo")
        policy = Policy(profiles=PROFILES, departments=DEPARTMENTS, naming=NAMING)
        files = StorePaths(tmp_path / "cache.db", tmp_path / "journal.db", tmp_path / "history.db")
        desk = Desk(Config(directory=directory, policy=policy), files=files)
        desk.give_password("operator", there.password, is_made=True)
        desk.sync(lambda _progress: None, Event())
        yield desk


@pytest.fixture
async def hands(desk: Desk) -> AsyncIterator[Hands]:
    """Hands on the console, as small as a terminal is."""
    async with opened(desk) as hands:
        await hands.until(lambda: bool(hands.table.rows), "accounts in the table")
        yield hands


async def batch_done(hands: Hands, *answer: str) -> None:
    """Confirm what is planned, and leave the batch once it is done."""
    await hands.sees("to do it")
    await hands.answer(*answer)
    await hands.sees("✓ done")
    await hands.press("escape")


def known(desk: Desk, key: str) -> Account:
    """Give the one account of a key, as the mirror has it."""
    with closing(desk.mirror()) as mirror:
        (account,) = mirror.exact(key)
    return account


async def test_the_tour_leads_through_the_main_jobs_and_sees_that_they_were_done(desk: Desk, hands: Hands) -> None:
    await hands.press("T")
    await hands.sees("Tour 1 of 6", "chen jing", "Press /")
    await find(hands, "chen jing")
    await hands.sees("Tour 2 of 6", "✓ Look a quota up")

    await hands.press("w")
    await hands.sees("The mailbox is full", "Set quota")
    await hands.press("enter")
    await hands.sees("Set quota: 陈静")
    await hands.press("enter")
    await batch_done(hands, "y")
    await hands.sees("Tour 3 of 6", "✓ Say why")
    assert (known(desk, "chen.jing").quota.percent or 0) < 100

    await hands.press("n")
    await hands.sees("a person")
    await hands.press("enter", *"Wenxuan", "tab", *"Zhou", "tab", "tab", *"Sales", "tab", *"Sales Director")
    await hands.sees("zhou.wenxuan@example.com", "director · 20 GiB")
    await hands.press("enter")
    await hands.sees("Press y to do it: Zhou Wenxuan")
    await hands.answer("y")
    await hands.sees("New passwords", "zhou.wenxuan")
    await hands.press("escape", "escape")
    await hands.sees("Welcome letter")
    await hands.press("escape", "escape")
    await hands.sees("Tour 4 of 6", "✓ Hire somebody")

    await find(hands, "zhou wenxuan")
    await hands.press("s")
    await hands.sees("Grant seat: Zhou Wenxuan")
    await hands.write("marketing")
    await hands.press("tab", "enter")
    await batch_done(hands, "y")
    await hands.sees("Tour 5 of 6", "✓ Give a seat")
    hired = known(desk, "zhou.wenxuan")
    assert (hired.department, hired.title, hired.profile) == ("Sales", "Sales Director", "director")
    assert {group.name for group in hired.groups} == {"vpn-users", "marketing"}

    await hands.press("escape", "G", "up", "up", "up", "space", "space", "space", "x")
    await hands.sees("Disable: 3 marked accounts")
    await hands.press("enter")
    await batch_done(hands, "3", "enter")
    await hands.sees("Tour 6 of 6", "✓ Switch leavers off")

    await hands.press("u")
    await hands.sees("Undo B4")
    await hands.press("enter")
    await batch_done(hands, "3", "enter")
    await hands.sees("that was all of it")
    assert [batch.task for batch in desk.batches()] == ["undo", "disable", "grant-seat", "create", "set-quota"]
    await hands.press("T")
    await hands.misses("that was all of it")


async def test_a_department_is_moved_with_all_its_people(desk: Desk, hands: Hands) -> None:
    with closing(desk.mirror()) as mirror:
        before = list(mirror.accounts(View("dept:research"), 500))
    await hands.press("1", "g")
    tree = hands.find(OrgTree)
    place = next(n for n, branch in enumerate(tree.branches) if branch.name == "Research")
    await hands.press(*["down"] * place, "M")
    await hands.sees("Move unit", "Research")
    await hands.write("Engineering")
    await hands.press("enter")
    await batch_done(hands, *str(len(before)), "enter")
    with closing(desk.mirror()) as mirror:
        after = list(mirror.accounts(View("dept:research"), 500))
    assert {account.id for account in after} == {account.id for account in before}
    assert all("ou=Research,ou=Engineering," in account.dn for account in after)


async def test_the_tour_is_of_the_sample_company_alone(desk: Desk, hands: Hands) -> None:
    desk.directory_config = replace(desk.directory_config, schema="mailuser")
    await hands.press("T", ":", *"tour")
    await hands.sees("of the sample company")
    await hands.press("escape")
    assert "Tour 1" not in hands.screen()


async def find(hands: Hands, query: str) -> None:
    """Search for somebody, and go to the list."""
    await hands.press("/", "ctrl+u", *query)
    await hands.sees(" of ")
    await hands.press("enter")
    await hands.until(lambda: hands.table.account is not None, query)
