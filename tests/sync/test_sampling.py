"""How full mailboxes are, asked of a mail store once a day: in the history, in the mirror, and found there."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event
from typing import Any

import ldap3
import pytest

from mailtui.config import Config, MailStoreConfig
from mailtui.demo.address import DemoAddress
from mailtui.desk import Desk
from mailtui.desk.store_warning import store_warning
from mailtui.domain.account import Account
from mailtui.domain.forecast import Reason
from mailtui.domain.usage import Sample
from mailtui.errors import ConfigError, MailStoreUnreachable, MailtuiError
from mailtui.history.store import History
from mailtui.paths import StorePaths
from mailtui.queries.usage import UsageHistory
from mailtui.queries.views import MirrorState, Sort, View
from mailtui.sync.following import Following
from mailtui.sync.sampling import SampleReport
from mailtui.sync.syncing import Wish
from tests.directory.conftest import config_of
from tests.mailstore.conftest import PEOPLE, ROOM, address_of, mail, record, records
from tests.mailstore.conftest import config_of as store_config
from tests.servers.dovecot import DovecotOptions, dovecot
from tests.servers.embedded import embedded
from tests.servers.sample import SampleStore, sample_store
from tests.servers.slapd import slapd
from tests.servers.waiting import until
from tests.sync.test_deltas import sync
from tests.sync.test_full_load import quietly

TODAY = datetime.now(UTC).astimezone().date()
MIB = 1 << 20
# Twelve mails of a mebibyte, with what lines and heads add.
HELD = 12 * MIB + MIB // 3


@pytest.fixture
def store() -> Iterator[SampleStore]:
    """A store of five accounts: two have logged in, and one has no limit."""
    seen = {"mailLastLogin": ["20261101120000Z"], "mailQuotaUsed": ["0"]}
    people = [(dn, {**held, **seen} if "p1" in dn or "p2" in dn else held) for dn, held in records(_logins(4))]
    with sample_store([*people, record("endless", 0)]) as running:
        running.deliver(address_of("p1"), *(mail(n, MIB) for n in range(12)))
        running.deliver(address_of("p2"), mail(1, 2 * MIB))
        yield running


def _logins(number: int) -> list[str]:
    return [f"p{n}" for n in range(number)]


def desk_on(address: DemoAddress, folder: Path, mailstore: MailStoreConfig | None) -> Desk:
    files = StorePaths(*(folder / name for name in ("cache.db", "j.db", "h.db")))
    desk = Desk(Config(config_of(address), mailstore=mailstore), files=files)
    desk.give_password("operator", address.password)
    return desk


@pytest.fixture
def desk(store: SampleStore, tmp_path: Path) -> Desk:
    """A desk with a mirror, and a past in which p1 has grown by 1 MiB a week."""
    desk = desk_on(store.address, tmp_path, store.config)
    sync(desk)
    p1, p2 = (account(desk, login).id for login in ("p1", "p2"))
    with closing(History(desk.files.history)) as history:
        for week in range(8, 0, -1):
            samples = [Sample(p1, HELD - week * MIB, limit_bytes=ROOM), Sample(p2, 2 * MIB, limit_bytes=ROOM)]
            history.record(TODAY - timedelta(days=7 * week), samples)
    return desk


def account(desk: Desk, login: str) -> Account:
    with closing(desk.mirror()) as mirror:
        return mirror.exact(login)[0]


def found(desk: Desk, query: str, sort: Sort = Sort.LOGIN, *, reverse: bool = False) -> list[str]:
    with closing(desk.mirror()) as mirror:
        return [one.login for one in mirror.accounts(View(query, sort=sort, reverse=reverse), 10)]


def state(desk: Desk) -> MirrorState:
    with closing(desk.mirror()) as mirror:
        return mirror.state()


def sample(desk: Desk) -> SampleReport:
    return desk.sample(quietly, Event())


def change(address: DemoAddress, login: str, **values: str) -> None:
    server = ldap3.Server(address.url, get_info=ldap3.NONE)
    password = address.password.reveal()
    connection: Any = ldap3.Connection(server, address.bind_dn, password, raise_exceptions=True, check_names=False)
    with connection:
        connection.modify(f"uid={login},{PEOPLE}", {name: [(ldap3.MODIFY_REPLACE, [v])] for name, v in values.items()})


def test_a_sample_tells_use_growth_and_log_ins_and_they_are_found(desk: Desk) -> None:
    before = state(desk).generation
    report = sample(desk)
    assert (report.accounts, report.unknown, report.without_account) == (5, 0, 0)
    p1, p0, endless = (account(desk, login) for login in ("p1", "p0", "endless"))
    assert p1.quota.used_bytes is not None
    assert abs(p1.quota.used_bytes - HELD) < MIB / 10
    assert (p1.quota.source, p1.quota.messages, p1.quota.limit_bytes) == ("mailstore", 12, ROOM)
    assert p1.quota.as_of
    assert datetime.now(UTC) - p1.quota.as_of < timedelta(minutes=1)
    assert p1.outlook
    assert p1.outlook.full
    early, likely, late = p1.outlook.full
    assert TODAY + timedelta(days=30) < early < likely < late < TODAY + timedelta(days=90)
    assert p1.outlook.pace == pytest.approx(MIB, rel=0.1)
    assert p0.outlook
    assert (p0.outlook.reason, p0.is_unused, p0.last_login) == (Reason.TOO_FEW, True, None)
    assert endless.outlook
    assert endless.outlook.reason == Reason.UNLIMITED
    assert p1.last_login == datetime(2026, 11, 1, 12, tzinfo=UTC)
    assert found(desk, "never") == found(desk, "is:never") == ["endless", "p0", "p3"]
    assert found(desk, "-never") == ["p1", "p2"]
    assert found(desk, "growth>100KB") == found(desk, "full<13w") == ["p1"]
    assert found(desk, "full<30d") == found(desk, "is:full") == []
    assert found(desk, "", Sort.FULL)[0] == found(desk, "", Sort.GROWTH, reverse=True)[0] == "p1"
    assert found(desk, "", Sort.MESSAGES, reverse=True)[:2] == ["p1", "p2"]
    with closing(UsageHistory(desk.files.history)) as history:
        assert history.series(p1.id)[-1].day == TODAY
    assert (state(desk).generation, state(desk).usage_failure) == (before + 1, "")


def test_figures_outlast_loads_and_follow_a_limit_that_is_changed(desk: Desk, store: SampleStore) -> None:
    sample(desk)
    before = account(desk, "p1")
    sync(desk, Wish.FULL)
    assert replace(account(desk, "p1"), as_of=before.as_of) == before
    change(store.address, "p1", displayName="Another Name")
    sync(desk)
    renamed = account(desk, "p1")
    assert (renamed.name, renamed.quota, renamed.outlook) == ("Another Name", before.quota, before.outlook)
    change(store.address, "p1", mailQuota=str(12 * MIB))
    sync(desk)
    tight = account(desk, "p1")
    assert tight.quota.percent
    assert tight.quota.percent > 90
    assert found(desk, "quota>90") == ["p1"]
    # What was forecast is of another limit; how it grows is not.
    assert tight.outlook
    assert (tight.outlook.full, tight.outlook.pace) == (None, before.outlook and before.outlook.pace)
    assert found(desk, "full<13w") == []
    sync(desk, Wish.FULL)
    assert account(desk, "p1").outlook == tight.outlook
    sample(desk)
    again = account(desk, "p1").outlook
    assert again
    assert again.full or again.reason


def test_of_directory_and_mail_store_the_newer_figure_and_the_later_log_in_count(
    desk: Desk, store: SampleStore, tmp_path: Path
) -> None:
    demo = replace(desk.config.required_directory(), schema="demo")
    (tmp_path / "demo").mkdir()
    files = StorePaths(*(tmp_path / "demo" / name for name in ("cache.db", "j.db", "h.db")))
    desk = Desk(replace(desk.config, directory=demo), files=files)
    desk.give_password("operator", store.address.password)
    change(store.address, "p2", mailQuotaUsed="4096", mailQuotaUsedAt="20261101000000Z")
    sync(desk)
    assert (account(desk, "p2").quota.used_bytes, account(desk, "p2").quota.source) == (4096, "directory")
    sample(desk)
    quota = account(desk, "p2").quota
    assert quota.source == "mailstore"
    assert quota.messages
    later = f"{datetime.now(UTC) + timedelta(hours=1):%Y%m%d%H%M%SZ}"
    change(store.address, "p2", mailQuotaUsed="8192", mailQuotaUsedAt=later, mailLastLogin="20261102000000Z")
    sync(desk)
    newer = account(desk, "p2")
    assert (newer.quota.used_bytes, newer.quota.source, newer.quota.messages) == (8192, "directory", None)
    assert newer.last_login == datetime(2026, 11, 2, tzinfo=UTC)


def test_one_mailbox_asked_now_is_known_to_the_mirror_and_not_to_the_history(desk: Desk, store: SampleStore) -> None:
    p2 = account(desk, "p2")
    store.deliver(address_of("p2"), mail(2, 3 * MIB))
    usage = desk.live_usage(p2)
    live, generation = account(desk, "p2"), state(desk).generation
    assert (live.quota.used_bytes, live.quota.messages) == (usage.used_bytes, 2)
    assert live.quota.source == "mailstore"
    desk.live_usage(p2)
    assert state(desk).generation == generation
    with closing(UsageHistory(desk.files.history)) as history:
        assert history.series(p2.id)[-1].day < TODAY


def test_a_mail_store_that_is_down_costs_no_sync_and_is_told(desk: Desk, tmp_path: Path) -> None:
    down = replace(desk.config.mailstore, url="http://127.0.0.1:9") if desk.config.mailstore else None
    cut_off = Desk(replace(desk.config, mailstore=down), files=desk.files)
    password = desk.log_in_to_write()
    assert password
    cut_off.give_password("operator", password)
    news: list[SampleReport | MailtuiError] = []
    following = Following()
    with ThreadPoolExecutor(1) as pool:
        ended = pool.submit(cut_off.keeper().follow, following, quietly, lambda _news: None, news.append)
        until(lambda: bool(news), "the mail store to be asked")
        following.end()
        ended.result(30)
    assert isinstance(news[0], MailStoreUnreachable)
    told = state(desk)
    assert (told.usage_failure, told.failure, told.usage_as_of) == (news[0].message, "", None)
    assert account(desk, "p1").quota.used_bytes is None
    sample(desk)
    assert state(desk).usage_failure == ""
    without = Desk(replace(desk.config, mailstore=None), files=desk.files)
    assert (without.mailstore(), without.sampler) == (None, None)
    with pytest.raises(ConfigError, match="No mail store is configured"):
        sample(without)


def test_whoever_follows_takes_one_sample_a_day(desk: Desk) -> None:
    news: list[SampleReport | MailtuiError] = []
    following = Following()
    with ThreadPoolExecutor(1) as pool:
        ended = pool.submit(desk.keeper().follow, following, quietly, lambda _news: None, news.append)
        until(lambda: bool(news), "a sample")
        following.end()
        ended.result(30)
    assert [type(one) for one in news] == [SampleReport]
    later = Desk(desk.config, files=desk.files).sampler
    assert later
    assert later.take_turn(quietly, Event()) is None


def test_mailboxes_are_matched_whatever_the_spelling(tmp_path: Path) -> None:
    dn, held = record("zoe")
    spelled = {**held, "mail": ["Zoe@MÜLLER.example"], "uid": ["ZOE"]}
    stored = {**held, "mail": ["zoe@xn--mller-kva.example"]}
    unit = records([])
    with embedded([*unit, (dn, spelled)]) as directory, sample_store([*unit, (dn, stored), record("other")]) as store:
        desk = desk_on(directory, tmp_path, store.config)
        sync(desk)
        report = sample(desk)
    assert (report.accounts, report.unknown, report.without_account) == (1, 0, 1)


@pytest.mark.server
def test_a_real_dovecot_is_sampled_and_what_it_cannot_read_is_unknown(tmp_path: Path) -> None:
    with slapd(records(_logins(3))) as directory, dovecot(directory) as server:
        server.deliver(address_of("p0"), mail(1, 30_000))
        server.imap(address_of("p0")).logout()
        server.deliver(address_of("p1"), mail(2))
        server.home(address_of("p1")).chmod(0)
        try:
            key = tmp_path / "key"
            key.write_text(server.key.reveal())
            desk = desk_on(directory, tmp_path, store_config(server, key_command=("cat", str(key))))
            sync(desk)
            report = sample(desk)
        finally:
            server.home(address_of("p1")).chmod(0o700)
        assert (report.accounts, report.unknown, report.without_account) == (2, 1, 0)
        p0, p1 = account(desk, "p0"), account(desk, "p1")
        assert (p0.quota.source, p0.quota.messages, p0.is_unused) == ("mailstore", 1, False)
        assert p0.last_login
        assert (p1.quota.used_bytes, p1.quota.messages) == (None, None)
        assert found(desk, "never") == ["p1", "p2"]
        assert desk.live_usage(p1).messages == 1
        assert account(desk, "p1").quota.messages == 1


@pytest.mark.server
def test_a_key_that_may_do_too_much_is_told_of(tmp_path: Path) -> None:
    with slapd(records(_logins(1))) as directory:
        for allowed, is_told in (((), True), (DovecotOptions().allowed, False)):
            with dovecot(directory, DovecotOptions(allowed=allowed)) as server:
                key = tmp_path / "key"
                key.write_text(server.key.reveal())
                desk = desk_on(directory, tmp_path, store_config(server, key_command=("cat", str(key))))
                assert bool(store_warning(desk)) is is_told
            assert not store_warning(Desk(desk.config, files=desk.files)), "a store that is down is told of elsewhere"
