"""Modifying entries: exact codes for values that are there and values that are not, and all steps or none."""

from collections.abc import Sequence

import pytest

from tests.conformance.client import ADD, DELETE, INCREMENT, REPLACE, Client
from tests.conformance.conftest import Hire
from tests.conformance.world import ANN, BASE, BOB, PEOPLE, TEAM

Step = tuple[str, str, Sequence[str]]


@pytest.fixture
def dana(hire: Hire) -> str:
    return hire("dana", mail=["Dana@example.com"], title=["Clerk"], mailQuota=["10"], description=["one", "two"])


@pytest.mark.parametrize(
    ("step", "left"),
    [
        (("title", ADD, ["Boss"]), ["Clerk", "Boss"]),
        (("title", REPLACE, ["Boss"]), ["Boss"]),
        (("title", REPLACE, []), []),
        (("title", DELETE, ["CLERK"]), []),
        (("title", DELETE, []), []),
        (("TITLE", REPLACE, ["a", "b"]), ["a", "b"]),
        (("2.5.4.12", REPLACE, ["by oid"]), ["by oid"]),
        (("description", DELETE, ["two"]), ["one"]),
        (("description", REPLACE, ["ONE"]), ["ONE"]),
        (("mailQuota", REPLACE, ["20"]), ["20"]),
        (("mailQuota", INCREMENT, ["5"]), ["15"]),
        (("mailQuota", INCREMENT, ["-15"]), ["-5"]),
        (("employeeNumber", REPLACE, []), []),
        (("expiredDate", ADD, ["20260101000000Z"]), ["20260101000000Z"]),
        (("pwdAccountLockedTime", ADD, ["000001010000Z"]), ["000001010000Z"]),
    ],
)
def test_a_step_does_what_it_says(admin: Client, dana: str, step: Step, left: list[str]) -> None:
    answer = admin.modify(dana, step)
    assert answer.code == 0, answer
    entry = admin.read(dana, step[0])
    assert [value.decode() for values in entry.values() for value in values] == left


@pytest.mark.parametrize(
    ("step", "code"),
    [
        (("mail", ADD, ["DANA@example.com"]), 20),
        (("description", ADD, ["x", "X"]), 20),
        (("description", REPLACE, ["x", "X"]), 20),
        (("mail", DELETE, ["other@example.com"]), 16),
        (("employeeNumber", DELETE, []), 16),
        (("employeeNumber", DELETE, ["1"]), 16),
        (("employeeNumber", INCREMENT, ["1"]), 19),
        (("mailQuotaUsed", INCREMENT, ["1"]), 16),
        (("mailQuota", INCREMENT, ["x"]), 21),
        (("title", INCREMENT, ["1"]), 19),
        (("mailQuota", ADD, ["11"]), 19),
        (("mailQuota", REPLACE, ["11", "12"]), 19),
        (("mailQuota", REPLACE, ["much"]), 21),
        (("telephoneNumber", ADD, ["+49;30"]), 21),
        (("manager", ADD, ["nobody"]), 21),
        (("title", ADD, [""]), 21),
        (("noSuchAttribute", ADD, ["x"]), 17),
        (("title", ADD, []), 2),
        (("sn", DELETE, []), 65),
        (("sn", DELETE, ["Hired"]), 65),
        (("ou", ADD, ["people"]), 0),
        (("member", ADD, [ANN]), 65),
        (("uid", DELETE, ["dana"]), 64),
        (("uid", DELETE, []), 64),
        (("uid", REPLACE, ["other"]), 64),
        (("uid", REPLACE, ["DANA"]), 0),
        (("uid", ADD, ["second"]), 0),
        (("objectClass", DELETE, ["mailUser"]), 65),
        (("objectClass", DELETE, ["inetOrgPerson"]), 65),
        (("objectClass", ADD, ["account"]), 65),
        (("objectClass", ADD, ["dcObject"]), 65),
        (("objectClass", ADD, ["noSuchClass"]), 21),
        (("objectClass", ADD, ["person"]), 0),
        (("objectClass", REPLACE, ["organizationalUnit"]), 69),
        (("objectClass", REPLACE, ["person"]), 69),
        (("entryUUID", REPLACE, ["b5fc1fd0-6d3c-4f3c-9b6c-6b0d1a0a1a1a"]), 19),
        (("createTimestamp", REPLACE, ["20260101000000Z"]), 19),
        (("entryDN", REPLACE, [ANN]), 19),
        (("pwdLastSuccess", REPLACE, ["20260101000000Z"]), 19),
    ],
)
def test_a_step_that_cannot_be_done_says_why_and_changes_nothing(
    admin: Client, dana: str, step: Step, code: int
) -> None:
    before = admin.read(dana, "*", "+")
    assert admin.modify(dana, step).code == code
    assert (admin.read(dana, "*", "+") == before) is bool(code)


