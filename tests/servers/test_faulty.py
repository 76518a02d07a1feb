"""The faulty directory: each of its faults, seen by a client that knows nothing of it."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from mailtui.directory import ber
from tests.conformance.client import ADD, DELETE, Answer, Client, Control, Entry
from tests.servers.faulty import Fault, faulty
from tests.servers.raw import REPLACE, code, modify, raw

PEOPLE = "ou=people,dc=example,dc=com"
ANN, BOB = f"uid=ann,{PEOPLE}", f"uid=bob,{PEOPLE}"
ASSERTION, POST_READ = "1.3.6.1.1.12", "1.3.6.1.1.13.2"
SHOWN: Control = (POST_READ, True, ber.encode(ber.SEQUENCE, ber.octets("mailQuota"), ber.octets("accountStatus")))
BEFORE = {"mailQuota": [b"10"]}
PLANNED = {"mailQuota": [b"20"], "accountStatus": [b"disabled"]}


@contextmanager
def directory(fault: Fault, late_s: float = 0.3) -> Iterator[Client]:
    """Run a directory that is wrong about Ann, and hire Ann and Bob."""
    with faulty(fault, lambda dn: dn == ANN, late_s=late_s) as address:
        client = Client(address, address.bind_dn, address.password.reveal())
        for dn in (ANN, BOB):
            client.add(dn, ["inetOrgPerson", "mailUser"], {"cn": "x", "sn": "x", "mailQuota": "10"})
        try:
            yield client
        finally:
            client.close()


def disable(client: Client, dn: str, *controls: Control) -> Answer:
    steps = (("mailQuota", DELETE, ["10"]), ("mailQuota", ADD, ["20"]), ("accountStatus", ADD, ["disabled"]))
    return client.modify(dn, *steps, controls=[SHOWN, *controls])


def now(client: Client, dn: str) -> Entry:
    return client.read(dn, "mailQuota", "accountStatus", "title")


def shown(answer: Answer) -> Entry:
    found = answer.controls[POST_READ]["value"]["result"]
    return {name: [value.encode() for value in values] for name, values in found.items()}


@pytest.mark.parametrize(
    ("fault", "code", "kept", "told"),
    [
        (Fault.DROPPED, 0, BEFORE, BEFORE),
        (Fault.CLAIMED, 0, BEFORE, PLANNED),
        (Fault.HALF, 0, {}, {}),
        (Fault.ELSEWHERE, 0, {**PLANNED, "title": [b"Meddled with"]}, PLANNED),
        (Fault.REFUSED, 80, PLANNED, None),
        (Fault.TWICE, 0, PLANNED, PLANNED),
    ],
    ids=lambda value: value.name.lower() if isinstance(value, Fault) else None,
)
def test_what_is_answered_and_what_is_so(fault: Fault, code: int, kept: Entry, told: Entry | None) -> None:
    with directory(fault) as client:
        answer = disable(client, ANN)
        assert answer.code == code
        assert now(client, ANN) == kept
        assert (shown(answer) if POST_READ in answer.controls else None) == told


@pytest.mark.parametrize("fault", Fault)
def test_entries_that_are_not_meant_are_changed_as_asked(fault: Fault) -> None:
    with directory(fault) as client:
        assert disable(client, BOB).code == 0
        assert now(client, BOB) == PLANNED


@pytest.mark.parametrize("fault", Fault)
def test_what_cannot_be_done_is_refused_all_the_same(fault: Fault) -> None:
    with directory(fault) as client:
        other: Control = (ASSERTION, True, ber.encode(0xA3, ber.octets("mailQuota"), ber.octets("11")))
        assert disable(client, ANN, other).code == 122
        assert client.modify(f"uid=none,{PEOPLE}", ("title", ADD, ["x"])).code == 32
        assert now(client, ANN) == BEFORE


def test_a_late_answer_comes_after_the_change() -> None:
    with directory(Fault.LATE) as client:
        start = time.monotonic()
        assert disable(client, ANN).code == 0
        assert time.monotonic() - start >= 0.3
        assert now(client, ANN) == PLANNED


def test_a_directory_that_keeps_an_answer_back_still_ends() -> None:
    start = time.monotonic()
    with faulty(Fault.LATE, people=1, late_s=600) as address, raw(address) as line:
        line.send(modify(2, PEOPLE, (REPLACE, "description", ["x"])))
    assert time.monotonic() - start < 20


def test_an_answer_that_comes_twice_has_the_same_number() -> None:
    with faulty(Fault.TWICE) as address, raw(address) as line:
        line.send(modify(2, PEOPLE, (REPLACE, "description", ["x"])), modify(3, PEOPLE, (REPLACE, "title", ["x"])))
        answers = line.answers(4)
        assert [(answer.number, code(answer)) for answer in answers] == [(2, 0), (2, 0), (3, 65), (3, 65)]


def test_without_a_choice_every_change_goes_wrong() -> None:
    with faulty(Fault.DROPPED, people=3) as address, raw(address) as line:
        line.send(modify(2, PEOPLE, (REPLACE, "description", ["x"])))
        assert code(line.answers(1)[0]) == 0
        client = Client(address)
        assert client.read(PEOPLE, "description") == {}
        client.close()
