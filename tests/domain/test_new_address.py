"""Addresses that are to be given out: what is one, and how it is written."""

import pytest

from mailtui.domain.address import address_key
from mailtui.domain.new_address import written_address
from mailtui.errors import UsageError


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("chen.jing@example.com", "chen.jing@example.com"),
        (" Chen.Jing@Example.COM ", "Chen.Jing@example.com"),
        ("o'neill+list@example.com", "o'neill+list@example.com"),
        ("陈静@example.com", "陈静@example.com"),
        ("müller@bücher.example", "müller@xn--bcher-kva.example"),
        ("mu\u0308ller@example.com", "müller@example.com"),
        ("a@例子.公司", "a@xn--fsqu00a.xn--55qx5d"),
        ("a@xn--bcher-kva.example", "a@xn--bcher-kva.example"),
    ],
)
def test_an_address_is_written_as_servers_take_it(text: str, written: str) -> None:
    assert written_address(text) == written
    assert address_key(written) == address_key(written_address(written))


@pytest.mark.parametrize(
    "text",
    [
        "", "anna", "@example.com", "anna@", "anna@example", "a b@example.com", ".a@example.com", "a.@example.com",
        "a..b@example.com", '"a b"@example.com', "a@b@example.com", "a@-x.com", "a@x-.com", "a@x..com", "a@[127.0.0.1]",
        "a@127.0.0.1", "a\u00a0b@example.com", "a\u202eb@example.com", "a\x00@example.com", "a@straße.example",
        f"{'a' * 65}@example.com", f"{'é' * 33}@example.com", f"a@{'a' * 64}.com", f"{'a' * 60}@{'b.' * 100}com",
        "a@ex_ample.com", "a\udcff@example.com", "a,b@example.com", "<a@example.com>",
    ],
)  # fmt: skip
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(UsageError):
        written_address(text)
