"""The line itself: bytes that are no requests, many requests at once, many clients at once."""

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator

import pytest

from mailtui.demo.address import DemoAddress
from mailtui.directory import ber
from tests.conformance.client import ADD, DELETE, REPLACE, Client
from tests.conformance.conftest import Connect, Hire
from tests.conformance.world import ANN, BASE, PEOPLE
from tests.servers import raw

WHO_AM_I = ber.encode(0x77, ber.octets("1.3.6.1.4.1.4203.1.11.3", 0x80))
NOTICE = b"1.3.6.1.4.1.1466.20036"
SEARCH_DONE = 0x65
Send = Callable[..., bytes]


def message(number: int, body: bytes) -> bytes:
    return ber.encode(ber.SEQUENCE, ber.integer(number), body)


def bind(dn: str, password: str, version: int = 3) -> bytes:
    return ber.encode(0x60, ber.integer(version), ber.octets(dn), ber.octets(password, 0x80))


def answered(number: int, tag: int = 0x78) -> bytes:
    """Give what the response to a message begins with."""
    return ber.integer(number) + bytes([tag])


def shown(attribute: str) -> raw.Control:
    """Ask for an attribute as it is afterwards (Post-Read)."""
    return "1.3.6.1.1.13.2", True, ber.encode(ber.SEQUENCE, ber.octets(attribute))


def search(base: str, question: bytes, scope: int = 0) -> bytes:
    head = (ber.octets(base), ber.integer(scope, ber.ENUMERATED), ber.integer(0, ber.ENUMERATED))
    rest = (ber.integer(0), ber.integer(0), ber.boolean(value=False), question)
    return ber.encode(0x63, *head, *rest, ber.encode(ber.SEQUENCE, ber.octets("1.1")))


@pytest.fixture
def send(directory: DemoAddress) -> Iterator[Send]:
    """Give a function that sends bytes on a line of its own, and gives what comes until an end or a hang-up."""
    lines: list[socket.socket] = []

    def sent(*parts: bytes, until: bytes = b"never") -> bytes:
        line = socket.create_connection(("127.0.0.1", directory.port), timeout=20)
        lines.append(line)
        for part in parts:
            line.sendall(part)
        answer = b""
        # A server that hangs up before it has read all resets the line.
        with contextlib.suppress(ConnectionResetError):
            while until not in answer and (received := line.recv(65536)):
                answer += received
        return answer

    yield sent
    for line in lines:
        line.close()


@pytest.mark.parametrize(
    "junk",
    [
        b"\x30\x80\x02\x01\x01\x00\x00",
        b"\x30\x05\x02\x01\x01\x99\x00",
        message(1, ber.encode(0x7F)),
        message(1, ber.encode(0x63, ber.octets(BASE))),
        message(1, search(BASE, ber.encode(0xBF))),
        message(1, search(BASE, b"\xa3\x03\x04\x01")),
    ],
    ids=["indefinite length", "unknown request", "unknown application", "short search", "no filter", "short filter"],
)
def test_the_server_hangs_up_on_what_is_no_request(send: Send, junk: bytes) -> None:
    # Read to its end: a server that did not hang up would be waited for until the line's own time is up. What came in
    # behind it is no part of this: slapd carries out the requests of one connection at the same time.
    answer = send(junk)
    assert answer == b"" or NOTICE in answer


def test_a_request_may_come_in_pieces(send: Send) -> None:
    whole = message(7, WHO_AM_I)
    assert answered(7) in send(*(whole[i : i + 1] for i in range(len(whole))), until=answered(7))


def test_requests_may_be_sent_without_waiting(send: Send) -> None:
    requests = b"".join(message(number, WHO_AM_I) for number in range(1, 51))
    for number in (1, 25, 50):
        assert answered(number) in send(requests, until=answered(number))


def test_many_changes_sent_in_one_write_are_each_answered(directory: DemoAddress, admin: Client) -> None:
    dns = [f"ou=pipe{number},{BASE}" for number in range(64)]
    for dn in dns:
        assert admin.add(dn, ["organizationalUnit"], {}).code == 0
    requests = [
        raw.modify(number, dn, (raw.ADD, "description", [str(number)]), controls=[shown("description")])
        for number, dn in enumerate(dns, start=2)
    ]
    # One that fails stops no other.
    requests[10] = raw.modify(12, dns[10], (raw.DELETE, "description", ["none"]))
    with raw.raw(directory) as line:
        line.send(*requests)
        answers = {answer.number: answer for answer in line.answers(64)}
    assert {number: raw.code(answer) for number, answer in answers.items()} == {
        number: 16 if number == 12 else 0 for number in range(2, 66)
    }
    for number in {*answers} - {12}:
        assert ber.octets(str(number)) in answers[number].data
    for dn in dns:
        assert admin.delete(dn).code == 0


def test_changes_of_one_entry_in_one_write_are_all_made(directory: DemoAddress, hire: Hire, admin: Client) -> None:
    dn = hire("zoe")
    with raw.raw(directory) as line:
        line.send(*[raw.modify(n, dn, (raw.ADD, "description", [str(n)])) for n in range(2, 18)])
        assert {raw.code(answer) for answer in line.answers(16)} == {0}
    assert sorted(admin.read(dn, "description")["description"]) == sorted(str(n).encode() for n in range(2, 18))


