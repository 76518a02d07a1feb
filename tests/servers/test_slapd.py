"""The real slapd of the tests: what it wrote down of its changes, and what it survives."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from mailtui.demo.address import DemoAddress
from tests.conformance.client import ADD, DELETE, REPLACE, Client
from tests.conformance.world import ANN, BOB, ENTRIES
from tests.servers import raw
from tests.servers.accesslog import times_modified, written
from tests.servers.proxy import proxied
from tests.servers.rules import Action, At, Kind
from tests.servers.slapd import SlapdOptions, slapd_server

pytestmark = pytest.mark.server


@contextmanager
def admin(address: DemoAddress) -> Iterator[Client]:
    client = Client(address, address.bind_dn, address.password.reveal())
    try:
        yield client
    finally:
        client.close()


def change(line: raw.Raw, dn: str) -> int:
    line.send(raw.modify(2, dn, (raw.REPLACE, "title", ["x"])))
    (answer,) = line.answers(1)
    return raw.code(answer)


def test_each_change_that_succeeded_is_written_down_once() -> None:
    with slapd_server(ENTRIES, SlapdOptions(accesslog=True)) as server, admin(server.address) as client:
        assert client.modify(ANN, ("title", ADD, ["Clerk"])).code == 0
        assert client.modify(ANN, ("title", ADD, ["Clerk"])).code == 20
        assert client.modify(ANN, ("title", DELETE, ["Clerk"]), ("title", ADD, ["Boss"])).code == 0
        assert client.modify(BOB, ("title", REPLACE, ["Baker"])).code == 0
        assert times_modified(server.address) == {ANN: 2, BOB: 1}
        first, second, third = written(server.address)
        assert first.of("title") == (b"title:+ Clerk",)
        assert second.of("title") == (b"title:- Clerk", b"title:+ Boss")
        assert third.of("title") == (b"title:= Baker",)
        assert (third.kind, third.by) == ("modify", server.address.bind_dn)


def test_a_killed_slapd_comes_back_with_its_data_and_its_log() -> None:
    with slapd_server(ENTRIES, SlapdOptions(accesslog=True, fsync=True)) as server:
        with admin(server.address) as client:
            assert client.modify(ANN, ("title", ADD, ["Clerk"])).code == 0
            server.kill()
        server.start()
        with admin(server.address) as client:
            assert client.read(ANN, "title") == {"title": [b"Clerk"]}
            assert client.modify(BOB, ("title", ADD, ["Baker"])).code == 0
        assert times_modified(server.address) == {ANN: 1, BOB: 1}


def test_the_log_is_only_for_those_who_may_do_everything() -> None:
    with slapd_server(ENTRIES, SlapdOptions(accesslog=True)) as server:
        client = Client(server.address, ANN, "ann's secret")
        assert client.search("cn=accesslog").entries == {}
        client.close()


def test_an_answer_that_is_lost_is_one_to_a_change_that_was_made_once() -> None:
    with slapd_server(ENTRIES, SlapdOptions(accesslog=True)) as server:
        rule = At(Kind.MODIFY_REQUEST, 1, Action.CUT_AT_ANSWER)
        with proxied(server.address, rule) as proxy:
            with raw.raw(proxy.address) as line, pytest.raises(ConnectionResetError):
                change(line, ANN)
            with raw.raw(proxy.address) as line:
                assert change(line, BOB) == 0
        assert times_modified(server.address) == {ANN: 1, BOB: 1}


def test_a_slapd_can_be_killed_at_a_message_and_be_back_at_the_next_connection() -> None:
    with slapd_server(ENTRIES, SlapdOptions(accesslog=True)) as server, proxied(server.address) as proxy:
        proxy.on(Kind.MODIFY_REQUEST, 1, server.kill)
        with raw.raw(proxy.address) as line:
            line.send(raw.modify(2, ANN, (raw.REPLACE, "title", ["x"])))
            assert line.answers(1) == []
        with pytest.raises(ConnectionError), raw.raw(proxy.address):
            pass
        server.start()
        with raw.raw(proxy.address) as line:
            assert change(line, BOB) == 0
        assert times_modified(server.address) == {BOB: 1}
