"""The proxy: each thing it can do to a line, with the embedded directory behind it."""

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from mailtui.demo.address import DemoAddress
from tests.conformance.client import REPLACE, Client
from tests.servers import raw
from tests.servers.delaying import delayed
from tests.servers.embedded import embedded
from tests.servers.proxy import Proxy, proxied
from tests.servers.raw import code, modify
from tests.servers.rules import Action, At, End, Kind
from tests.servers.slapd import BASE_ENTRY
from tests.servers.waiting import until

BASE, PEOPLE = BASE_ENTRY[0], 8
REQUEST, RESPONSE = Kind.MODIFY_REQUEST, Kind.MODIFY_RESPONSE
DNS = [f"ou=unit{number},{BASE}" for number in range(PEOPLE)]


@pytest.fixture
def directory() -> Iterator[DemoAddress]:
    units = [(dn, {"objectClass": ["organizationalUnit"], "ou": [f"unit{n}"]}) for n, dn in enumerate(DNS)]
    with embedded([BASE_ENTRY, *units]) as address:
        yield address


def written(address: DemoAddress) -> int:
    """Tell how many of the units were changed, asking the directory itself."""
    client = Client(address)
    try:
        return len(client.found("(description=x)"))
    finally:
        client.close()


def requests(count: int = PEOPLE) -> list[bytes]:
    return [modify(n + 2, dn, (raw.REPLACE, "description", ["x"])) for n, dn in enumerate(DNS[:count])]


@contextmanager
def line(directory: DemoAddress, *rules: At, delay_s: float = 0) -> Iterator[tuple[Proxy, raw.Raw]]:
    with proxied(directory, *rules, delay_s=delay_s) as proxy, raw.raw(proxy.address) as connection:
        yield proxy, connection


def numbers(connection: raw.Raw, count: int = PEOPLE) -> list[int]:
    """Give the numbers of the answers that come before the line ends."""
    found: list[int] = []
    try:
        while len(found) < count and (answers := connection.answers(1)):
            found.append(answers[0].number)
    except ConnectionResetError:
        found.append(-1)
    return found


def test_without_rules_all_passes_and_is_counted(directory: DemoAddress) -> None:
    with line(directory) as (proxy, connection):
        connection.send(*requests())
        assert sorted(numbers(connection)) == list(range(2, PEOPLE + 2))
        assert (proxy.count(Kind.BIND_REQUEST), proxy.count(REQUEST), proxy.count(RESPONSE)) == (1, PEOPLE, PEOPLE)
    assert written(directory) == PEOPLE


def test_a_client_as_any_other_works_through_it(directory: DemoAddress) -> None:
    with proxied(directory) as proxy:
        for starts_tls in (False, True):
            client = Client(proxy.address, directory.bind_dn, directory.password.reveal(), starts_tls=starts_tls)
            assert client.bound.code == 0
            assert client.modify(DNS[0], ("description", REPLACE, ["y" * 100_000])).code == 0
            assert len(client.read(DNS[0], "description")["description"][0]) == 100_000
            client.close()


@pytest.mark.parametrize(
    ("rule", "answered", "least", "most"),
    [
        (At(REQUEST, 3, Action.CUT_BEFORE), [], 0, 2),
        (At(REQUEST, 3, Action.CUT_INSIDE), [], 0, 2),
        (At(REQUEST, 3, Action.CUT_AT_ANSWER), [2, 3], 3, PEOPLE),
        (At(RESPONSE, 3, Action.CUT_BEFORE), [2, 3], 3, PEOPLE),
        (At(RESPONSE, 3, Action.CUT_INSIDE), [2, 3], 3, PEOPLE),
    ],
    ids=["before a request", "inside a request", "at its answer", "before an answer", "inside an answer"],
)
@pytest.mark.parametrize("ends", End)
def test_a_connection_is_cut(
    directory: DemoAddress, rule: At, answered: list[int], least: int, most: int, ends: End
) -> None:
    cutting = At(rule.kind, rule.number, rule.do, ends=ends)
    with line(directory, cutting) as (proxy, connection):
        connection.send(*requests())
        came = numbers(connection)
        assert proxy.met == (cutting,)
        assert (-1 in came) == (ends is End.RESET)
        assert not answered or [number for number in came if number > 0] == answered
    # What was sent before a request that is cut may be lost too: the directory sees that nobody waits for its answers.
    assert least <= written(directory) <= most


def test_a_held_answer_is_overtaken(directory: DemoAddress) -> None:
    with line(directory, At(RESPONSE, 1, Action.HOLD)) as (proxy, connection):
        connection.send(*requests(3))
        assert numbers(connection, 2) == [3, 4]
        proxy.release()
        assert numbers(connection, 1) == [2]