def test_all_steps_are_done_or_none(admin: Client, dana: str) -> None:
    before = admin.read(dana, "*", "+")
    assert admin.modify(dana, ("title", ADD, ["Boss"]), ("mail", DELETE, ["stale@example.com"])).code == 16
    assert admin.modify(dana, ("title", ADD, ["Boss"]), ("sn", DELETE, [])).code == 65
    assert admin.modify(dana, ("title", ADD, ["Boss"]), ("noSuchAttribute", ADD, ["x"])).code == 17
    assert admin.read(dana, "*", "+") == before


def test_steps_are_done_in_their_order(admin: Client, dana: str) -> None:
    assert admin.modify(dana, ("title", ADD, ["Clerk"]), ("title", DELETE, ["Clerk"])).code == 20
    assert admin.modify(dana, ("title", DELETE, ["Clerk"]), ("title", ADD, ["CLERK"])).code == 0
    assert admin.read(dana, "title") == {"title": [b"CLERK"]}
    assert admin.modify(dana, ("sn", DELETE, []), ("sn", ADD, ["Hired"])).code == 0


def test_naming_the_old_value_is_a_lock(admin: Client, dana: str) -> None:
    swap = (("mailQuota", DELETE, ["10"]), ("mailQuota", ADD, ["20"]))
    assert admin.modify(dana, *swap).code == 0
    assert admin.modify(dana, *swap).code == 16
    assert admin.read(dana, "mailQuota") == {"mailQuota": [b"20"]}


def test_a_change_is_stamped(admin: Client, dana: str) -> None:
    before = admin.read(dana, "entryCSN", "entryUUID", "createTimestamp", "modifyTimestamp")
    assert admin.modify(dana, ("title", REPLACE, ["Boss"])).code == 0
    after = admin.read(dana, "entryCSN", "entryUUID", "createTimestamp", "modifyTimestamp")
    assert after["entryCSN"][0] > before["entryCSN"][0]
    assert after["modifyTimestamp"][0] >= before["modifyTimestamp"][0]
    assert (after["entryUUID"], after["createTimestamp"]) == (before["entryUUID"], before["createTimestamp"])


def test_an_empty_change_is_no_error(admin: Client) -> None:
    assert admin.modify(ANN, ("employeeNumber", REPLACE, [])).code == 0


@pytest.mark.parametrize(
    ("dn", "code", "matched"),
    [
        (f"uid=none,{PEOPLE}", 32, PEOPLE),
        ("no dn", 34, ""),
        ("dc=other", 53, ""),
        ("", 53, ""),
        ("cn=Subschema", 53, ""),
    ],
)
def test_what_is_not_there_cannot_be_changed(admin: Client, dn: str, code: int, matched: str) -> None:
    answer = admin.modify(dn, ("cn", ADD, ["x"]))
    assert (answer.code, answer.matched) == (code, matched)


def test_members_compare_as_dns(admin: Client) -> None:
    assert admin.modify(TEAM, ("member", ADD, [f"UID=Ann , OU=people,{BASE}"])).code == 20
    assert admin.modify(TEAM, ("member", DELETE, [f"UID=BOB,ou=People, {BASE}"])).code == 0
    assert admin.modify(TEAM, ("member", DELETE, [ANN])).code == 65
    assert admin.modify(TEAM, ("member", ADD, [f"uid = bob , OU=people,{BASE}"])).code == 0
    assert admin.read(TEAM, "member") == {"member": [ANN.encode(), f"uid=bob,ou=people,{BASE}".encode()]}
    assert admin.modify(TEAM, ("member", REPLACE, [ANN, BOB])).code == 0


def test_values_with_options_are_apart(admin: Client, dana: str) -> None:
    assert admin.modify(dana, ("title;lang-DE", ADD, ["Sachbearbeiterin"])).code == 0
    assert admin.read(dana, "title") == {"title": [b"Clerk"], "title;lang-de": [b"Sachbearbeiterin"]}
    assert admin.found("(title=sachbearbeiterin)") == {"dana"}
    assert admin.modify(dana, ("title", DELETE, [])).code == 0
    assert admin.read(dana, "title") == {"title;lang-de": [b"Sachbearbeiterin"]}


def test_bytes_that_are_no_text_are_kept(admin: Client, dana: str) -> None:
    picture = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01" + bytes(range(256)) + b"\xff\xd9"
    assert admin.modify(dana, ("jpegPhoto", ADD, [picture])).code == 0
    assert admin.read(dana, "jpegPhoto") == {"jpegPhoto": [picture]}
