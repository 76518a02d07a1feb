"""The port over real servers: searches, changes, TLS, log-ins and failures."""

import socket
from contextlib import closing
from pathlib import Path

import pytest

from mailtui.demo import certificates, service
from mailtui.demo.address import DemoAddress
from mailtui.directory import filters
from mailtui.directory.connection import Login, connect
from mailtui.directory.port import Directory, Scope
from mailtui.domain.change import Change, Values
from mailtui.domain.secret import Secret
from mailtui.errors import (
    AssertionFalse,
    ConfigError,
    CredentialsRefused,
    CutShort,
    DirectoryError,
    EntryGone,
    Unreachable,
)
from tests.directory.conftest import PEOPLE, admin, config_of
from tests.servers.changing import modify
from tests.servers.slapd import BASE_ENTRY, SlapdOptions, slapd, socket_url

STAR = f"uid=star,{PEOPLE}"


def test_a_search_of_several_pages_is_whole(directory: Directory) -> None:
    found = list(directory.search(PEOPLE, "(objectClass=mailUser)", ("uid", "mail")))
    assert len(found) == 2501
    assert len({entry.dn for entry in found}) == 2501
    assert {entry.text("MAIL") for entry in found} >= {"p0@example.com", "p2499@example.com"}


def test_scopes_reach_as_far_as_they_say(directory: Directory, address: DemoAddress) -> None:
    base = address.base
    assert [e.dn for e in directory.search(base, "(objectClass=*)", ("1.1",), scope=Scope.BASE)] == [base]
    assert {e.dn for e in directory.search(base, "(ou=*)", ("1.1",), scope=Scope.ONE)} >= {PEOPLE}


@pytest.mark.parametrize("value", ["a*b", "(c)\\d"])
def test_filters_match_values_letter_for_letter(directory: Directory, value: str) -> None:
    assert [e.dn for e in directory.search(PEOPLE, filters.equals("cn", value), ("cn",))] == [STAR]
    assert not list(directory.search(PEOPLE, filters.equals("cn", "a*"), ("cn",)))


def test_entries_are_read_by_dn_and_by_id(directory: Directory) -> None:
    dns = [f"uid=p{n},{PEOPLE}" for n in range(3)]
    by_dn = directory.read([*dns, f"uid=nobody,{PEOPLE}"], ("uid", "entryUUID"))
    assert list(by_dn) == dns
    ids = [by_dn[dn].text("entryUUID") or "" for dn in dns]
    by_id = directory.read_ids([*ids, "00000000-0000-4000-8000-000000000000"], ("uid",))
    assert {one: entry.dn for one, entry in by_id.items()} == dict(zip(ids, dns, strict=True))


def test_a_base_that_is_not_there_is_a_failure_and_no_empty_result(directory: Directory) -> None:
    with pytest.raises(EntryGone, match="noSuchObject"):
        list(directory.search("ou=nowhere,dc=example,dc=com", "(objectClass=*)", ("uid",)))


def test_what_is_changed_is_read_back_in_the_same_answer(directory: Directory) -> None:
    change = Change("title", add=("Chefin für Öl".encode(),))
    written = modify(
        directory, STAR, [change], expecting=[Values("description", (b"x",))], reading=["title", "uid"]
    )  # fmt: skip
    after = written.after
    assert after is not None
    assert (after.dn, after.get("title"), after.get("uid")) == (STAR, change.add, (b"star",))
    modify(directory, STAR, [change.reversed()])


def test_a_changed_entry_is_not_written(directory: Directory) -> None:
    change = Change("mailForwardingAddress", add=(b"new@example.com",))
    for expected in ([Values("description", (b"other",))], [Values("description")]):
        with pytest.raises(AssertionFalse):
            modify(directory, STAR, [change], expecting=expected)
    assert directory.read([STAR], ("mailForwardingAddress",))[STAR].get("mailForwardingAddress") == ()


def test_a_stale_value_is_refused_even_without_an_assertion(directory: Directory) -> None:
    with pytest.raises(AssertionFalse):
        modify(directory, STAR, [Change("description", remove=(b"stale",), add=(b"new",))])
    assert directory.read([STAR], ("description",))[STAR].get("description") == (b"x",)


def test_a_refusal_changes_nothing_and_gives_the_servers_reason(directory: Directory) -> None:
    changes = [Change("description", add=(b"y",)), Change("mailQuota", add=(b"much",))]
    with pytest.raises(DirectoryError, match="invalidAttributeSyntax") as failure:
        modify(directory, STAR, changes)
    assert failure.value.result_code == 21
    assert directory.read([STAR], ("description",))[STAR].get("description") == (b"x",)


def test_an_entry_that_is_gone_is_told_so(directory: Directory) -> None:
    with pytest.raises(EntryGone):
        modify(directory, f"uid=nobody,{PEOPLE}", [Change("description", add=(b"x",))])


