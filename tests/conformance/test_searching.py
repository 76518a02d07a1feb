"""Where a search looks, what it brings, and where it ends."""

import ldap3
import pytest

from tests.conformance.client import Client
from tests.conformance.conftest import Hire
from tests.conformance.world import ANN, BASE, BOB, CHEN, COUNT, DEEP, GROUPS, HARD, PEOPLE, TEAM


@pytest.mark.parametrize(
    ("base", "scope", "number"),
    [
        (BASE, ldap3.BASE, 1),
        (BASE, ldap3.LEVEL, 2),
        (BASE, ldap3.SUBTREE, COUNT),
        (PEOPLE, ldap3.LEVEL, 4),
        (PEOPLE, ldap3.SUBTREE, 6),
        (ANN, ldap3.SUBTREE, 1),
        (ANN, ldap3.LEVEL, 0),
    ],
)
def test_a_scope_is_kept_to(nobody: Client, base: str, scope: str, number: int) -> None:
    answer = nobody.search(base, scope=scope)
    assert (answer.code, len(answer.entries)) == (0, number)


@pytest.mark.parametrize(
    ("base", "code", "matched"),
    [
        (f"uid=none,{PEOPLE}", 32, PEOPLE),
        (f"uid=a,ou=none,{PEOPLE}", 32, PEOPLE),
        ("dc=other", 32, ""),
        ("no dn", 34, ""),
        (f"unknown=x,{BASE}", 34, ""),
        (f"cn=,{BASE}", 34, ""),
        (f"cn=a,,{BASE}", 34, ""),
        (f"cn=a\\zz,{BASE}", 34, ""),
        (f"mailQuota=much,{BASE}", 34, ""),
    ],
)
def test_a_base_that_is_not_there_is_an_error(nobody: Client, base: str, code: int, matched: str) -> None:
    answer = nobody.search(base)
    assert (answer.code, answer.matched) == (code, matched)


@pytest.mark.parametrize(
    "spelling",
    [
        HARD,
        f'cn="Doe, Jane \\"JD\\" + #",{DEEP}',
        f"CN=doe\\, jane \\22jd\\22 \\+ \\#, ou=Deep , ou=PEOPLE,{BASE}",
        f'2.5.4.3=Doe\\,  Jane \\"JD\\" \\2b #,{DEEP}',
        f"commonName=Doe\\2c\\20Jane \\22JD\\22 \\+ #,{DEEP}",
    ],
)
def test_all_spellings_of_a_dn_find_its_entry(nobody: Client, spelling: str) -> None:
    answer = nobody.search(spelling, scope=ldap3.BASE)
    assert list(answer.entries) == [HARD]


def test_dns_are_spelled_one_way_wherever_they_stand(nobody: Client) -> None:
    entry = nobody.read(HARD, "manager", "entryDN")
    assert entry == {"manager": [HARD.encode()], "entryDN": [HARD.encode()]}


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        (["1.1"], set()),
        (["cn"], {"cn"}),
        (["CN", "surName", "2.5.4.20"], {"cn", "sn", "telephoneNumber"}),
        (["name"], {"cn", "sn"}),
        (["@groupOfNames"], {"objectClass", "cn", "description"}),
        (["noSuchAttribute", "uid"], {"uid"}),
        (["1.1", "uid"], {"uid"}),
        (["entryDN", "hasSubordinates"], {"entryDN", "hasSubordinates"}),
    ],
)
def test_only_what_is_asked_for_comes(nobody: Client, asked: list[str], names: set[str]) -> None:
    assert set(nobody.read(ANN, *asked)) == names


def test_a_star_is_what_users_write_and_a_plus_what_the_server_does(admin: Client) -> None:
    users, servers = admin.read(ANN, "*"), admin.read(ANN, "+")
    assert set(users) == {
        *("objectClass", "uid", "cn", "sn", "mail", "userPassword", "mailQuota", "mailQuotaUsed", "description"),
        *("telephoneNumber", "mailLastLogin"),
    }
    assert set(servers) == {
        *("structuralObjectClass", "entryUUID", "creatorsName", "createTimestamp", "entryCSN", "modifiersName"),
        *("modifyTimestamp", "entryDN", "subschemaSubentry", "hasSubordinates", "pwdAccountLockedTime"),
    }
    assert set(admin.read(ANN, "*", "+")) == set(users) | set(servers)


