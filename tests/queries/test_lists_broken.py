"""A list whose rows cannot be told apart is refused; nothing of it is ever passed over."""

from collections.abc import Callable

import pytest

from mailtui.errors import UsageError
from mailtui.queries.lists import match, read_list
from mailtui.queries.mirror import Mirror
from tests.cache.records import person

Filled = Callable[..., Mirror]


@pytest.fixture
def company(filled: Filled) -> Mirror:
    numbers = ("0003", "0004", "0006")
    return filled(*(person(f"u{n}", f"Person {n}", mail=f"u{n}@acme.test") for n in numbers))


BROKEN = {
    'mail,note\nu0003@acme.test,"gone\nu0004@acme.test,x\nu0006@acme.test,y\n': "Line 2",
    'mail,note\nu0003@acme.test,x\nu0004@acme.test,"gone\nu0006@acme.test,y\n': "Line 3",
    'mail;note\nu0003@acme.test;"gone\nu0004@acme.test;x\nu0006@acme.test;y"\n': "line 2",
    'mail,note\nu0003@acme.test,"gone\nu0004@acme.test,x\nu0006@acme.test,"y"\n': "line 2",
    'login,note\nu0003,"gone\nu0004,x\nu0006,"\n': "line 2",
    'mail,note\n"u0003@acme.test"x,gone\nu0004@acme.test,x\n': "line 2",
    'u0003@acme.test,x\nu0004@acme.test,"gone\nu0006@acme.test,y\n': "Line 2",
    'u0003@acme.test,"gone\nu0004@acme.test,x\n': "Line 1",
    '"mail,note\nu0003@acme.test,gone"\n': "line 1",
    '"u0003@acme.test\nu0004@acme.test"\n': "line 1",
    '"u0003@acme.test\nu0004@acme.test\n': "Line 1",
    '"u0003\n"Jan Lee" <u0004@acme.test>\n': "",
    '"open quote\nasmith': "Line 1",
    '","\n;;;\t\n"': "Line 3",
    "mail,note\nu0003@acme.test,x\nu0004@acme.test," + "y" * ((1 << 20) + 1) + "\n": "Line 3",
    'mail,note\nu0003@acme.test,"' + "y\n" * (1 << 20) + '"\n': "",
    "u0003\n" * 200_002: "200000",
}


@pytest.mark.parametrize("text", BROKEN, ids=lambda text: repr(text[:60]))
def test_a_list_that_cannot_be_taken_apart_is_refused_with_its_line(company: Mirror, text: str) -> None:
    with pytest.raises(UsageError) as refused:
        match(company, text)
    assert BROKEN[text] in refused.value.message
    assert refused.value.hint


SOUND = {
    'mail,note\n"u0003@acme.test","gone\non Friday"\nu0004@acme.test,"a ""quoted"" word, and more"\n': 2,
    'note;mail\n"first\nsecond\n\nthird";u0003@acme.test\n;u0004@acme.test\n': 2,
    '"mail","note"\r\n"u0003@acme.test","x"\r\n"u0004@acme.test",""\r\n': 2,
    '"u0003@acme.test"\n"u0004@acme.test"\n': 2,
    '"Person 0003" <u0003@acme.test>\n"u0004@acme.test"\n': 2,
    'mail,note\nu0003@acme.test,5" disk\nu0004@acme.test,x\n': 2,
    "name\n\"Person\n0003\"\nPerson 0004\n": 2,
}  # fmt: skip


@pytest.mark.parametrize("text", SOUND)
def test_quotes_of_rfc_4180_are_read(company: Mirror, text: str) -> None:
    assert [row.account.login for row in match(company, text).rows if row.account] == ["u0003", "u0004"]


def test_a_list_of_more_than_32_mib_is_refused() -> None:
    with pytest.raises(UsageError, match="32 MiB"):
        read_list(b"a" * ((32 << 20) + 1))
