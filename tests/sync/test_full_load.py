"""A full load from real servers: counted, swapped in whole, and without effect when it fails or is stopped."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from threading import Event
from typing import Any

import ldap3
import pytest

from mailtui.config import Config
from mailtui.demo import service
from mailtui.demo.address import DemoAddress
from mailtui.desk import Desk
from mailtui.errors import DirectoryError, MailtuiError, Stopped
from mailtui.paths import StorePaths
from mailtui.queries.views import View
from mailtui.sync.reading import SyncProgress
from tests.directory.conftest import PEOPLE, RECORDS, config_of, fill
from tests.servers.slapd import slapd

EVERY = View()
FEW = [*RECORDS[:602], RECORDS[-1]]


@pytest.fixture(params=["embedded", pytest.param("slapd", marks=pytest.mark.server)])
def address(request: pytest.FixtureRequest) -> Iterator[DemoAddress]:
    if request.param == "slapd":
        with slapd(FEW) as running:
            yield running
    else:
        with service.temporary(0, 1) as running:
            fill(running, FEW[2:])
            yield running


@pytest.fixture
def desk(address: DemoAddress, tmp_path: Path) -> Desk:
    return desk_on(address, tmp_path)


def desk_on(address: DemoAddress, folder: Path) -> Desk:
    desk = Desk(Config(config_of(address)), files=StorePaths(*(folder / n for n in ("cache.db", "j.db", "h.db"))))
    desk.give_password("operator", address.password)
    return desk


def quietly(_progress: SyncProgress) -> None:
    """Show nothing."""


def logins(desk: Desk) -> set[str]:
    with closing(desk.mirror()) as mirror:
        return {account.login for account in mirror.accounts(EVERY, 10_000)}


def test_a_load_counts_what_came_changed_and_went(desk: Desk, address: DemoAddress) -> None:
    first = desk.sync(quietly, Event())
    assert (first.mode, first.counts.added, first.counts.total) == ("full", 601, 601)
    server = ldap3.Server(address.url, get_info=ldap3.NONE)
    connection: Any = ldap3.Connection(server, address.bind_dn, address.password.reveal(), raise_exceptions=True)
    with connection:
        connection.delete(f"uid=p1,{PEOPLE}")
        connection.modify(f"uid=p2,{PEOPLE}", {"title": [(ldap3.MODIFY_ADD, ["Chief"])]})
        connection.modify_dn(f"uid=p3,{PEOPLE}", "uid=renamed")
        connection.add(f"uid=new,{PEOPLE}", attributes=dict(RECORDS[-1][1]) | {"uid": ["new"]})
    second = desk.sync(quietly, Event()).counts
    assert (second.added, second.changed, second.gone, second.total) == (1, 2, 1, 601)
    assert logins(desk) >= {"new", "renamed", "p2"}
    assert not logins(desk) & {"p1", "p3"}
    third = desk.sync(quietly, Event()).counts
    assert (third.added, third.changed, third.gone) == (0, 0, 0)


def test_a_load_tells_how_far_it_is_and_how_long_it_will_take(desk: Desk) -> None:
    told: list[SyncProgress] = []
    desk.sync(told.append, Event())
    assert [progress.read for progress in told] == sorted(progress.read for progress in told)
    assert told[-1].read >= 601
    assert SyncProgress(500, 1000, 2.0).seconds_left == 2.0
    assert SyncProgress(500, 0, 2.0).seconds_left is None


def test_a_load_that_is_stopped_leaves_the_mirror_as_it_was(desk: Desk) -> None:
    desk.sync(quietly, Event())
    before = logins(desk)
    stop = Event()
    with pytest.raises(Stopped):
        desk.sync(lambda _progress: stop.set(), stop)
    assert logins(desk) == before


def test_a_load_that_fails_keeps_the_mirror_and_its_age_and_says_why(
    desk: Desk, address: DemoAddress, tmp_path: Path
) -> None:
    desk.sync(quietly, Event())
    with closing(desk.mirror()) as mirror:
        as_of = mirror.state().as_of
    lost = Desk(Config(config_of(address, urls=("ldap://127.0.0.1:1",))), files=desk.files)
    lost.give_password("operator", address.password)
    with pytest.raises(DirectoryError):
        lost.sync(quietly, Event())
    with closing(desk.mirror()) as mirror:
        state = mirror.state()
    assert (state.as_of, state.accounts) == (as_of, 601)
    assert "127.0.0.1:1" in state.failure
    desk.sync(quietly, Event())
    with closing(desk.mirror()) as mirror:
        assert mirror.state().failure == ""


def test_without_a_mirror_the_desk_says_how_to_get_one(desk: Desk) -> None:
    assert not desk.has_mirror
    with pytest.raises(MailtuiError) as failure:
        desk.mirror()
    assert "mailtui sync" in failure.value.hint
