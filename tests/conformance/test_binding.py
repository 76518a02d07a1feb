"""Who a directory takes us for."""

import ldap3
import pytest

from mailtui.demo.address import DemoAddress
from tests.conformance.client import Client
from tests.conformance.conftest import Connect, Hire
from tests.conformance.world import ANN, BASE, CHEN, PEOPLE


def test_nobody_may_bind(nobody: Client) -> None:
    assert nobody.bound.code == 0
    assert nobody.who_am_i() == ""


def test_the_administrator_may_bind_and_is_no_entry(admin: Client, directory: DemoAddress) -> None:
    assert admin.who_am_i() == f"dn:{directory.bind_dn}"
    assert admin.search(directory.bind_dn, scope=ldap3.BASE).code == 32


def test_a_person_may_bind(connect: Connect) -> None:
    ann = connect(ANN, "ann's secret")
    assert ann.bound.code == 0
    assert ann.who_am_i() == f"dn:{ANN}"


def test_a_dn_may_be_spelled_in_any_way(connect: Connect) -> None:
    ann = connect("UID=Ann , OU=People, dc=EXAMPLE,dc=com", "ann's secret")
    assert ann.who_am_i() == f"dn:{ANN}"


@pytest.mark.parametrize(
    ("dn", "code"),
    [
        (ANN, 49),
        (CHEN, 49),
        (f"uid=none,{PEOPLE}", 49),
        ("dc=other", 49),
        (f"cn=admin,{BASE}", 49),
        ("no dn", 34),
    ],
    ids=["wrong password", "no password", "no entry", "other suffix", "administrator", "no dn"],
)
def test_what_fails_says_as_little_as_it_can(connect: Connect, dn: str, code: int) -> None:
    assert connect(dn, "wrong").bound.code == code


def test_whoever_fails_to_bind_again_is_nobody(connect: Connect) -> None:
    ann = connect(ANN, "ann's secret")
    ann.ldap.rebind(ANN, "wrong")
    assert ann.who_am_i() == ""


def test_people_read_all_but_passwords(connect: Connect, nobody: Client, admin: Client) -> None:
    for client in (nobody, connect(ANN, "ann's secret")):
        entry = client.read(ANN, "*")
        assert "userPassword" not in entry
        assert entry["mail"] == [b"Ann@example.com"]
        assert client.found("(userPassword=*)") == set()
        assert client.found("(!(userPassword=*))") == set()
        assert client.compare(ANN, "userPassword", "ann's secret").code == 50
    assert admin.read(ANN, "userPassword") == {"userPassword": [b"ann's secret"]}


def test_nobody_may_change_nothing(nobody: Client) -> None:
    assert nobody.modify(ANN, ("title", "MODIFY_ADD", ["x"])).code == 8
    assert nobody.add(f"uid=new,{PEOPLE}", ["person"], {"cn": "x", "sn": "x"}).code == 8
    assert nobody.delete(ANN).code == 8
    assert nobody.rename(ANN, "uid=anna").code == 8


def test_people_may_change_nothing_but_their_own_password(connect: Connect, hire: Hire) -> None:
    dn = hire("own", userPassword=["old"])
    own = connect(dn, "old")
    assert own.modify(dn, ("title", "MODIFY_ADD", ["x"])).code == 50
    assert own.modify(ANN, ("userPassword", "MODIFY_REPLACE", ["x"])).code == 50
    assert own.modify(dn, ("title", "MODIFY_ADD", ["x"]), ("userPassword", "MODIFY_REPLACE", ["x"])).code == 50
    assert own.add(f"uid=new,{PEOPLE}", ["person"], {"cn": "x", "sn": "x", "objectClass": "person"}).code in {50, 65}
    assert own.delete(dn).code == 50
    assert own.rename(dn, "uid=other").code == 50
    assert own.modify(f"uid=none,{PEOPLE}", ("title", "MODIFY_ADD", ["x"])).code == 32
    assert own.modify(dn, ("userPassword", "MODIFY_DELETE", ["old"]), ("userPassword", "MODIFY_ADD", ["new"])).code == 0
    assert connect(dn, "new").bound.code == 0
    assert connect(dn, "old").bound.code == 49


def test_start_tls_is_verified_by_the_authority(connect: Connect) -> None:
    ann = connect(ANN, "ann's secret", starts_tls=True)
    assert ann.bound.code == 0
    assert ann.ldap.tls_started
    assert ann.read(ANN, "uid") == {"uid": [b"ann"]}
