"""Lists that take their time, and that change beneath the operator."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from threading import Event
from time import monotonic

import pytest
from textual import events

from mailtui.cache.writing import Cache
from mailtui.config import CacheConfig, Config, DirectoryConfig
from mailtui.desk import Desk
from mailtui.domain.mirror import AccountRecord
from mailtui.paths import StorePaths
from mailtui.queries.mirror import Mirror
from mailtui.queries.views import Hits, View
from mailtui.ui.lists import BEGINNING
from mailtui.ui.screens.account_list import AccountList
from mailtui.ui.screens.marking import Marking
from mailtui.ui.widgets.mirror_age import MirrorAge
from tests.cache.records import BASE, NOW, load, person
from tests.ui.conftest import opened
from tests.ui.hands import Hands

NUMBER = 1000


def people(number: int = NUMBER) -> list[AccountRecord]:
    """Give people whose names are in the order of their numbers."""
    return [person(f"u{place:04}", f"Person {place:04}") for place in range(number)]


class SlowMirror(Mirror):
    """A mirror that makes whole lists of everybody, or even their beginning, only when it is let."""

    go_on = Event()
    begin = Event()

    def first(self, view: View, count: int) -> Hits:
        assert SlowMirror.begin.wait(20)
        return super().first(view, count)

    def hits(self, view: View) -> Hits:
        if not view.query:
            assert SlowMirror.go_on.wait(20)
        return super().hits(view)


class SlowDesk(Desk):
    """A desk that such a mirror stands on."""

    def mirror(self) -> Mirror:
        return SlowMirror(self.cache_file, self.policy)


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    """A mirror of a directory that is not there."""
    load(tmp_path / "cache.db", people())
    return tmp_path / "cache.db"


@pytest.fixture
def desk(cache: Path) -> Iterator[Desk]:
    """A desk on it, quick until it is told to be slow."""
    SlowMirror.go_on.set()
    SlowMirror.begin.set()
    directory = DirectoryConfig(urls=("ldap://127.0.0.1:1",), base=BASE, bind="anonymous")
    files = StorePaths(cache, cache.with_name("journal.db"), cache.with_name("history.db"))
    yield SlowDesk(Config(directory=directory, cache=CacheConfig(cache)), files=files)
    SlowMirror.go_on.set()
    SlowMirror.begin.set()


def change(cache: Path, *records: AccountRecord, gone: tuple[str, ...] = ()) -> None:
    """Change the mirror as another process does."""
    writer = Cache(cache)
    writer.mend(records, NOW + timedelta(seconds=1), gone)
    writer.close()


def tell(hands: Hands) -> None:
    """Have the console look whether the mirror changed."""
    age = hands.find(MirrorAge)
    age.post_message(age.Synced())


def at_hand(hands: Hands) -> str | None:
    """Give the log-in of the account at hand."""
    account = hands.table.account
    return account.login if account else None


async def test_the_beginning_of_a_long_list_is_there_before_the_whole(desk: Desk) -> None:
    SlowMirror.go_on.clear()
    async with opened(desk) as hands:
        assert len(hands.table.rows) == BEGINNING
        await hands.sees("Person 0000", f"… of {NUMBER:,}")
        await hands.press("down")
        assert at_hand(hands) == "u0001"
        SlowMirror.go_on.set()
        await hands.shows(NUMBER)
        assert at_hand(hands) == "u0001"
        await hands.sees(f"{NUMBER:,} accounts")


async def test_the_end_of_a_list_that_is_not_known_yet_is_gone_to_and_nobody_is_marked_there(desk: Desk) -> None:
    SlowMirror.go_on.clear()
    async with opened(desk) as hands:
        await hands.press("G")
        assert hands.table.account is None
        await hands.sees("…", f"Person {BEGINNING - 1:04}")
        await hands.press("space")
        SlowMirror.go_on.set()
        await hands.until(lambda: at_hand(hands) == f"u{NUMBER - 1:04}", "the last account")
        assert hands.marked == ()


async def test_who_walks_on_from_the_end_is_not_taken_there(desk: Desk) -> None:
    SlowMirror.go_on.clear()
    async with opened(desk) as hands:
        await hands.press("G", "up")
        SlowMirror.go_on.set()
        await hands.shows(NUMBER)
        assert at_hand(hands) == f"u{BEGINNING - 1:04}"


async def test_a_newer_question_is_answered_while_the_older_still_runs(desk: Desk) -> None:
    SlowMirror.go_on.clear()
    async with opened(desk) as hands:
        await hands.press("/")
        await hands.write("u0777")
        await hands.shows(1)
        SlowMirror.go_on.set()
        await hands.pilot.pause()
        assert at_hand(hands) == "u0777"
        assert len(hands.table.rows) == 1


async def test_keys_typed_before_the_first_accounts_wait_for_them(desk: Desk) -> None:
    SlowMirror.begin.clear()
    async with opened(desk, wait=False) as hands:
        for key in ("j", "j", "space"):
            hands.app.post_message(events.Key(key, " " if key == "space" else key))
        await hands.until(lambda: bool(hands.app.screen_stack) and hands.app.screen.is_mounted, "the frame")
        assert not hands.table.rows
        SlowMirror.begin.set()
        await hands.sees("1 marked")
        assert hands.marked == ("id-u0002",)


async def test_all_are_marked_once_the_list_is_whole_and_keys_behind_wait(desk: Desk) -> None:
    SlowMirror.go_on.clear()
    async with opened(desk) as hands:
        for key, character in (("asterisk", "*"), ("x", "x")):
            hands.app.post_message(events.Key(key, character))
        SlowMirror.go_on.set()
        await hands.sees(f"Disable: {NUMBER} marked accounts")
        assert len(hands.find(Marking).marks) == NUMBER


async def test_somebody_new_in_the_filter_is_not_marked_unseen(desk: Desk, cache: Path) -> None:
    async with opened(desk) as hands:
        await hands.press("*")
        await hands.sees(f"{NUMBER:,} marked")
        change(cache, person("u0000a", "Person 0000 a"))
        tell(hands)
        await hands.shows(NUMBER + 1)
        assert len(hands.marked) == NUMBER
        assert "id-u0000a" not in hands.marked


async def test_the_account_at_hand_stays_when_others_come_and_go(desk: Desk, cache: Path) -> None:
    async with opened(desk) as hands:
        await hands.press(*["down"] * 30)
        line = hands.table.cursor - hands.table.scroll_offset.y
        change(cache, person("new1", "Person 0003 b"), person("new2", "Person 0004 b"), gone=("id-u0002",))
        tell(hands)
        await hands.shows(NUMBER + 1)
        assert at_hand(hands) == "u0030"
        assert hands.table.cursor == 31
        assert hands.table.cursor - hands.table.scroll_offset.y == line


async def test_where_the_account_at_hand_goes_its_neighbour_is_next(desk: Desk, cache: Path) -> None:
    async with opened(desk) as hands:
        await hands.press(*["down"] * 5)
        change(cache, gone=("id-u0005",))
        tell(hands)
        await hands.shows(NUMBER - 1)
        assert at_hand(hands) == "u0006"


async def test_marks_of_accounts_that_are_gone_are_lost_and_that_is_said(desk: Desk, cache: Path) -> None:
    async with opened(desk) as hands:
        await hands.press("space", "space", "space")
        await hands.sees("3 marked")
        change(cache, gone=("id-u0001", "id-u0002"))
        tell(hands)
        await hands.sees("2 marked accounts are gone")
        assert hands.marked == ("id-u0000",)
        await hands.press("down")
        await hands.sees("1 marked")


async def test_marks_and_the_account_at_hand_are_carried_over_when_rows_are_numbered_anew(
    desk: Desk, cache: Path
) -> None:
    async with opened(desk) as hands:
        await hands.press("space", "space", "U", *["down"] * 5)
        before = hands.table.rows
        load(cache, [person("aaa", "Aaa"), *people()[1:]])
        tell(hands)
        await hands.until(lambda: hands.table.rows != before, "the list made anew")
        assert at_hand(hands) == "u0007"
        await hands.press("U")
        await hands.sees("1 marked")
        assert hands.marked == ("id-u0001",)


async def test_what_is_in_sight_is_read_at_once_and_the_list_when_that_pays(desk: Desk, cache: Path) -> None:
    async with opened(desk) as hands:
        await hands.shows(NUMBER)
        shown = hands.find(AccountList)
        shown._rests_until = monotonic() + 3600
        change(cache, replace(people()[1], name="Person 0001 renamed"), gone=("id-u0500",))
        tell(hands)
        await hands.sees("0001 ren")
        assert len(shown.rows) == NUMBER


@pytest.mark.parametrize("keys", [("o",), ("Q",), ("o", "o")])
async def test_another_order_begins_at_once_and_comes_back_to_the_account_at_hand(
    desk: Desk, keys: tuple[str, ...]
) -> None:
    async with opened(desk) as hands:
        await hands.shows(NUMBER)
        await hands.press("G")
        SlowMirror.go_on.clear()
        await hands.press(*keys)
        await hands.until(lambda: len(hands.table.rows) == BEGINNING, "the beginning")
        SlowMirror.go_on.set()
        await hands.until(lambda: at_hand(hands) == f"u{NUMBER - 1:04}", "the account at hand again")


async def test_whoever_moves_on_in_another_order_is_left_there(desk: Desk) -> None:
    async with opened(desk) as hands:
        await hands.shows(NUMBER)
        await hands.press("G")
        SlowMirror.go_on.clear()
        await hands.press("o")
        await hands.until(lambda: len(hands.table.rows) == BEGINNING, "the beginning")
        await hands.press("down", "down")
        SlowMirror.go_on.set()
        await hands.shows(NUMBER)
        assert at_hand(hands) == "u0002"
