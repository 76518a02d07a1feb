"""Our own reader against every encoding that servers use, however the bytes arrive."""

import random
from collections.abc import Iterator
from typing import Any

import pytest

from mailtui.directory import ber
from mailtui.directory.port import Entry
from mailtui.directory.reader import DONE, ENTRY, Result, Wire
from mailtui.errors import DirectoryError, Unreachable


class Line:
    """A socket that gives prepared bytes in pieces of given sizes, and then ends."""

    def __init__(self, data: bytes, sizes: Iterator[int]) -> None:
        self._data, self._sizes = data, sizes

    def recv(self, most: int) -> bytes:
        size = min(most, next(self._sizes))
        piece, self._data = self._data[:size], self._data[size:]
        return piece


class Opened:
    """As much of ldap3's connection as the reader uses once a request has left."""

    def __init__(self, line: Line) -> None:
        self.socket: Any = line
        self.receive_timeout = 30


def element(tag: int, content: bytes, extra: int) -> bytes:
    """Write an element with its length in the short form, or in `extra` octets as Active Directory does."""
    if not extra:
        return ber.encode(tag, content)
    return bytes((tag, 0x80 | extra)) + len(content).to_bytes(extra, "big") + content


def entry_message(number: int, dn: bytes, attributes: dict[str, list[bytes]], extra: int) -> bytes:
    parts = b"".join(
        element(
            0x30,
            element(0x04, name.encode(), 0) + element(0x31, b"".join(element(0x04, v, extra) for v in values), extra),
            extra,
        )
        for name, values in attributes.items()
    )
    body = element(0x04, dn, extra) + element(0x30, parts, extra)
    return element(0x30, ber.integer(number) + element(ENTRY, body, extra), extra)


def done_message(number: int, code: int = 0, reason: str = "", control: bytes = b"") -> bytes:
    body = ber.integer(code, ber.ENUMERATED) + ber.octets("") + ber.octets(reason)
    return ber.encode(ber.SEQUENCE, ber.integer(number), ber.encode(DONE, body), control)


def read(data: bytes, sizes: Iterator[int], number: int = 7) -> list[Entry | Result]:
    return list(Wire(Opened(Line(data, sizes)), "ldap://test").entries(number))


def forever(size: int) -> Iterator[int]:
    while True:
        yield size


@pytest.mark.parametrize("extra", [0, 4], ids=["short lengths", "four-octet lengths"])
@pytest.mark.parametrize("size", [1, 2, 7, 4096])
def test_entries_are_the_same_however_they_arrive(extra: int, size: int) -> None:
    chooser = random.Random(size)
    wanted = [
        (
            f"uid=p{n},dc=x",
            {
                f"attr{a}": [chooser.randbytes(chooser.choice([0, 3, 127, 128, 300])) for _ in range(a)]
                for a in range(4)
            },
        )
        for n in range(20)
    ]
    data = b"".join(entry_message(7, dn.encode(), attributes, extra) for dn, attributes in wanted) + done_message(7)
    *entries, result = read(data, forever(size))
    assert [(e.dn, {k: list(v) for k, v in e.attributes.items()}) for e in entries if isinstance(e, Entry)] == wanted
    assert isinstance(result, Result)
    assert result.code == 0


def test_a_large_value_comes_whole() -> None:
    value = random.Random(1).randbytes(700_000)
    entry, _result = read(entry_message(7, b"dc=x", {"jpegPhoto": [value]}, 0) + done_message(7), forever(65_536))
    assert isinstance(entry, Entry)
    assert entry.get("JPEGPHOTO") == (value,)


def test_bytes_that_are_no_text_survive_in_a_dn() -> None:
    entry, _result = read(entry_message(7, b"uid=\xff\xfe,dc=x", {}, 0) + done_message(7), forever(100))
    assert isinstance(entry, Entry)
    assert entry.dn.encode("utf-8", "surrogateescape") == b"uid=\xff\xfe,dc=x"


def test_answers_to_other_requests_are_passed_over() -> None:
    data = entry_message(6, b"dc=old", {}, 0) + entry_message(7, b"dc=new", {}, 0) + done_message(7)
    assert [e.dn for e in read(data, forever(100)) if isinstance(e, Entry)] == ["dc=new"]


def test_a_result_carries_its_reason_and_controls() -> None:
    control = ber.encode(
        0xA0, ber.encode(ber.SEQUENCE, ber.octets("1.2.3"), ber.boolean(True), ber.octets(b"\x01\x02"))
    )
    (result,) = read(done_message(7, 50, "no right", control), forever(100))
    assert result == Result(50, "", "no right", {"1.2.3": b"\x01\x02"})


def test_a_line_that_ends_in_an_entry_is_a_lost_line() -> None:
    data = entry_message(7, b"dc=x", {"a": [b"1"]}, 0) + entry_message(7, b"dc=y", {"a": [b"2"]}, 0)[:-4]
    with pytest.raises(Unreachable):
        read(data, forever(100))


def test_a_notice_of_disconnection_is_told_with_its_reason() -> None:
    body = ber.integer(52, ber.ENUMERATED) + ber.octets("") + ber.octets("going down")
    notice = ber.encode(ber.SEQUENCE, ber.integer(0), ber.encode(0x78, body))
    with pytest.raises(Unreachable, match="going down"):
        read(notice, forever(100))


@pytest.mark.parametrize("seed", range(300))
def test_what_is_no_ldap_ends_in_one_failure_and_never_hangs(seed: int) -> None:
    chooser = random.Random(seed)
    data = bytearray(entry_message(7, b"dc=x", {"a": [b"1", b"22"], "b": [b"3"]}, 0) + done_message(7))
    for _ in range(chooser.randint(1, 4)):
        data[chooser.randrange(len(data))] = chooser.randrange(256)
    try:
        read(bytes(data), forever(50))
    except DirectoryError:
        return
    except (IndexError, ValueError, RuntimeError) as error:
        pytest.fail(f"not translated: {error!r}")
