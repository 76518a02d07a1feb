"""Renaming and moving entries, with all that is below them."""

import pytest

from tests.conformance.client import Client
from tests.conformance.conftest import Hire
from tests.conformance.world import ANN, BASE, BOB, DEEP, GROUPS, PEOPLE, PERSON


def test_the_old_value_of_a_name_goes_or_stays_as_asked(admin: Client, hire: Hire) -> None:
    dn = hire("eve")
    identity = admin.read(dn, "entryUUID")
    assert admin.rename(dn, "uid=eva").code == 0
    assert admin.read(f"uid=eva,{PEOPLE}", "uid") == {"uid": [b"eva"]}
    assert admin.rename(f"uid=eva,{PEOPLE}", "uid=evelyn", deletes_old=False).code == 0
    assert admin.read(f"uid=evelyn,{PEOPLE}", "uid") == {"uid": [b"eva", b"evelyn"]}
    assert admin.read(f"uid=evelyn,{PEOPLE}", "entryUUID") == identity
    assert admin.found("(uid=eve)") == set()


def test_a_name_may_change_its_case_and_its_attribute(admin: Client, hire: Hire) -> None:
    dn = hire("fay")
    assert admin.rename(dn, "uid=FAY").code == 0
    assert list(admin.search(dn).entries) == [f"uid=FAY,{PEOPLE}"]
    assert admin.rename(dn, "cn=Fay Moss", deletes_old=False).code == 0
    entry = admin.read(f"cn=Fay Moss,{PEOPLE}", "uid", "cn")
    assert entry == {"uid": [b"FAY"], "cn": [b"Fay", b"Fay Moss"]}
    assert admin.rename(f"cn=Fay Moss,{PEOPLE}", "cn=Fay+uid=fay").code == 0
    assert admin.read(f"uid=fay+cn=Fay,{PEOPLE}", "cn") == {"cn": [b"Fay"]}


def test_an_entry_moves(admin: Client, hire: Hire) -> None:
    dn = hire("gil")
    assert admin.rename(dn, "uid=gil", DEEP).code == 0
    assert list(admin.search(BASE, "(uid=gil)").entries) == [f"uid=gil,{DEEP}"]
    assert admin.rename(f"uid=gil,{DEEP}", "uid=gilbert", PEOPLE).code == 0
    assert list(admin.search(BASE, "(uid=gilbert)").entries) == [f"uid=gilbert,{PEOPLE}"]


def test_what_is_below_moves_along(admin: Client, hire: Hire) -> None:
    unit, sub = f"ou=team,{PEOPLE}", f"ou=sub,ou=team,{PEOPLE}"
    for dn, name in ((unit, "team"), (sub, "sub")):
        assert admin.add(dn, ["organizationalUnit"], {"ou": [name]}).code == 0
    hire("hal", sub)
    before = admin.read(f"uid=hal,{sub}", "entryUUID", "entryCSN", "modifyTimestamp")
    assert admin.rename(unit, "ou=crew", GROUPS).code == 0
    moved = f"ou=sub,ou=crew,{GROUPS}"
    assert list(admin.search(f"ou=crew,{GROUPS}").entries) == [f"ou=crew,{GROUPS}", moved, f"uid=hal,{moved}"]
    assert admin.search(unit).code == 32
    assert admin.read(f"uid=hal,{moved}", "entryUUID", "entryCSN", "modifyTimestamp") == before
    assert admin.read(f"uid=hal,{moved}", "entryDN") == {"entryDN": [f"uid=hal,{moved}".encode()]}
    assert admin.found(f"(entryDN=uid=hal,{moved})") == {"hal"}
    assert admin.rename(f"ou=crew,{GROUPS}", "ou=team", PEOPLE).code == 0
    assert [admin.delete(dn).code for dn in (f"uid=hal,{sub}", sub, unit)] == [0, 0, 0]


@pytest.mark.parametrize(
    ("dn", "rdn", "superior", "code"),
    [
        (ANN, "uid=bob", None, 68),
        (ANN, "uid=BOB", None, 68),
        (ANN, "unknown=x", None, 34),
        (ANN, "no rdn", None, 34),
        (ANN, "uid=x,ou=y", None, 34),
        (ANN, "uid=", None, 34),
        (ANN, "uid=ann", f"ou=none,{BASE}", 32),
        (ANN, "uid=ann", "no dn", 34),
        (ANN, "uid=ann", "dc=other", 71),
        (ANN, "dc=ann", None, 65),
        (ANN, "mailQuota=5", None, 19),
        (PEOPLE, "ou=people", PEOPLE, 53),
        (PEOPLE, "ou=people", DEEP, 53),
        (PEOPLE, "ou=people", ANN, 53),
        (BASE, "dc=other", None, 71),
        (f"uid=none,{PEOPLE}", "uid=x", None, 32),
        ("dc=other", "dc=x", None, 53),
        ("", "dc=x", None, 53),
        ("no dn", "dc=x", None, 34),
    ],
)
def test_what_cannot_be_renamed_says_why(admin: Client, dn: str, rdn: str, superior: str | None, code: int) -> None:
    assert admin.rename(dn, rdn, superior).code == code
    assert admin.found("(uid=ann)") == {"ann"}


def test_a_single_value_cannot_become_two(admin: Client, hire: Hire) -> None:
    dn = hire("ivy", employeeNumber=["7"])
    assert admin.rename(dn, "employeeNumber=8", deletes_old=False).code == 19
    assert admin.rename(dn, "employeeNumber=7").code == 0
    assert admin.rename(f"employeeNumber=7,{PEOPLE}", "employeeNumber=8").code == 0
    assert admin.delete(f"employeeNumber=8,{PEOPLE}").code == 0


def test_a_value_that_the_schema_asks_for_cannot_leave_with_the_name(admin: Client) -> None:
    dn = f"cn=only,{PEOPLE}"
    assert admin.add(dn, PERSON, {"sn": ["Hired"]}).code == 0
    assert admin.rename(dn, "uid=only").code == 65
    assert admin.rename(dn, "uid=only", deletes_old=False).code == 0
    assert admin.delete(f"uid=only,{PEOPLE}").code == 0


def test_references_are_not_followed(admin: Client, hire: Hire) -> None:
    boss = hire("jan")
    worker = hire("kim", manager=[boss])
    assert admin.rename(boss, "uid=jana").code == 0
    assert admin.read(worker, "manager") == {"manager": [boss.encode()]}
    assert admin.read(BOB, "manager") == {"manager": [ANN.encode()]}
