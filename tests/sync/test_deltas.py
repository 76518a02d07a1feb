"""Deltas: after thousands of changes at random the mirror says what a fresh full read says."""

import random
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from threading import Event

import pytest

from mailtui.config import Config
from mailtui.demo.address import DemoAddress
from mailtui.desk import Desk
from mailtui.paths import StorePaths
from mailtui.sync.syncing import SyncReport, Wish
from tests.directory.conftest import config_of
from tests.servers.slapd import SlapdOptions, slapd
from tests.sync.changes import Changer
from tests.sync.mirrors import content
from tests.sync.test_full_load import quietly

SERVERS = {
    "session-log": (SlapdOptions(syncprov=True, session_log=20_000), "syncrepl"),
    "short-session-log": (SlapdOptions(syncprov=True, session_log=50), "syncrepl"),
    "no-session-log": (SlapdOptions(syncprov=True, session_log=0), "syncrepl"),
    "no-syncprov": (SlapdOptions(), "csn"),
}


@pytest.fixture(params=[pytest.param(name, marks=pytest.mark.server) for name in SERVERS])
def server(request: pytest.FixtureRequest) -> Iterator[tuple[DemoAddress, str]]:
    options, cursor = SERVERS[request.param]
    with slapd(options=options) as address:
        yield address, cursor


def desk_on(address: DemoAddress, folder: Path) -> Desk:
    desk = Desk(Config(config_of(address)), files=StorePaths(*(folder / n for n in ("cache.db", "j.db", "h.db"))))
    desk.give_password("operator", address.password)
    return desk


def sync(desk: Desk, wish: Wish = Wish.USUAL) -> SyncReport:
    return desk.keeper().sync(wish, quietly, Event())


def assert_as_a_fresh_read(desk: Desk, address: DemoAddress, folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    fresh = desk_on(address, folder)
    fresh.cache_file.unlink(missing_ok=True)
    sync(fresh)
    expected, found = content(fresh.cache_file), content(desk.cache_file)
    for part in ("units", "groups", "accounts"):
        assert found[part] == expected[part]
    assert found["total"] == expected["total"] == len(expected["accounts"])


CHANGES = 10_000


def test_the_mirror_equals_a_fresh_read_after_changes_at_random(
    server: tuple[DemoAddress, str], tmp_path: Path
) -> None:
    address, cursor = server
    chance = random.Random(3)
    changer = Changer(address, 1)
    with closing(changer):
        changer.populate(300)
        desk = desk_on(address, tmp_path)
        first = sync(desk)
        assert (first.mode, first.cursor) == ("full", cursor)
        while changer.done < CHANGES * 3 // 5:
            changer.change(chance.choice((1, 3, 20, 200)))
            report = sync(desk)
            assert (report.mode, report.cursor) == ("delta", cursor)
        assert_as_a_fresh_read(desk, address, tmp_path / "fresh")
        stop = Event()
        with ThreadPoolExecutor(1) as pool:
            syncing = pool.submit(_sync_on, desk, stop)
            try:
                changer.change(CHANGES - changer.done)
            finally:
                stop.set()
            assert syncing.result(60) > 0
    sync(desk)
    assert_as_a_fresh_read(desk, address, tmp_path / "fresh")


def _sync_on(desk: Desk, stop: Event) -> int:
    times = 0
    while not stop.is_set():
        sync(desk, Wish.CHANGES)
        times += 1
    return times
