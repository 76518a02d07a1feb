"""Changes that are under way together: each answer belongs to its request, however they come."""

from collections.abc import Iterator
from contextlib import closing
from itertools import count

import pytest

from mailtui.demo.address import DemoAddress
from mailtui.directory import ber
from mailtui.directory.connection import connect
from mailtui.directory.port import Directory, Modification, Written
from mailtui.directory.reader import Wire
from mailtui.domain.change import Change, Values
from mailtui.errors import AssertionFalse, DirectoryError, EntryGone, Unreachable
from tests.directory.conftest import PEOPLE, admin, config_of
from tests.directory.test_reader import Line, forever
from tests.servers.changing import modify
from tests.servers.proxy import proxied
from tests.servers.rules import Action, At, Kind

STAR = f"uid=star,{PEOPLE}"
DNS = [f"uid=p{number},{PEOPLE}" for number in range(64)]
NOTE = Change("description", add=(b"seen",))


def changing(dn: str, number: int) -> Modification:
    return Modification(dn, (Change("title", add=(str(number).encode(),)),))


def answers(directory: Directory, numbers: list[int]) -> dict[int, object]:
    return dict(directory.answer() for _number in numbers)


@pytest.fixture
def untitled(directory: Directory) -> Iterator[None]:
    """Take the titles away that a test gave."""
    yield
    for dn, entry in directory.read([*DNS, STAR], ("title",)).items():
        if entry.get("title"):
            modify(directory, dn, [Change("title", remove=entry.get("title"))])


@pytest.mark.usefixtures("untitled")
def test_changes_are_under_way_together_while_a_search_is_answered(directory: Directory) -> None:
    numbers = directory.send([changing(dn, number) for number, dn in enumerate(DNS)], ["title", "uid"])
    assert len(set(numbers)) == 64
    assert len(list(directory.search(PEOPLE, "(uid=p1*)", ("uid",)))) > 1000
    given = answers(directory, numbers)
    assert set(given) == set(numbers)
    for number, (position, dn) in zip(numbers, enumerate(DNS), strict=True):
        answer = given[number]
        assert isinstance(answer, Written)
        assert answer.after is not None
        assert (answer.after.dn, answer.after.get("title")) == (dn, (str(position).encode(),))


@pytest.mark.usefixtures("untitled")
def test_a_refusal_is_the_answer_to_its_own_request_and_ends_no_other(directory: Directory) -> None:
    nobody = f"uid=nobody,{PEOPLE}"
    wanted = [changing(DNS[0], 0), changing(nobody, 1), changing(DNS[2], 2)]
    stale = Modification(DNS[3], (Change("title", add=(b"x",)),), (Values("uid", (b"someone",)),))
    wrong = Modification(DNS[4], (Change("mailQuota", add=(b"much",)),))
    numbers = directory.send([*wanted, stale, wrong], ["title"])
    given = answers(directory, numbers)
    kinds = [type(given[number]) for number in numbers]
    assert kinds == [Written, EntryGone, Written, AssertionFalse, DirectoryError]


@pytest.mark.usefixtures("untitled")
@pytest.mark.parametrize("action", [Action.TWICE, Action.HOLD], ids=["twice", "late"])
def test_answers_that_come_twice_or_out_of_turn_are_each_taken_once(address: DemoAddress, action: Action) -> None:
    rules = [At(Kind.MODIFY_RESPONSE, number, action, 0.2) for number in (1, 3)]
    with proxied(address, *rules) as proxy:
        through = config_of(address, urls=(proxy.address.url,))
        with closing(connect(through, admin(address))) as directory:
            numbers = directory.send([changing(dn, number) for number, dn in enumerate(DNS[:4])])
            given = [directory.answer() for _number in numbers]
            assert sorted(number for number, _answer in given) == sorted(numbers)
            assert all(isinstance(answer, Written) for _number, answer in given)
            # What is left over on the line is nobody's.
            (next_one,) = directory.send([changing(DNS[5], 5)])
            assert directory.answer()[0] == next_one
            assert len(directory.read(DNS, ("uid",))) == 64


