"""The sample company's mail store: it agrees with the directory, lives, takes whatever comes, and costs little."""

import base64
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest

from mailtui.cli.context import demo_config
from mailtui.config import Config
from mailtui.demo import company, service
from mailtui.demo.hosting import new_tree
from mailtui.demo.mailstore.contents import mailbox
from mailtui.demo.mailstore.owners import Owner, Owners
from mailtui.demo.mailstore.presence import Presence
from mailtui.errors import MailStoreForbids, NoSuchMailbox
from mailtui.mailstore.calling import Command
from mailtui.mailstore.opening import open_store
from mailtui.mailstore.values import WORKING, Power
from tests.conformance.client import REPLACE, Client
from tests.mailstore.conftest import PEOPLE, address_of, record, records
from tests.servers.sample import SampleStore, sample_store

ANN, BOB, CHEN = address_of("ann"), address_of("bob"), "chen.jing@example.com"


@pytest.fixture
def sample() -> Iterator[SampleStore]:
    """A store of three people."""
    with sample_store([*records(["ann", "bob"]), record("endless", 0)]) as running:
        yield running


@pytest.fixture
def directory(sample: SampleStore) -> Iterator[Client]:
    """The directory beside it, as its administrator sees it."""
    client = Client(sample.address, sample.address.bind_dn, sample.address.password.reveal())
    yield client
    client.close()


def set_to(directory: Client, login: str, attribute: str, *values: str) -> None:
    assert directory.modify(f"uid={login},{PEOPLE}", (attribute, REPLACE, list(values))).code == 0


def test_a_sample_company_has_a_lively_store_that_says_what_its_directory_says() -> None:
    with service.temporary(400, 1) as address:
        config = demo_config(Config(), address).mailstore
        assert config is not None
        store = open_store(config)
        tree = new_tree()
        company.populate(tree, 400, 1)
        everybody = store.usage_of_all()
        owners = {owner.name: owner for owner in Owners(tree).all()}
        assert everybody.keys() == owners.keys()
        for name, usage in everybody.items():
            used = owners[name].used
            assert usage.used_bytes is not None
            assert used is None or used <= usage.used_bytes < used + 1024
            assert usage.is_unlimited == (owners[name].limit == 0)
        full = everybody[CHEN]
        assert full.percent is not None
        assert full.percent > 100
        folders = store.folders(CHEN)
        assert sum(folder.size_bytes for folder in folders) == owners[CHEN].used
        assert sum(folder.messages for folder in folders) == full.messages
        assert store.last_logins().keys() == {name for name, owner in owners.items() if owner.last_login}
        assert len(store.seats_of_all()["support@example.com"]) == 9
        assert all(seat.rights == WORKING for seat in store.seats("support@example.com"))
        assert any(store.scripts(name) for name in list(everybody)[:40])
        present = {name for name in everybody if store.sessions(name)}
        assert 10 < len(present) < 100
        assert all(owners[name].may_log_in for name in present)
        assert store.powers().can == set(Power)
        assert not store.powers().excess


def test_a_mailbox_is_the_same_each_time_and_nothing_was_lost_by_rounding() -> None:
    for place in range(200):
        owner = Owner(str(place), "", f"login{place}", 5 << 30, place * 7_777_777, 1, may_log_in=True)
        assert mailbox(owner) == mailbox(owner)
        assert mailbox(owner).size == owner.used
    unknown = Owner("", "", "new", 5 << 30, None, None, may_log_in=True)
    assert (mailbox(unknown).size, list(mailbox(unknown).folders)) == (0, ["INBOX"])


def test_it_knows_an_account_as_the_directory_has_it_now(sample: SampleStore, directory: Client) -> None:
    store = sample.open()
    sample.deliver(ANN, b"x" * 5000)
    set_to(directory, "ann", "mailQuota", str(30 << 20))
    set_to(directory, "ann", "mailAlternateAddress", "anna@example.com")
    assert store.usage("anna@example.com").limit_bytes == 30 << 20
    set_to(directory, "ann", "mail", "ann.smith@example.com")
    assert store.usage("Ann.Smith@example.com").messages == 1
    with pytest.raises(NoSuchMailbox):
        store.usage(ANN)
    set_to(directory, "bob", "accountStatus", "disabled")
    assert store.usage(BOB).used_bytes == 0
    assert directory.delete(f"uid=bob,{PEOPLE}").code == 0
    with pytest.raises(NoSuchMailbox):
        store.usage(BOB)
    assert BOB not in store.usage_of_all()