def test_values_come_as_they_were_given(nobody: Client) -> None:
    entry = nobody.read(ANN, "mail", "description", "cn", "telephoneNumber")
    assert entry["mail"] == [b"Ann@example.com"]
    assert set(entry["description"]) == {b"a*b", "Straße".encode(), b"(x) \\ y"}
    assert entry["cn"] == [b"Ann Archer", b"Anna"]
    assert entry["telephoneNumber"] == [b"+49 30 123-45"]


def test_types_can_come_without_values(nobody: Client) -> None:
    answer = nobody.search(ANN, attributes=["cn", "mail"], scope=ldap3.BASE, types_only=True)
    assert {name: list(values or []) for name, values in answer.only.items()} == {"cn": [], "mail": []}


def test_options_of_attributes_are_kept(nobody: Client) -> None:
    assert nobody.read(CHEN, "sn") == {"sn": ["陈".encode()], "sn;lang-en": [b"Chen"]}
    assert nobody.read(CHEN, "SN;LANG-EN") == {"sn;lang-en": [b"Chen"]}
    assert nobody.read(CHEN, "sn;lang-de") == {}


def test_the_server_tells_who_and_when(admin: Client, hire: Hire) -> None:
    entry = admin.read(hire("stamped"), "+")
    assert entry["creatorsName"] == entry["modifiersName"] == [b"cn=admin,dc=example,dc=com"]
    assert entry["createTimestamp"] == entry["modifyTimestamp"]
    assert len(entry["createTimestamp"][0]) == len("20260101000000Z")
    assert entry["structuralObjectClass"] == [b"inetOrgPerson"]
    assert len(entry["entryUUID"][0]) == 36
    assert entry["entryCSN"][0].endswith(b"Z#000000#000#000000")
    assert entry["subschemaSubentry"] == [b"cn=Subschema"]
    assert entry["hasSubordinates"] == [b"FALSE"]


def test_a_unit_tells_whether_it_is_empty(nobody: Client) -> None:
    assert nobody.read(PEOPLE, "hasSubordinates") == {"hasSubordinates": [b"TRUE"]}
    assert nobody.found("(&(hasSubordinates=TRUE)(ou=*))") == {"people", "groups", "deep"}


@pytest.mark.parametrize(("limit", "code", "number"), [(3, 4, 3), (COUNT, 0, COUNT), (500, 0, COUNT)])
def test_a_size_limit_of_the_client_holds(nobody: Client, limit: int, code: int, number: int) -> None:
    answer = nobody.search(BASE, size_limit=limit)
    assert (answer.code, len(answer.entries)) == (code, number)


def test_the_root_says_what_the_server_can_do(nobody: Client) -> None:
    entry = nobody.read("", "*", "+")
    assert entry["namingContexts"] == [BASE.encode()]
    assert b"3" in entry["supportedLDAPVersion"]
    controls = {b"1.2.840.113556.1.4.319", b"1.3.6.1.1.12", b"1.3.6.1.1.13.1", b"1.3.6.1.1.13.2"}
    assert controls <= set(entry["supportedControl"])
    extensions = {b"1.3.6.1.4.1.1466.20037", b"1.3.6.1.4.1.4203.1.11.1", b"1.3.6.1.4.1.4203.1.11.3"}
    assert extensions <= set(entry["supportedExtension"])
    assert {b"1.3.6.1.1.14", b"1.3.6.1.4.1.4203.1.5.1"} <= set(entry["supportedFeatures"])
    assert set(nobody.read("", "*")) == {"objectClass"}


def test_the_schema_can_be_read(nobody: Client) -> None:
    entry = nobody.read("cn=Subschema", "attributeTypes", "objectClasses", "matchingRules", "ldapSyntaxes")
    (quota,) = [text for text in entry["attributeTypes"] if b"NAME 'mailQuota'" in text]
    assert b"EQUALITY integerMatch" in quota
    assert b"ORDERING" not in quota
    assert any(b"NAME 'mailUser'" in text for text in entry["objectClasses"])
    assert entry["matchingRules"]
    assert entry["ldapSyntaxes"]


def test_groups_name_members_as_the_server_spells_them(nobody: Client) -> None:
    assert nobody.read(TEAM, "member", "owner") == {"member": [ANN.encode(), BOB.encode()], "owner": [ANN.encode()]}
    assert nobody.search(GROUPS, scope=ldap3.LEVEL).entries.keys() == {TEAM}
