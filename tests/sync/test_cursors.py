"""Cursors that are lost, refused or of another time; servers that offer less; and removals that are doubted."""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event
from typing import cast

import pytest

from mailtui.demo.address import BASE, DemoAddress
from mailtui.desk import Desk
from mailtui.directory.port import Directory, Gone, News, Reached, Rung
from mailtui.domain.entries import EntryKind
from mailtui.domain.mirror import SyncCounts
from mailtui.domain.secret import Secret
from mailtui.errors import DirectoryError
from mailtui.sync import cursor as cursors
from mailtui.sync import gathering
from mailtui.sync.keeping import Keeper
from mailtui.sync.searches import Scheme
from mailtui.sync.syncing import Wish
from tests.servers.ldif import Record
from tests.servers.slapd import BASE_ENTRY, SlapdOptions, slapd, slapd_server
from tests.sync.changes import Changer
from tests.sync.mirrors import content
from tests.sync.test_deltas import assert_as_a_fresh_read, desk_on, sync
from tests.sync.test_full_load import quietly

SYNCPROV = SlapdOptions(syncprov=True)


@pytest.fixture
def address() -> Iterator[DemoAddress]:
    with slapd(options=SYNCPROV) as running:
        yield running


@pytest.fixture
def changer(address: DemoAddress) -> Iterator[Changer]:
    with closing(Changer(address, 1)) as changer:
        changer.populate(120)
        yield changer


@pytest.fixture
def desk(address: DemoAddress, changer: Changer, tmp_path: Path) -> Desk:
    desk = desk_on(address, tmp_path)
    sync(desk)
    return desk


def held(desk: Desk) -> cursors.SyncCursor:
    with closing(desk.mirror()) as mirror:
        cursor = cursors.parse(mirror.state().cursor)
    assert cursor is not None
    return cursor


def set_cursor(desk: Desk, text: str) -> None:
    with closing(sqlite3.connect(desk.cache_file)) as connection:
        connection.execute("UPDATE sync_state SET cursor = ?", (text,))
        connection.commit()


def rewritten(desk: Desk, change: Callable[[str], str]) -> str:
    text = held(desk).text()
    assert change(text) != text
    return change(text)


@pytest.mark.server
@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda _text: "", id="lost"),
        pytest.param(lambda _text: "{", id="torn"),
        pytest.param(lambda _text: '{"rung": 1, "asked": [], "reached": 3}', id="senseless"),
        pytest.param(lambda text: text.replace("csn=2", "csn=3"), id="from the future"),
        pytest.param(lambda text: text.replace('"asked": "', '"asked": "0'), id="of another question"),
        pytest.param(lambda text: text.replace("rid=000,csn=", "rid=000,"), id="without a change"),
        pytest.param(lambda text: text.replace("rid=000,csn=", "rubbish"), id="rubbish"),
        pytest.param(lambda text: text.replace("syncrepl", "csn"), id="of another means"),
    ],
)
def test_a_cursor_that_is_of_no_use_costs_a_full_read_and_nothing_else(
    desk: Desk, address: DemoAddress, changer: Changer, tmp_path: Path, change: Callable[[str], str]
) -> None:
    set_cursor(desk, rewritten(desk, change))
    changer.change(40)
    sync(desk)
    assert_as_a_fresh_read(desk, address, tmp_path / "fresh")
    sync(desk)
    changer.change(5)
    assert sync(desk).mode == "delta"
    assert_as_a_fresh_read(desk, address, tmp_path / "fresh")


@pytest.mark.server
def test_a_very_old_cursor_is_answered_by_naming_all_that_is_still_there(
    desk: Desk, address: DemoAddress, changer: Changer, tmp_path: Path
) -> None:
    old = held(desk).text()
    changer.change(30)
    sync(desk)
    changer.change(30)
    set_cursor(desk, old)
    assert sync(desk).mode == "delta"
    assert_as_a_fresh_read(desk, address, tmp_path / "fresh")


