"""A mirror that is followed: by one process at a time, through lost lines, and by others who only look."""

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path
from threading import Event

import pytest

from mailtui.desk import Desk
from mailtui.errors import MailtuiError, Unreachable
from mailtui.queries.views import View
from mailtui.sync.following import Following
from mailtui.sync.syncing import SyncReport, Wish
from tests.servers.embedded import embedded
from tests.servers.slapd import Slapd, SlapdOptions, slapd_server
from tests.servers.waiting import until
from tests.sync.changes import Changer
from tests.sync.test_deltas import desk_on, sync
from tests.sync.test_full_load import quietly

News = SyncReport | MailtuiError


@pytest.fixture
def server() -> Iterator[Slapd]:
    with slapd_server(options=SlapdOptions(syncprov=True)) as running:
        yield running


@pytest.fixture
def changer(server: Slapd) -> Iterator[Changer]:
    with closing(Changer(server.address, 1)) as changer:
        changer.populate(50)
        yield changer


class Follower:
    """Somebody who follows, in a thread."""

    def __init__(self, desk: Desk) -> None:
        self.news: list[News] = []
        self.following = Following()
        self._pool = ThreadPoolExecutor(1)
        self.ended: Future[None] = self._pool.submit(desk.keeper().follow, self.following, quietly, self.news.append)

    def end(self) -> None:
        """End it, and pass on what it ended with."""
        self.following.end()
        self.ended.result(30)
        self._pool.shutdown()


@contextmanager
def followed(desk: Desk) -> Iterator[Follower]:
    follower = Follower(desk)
    try:
        yield follower
    finally:
        follower.end()


def logins(desk: Desk) -> set[str]:
    with closing(desk.mirror()) as mirror:
        return {account.login for account in mirror.accounts(View(), 10_000)}


@pytest.mark.server
def test_what_changes_outside_is_in_the_mirror_within_five_seconds(
    server: Slapd, changer: Changer, tmp_path: Path
) -> None:
    desk = desk_on(server.address, tmp_path)
    with followed(desk) as follower:
        until(lambda: bool(follower.news), "the first sync")
        changer.add("newcomer", server.address.base)
        until(lambda: "newcomer" in logins(desk), "the newcomer", timeout_s=5)


@pytest.mark.server
def test_of_two_that_follow_one_works_and_the_other_takes_over(server: Slapd, changer: Changer, tmp_path: Path) -> None:
    desk = desk_on(server.address, tmp_path)
    with followed(desk) as second_to_none:
        until(lambda: len(second_to_none.news) > 1, "two syncs of the first")
        first = second_to_none
        with followed(desk) as second:
            until(lambda: len(first.news) > 3, "two more syncs of the first")
            assert second.news == []
            second.following.ask()
            until(lambda: len(second.news) == 1, "the sync that was asked for")
            first.end()
            until(lambda: len(second.news) > 2, "the second to take over")


@pytest.mark.server
def test_a_line_that_is_lost_is_told_and_taken_up_again(server: Slapd, changer: Changer, tmp_path: Path) -> None:
    desk = desk_on(server.address, tmp_path)
    with followed(desk) as follower:
        until(lambda: bool(follower.news), "the first sync")
        with closing(desk.mirror()) as mirror:
            before = mirror.state()
        server.stop()
        until(lambda: isinstance(follower.news[-1], Unreachable), "the lost line")
        with closing(desk.mirror()) as mirror:
            state = mirror.state()
        assert state.as_of
        assert before.as_of
        assert state.failed_at
        assert state.failed_at > state.as_of
        assert state.accounts == before.accounts
        assert "127.0.0.1" in state.failure
        server.start()
        follower.following.ask()
        until(lambda: isinstance(follower.news[-1], SyncReport), "the line to be back")
        with closing(desk.mirror()) as mirror:
            assert mirror.state().failure == ""


@pytest.mark.server
def test_a_sync_waits_for_one_that_is_under_way(server: Slapd, changer: Changer, tmp_path: Path) -> None:
    desk = desk_on(server.address, tmp_path)
    begun, go_on, waited = Event(), Event(), Event()

    def hold(_progress: object) -> None:
        begun.set()
        assert go_on.wait(30)

    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(desk.keeper().sync, Wish.FULL, hold, Event())
        assert begun.wait(30)
        second = pool.submit(
            desk.keeper().sync, Wish.USUAL, lambda told: waited.set() if told.is_waiting else None, Event()
        )
        assert waited.wait(30)
        go_on.set()
        assert (first.result(30).mode, second.result(30).mode) == ("full", "delta")


@pytest.mark.server
def test_waiting_for_another_sync_can_be_stopped(server: Slapd, changer: Changer, tmp_path: Path) -> None:
    desk = desk_on(server.address, tmp_path)
    begun, go_on, stop = Event(), Event(), Event()

    def hold(_progress: object) -> None:
        begun.set()
        assert go_on.wait(30)

    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(desk.keeper().sync, Wish.FULL, hold, Event())
        assert begun.wait(30)
        second = pool.submit(desk.keeper().sync, Wish.USUAL, lambda _told: stop.set(), stop)
        assert second.exception(30).code == "stopped"  # type: ignore[union-attr]
        go_on.set()
        assert first.result(30).counts.total == 50


def test_the_embedded_directory_is_followed_too(tmp_path: Path) -> None:
    with embedded() as address, closing(Changer(address, 1)) as changer:
        changer.populate(30)
        desk = desk_on(address, tmp_path)
        assert (sync(desk).cursor, sync(desk).mode) == ("csn", "delta")
        with followed(desk):
            changer.add("newcomer", address.base)
            until(lambda: "newcomer" in logins(desk), "the newcomer", timeout_s=5)


def test_an_account_that_did_not_change_is_as_young_as_the_mirror(tmp_path: Path) -> None:
    with embedded() as address, closing(Changer(address, 1)) as changer:
        changer.populate(3)
        desk = desk_on(address, tmp_path)
        sync(desk)
        sync(desk)
        with closing(desk.mirror()) as mirror:
            assert {account.as_of for account in mirror.accounts(View(), 9)} == {mirror.state().as_of}