def test_an_answer_can_be_late_by_the_clock(directory: DemoAddress) -> None:
    with line(directory, At(RESPONSE, 1, Action.HOLD, seconds=0.2)) as (_proxy, connection):
        start = time.monotonic()
        connection.send(*requests(2))
        assert numbers(connection, 2) == [3, 2]
        assert time.monotonic() - start >= 0.2


def test_an_answer_can_come_twice_or_not_at_all(directory: DemoAddress) -> None:
    with line(directory, At(RESPONSE, 1, Action.TWICE), At(RESPONSE, 2, Action.DROP)) as (_proxy, connection):
        connection.send(*requests(3))
        assert numbers(connection, 3) == [2, 2, 4]


def test_nothing_passes_while_it_hangs(directory: DemoAddress) -> None:
    with line(directory, At(REQUEST, 3, Action.HANG)) as (proxy, connection):
        connection.send(*requests())
        until(lambda: bool(proxy.met), "the rule to be met")
        connection.line.settimeout(0.2)
        with pytest.raises(TimeoutError):
            connection.answers(PEOPLE)
        connection.line.settimeout(20)
        proxy.release()
        assert len(numbers(connection)) == PEOPLE


def test_a_process_is_killed_before_a_message_is_forwarded(directory: DemoAddress) -> None:
    with subprocess.Popen(["/bin/cat"], stdin=subprocess.PIPE) as process, line(directory) as (proxy, connection):
        proxy.on(REQUEST, 2, lambda: os.kill(process.pid, signal.SIGKILL), then=Action.DROP)
        connection.send(*requests(3))
        assert numbers(connection, 2) == [2, 4]
        assert process.wait(20) == -signal.SIGKILL
    assert written(directory) == 2


def test_what_a_call_raises_is_raised_at_the_end(directory: DemoAddress) -> None:
    def fail() -> None:
        raise ValueError("as asked")

    with pytest.raises(ValueError, match="as asked"), line(directory, At(REQUEST, 1, call=fail)) as (_, connection):  # noqa: PT012
        connection.send(*requests(1))
        assert numbers(connection) == []


def test_a_server_can_be_out_of_reach_for_a_while(directory: DemoAddress) -> None:
    with line(directory) as (proxy, connection):
        proxy.shut()
        assert numbers(connection) == [-1]
        with pytest.raises(ConnectionError), raw.raw(proxy.address):
            pass
        proxy.open()
        with raw.raw(proxy.address) as again:
            again.send(*requests(1))
            assert numbers(again, 1) == [2]


def test_all_connections_can_be_cut_from_outside_and_from_a_call(directory: DemoAddress) -> None:
    with line(directory) as (proxy, connection):
        proxy.cut()
        assert numbers(connection) == [-1]
        with raw.raw(proxy.address) as again:
            proxy.on(RESPONSE, 1, proxy.shut)
            again.send(*requests(1))
            assert numbers(again) == [-1]
    assert written(directory) == 1


def test_a_line_to_a_server_that_is_gone_is_reset(directory: DemoAddress) -> None:
    with embedded() as gone:
        pass
    with proxied(gone) as proxy, pytest.raises(ConnectionError), raw.raw(proxy.address):
        pass


def test_a_client_that_reads_nothing_does_not_keep_it_from_ending(directory: DemoAddress) -> None:
    with line(directory) as (proxy, connection):
        connection.send(*[modify(n, DNS[0], (raw.REPLACE, "unknown", ["x" * 200])) for n in range(2, 20_000)])
        until(lambda: proxy.count(RESPONSE) > 1000, "answers to come")


@pytest.mark.parametrize("is_apart", [False, True], ids=["thread", "process"])
def test_delay_costs_time_but_no_throughput(directory: DemoAddress, is_apart: bool) -> None:
    delay_s = 0.05
    through = delayed(directory, delay_s) if is_apart else _slow(directory, delay_s)
    with through as address, raw.raw(address) as connection:
        start = time.monotonic()
        for _round in range(20):
            connection.send(*requests())
        answers = connection.answers(20 * PEOPLE)
        took = time.monotonic() - start
    assert {code(answer) for answer in answers} == {0}
    assert took >= 2 * delay_s
    # One after another they would take 160 times as long as one.
    assert took < 40 * delay_s


@contextmanager
def _slow(directory: DemoAddress, delay_s: float) -> Iterator[DemoAddress]:
    with proxied(directory, delay_s=delay_s) as proxy:
        yield proxy.address