@pytest.mark.server
def test_a_provider_that_was_restarted_is_followed_on(tmp_path: Path) -> None:
    with slapd_server(options=SYNCPROV) as server:
        desk = desk_on(server.address, tmp_path)
        with closing(Changer(server.address, 1)) as changer:
            changer.populate(80)
            sync(desk)
            changer.change(20)
        server.restart()
        # The session log was in its memory: it names what is still there in place of what is gone.
        assert sync(desk).mode == "delta"
        assert_as_a_fresh_read(desk, server.address, tmp_path / "fresh")


READER_DN = f"cn=reader,{BASE}"
READER: Record = (
    READER_DN,
    {"objectClass": ["organizationalRole", "simpleSecurityObject"], "cn": ["reader"], "userPassword": ["reading"]},
)
LIMITED = 'limits dn.exact="cn=reader,dc=example,dc=com" size.soft=50 size.hard=50 size.prtotal=unlimited'
ALL_SHOWN = "access to attrs=userPassword by anonymous auth by * none\naccess to * by * read"
HIDDEN = "access to attrs=userPassword by anonymous auth by * none\naccess to attrs={} by * none\naccess to * by * read"


@pytest.mark.server
@pytest.mark.parametrize(
    ("options", "cursor", "mode"),
    [
        pytest.param(SlapdOptions(syncprov=True, limits=LIMITED), "csn", "delta", id="only pages are unlimited"),
        pytest.param(SlapdOptions(access=HIDDEN.format("entryCSN")), "timestamp", "delta", id="no CSN is shown"),
        pytest.param(
            SlapdOptions(access=HIDDEN.format("entryCSN,modifyTimestamp")), "timestamp", "full", id="no stamp is shown"
        ),
    ],
)
def test_the_next_best_means_is_taken_where_the_best_is_refused(
    tmp_path: Path, options: SlapdOptions, cursor: str, mode: str
) -> None:
    with slapd([BASE_ENTRY, READER], options) as address, closing(Changer(address, 1)) as changer:
        changer.populate(120)
        reader = replace(address, bind_dn=READER_DN, password=Secret("reading"))
        desk = desk_on(reader, tmp_path)
        first = sync(desk)
        assert (first.mode, first.cursor, first.counts.total) == ("full", cursor, 120)
        changer.change(60)
        second = sync(desk)
        assert (second.mode, second.cursor, second.can_go_on) == (mode, cursor, mode == "delta")
        assert_as_a_fresh_read(desk, reader, tmp_path / "fresh")


class Doubtful:
    """A directory in front of a real one, whose syncrepl says that entries are gone which are there."""

    def __init__(self, directory: Directory, gone: Sequence[str]) -> None:
        self._directory, self._gone = directory, gone

    def __getattr__(self, name: str) -> object:
        return getattr(self._directory, name)

    def refresh(self, rung: Rung, matching: str, attributes: Sequence[str], cursor: str = "") -> Iterator[News]:
        """Claim it before the end."""
        for news in self._directory.refresh(rung, matching, attributes, cursor):
            if isinstance(news, Reached) and cursor:
                yield Gone(tuple(self._gone))
            yield news


@pytest.mark.server
@pytest.mark.parametrize("share", [0.5, 1.0])
def test_a_server_that_says_that_much_is_gone_is_asked_what_it_holds(
    desk: Desk, address: DemoAddress, changer: Changer, tmp_path: Path, share: float
) -> None:
    accounts = list(content(desk.cache_file)["accounts"])
    claimed = accounts[: round(share * len(accounts))]
    before = content(desk.cache_file)
    keeper = Keeper(
        desk.cache_file,
        Scheme(desk.schema, BASE, address.bind_dn),
        lambda: cast("Directory", Doubtful(desk.connect(), claimed)),
    )
    report = keeper.sync(Wish.CHANGES, quietly, Event())
    assert (report.mode, report.counts.gone) == ("delta", 0)
    assert content(desk.cache_file) == before


