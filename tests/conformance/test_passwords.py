"""Changing passwords by the extended operation of RFC 3062."""

import pytest

from tests.conformance.client import Client
from tests.conformance.conftest import Connect, Hire
from tests.conformance.world import BOB, PEOPLE, TEAM


@pytest.fixture
def tom(hire: Hire) -> str:
    return hire("tom", userPassword=["tom's old"])


def test_the_administrator_gives_passwords(admin: Client, connect: Connect, tom: str) -> None:
    assert admin.modify_password(tom, None, "given").code == 0
    assert connect(tom, "given").bound.code == 0
    assert connect(tom, "tom's old").bound.code == 49


def test_a_password_is_kept_hashed(admin: Client, tom: str) -> None:
    admin.modify_password(tom, None, "given")
    (kept,) = admin.read(tom, "userPassword")["userPassword"]
    assert kept.startswith(b"{SSHA")
    assert b"given" not in kept


def test_a_password_can_be_made_by_the_server(admin: Client, connect: Connect, tom: str) -> None:
    answer = admin.modify_password(tom)
    assert answer.code == 0
    assert len(answer.message) >= 8
    assert connect(tom, answer.message).bound.code == 0


def test_who_has_none_can_be_given_one(admin: Client, connect: Connect, hire: Hire) -> None:
    dn = hire("ulf")
    assert admin.modify_password(dn, None, "first").code == 0
    assert connect(dn, "first").bound.code == 0


def test_people_change_their_own(connect: Connect, tom: str) -> None:
    own = connect(tom, "tom's old")
    assert own.modify_password(None, "wrong", "x").code == 53
    assert own.modify_password(None, "tom's old", "second").code == 0
    assert own.modify_password(tom, "second", "third").code == 0
    assert own.modify_password(None, None, "fourth").code == 0
    assert connect(tom, "fourth").bound.code == 0


def test_people_change_nobody_elses(connect: Connect, tom: str) -> None:
    own = connect(tom, "tom's old")
    assert own.modify_password(BOB, None, "x").code == 50
    assert connect(BOB, "bob's secret").bound.code == 0


def test_nobody_changes_none(nobody: Client, tom: str) -> None:
    assert nobody.modify_password(tom, "tom's old", "x").code == 8
    assert nobody.modify_password(None, None, "x").code == 8


def test_what_cannot_have_a_password_gets_none(admin: Client) -> None:
    assert admin.modify_password(f"uid=none,{PEOPLE}", None, "x").code == 32
    assert admin.modify_password("no dn", None, "x").code == 21
    assert admin.modify_password(TEAM, None, "x").code == 65


def test_a_password_can_be_replaced_by_a_modify(admin: Client, connect: Connect, tom: str) -> None:
    assert admin.modify(tom, ("userPassword", "MODIFY_REPLACE", ["plain"])).code == 0
    assert connect(tom, "plain").bound.code == 0
