"""Entries into records: every rule by which the schema `mailuser` reads an account."""

from datetime import UTC, datetime
from typing import Any

import pytest

from mailtui.directory.port import Entry
from mailtui.directory.schemas import built_in, load_schema
from mailtui.domain.account import Delivery, Kind, Standing
from mailtui.domain.mirror import AccountRecord
from mailtui.errors import ConfigError, DirectoryError
from mailtui.sync.mapping import AccountMapping, account_attributes, group_record

SCHEMA = load_schema("mailuser")
BASE = "dc=example,dc=com"
UUID = b"1b4e28ba-2fa1-41d2-883f-0016d3cca427"


def record(dn: str = f"uid=ann,ou=Sales,ou=people,{BASE}", /, **attributes: bytes | list[bytes]) -> AccountRecord:
    """Read an entry with these attributes beside the least that an account has."""
    given = {"entryUUID": UUID, "uid": b"ann", "cn": b"Ann Lee", **attributes}
    values = {name.lower(): tuple(v if isinstance(v, list) else [v]) for name, v in given.items()}
    return AccountMapping(SCHEMA, BASE).record(Entry(dn, values))


@pytest.mark.parametrize(
    ("attributes", "standing", "delivery"),
    [
        ({}, Standing.ACTIVE, None),
        ({"accountStatus": b"active"}, Standing.ACTIVE, None),
        ({"accountStatus": b"NoAccess"}, Standing.DISABLED, Delivery.RECEIVE),
        ({"accountStatus": b"noaccess", "mailForwardingAddress": b"b@x.example"}, Standing.DISABLED, Delivery.REDIRECT),
        ({"accountStatus": b"disabled"}, Standing.DISABLED, Delivery.BOUNCE),
        ({"accountStatus": b"deleted"}, Standing.DISABLED, Delivery.BOUNCE),
        ({"accountStatus": b"what is this"}, Standing.DISABLED, None),
        ({"pwdAccountLockedTime": b"20261101120000Z"}, Standing.LOCKED, None),
        ({"pwdAccountLockedTime": b"000001010000Z"}, Standing.DISABLED, Delivery.RECEIVE),
        (
            {"accountStatus": b"disabled", "pwdAccountLockedTime": b"20261101120000Z"},
            Standing.DISABLED,
            Delivery.BOUNCE,
        ),
    ],
)
def test_standing_and_delivery(attributes: dict[str, bytes], standing: Standing, delivery: Delivery | None) -> None:
    found = record(**attributes)
    assert (found.standing, found.delivery) == (standing, delivery)


@pytest.mark.parametrize(
    ("mails", "aliases", "main", "others"),
    [
        ([b"z@x.example", b"ann@x.example"], [], "ann@x.example", ("z@x.example",)),
        ([b"z@x.example", b"b@x.example"], [b"C@x.example"], "b@x.example", ("z@x.example", "C@x.example")),
        ([b"ann@x.example"], [b"ANN@x.example", b"ann@x.example"], "ann@x.example", ("ANN@x.example",)),
        ([], [b"a@x.example"], None, ("a@x.example",)),
    ],
)
def test_the_main_address_is_chosen(
    mails: list[bytes], aliases: list[bytes], main: str | None, others: tuple[str, ...]
) -> None:
    found = record(mail=mails, mailAlternateAddress=aliases)
    assert (found.mail, found.aliases) == (main, others)


def test_a_quota_of_zero_is_unlimited_and_none_is_the_servers_default() -> None:
    assert record(mailQuota=b"0").quota_limit == 0
    assert record().quota_limit is None
    assert record(mailQuota=b"much").quota_limit is None


def test_the_name_is_the_display_name_else_the_common_name() -> None:
    assert record(displayName="安妮".encode()).name == "安妮"
    assert record().name == "Ann Lee"


def test_the_department_is_named_by_units_from_the_base_down() -> None:
    assert record().department_path == ("people", "Sales")
    assert record(f"uid=ann,{BASE}").department_path == ()


@pytest.mark.parametrize(
    ("dn", "attributes", "kind"),
    [
        (f"uid=a,ou=Shared Mailboxes,ou=people,{BASE}", {}, Kind.SHARED),
        (f"uid=a,ou=Deep,ou=service accounts,{BASE}", {}, Kind.SERVICE),
        (f"uid=a,ou=people,{BASE}", {"employeeType": b"Shared"}, Kind.SHARED),
        (f"uid=a,ou=people,{BASE}", {"employeeType": b"staff"}, Kind.PERSON),
    ],
)
def test_the_kind_follows_the_unit_or_an_attribute(dn: str, attributes: dict[str, bytes], kind: Kind) -> None:
    assert record(dn, **attributes).kind is kind


def test_times_are_read_in_utc_and_what_is_no_time_is_unknown() -> None:
    found = record(expiredDate=b"20270101000000Z", pwdLastSuccess=b"yesterday")
    assert found.expires == datetime(2027, 1, 1, tzinfo=UTC)
    assert found.last_login is None


def test_an_entry_without_its_id_is_a_failure_that_says_what_to_ask_for() -> None:
    with pytest.raises(DirectoryError, match="entryUUID") as failure:
        AccountMapping(SCHEMA, BASE).record(Entry(f"uid=a,{BASE}", {"uid": (b"a",)}))
    assert failure.value.hint


def test_no_password_is_ever_asked_for() -> None:
    for name in built_in():
        asked = {attribute.lower() for attribute in account_attributes(load_schema(name))}
        assert not [attribute for attribute in asked if "password" in attribute]


def test_a_schema_that_is_not_there_is_met_with_those_that_are() -> None:
    with pytest.raises(ConfigError) as failure:
        load_schema("mailusr")
    assert "mailuser" in failure.value.hint


@pytest.mark.parametrize(
    ("attributes", "mail", "aliases", "posting"),
    [
        ({}, None, (), "everybody"),
        ({"mail": b"b@x.example", "mailPosting": b"OWNERS"}, "b@x.example", (), "owners"),
        (
            {"mail": [b"b@x.example", b"staff@x.example"], "mailPosting": b"own"},
            "staff@x.example",
            ("b@x.example",),
            "own",
        ),
        ({"mailAlternateAddress": b"b@x.example"}, None, ("b@x.example",), "everybody"),
    ],
)
def test_the_mail_of_a_group(
    attributes: dict[str, Any], mail: str | None, aliases: tuple[str, ...], posting: str
) -> None:
    given = {"entryUUID": UUID, "cn": b"staff", "member": b"uid=ann", "description": b"All", **attributes}
    values = {name.lower(): tuple(v if isinstance(v, list) else [v]) for name, v in given.items()}
    entry = Entry("cn=staff,dc=x", values)
    found = group_record(entry, load_schema("demo"))
    assert (found.mail, found.aliases, found.posting, found.description) == (mail, aliases, posting, "All")
    plain = group_record(entry, SCHEMA)
    assert (plain.mail, plain.aliases, plain.posting, plain.description) == (None, (), None, "All")