def test_attributes_that_the_server_does_not_know_are_named(directory: Directory) -> None:
    asked = ("uid", "MAIL", "mailQuota", "cn", "commonName", "nosuch", "entryUUID")
    assert directory.unknown(asked) == ("nosuch",)


def test_who_we_are(directory: Directory, address: DemoAddress) -> None:
    assert directory.who_am_i() == f"dn:{address.bind_dn}"


def test_an_anonymous_log_in_reads(address: DemoAddress) -> None:
    opened = connect(config_of(address), Login("anonymous"))
    assert opened.read([STAR], ("uid",))[STAR].text("uid") == "star"
    opened.close()


@pytest.mark.parametrize("password", ["wrong", ""])
def test_a_wrong_password_is_refused(address: DemoAddress, password: str) -> None:
    with pytest.raises(CredentialsRefused) as failure:
        connect(config_of(address), Login("simple", address.bind_dn, Secret(password)))
    assert failure.value.exit_code == 4


def test_starttls_is_verified(address: DemoAddress) -> None:
    opened = connect(config_of(address, start_tls=True, ca_file=address.ca_file), admin(address))
    assert len(list(opened.search(PEOPLE, "(objectClass=mailUser)", ("uid",)))) == 2501
    opened.close()


def test_a_certificate_that_nobody_trusts_is_told_before_the_password_leaves(address: DemoAddress) -> None:
    with pytest.raises(Unreachable, match="not trusted") as failure:
        connect(config_of(address, start_tls=True), admin(address))
    assert failure.value.exit_code == 3
    assert "ca_file" in failure.value.hint


def test_a_certificate_for_another_name_is_not_trusted(address: DemoAddress) -> None:
    # The same server by a name that its certificate does not have.
    elsewhere = address.url.replace("127.0.0.1", "127.1")
    config = config_of(address, urls=(elsewhere,), start_tls=True, ca_file=address.ca_file)
    with pytest.raises(Unreachable, match="not trusted"):
        connect(config, admin(address))


def test_ldaps_is_verified_by_the_address_in_the_certificate() -> None:
    with service.temporary(0, 1) as address:
        url = address.url.replace("ldap:", "ldaps:")
        opened = connect(config_of(address, urls=(url,), ca_file=address.ca_file), admin(address))
        assert opened.who_am_i() == f"dn:{address.bind_dn}"
        opened.close()
        with pytest.raises(Unreachable, match="not trusted"):
            connect(config_of(address, urls=(url,)), admin(address))


def test_the_next_server_is_tried_when_one_is_down(address: DemoAddress) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        dead = f"ldap://127.0.0.1:{unused.getsockname()[1]}"
        opened = connect(config_of(address, urls=(dead, address.url)), admin(address))
        opened.close()
        with pytest.raises(Unreachable) as failure:
            connect(config_of(address, urls=(dead,)), admin(address))
    assert dead in failure.value.message


@pytest.mark.parametrize("url", ["ldap://ldap.example.com", "http://127.0.0.1", "ldap://127.0.0.1:port", "127.0.0.1"])
def test_addresses_that_cannot_be_used_are_refused_before_anything_is_sent(address: DemoAddress, url: str) -> None:
    with pytest.raises(ConfigError):
        connect(config_of(address, urls=(url,)), admin(address))


@pytest.mark.server
def test_an_external_log_in_is_who_the_system_says() -> None:
    with slapd([BASE_ENTRY]) as address:
        config = config_of(address, urls=(socket_url(address),))
        with closing(connect(config, Login("external"))) as opened:
            assert opened.who_am_i().endswith("cn=peercred,cn=external,cn=auth")
            assert [entry.dn for entry in opened.search(address.base, "(objectClass=*)", ("dc",))] == [address.base]


@pytest.mark.server
@pytest.mark.parametrize("limits", ["sizelimit 5", "limits * size.prtotal=3\nsizelimit 500"])
def test_a_search_that_a_limit_ended_is_a_failure(limits: str) -> None:
    people = [
        (f"ou=u{n},dc=example,dc=com", {"objectClass": ["organizationalUnit"], "ou": [f"u{n}"]}) for n in range(9)
    ]
    with (
        slapd([BASE_ENTRY, *people], SlapdOptions(limits=limits)) as address,
        closing(connect(config_of(address), Login("anonymous"))) as opened,
        pytest.raises(CutShort) as failure,
    ):
        list(opened.search(address.base, "(objectClass=*)", ("ou",)))
    assert "administrator" in failure.value.hint


def test_ca_files_that_are_not_there_are_named(address: DemoAddress, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"none\.pem"):
        connect(config_of(address, ca_file=tmp_path / "none.pem"), admin(address))


def test_certificates_are_made_for_loopback(tmp_path: Path) -> None:
    made = certificates.make(tmp_path)
    assert made.authority.read_text().startswith("-----BEGIN CERTIFICATE-----")