def test_the_entry_is_shown_as_it_was_and_as_it_became(directory: Directory) -> None:
    written = modify(directory, STAR, [Change("title", add=("Öl".encode(),))], reading=["title", "uid"])
    assert written.before is not None
    assert written.after is not None
    assert (written.before.dn, written.before.get("title"), written.before.get("uid")) == (STAR, (), (b"star",))
    assert (written.after.dn, written.after.get("title"), written.after.get("uid")) == (
        STAR, ("Öl".encode(),), (b"star",),
    )  # fmt: skip
    back = modify(directory, STAR, [Change("title", remove=("Öl".encode(),))], reading=["title"])
    assert back.before is not None
    assert back.before.get("title") == ("Öl".encode(),)


def test_nothing_is_shown_that_nobody_asks_for(directory: Directory) -> None:
    assert modify(directory, STAR, [Change("title", add=(b"x",))]) == Written()
    assert modify(directory, STAR, [Change("title", remove=(b"x",))]) == Written()


def test_another_entry_under_the_same_name_is_not_written(directory: Directory) -> None:
    ids = {dn: entry.text("entryUUID") or "" for dn, entry in directory.read([STAR, DNS[0]], ("entryUUID",)).items()}
    with pytest.raises(AssertionFalse):
        modify(directory, STAR, [NOTE], entry_id=ids[DNS[0]])
    with pytest.raises(AssertionFalse):
        modify(directory, STAR, [NOTE], entry_id=ids[STAR], expecting=[Values("uid", (b"other",))])
    modify(directory, STAR, [NOTE], entry_id=ids[STAR], expecting=[Values("uid", (b"star",))])
    modify(directory, STAR, [NOTE.reversed()], entry_id=ids[STAR])


def test_a_line_that_is_cut_is_a_lost_line_and_no_answer(address: DemoAddress) -> None:
    rule = At(Kind.MODIFY_REQUEST, 2, Action.CUT_AT_ANSWER)
    with proxied(address, rule) as proxy:
        through = config_of(address, urls=(proxy.address.url,))
        with closing(connect(through, admin(address))) as directory:
            numbers = directory.send([Modification(dn, (NOTE,)) for dn in DNS[:3]])
            with pytest.raises(Unreachable):
                answers(directory, numbers)
    with closing(connect(config_of(address), admin(address))) as directory:
        for dn, entry in directory.read(DNS[:3], ("description",)).items():
            if entry.get("description"):
                modify(directory, dn, [NOTE.reversed()])


class Numbers:
    """The part of ldap3's server that gives message ids."""

    def __init__(self) -> None:
        self._numbers = count(7)

    def next_message_id(self) -> int:
        return next(self._numbers)


class Sending(Line):
    """A line that takes whatever is sent."""

    def sendall(self, data: bytes) -> None:
        assert data


class Opened:
    """As much of ldap3's connection as is used when requests are put."""

    def __init__(self, data: bytes, size: int) -> None:
        self.socket = Sending(data, forever(size))
        self.server = Numbers()
        self.closed = False
        self.receive_timeout = 30


def response(number: int, code: int = 0, reason: str = "", tag: int = 0x67) -> bytes:
    body = ber.integer(code, ber.ENUMERATED) + ber.octets("") + ber.octets(reason)
    return ber.encode(ber.SEQUENCE, ber.integer(number), ber.encode(tag, body))


def put(data: bytes, size: int, requests: int = 3) -> Wire:
    wire = Wire(Opened(data, size), "ldap://test")
    assert wire.put([(b"\x66\x00", ())] * requests) == list(range(7, 7 + requests))
    return wire


@pytest.mark.parametrize("size", [1, 5, 4096])
def test_answers_in_any_order_and_pieces_are_told_by_number(size: int) -> None:
    wire = put(response(9, 20, "twice") + response(7) + response(9) + response(7) + response(8, 50), size)
    taken = [wire.next_ended() for _ in range(3)]
    assert [(number, result.code) for number, result in taken] == [(9, 20), (7, 0), (8, 50)]


@pytest.mark.parametrize("size", [1, 4096])
def test_a_notice_of_disconnection_ends_what_is_under_way(size: int) -> None:
    wire = put(response(8) + response(0, 52, "going down", tag=0x78) + response(7), size)
    assert wire.next_ended()[0] == 8
    with pytest.raises(Unreachable, match="going down"):
        wire.next_ended()


def test_an_answer_that_is_cut_off_is_a_lost_line() -> None:
    wire = put(response(7) + response(8)[:-3], 4096)
    assert wire.next_ended()[0] == 7
    with pytest.raises(Unreachable):
        wire.next_ended()