def test_who_is_thrown_out_comes_back_until_the_store_forgets_that_he_may() -> None:
    owner = Owner("1", ANN, "ann", 0, None, None, may_log_in=True)
    held, now = {"1": owner}, [1000.0]
    presence = Presence(held.get, lambda: now[0])
    assert presence.log_in(owner)
    held["1"] = Owner("1", ANN, "ann", 0, None, None, may_log_in=False)

    def thrown_out_for(seconds: float) -> list[str]:
        presence.end(ANN)
        assert list(presence.connections()) == []
        now[0] += seconds
        return [connection.user for connection in presence.connections()]

    assert thrown_out_for(60) == [ANN]
    assert presence.last_login(owner) == 1060
    assert presence.forget(held["1"]) == 2
    assert [connection.user for connection in presence.connections()] == [ANN]
    assert thrown_out_for(60) == []
    held["1"] = owner
    now[0] += 60
    assert list(presence.connections()) == []
    presence.forget(None)
    now[0] += 60
    assert [connection.user for connection in presence.connections()] == [ANN]


def test_short_lists_of_connections_are_no_json_as_those_of_dovecot(sample: SampleStore) -> None:
    for user in (ANN, BOB):
        assert sample.office.presence.log_in(sample.owner(user))
    answer = asked(sample, b'[["who",{},"w"]]').partition(b"\r\n\r\n")[2]
    assert b'"ips":"(127.0.0.1)"}],{"username":"bob@example.com"' in answer
    (listed,) = sample.line().ask([Command("who", {})])
    assert isinstance(listed, tuple)
    assert [row["username"] for row in listed] == [ANN, BOB]
    (refused,) = sample.line().ask([Command("import", {})])
    assert isinstance(refused, MailStoreForbids)


def asked(sample: SampleStore, body: bytes, head: bytes = b"POST /doveadm/v1 HTTP/1.1\r\nHost: x\r\n") -> bytes:
    """Send something, and give all that comes back; nothing where that is a hang-up."""
    key = base64.b64encode(sample.key.reveal().encode())
    with socket.create_connection(("127.0.0.1", sample.port), timeout=10) as line:
        line.sendall(head + b"Authorization: X-Dovecot-API %s\r\nContent-Length: %d\r\n\r\n" % (key, len(body)) + body)
        with suppress(OSError):
            line.shutdown(socket.SHUT_WR)
            return b"".join(iter(lambda: line.recv(65536), b""))
    return b""


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 100_000, b"\xff\xfe", b'[["quotaGet",{"user":"\\ud800@x"},"\\ud800"]]', b'[["quotaGet",{"user":[]},""]]',
        b'[["mailboxStatus",{"user":"*","field":["vsize"],"mailboxMask":["*(","[%"]},"t"]]', b"1" * 10_000,
        b'[["sieveGet",{"user":"ann@example.com","scriptname":{}},"t"]]', b'[["user",{"userMask":[1]},"t"]]',
        b'[["user",{"userMask":["[*","(?+"]},"t"]]', b'[["authCacheFlush",{"user":{}},"t"]]',
        b'[["sievePut",{"user":"ann@example.com","scriptname":"x","file":"}}{)"},"t"]]',
        b'[["mailboxDelete",{"user":"ann@example.com","mailbox":["inbox","INBOX","inbox"]},"t"]]',
    ],
)  # fmt: skip
def test_whatever_comes_it_goes_on(sample: SampleStore, body: bytes, caplog: pytest.LogCaptureFixture) -> None:
    asked(sample, body)
    for head in (b"", b"\x16\x03\x01\r\n", b"POST /doveadm/v1 HTTP/1.1\r\nContent-Length: x\r\n", b"GET / HTTP/9\r\n"):
        asked(sample, body, head)
    assert sample.open().usage(ANN).used_bytes == 0
    assert not caplog.records


def test_a_client_that_says_nothing_keeps_nobody_waiting_at_the_end() -> None:
    with sample_store(records(["ann"])) as sample:
        line = socket.create_connection(("127.0.0.1", sample.port), timeout=10)
        line.sendall(b"POST /doveadm/v1 HTTP/1.1\r\n")
        assert sample.open().usage(ANN).used_bytes == 0
    with closing(line):
        assert line.recv(1) == b""


def test_nothing_of_it_is_put_together_before_somebody_asks(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from mailtui.demo.hosting import Host, new_tree;"
        "host = Host(new_tree(), Path(sys.argv[1])); host.listen();"
        "assert not {'http.server', 'mailtui.demo.mailstore.office'} & sys.modules.keys()"
    )
    subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=True)
