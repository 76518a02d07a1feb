"""Rules of comparison, sizes, addresses, changes and texts made safe."""

from datetime import UTC, datetime

import pytest

from mailtui.domain.address import address_key, is_address
from mailtui.domain.change import Change, Values, change_between
from mailtui.domain.quota import Quota, format_size, parse_size
from mailtui.domain.rules import Rule, decode_time, encode_time, same_values, value_key
from mailtui.domain.secret import Secret
from mailtui.errors import UsageError
from mailtui.texts import clean, fit, width


@pytest.mark.parametrize(
    ("rule", "left", "right", "equal"),
    [
        (Rule.EXACT, b"a", b"A", False),
        (Rule.CASELESS, b"NoAccess", b"noaccess ", True),
        (Rule.ADDRESS, "x@Bücher.example".encode(), b"X@xn--bcher-kva.EXAMPLE", True),
        (Rule.ADDRESS, b"x@a.example", b"x@b.example", False),
        (Rule.DN, b"uid=a, dc=x", b"UID=A,DC=X", True),
        (Rule.INTEGER, b"010", b"10", True),
        (Rule.INTEGER, b"ten", b"10", False),
        (Rule.TIME, b"20270101000000Z", b"20270101000000.0Z", True),
        (Rule.TIME, b"20270101010000+0100", b"202701010000Z", True),
        (Rule.PHONE, b"+49 30-1234", b"+49301234", True),
    ],
)
def test_values_compare_by_their_rule(rule: Rule, left: bytes, right: bytes, equal: bool) -> None:
    assert (value_key(rule, left) == value_key(rule, right)) is equal


def test_sets_of_values_compare_without_order() -> None:
    assert same_values(Rule.CASELESS, (b"A", b"b"), (b"B", b"a"))
    assert not same_values(Rule.CASELESS, (b"A",), ())


def test_times_are_read_and_written_in_utc() -> None:
    moment = datetime(2027, 1, 2, 3, 4, 5, tzinfo=UTC)
    assert encode_time(moment) == b"20270102030405Z"
    assert decode_time(b"20270102030405.99Z") == moment
    assert decode_time(b"000001010000Z") is None
    assert decode_time(b"soon") is None


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("10GiB", 10 << 30),
        ("10 GB", 10 << 30),
        ("1.5g", 3 << 29),
        ("512 MiB", 512 << 20),
        ("1,5 MB", 3 << 19),
        ("7", 7),
    ],
)
def test_sizes_are_powers_of_1024(text: str, size: int) -> None:
    assert parse_size(text) == size


@pytest.mark.parametrize("text", ["", "ten", "-1GiB", "1 XB", "1e9", "１０GB GB"])
def test_what_is_no_size_is_refused(text: str) -> None:
    with pytest.raises(UsageError):
        parse_size(text)


def test_sizes_are_shown_as_people_read_them() -> None:
    assert [format_size(s) for s in (None, 0, 1023, 1 << 20, 3 << 29)] == ["?", "0 B", "1023 B", "1 MiB", "1.5 GiB"]


def test_unknown_use_is_never_zero_percent() -> None:
    assert Quota(limit_bytes=100).percent is None
    assert Quota(limit_bytes=None, used_bytes=5).percent is None
    assert Quota(limit_bytes=200, used_bytes=5).percent == 2.5


def test_addresses_compare_caseless_with_domains_as_a_labels() -> None:
    assert address_key(" Ann@EXAMPLE.com ") == "ann@example.com"
    assert is_address("a@b.example")
    assert not is_address("a b@c.example")
    assert not is_address("a@localhost")


def test_a_change_names_what_it_takes_and_gives() -> None:
    before = Values("mail", (b"A@x.example", b"b@x.example"))
    change = change_between(before, (b"a@x.example", b"c@x.example"), Rule.ADDRESS)
    assert change == Change("mail", (b"b@x.example",), (b"c@x.example",))
    assert change.applied_to(before.values, Rule.ADDRESS) == (b"A@x.example", b"c@x.example")
    assert change_between(before, before.values, Rule.ADDRESS) is None


def test_a_change_that_would_drop_a_whole_attribute_cannot_be_made() -> None:
    with pytest.raises(ValueError, match="changes nothing"):
        Change("mail")


def test_a_secret_never_shows_itself() -> None:
    secret = Secret("hunter2")
    assert "hunter2" not in f"{secret!r} {secret} {[secret]}"
    assert secret.reveal() == "hunter2"


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("\x1b[31mred\x1b[0m", "␛[31mred␛[0m"),
        ("two\nlines\r", "two␊lines␍"),
        ("c1 \x9b31m", "c1 \ufffd31m"),
        ("ab\u202etxt.exe", "abtxt.exe"),
        ("zero\u200bwidth", "zerowidth"),
        ("\udcff", "\ufffd"),
        ("\x7f", "␡"),
        ("张伟 [red]", "张伟 [red]"),
        ("line\u2028sep", "line␤sep"),
        ("❤\ufe0f", "❤"),
    ],
)
def test_text_is_made_safe_for_a_terminal(text: str, safe: str) -> None:
    assert clean(text) == safe


def test_text_fits_an_exact_number_of_cells() -> None:
    assert width("张伟a") == 5
    for cells in range(1, 9):
        assert width(fit("张伟 Wei", cells)) == cells
    assert fit("abcdef", 4) == "abc…"