@pytest.mark.server
def test_many_that_are_really_gone_are_removed(
    desk: Desk, address: DemoAddress, changer: Changer, tmp_path: Path
) -> None:
    for dn in list(changer.accounts)[:100]:
        changer.delete(dn)
    assert sync(desk, Wish.CHANGES).counts.gone == 100
    assert_as_a_fresh_read(desk, address, tmp_path / "fresh")


@pytest.mark.server
def test_a_change_that_we_do_not_mirror_changes_no_row(desk: Desk, changer: Changer) -> None:
    before, generation = rows(desk), generation_of(desk)
    for dn in changer.accounts[:30]:
        changer.touch(dn)
    report = sync(desk)
    assert (report.mode, report.counts) == ("delta", SyncCounts(0, 0, 0, 120))
    assert (rows(desk), generation_of(desk)) == (before, generation)


def rows(desk: Desk) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(desk.cache_file)) as connection:
        return connection.execute("SELECT * FROM account ORDER BY row").fetchall()


def generation_of(desk: Desk) -> int:
    with closing(desk.mirror()) as mirror:
        return mirror.state().generation


@pytest.mark.server
def test_more_that_is_new_than_a_delta_is_for_is_read_in_full(
    desk: Desk, address: DemoAddress, changer: Changer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gathering, "MOST", 20)
    changer.change(200)
    assert sync(desk).mode == "full"
    assert_as_a_fresh_read(desk, address, tmp_path / "fresh")


@pytest.mark.server
def test_a_container_that_is_no_unit_is_followed_by_a_listing(
    desk: Desk, address: DemoAddress, changer: Changer, tmp_path: Path
) -> None:
    changer.add_container("cn=staff")
    for number in range(10):
        changer.add(f"inside{number}", f"cn=staff,{BASE}")
    sync(desk)
    changer.rename(f"cn=staff,{BASE}", "cn=people")
    assert sync(desk).counts.changed == 0
    long_ago = held(desk).gone_on(held(desk).reached, listed_at=datetime.now(UTC) - timedelta(hours=2))
    set_cursor(desk, long_ago.text())
    assert sync(desk).counts.changed == 10
    assert_as_a_fresh_read(desk, address, tmp_path / "fresh")


@pytest.mark.server
def test_an_entry_of_two_kinds_is_mirrored_as_both(
    desk: Desk, address: DemoAddress, changer: Changer, tmp_path: Path
) -> None:
    changer.add_mail_group("cn=list")
    changer.add_mail_unit("ou=branch")
    changer.add("inside", f"ou=branch,{BASE}")
    assert sync(desk, Wish.CHANGES).counts.added == 3
    assert_as_a_fresh_read(desk, address, tmp_path / "fresh")
    changer.rename(f"ou=branch,{BASE}", "ou=office")
    changer.set_quota(f"cn=list,{BASE}", 7)
    sync(desk, Wish.CHANGES)
    assert_as_a_fresh_read(desk, address, tmp_path / "fresh")


@pytest.mark.server
def test_a_unit_that_leaves_the_base_takes_its_accounts_with_it(
    address: DemoAddress, changer: Changer, tmp_path: Path
) -> None:
    changer.add_unit("ou=Org", BASE)
    changer.add_unit("ou=K", f"ou=Org,{BASE}")
    for number in range(20):
        changer.add(f"k{number}", f"ou=K,ou=Org,{BASE}")
    for number in range(60):
        changer.add(f"o{number}", f"ou=Org,{BASE}")
    desk = desk_on(replace(address, base=f"ou=Org,{BASE}"), tmp_path)
    assert sync(desk).counts.total == 80
    changer.rename(f"ou=K,ou=Org,{BASE}", "ou=K", above=BASE)
    assert sync(desk, Wish.CHANGES).counts.total == 60
    changer.touch(f"ou=Org,{BASE}")
    assert sync(desk).mode == "delta"


