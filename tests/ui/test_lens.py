"""The quota lens: who is fullest, how they grow, and one mailbox as the server has it now, by three typed letters."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from threading import Event

import pytest

from mailtui.config import Config, DirectoryConfig, MailStoreConfig
from mailtui.demo import service
from mailtui.demo.address import DemoAddress
from mailtui.demo.mailstore.configured import config_for
from mailtui.demo.remembering import remember
from mailtui.desk import Desk
from mailtui.paths import StorePaths
from tests.ui.conftest import opened

PEOPLE = 60


@pytest.fixture
def there() -> Iterator[DemoAddress]:
    """A sample company with a mail store."""
    with service.temporary(PEOPLE, seed=1) as address:
        yield address


@pytest.fixture
def desk(there: DemoAddress, tmp_path: Path) -> Desk:
    """A desk at it, with a past, sampled today."""
    assert there.mailstore
    directory = DirectoryConfig(urls=(there.url,), base=there.base, bind_dn=there.bind_dn, schema="demo")
    files = StorePaths(tmp_path / "cache.db", tmp_path / "journal.db", tmp_path / "history.db")
    desk = Desk(Config(directory=directory, mailstore=config_for(there.mailstore)), files=files)
    desk.give_password("operator", there.password, is_made=True)
    desk.sync(lambda _progress: None, Event())
    with desk.connected() as connection:
        remember(files.history, connection, there.base, datetime.now(UTC).date())
    desk.sample(lambda _progress: None, Event())
    return desk


def another(desk: Desk, there: DemoAddress, mailstore: MailStoreConfig | None) -> Desk:
    """Give a desk with the same files and another mail store."""
    other = Desk(Config(directory=desk.directory_config, mailstore=mailstore), files=desk.files)
    other.give_password("operator", there.password, is_made=True)
    return other


async def test_three_letters_in_the_lens_give_the_figure_of_this_moment(desk: Desk) -> None:
    async with opened(desk, (120, 40)) as hands:
        await hands.until(lambda: bool(hands.table.rows), "accounts in the table")
        await hands.press("Q")
        await hands.sees("Quotas", "Full in", "Percent ▼")
        await hands.write("chen.jing")
        await hands.shows(1)
        await hands.press("enter")
        await hands.sees("messages · now", "101 %", "mail store, just now")
        await hands.sees("Growth", "61 days")


async def test_a_store_that_is_down_is_said_and_what_is_known_stays(desk: Desk, there: DemoAddress) -> None:
    assert there.mailstore
    nowhere = replace(there.mailstore, url="http://127.0.0.1:9")
    async with opened(another(desk, there, config_for(nowhere)), (80, 24)) as hands:
        await hands.until(lambda: bool(hands.table.rows), "accounts in the table")
        await hands.press("Q", "enter", "enter")
        await hands.sees("Cannot reach the mail store")
        assert hands.table.account is not None


async def test_without_a_mail_store_enter_shows_the_detail_as_ever(desk: Desk, there: DemoAddress) -> None:
    async with opened(another(desk, there, None), (80, 24)) as hands:
        await hands.until(lambda: bool(hands.table.rows), "accounts in the table")
        await hands.press("Q", "enter", "enter")
        await hands.sees("3 Detail", "Mailbox")
