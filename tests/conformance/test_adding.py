"""Adding, deleting and comparing entries: what is let in, and the exact words in which the rest is refused."""

from collections.abc import Mapping, Sequence

import pytest

from tests.conformance.client import Client
from tests.conformance.conftest import Hire
from tests.conformance.world import ANN, BASE, BOB, CHEN, GROUPS, HARD, PEOPLE, PERSON, TEAM

NEW = f"uid=new,{PEOPLE}"
NAMED = {"cn": ["New"], "sn": ["Hired"]}


def test_an_entry_is_added_with_the_values_of_its_name(admin: Client, hire: Hire) -> None:
    assert admin.read(hire("fresh"), "uid", "objectClass") == {
        "uid": [b"fresh"],
        "objectClass": [b"inetOrgPerson", b"mailUser"],
    }


def test_a_name_may_have_two_parts(admin: Client, hire: Hire) -> None:
    answer = admin.add(f"uid=two+employeeNumber=7,{PEOPLE}", PERSON, NAMED)
    assert answer.code == 0
    (dn,) = admin.search(PEOPLE, "(uid=two)").entries
    assert dn == f"employeeNumber=7+uid=two,{PEOPLE}"
    assert admin.read(f"UID=two+employeeNumber=7,{PEOPLE}", "employeeNumber") == {"employeeNumber": [b"7"]}


@pytest.mark.parametrize(
    ("dn", "classes", "attributes", "code"),
    [
        (ANN, PERSON, NAMED, 68),
        (ANN.upper(), PERSON, NAMED, 68),
        (f"uid=new,ou=none,{PEOPLE}", PERSON, NAMED, 32),
        ("no dn", PERSON, NAMED, 34),
        (f"unknown=new,{PEOPLE}", PERSON, NAMED, 34),
        ("uid=new,dc=other", PERSON, NAMED, 53),
        (NEW, PERSON, {"cn": ["New"]}, 65),
        (NEW, ["mailUser"], {}, 65),
        (NEW, ["inetOrgPerson", "organizationalUnit"], {**NAMED, "ou": ["x"]}, 65),
        (NEW, ["inetOrgPerson"], {**NAMED, "mailQuota": ["1"]}, 65),
        (f"dc=new,{PEOPLE}", PERSON, NAMED, 65),
        (f"cn=empty,{GROUPS}", ["groupOfNames"], {}, 65),
        (NEW, ["inetOrgPerson", "noSuchClass"], NAMED, 21),
        (NEW, PERSON, {**NAMED, "noSuchAttribute": ["x"]}, 17),
        (NEW, PERSON, {**NAMED, "description": ["same", "SAME"]}, 20),
        (NEW, PERSON, {**NAMED, "employeeNumber": ["1", "2"]}, 19),
        (NEW, PERSON, {**NAMED, "entryUUID": ["b5fc1fd0-6d3c-4f3c-9b6c-6b0d1a0a1a1a"]}, 19),
        (NEW, PERSON, {**NAMED, "modifyTimestamp": ["20260101000000Z"]}, 19),
    ],
)
def test_what_breaks_a_rule_is_refused(
    admin: Client, dn: str, classes: Sequence[str], attributes: Mapping[str, Sequence[str]], code: int
) -> None:
    assert admin.add(dn, classes, attributes).code == code
    assert admin.found("(sn=Hired)") == set()


@pytest.mark.parametrize(
    ("attribute", "value", "is_valid"),
    [
        ("mailQuota", "0", True),
        ("mailQuota", "-5", True),
        ("mailQuota", "1e3", False),
        ("mailQuota", "007", False),
        ("mailQuota", "+7", False),
        ("mailQuota", "-0", False),
        ("mail", "a b", True),
        ("mail", "jürgen@example.com", False),
        ("cn", "", False),
        ("cn", "\x1b[31m\nnew line\u202e", True),
        ("cn", b"\xff\xfe", False),
        ("telephoneNumber", "+49 (0)30/123-45", True),
        ("telephoneNumber", "+49;30", False),
        ("manager", ANN, True),
        ("manager", "ann", False),
        ("manager", f"unknown=x,{BASE}", False),
        ("manager", f"uid=gone,{PEOPLE}", True),
        ("expiredDate", "20260101000000Z", True),
        ("expiredDate", "202601010000Z", True),
        ("expiredDate", "2026010100+0130", True),
        ("expiredDate", "20260101000000,25Z", True),
        ("expiredDate", "20260101000000", False),
        ("expiredDate", "2026", False),
        ("expiredDate", "20261301000000Z", False),
        ("expiredDate", "tomorrow", False),
        ("pwdAccountLockedTime", "000001010000Z", True),
    ],
)
def test_values_are_held_to_their_syntax(
    admin: Client,
    hire: Hire,
    attribute: str,
    value: str | bytes,
    is_valid: bool,
) -> None:
    answer = admin.add(NEW, PERSON, {**NAMED, attribute: [value]})
    assert answer.code == (0 if is_valid else 21), answer


def test_hard_names_are_kept_letter_for_letter(admin: Client, hire: Hire) -> None:
    for shown in ("a, b", '"q"', "#1", " lead", "trail ", "a+b", "a\\b", "a=b;c", "<b>", "😀", "\u202e", "e\u0301"):
        escaped = "".join(f"\\{ord(c):02x}" if c in ' ,"#+\\=;<>' else c for c in shown)
        dn = f"cn={escaped},{PEOPLE}"
        assert admin.add(dn, PERSON, {"sn": ["Hired"]}).code == 0
        assert admin.read(dn, "cn")["cn"] == [shown.encode()]
        assert admin.delete(dn).code == 0


@pytest.mark.parametrize(
    ("dn", "code", "matched"),
    [
        (PEOPLE, 66, ""),
        (f"uid=none,{PEOPLE}", 32, PEOPLE),
        ("no dn", 34, ""),
        ("dc=other", 53, ""),
        ("", 53, ""),
        ("cn=Subschema", 53, ""),
    ],
)
def test_what_cannot_be_deleted_stays(admin: Client, dn: str, code: int, matched: str) -> None:
    answer = admin.delete(dn)
    assert (answer.code, answer.matched) == (code, matched)


def test_a_deleted_entry_is_gone(admin: Client, hire: Hire) -> None:
    dn = hire("leaver")
    assert admin.delete(dn).code == 0
    assert admin.delete(dn).code == 32
    assert admin.found("(uid=leaver)") == set()


@pytest.mark.parametrize(
    ("dn", "attribute", "value", "code"),
    [
        (ANN, "uid", "ANN", 6),
        (ANN, "uid", "bob", 5),
        (ANN, "mailQuota", "1024", 6),
        (ANN, "telephoneNumber", "+493012345", 6),
        (BOB, "manager", f"UID=ann,OU=People,{BASE}", 6),
        (TEAM, "member", CHEN, 5),
        (HARD, "cn", 'doe, jane "jd" + #', 6),
        (ANN, "userPassword", "ann's secret", 6),
        (ANN, "title", "x", 16),
        (ANN, "noSuchAttribute", "x", 17),
        (ANN, "jpegPhoto", "x", 18),
        (ANN, "mailQuota", "much", 21),
        (f"uid=none,{PEOPLE}", "uid", "x", 32),
        ("no dn", "uid", "x", 34),
    ],
)
def test_compare_answers_by_the_rule_of_the_attribute(
    admin: Client, dn: str, attribute: str, value: str, code: int
) -> None:
    assert admin.compare(dn, attribute, value).code == code
