"""A console on the embedded directory, with hands on it."""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace
from pathlib import Path
from threading import Event

import pytest

from mailtui.config import Config, DirectoryConfig
from mailtui.demo import service
from mailtui.demo.address import DemoAddress
from mailtui.desk import Desk
from mailtui.domain.policy import Policy
from mailtui.paths import StorePaths
from mailtui.runner.front import Runner
from mailtui.ui.console import Console
from tests.ui.hands import Hands

PEOPLE = 60
Opening = Callable[..., AbstractAsyncContextManager[Hands]]


@pytest.fixture
def address() -> Iterator[DemoAddress]:
    """An embedded directory with a small company."""
    with service.temporary(PEOPLE, seed=1) as there:
        yield there


def desk_on(there: DemoAddress, folder: Path, policy: Policy) -> Desk:
    """Give a desk whose stores are in a folder, and whose operator's password is known."""
    directory = DirectoryConfig(urls=(there.url,), base=there.base, bind_dn=there.bind_dn, schema="demo")
    files = StorePaths(folder / "cache.db", folder / "journal.db", folder / "history.db")
    desk = Desk(Config(directory=directory, policy=policy), files=files)
    desk.give_password("operator", there.password)
    return desk


@pytest.fixture
def policy() -> Policy:
    """The site's policy; a test may ask for another."""
    return Policy()


@pytest.fixture
def desk(address: DemoAddress, tmp_path: Path, policy: Policy) -> Desk:
    """A desk on it, mirrored."""
    desk = desk_on(address, tmp_path, replace(policy, profiles=()))
    desk.sync(lambda _progress: None, Event())
    return desk


@asynccontextmanager
async def opened(
    desk: Desk, size: tuple[int, int] = (80, 24), *, read_only: bool = False, wait: bool = True
) -> AsyncIterator[Hands]:
    """Open the console on a desk, and wait for the first accounts."""
    runner = Runner(desk)
    console = Console(desk, runner, read_only=read_only)
    async with console.run_test(size=size) as pilot:
        hands = Hands(pilot)
        if wait:
            await hands.until(hands.is_there, "the first accounts")
        yield hands
    for batch in runner.running:
        runner.wait(batch, 10)


@pytest.fixture
async def hands(desk: Desk) -> AsyncIterator[Hands]:
    """Hands on the console at 80x24, the accounts shown."""
    async with opened(desk) as hands:
        await hands.until(lambda: bool(hands.table.rows), "accounts in the table")
        yield hands