def test_an_abandon_is_not_answered(send: Send) -> None:
    answer = send(message(5, ber.integer(3, 0x50)), message(6, WHO_AM_I), until=answered(6))
    assert ber.integer(5) not in answer


def test_an_unbind_ends_the_connection(send: Send) -> None:
    assert send(message(1, ber.encode(0x42))) == b""


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (bind(ANN, "ann's secret"), 0),
        (bind("", ""), 0),
        (bind(ANN, ""), 53),
        (bind(ANN, "ann's secret", version=2), 2),
        (ber.encode(0x60, ber.integer(3), ber.octets(""), ber.encode(0xA3, ber.octets("EXTERNAL"))), 7),
        (ber.encode(0x77, ber.octets("1.2.3.4", 0x80)), 2),
        (search(ANN, ber.octets("cn", 0x87), scope=9), 2),
        (search(ANN, ber.encode(0xA0)), 0),
        (search(ANN, ber.encode(0xA1)), 0),
        (ber.encode(0x66, ber.octets(ANN), ber.encode(ber.SEQUENCE)), 8),
    ],
    ids=[
        *("bind", "anonymous", "no password", "version 2", "external", "unknown operation", "no scope"),
        *("true filter", "false filter", "nobody"),
    ],
)
def test_requests_that_ldap3_does_not_make_are_answered(send: Send, body: bytes, code: int) -> None:
    ending = ber.integer(code, ber.ENUMERATED)
    assert ending in send(message(1, body), until=ending)


@pytest.mark.parametrize(
    ("attributes", "code"),
    [((), 2), ((ber.encode(ber.SEQUENCE, ber.octets("cn"), ber.encode(ber.SET, ber.octets("x"))),), 65)],
    ids=["none", "no class"],
)
def test_an_entry_needs_attributes_and_a_class(
    send: Send, directory: DemoAddress, attributes: tuple[bytes, ...], code: int
) -> None:
    known = message(1, bind(directory.bind_dn, directory.password.reveal()))
    add = ber.encode(0x68, ber.octets(f"cn=x,{PEOPLE}"), ber.encode(ber.SEQUENCE, *attributes))
    ending = ber.integer(code, ber.ENUMERATED)
    assert ending in send(known, message(2, add), until=ending)


def test_filters_that_are_always_true_or_false(send: Send) -> None:
    assert ANN.encode() in send(message(1, search(ANN, ber.encode(0xA0))), until=answered(1, SEARCH_DONE))
    assert ANN.encode() not in send(message(1, search(ANN, ber.encode(0xA1))), until=answered(1, SEARCH_DONE))


def test_many_clients_at_once_lose_no_change(connect: Connect, hire: Hire, directory: DemoAddress) -> None:
    dn = hire("vic", mailQuotaUsed=["0"])
    clients = [connect(directory.bind_dn, directory.password.reveal()) for _number in range(4)]
    codes: list[int] = []

    def count(number: int) -> None:
        for step in range(25):
            codes.append(clients[number].modify(dn, ("mailQuotaUsed", "MODIFY_INCREMENT", ["1"])).code)
            codes.append(clients[number].modify(dn, ("description", ADD, [f"{number} {step}"])).code)

    threads = [threading.Thread(target=count, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    entry = clients[0].read(dn, "mailQuotaUsed", "description")
    assert set(codes) == {0}
    assert entry["mailQuotaUsed"] == [b"100"]
    assert len(entry["description"]) == 100


def test_a_reader_sees_an_entry_before_or_after_a_change_but_never_between(
    connect: Connect, hire: Hire, directory: DemoAddress
) -> None:
    dn = hire("wim", title=["a"], description=["a"])
    writer, reader = connect(directory.bind_dn, directory.password.reveal()), connect()
    is_over = threading.Event()

    def write() -> None:
        for step in range(40):
            old, new = ("a", "b") if step % 2 == 0 else ("b", "a")
            both = [
                (name, what, [value])
                for name in ("title", "description")
                for what, value in ((DELETE, old), (ADD, new))
            ]
            assert writer.modify(dn, *both).code == 0
        is_over.set()

    thread = threading.Thread(target=write)
    thread.start()
    while not is_over.is_set():
        entry = reader.read(dn, "title", "description")
        assert entry["title"] == entry["description"]
    thread.join()
    assert writer.modify(dn, ("title", REPLACE, [])).code == 0


def test_a_long_value_and_a_long_list_come_through(connect: Connect, directory: DemoAddress, hire: Hire) -> None:
    admin = connect(directory.bind_dn, directory.password.reveal())
    dn = hire("xia")
    values = [f"{number} " + "x" * 300 for number in range(1000)]
    assert admin.modify(dn, ("description", REPLACE, [*values, "y" * 100_000])).code == 0
    entry = admin.read(dn, "description")
    assert [len(value) for value in entry["description"]] == [*map(len, values), 100_000]
    assert admin.found(f"(&(uid=xia)(description={values[-1]}))", PEOPLE) == {"xia"}