@pytest.mark.server
def test_what_was_read_before_a_sync_does_not_overwrite_what_it_found(
    desk: Desk, address: DemoAddress, changer: Changer, tmp_path: Path
) -> None:
    gone, retitled, moved = changer.accounts[:3]
    before = datetime.now(UTC)
    with desk.connected() as directory:
        ids = [
            str(entry.text("entryUUID")) for entry in directory.read([gone, retitled, moved], ["entryUUID"]).values()
        ]
        entries = list(directory.read_ids(ids, desk.attributes[EntryKind.ACCOUNT]).values())
    changer.delete(gone)
    changer.retitle(retitled, "Chief")
    changer.rename(moved, "uid=elsewhere")
    sync(desk)
    desk.mend([(EntryKind.ACCOUNT, entry) for entry in entries], before)
    assert_as_a_fresh_read(desk, address, tmp_path / "fresh")


@pytest.mark.server
def test_a_directory_that_shows_nobody_any_more_is_not_believed_at_once(tmp_path: Path) -> None:
    hidden = "access to filter=(objectClass=mailUser) by * none\naccess to * by * read"
    with slapd_server([BASE_ENTRY, READER], SlapdOptions(access=ALL_SHOWN)) as server:
        with closing(Changer(server.address, 1)) as changer:
            changer.populate(80)
        desk = desk_on(replace(server.address, bind_dn=READER_DN, password=Secret("reading")), tmp_path)
        sync(desk)
        before = content(desk.cache_file)
        server.restart(SlapdOptions(access=HIDDEN.split("access to attrs={}")[0] + hidden))
        with pytest.raises(DirectoryError, match="no account any more"):
            sync(desk)
        assert content(desk.cache_file) == before
        assert sync(desk, Wish.FULL).counts.total == 0


@pytest.mark.server
def test_the_reason_of_a_failure_is_not_hidden_by_a_second_try(tmp_path: Path) -> None:
    options = SlapdOptions(syncprov=True, access=HIDDEN.format("entryUUID"))
    with slapd([BASE_ENTRY, READER], options) as address, closing(Changer(address, 1)) as changer:
        changer.populate(10)
        desk = desk_on(replace(address, bind_dn=READER_DN, password=Secret("reading")), tmp_path)
        with pytest.raises(DirectoryError, match="does not show entryUUID"):
            sync(desk)


@pytest.mark.server
def test_a_schema_may_know_entries_by_another_attribute(tmp_path: Path) -> None:
    with slapd() as address, closing(Changer(address, 1)) as changer:
        changer.add_container("cn=staff")
        for number in range(5):
            changer.add(f"e{number}", f"cn=staff,{BASE}")
        desk = desk_on(address, tmp_path)
        desk.schema = replace(desk.schema, id="employeeNumber", unit=replace(desk.schema.unit, filter="(ou=none)"))
        first = sync(desk)
        assert (first.cursor, first.counts.total) == ("csn", 5)
        changer.rename(f"cn=staff,{BASE}", "cn=people")
        assert (sync(desk).counts.total, sync(desk).counts.changed) == (5, 0)
        with closing(desk.mirror()) as mirror:
            [account] = mirror.exact("e1")
        assert account.dn == f"uid=e1,cn=people,{BASE}"
        assert desk.plans.prepare("disable", [account.id], {}).rows


@pytest.mark.server
def test_a_change_that_is_dated_in_the_future_is_no_cursor_to_go_on_from(tmp_path: Path) -> None:
    attributes = {
        "objectClass": ["inetOrgPerson", "mailUser"], "uid": ["late"], "cn": ["Late"], "sn": ["x"],
        "mail": ["late@example.com"], "entryCSN": ["20990101000000.000000Z#000000#000#000000"],
    }  # fmt: skip
    late: Record = (f"uid=late,{BASE}", attributes)
    with slapd([BASE_ENTRY, late], SYNCPROV) as address, closing(Changer(address, 1)) as changer:
        changer.populate(10)
        desk = desk_on(address, tmp_path)
        assert sync(desk).cursor == "csn"
        changer.change(20)
        assert sync(desk).mode == "delta"
        assert_as_a_fresh_read(desk, address, tmp_path / "fresh")
