"""What filters find: matching rules, three-valued logic, and escapes as they go over the line."""

from datetime import UTC, datetime

import pytest

from tests.conformance.client import Client
from tests.conformance.world import ANN, BASE, HARD, PEOPLE

HARD_NAME = HARD.partition("=")[2].partition(",ou=")[0]
EVERYBODY = {"ann", "bob", "chen", HARD_NAME}
UNITS = {"people", "groups", "deep"}
ALL = EVERYBODY | UNITS | {"team", "example"}


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("(uid=ANN)", {"ann"}),
        ("(uid= ann )", {"ann"}),
        ("(cn=ann  archer)", {"ann"}),
        ("(cn=annarcher)", set()),
        ("(cn=)", set()),
        ("(commonName=bob)", {"bob"}),
        ("(2.5.4.3=bob)", {"bob"}),
        ("(name=bob)", {"bob"}),
        ("(cn=陈静)", {"chen"}),
        ("(sn=chen)", {"chen"}),
        ("(sn;lang-en=chen)", {"chen"}),
        ("(sn;lang-de=chen)", set()),
        ("(mail=ann@EXAMPLE.com)", {"ann"}),
        ("(mail=änn@example.com)", set()),
        ("(description=straße)", {"ann"}),
        ("(description=STRASSE)", set()),
        ("(telephoneNumber=+493012345)", {"ann"}),
        ("(telephoneNumber=+49-30 12345)", {"ann"}),
        ("(mailQuota=1024)", {"ann"}),
        ("(mailQuota=01024)", set()),
        ("(mailLastLogin=202601011200Z)", {"ann"}),
        ("(mailLastLogin=20260101130000+0100)", {"ann"}),
        ("(mailLastLogin=20260601120000.50Z)", {"bob"}),
        (f"(manager={ANN})", {"bob"}),
        (f"(manager=UID=Ann, OU=people,{BASE})", {"bob"}),
        (f"(member={ANN})", {"team"}),
        (f"(entryDN={ANN})", {"ann"}),
        ("(objectClass=person)", EVERYBODY),
        ("(objectClass=INETORGPERSON)", EVERYBODY),
        ("(objectClass=2.16.840.1.113730.3.2.2)", EVERYBODY),
        ("(objectClass=top)", ALL),
        ("(structuralObjectClass=inetOrgPerson)", EVERYBODY),
    ],
)
def test_equality_follows_the_rule_of_the_attribute(nobody: Client, question: str, found: set[str]) -> None:
    assert nobody.found(question) == found


@pytest.mark.parametrize(
    ("question", "found"),
    [
        (r"(description=a\2ab)", {"ann"}),
        (r"(description=\28x\29 \5c y)", {"ann"}),
        (r"(description=*\2a*)", {"ann"}),
        (r"(description=a\2a*)", {"ann"}),
        (r"(description=x\2ab)", set()),
        (r"(cn=\e9\99\88\e9\9d\99)", {"chen"}),
        (r"(cn=Doe, Jane \22JD\22 + #)", {HARD_NAME}),
    ],
)
def test_escapes_reach_the_server_as_what_they_stand_for(nobody: Client, question: str, found: set[str]) -> None:
    assert nobody.found(question) == found


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("(cn=ann*)", {"ann"}),
        ("(cn=*b)", {"bob"}),
        ("(cn=b*b)", {"bob"}),
        ("(cn=b*b*b)", set()),
        ("(cn=*NN*ARCH*)", {"ann"}),
        ("(cn=*arch*nn*)", set()),
        ("(cn=ann *)", {"ann"}),
        ("(cn=陈*)", {"chen"}),
        ("(mail=*@example.com)", {"ann"}),
        ("(telephoneNumber=*3012*)", {"ann"}),
        ("(telephoneNumber=+49 30*)", {"ann"}),
        ("(mailQuota=10*)", set()),
        ("(entryDN=uid=a*)", set()),
    ],
)
def test_pieces_are_found_where_the_attribute_has_a_rule_for_them(
    nobody: Client, question: str, found: set[str]
) -> None:
    assert nobody.found(question) == found


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("(mailQuotaUsed>=100)", {"ann", "bob"}),
        ("(mailQuotaUsed>=101)", {"bob"}),
        ("(mailQuotaUsed<=100)", {"ann"}),
        ("(mailQuotaUsed>=much)", set()),
        ("(mailQuota>=1)", set()),
        ("(!(mailQuota>=1))", set()),
        ("(cn>=b)", set()),
        ("(mailLastLogin<=20260601120000Z)", {"ann"}),
        ("(mailLastLogin>=20260601120000Z)", {"bob"}),
        ("(createTimestamp>=20200101000000Z)", ALL),
        ("(entryCSN>=20200101000000.000000Z#000000#000#000000)", ALL),
        (f"(entryCSN>={datetime.now(UTC).year + 1}0101000000.000000Z#000000#000#000000)", set()),
    ],
)
def test_order_is_known_where_the_attribute_has_a_rule_for_it(nobody: Client, question: str, found: set[str]) -> None:
    assert nobody.found(question) == found


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("(mail=*)", {"ann"}),
        ("(name=*)", ALL),
        ("(entryUUID=*)", ALL),
        ("(pwdAccountLockedTime=*)", {"ann"}),
        ("(unknown=*)", set()),
        ("(!(unknown=*))", set()),
        ("(!(unknown=x))", set()),
        ("(|(unknown=x)(uid=ann))", {"ann"}),
        ("(&(unknown=x)(uid=ann))", set()),
        ("(!(&(unknown=x)(uid=ann)))", ALL - {"ann"}),
        ("(!(|(unknown=x)(uid=ann)))", set()),
        ("(!(uid=ann))", ALL - {"ann"}),
        ("(!(mail=*))", ALL - {"ann"}),
        ("(!(!(uid=ann)))", {"ann"}),
        ("(!(mailQuota=much))", set()),
        ("(!(mail=änn@example.com))", set()),
        ("(!(member=no dn))", set()),
        ("(!(objectClass=noSuchClass))", set()),
        ("(&(objectClass=person)(!(manager=*)))", {"ann", "chen"}),
        ("(|(uid=ann)(uid=bob)(uid=nobody))", {"ann", "bob"}),
        ("(&(uid=ann)(|(sn=archer)(sn=baker)))", {"ann"}),
    ],
)
def test_what_nobody_can_tell_is_neither_true_nor_false(nobody: Client, question: str, found: set[str]) -> None:
    assert nobody.found(question) == found


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("(cn~=bob)", {"bob"}),
        ("(cn~=zebra)", set()),
        ("(cn:caseExactMatch:=Bob)", {"bob"}),
        ("(cn:caseExactMatch:=bob)", set()),
        ("(cn:2.5.13.5:=Bob)", {"bob"}),
        ("(cn:=bob)", {"bob"}),
        ("(:caseExactMatch:=Baker)", {"bob"}),
        ("(cn:noSuchMatch:=x)", set()),
        ("(!(cn:noSuchMatch:=x))", set()),
        ("(cn:integerMatch:=5)", set()),
        ("(ou:dn:=deep)", {"deep", HARD_NAME}),
        ("(mailQuota:integerOrderingMatch:=2000)", {"ann"}),
        ("(mailQuota:integerOrderingMatch:=1024)", set()),
        ("(mailQuota:1.2.840.113556.1.4.803:=1024)", {"ann"}),
        (f"(entryDN:dnSubtreeMatch:=ou=deep,{PEOPLE})", {"deep", HARD_NAME}),
    ],
)
def test_rules_can_be_named(nobody: Client, question: str, found: set[str]) -> None:
    assert nobody.found(question) == found


def test_an_id_finds_its_entry(nobody: Client) -> None:
    identity = nobody.read(ANN, "entryUUID")["entryUUID"][0].decode()
    assert nobody.found(f"(entryUUID={identity.upper()})") == {"ann"}
    assert nobody.found("(entryUUID=no-id)") == set()
    assert nobody.found("(!(entryUUID=no-id))") == set()


def test_many_can_be_asked_for_at_once(nobody: Client) -> None:
    many = "".join(f"(uid=nobody{number})" for number in range(100))
    assert nobody.found(f"(|{many}(uid=ann)(uid=bob))") == {"ann", "bob"}
