"""Controls: assertion, pre-read and post-read, and those that nobody knows."""

from collections.abc import Callable

import pytest

from mailtui.directory import ber
from tests.conformance.client import ADD, DELETE, REPLACE, Answer, Client, Control
from tests.conformance.conftest import Hire
from tests.conformance.world import ANN, BASE, BOB, PEOPLE, PERSON

ASSERTION, PRE_READ, POST_READ = "1.3.6.1.1.12", "1.3.6.1.1.13.1", "1.3.6.1.1.13.2"
UNKNOWN, MANAGE_DSA_IT, PAGED = "1.2.3.4.5", "2.16.840.1.113730.3.4.2", "1.2.840.113556.1.4.319"
Request = Callable[[Client, str, Control], Answer]


def equals(attribute: str, value: str) -> bytes:
    return ber.encode(0xA3, ber.octets(attribute), ber.octets(value))


def absent(attribute: str) -> bytes:
    return neither(present(attribute))


def neither(part: bytes) -> bytes:
    return ber.encode(0xA2, part)


def present(attribute: str) -> bytes:
    return ber.octets(attribute, 0x87)


def both(*parts: bytes) -> bytes:
    return ber.encode(0xA0, *parts)


def names(*attributes: str) -> bytes:
    return ber.encode(ber.SEQUENCE, *map(ber.octets, attributes))


def modify(client: Client, dn: str, control: Control) -> Answer:
    return client.modify(dn, ("description", REPLACE, ["changed"]), controls=[control])


def rename(client: Client, dn: str, control: Control) -> Answer:
    return client.rename(dn, "uid=renamed", None, control)


def delete(client: Client, dn: str, control: Control) -> Answer:
    return client.delete(dn, control)


def search(client: Client, dn: str, control: Control) -> Answer:
    return client.search(dn, controls=[control])


@pytest.mark.parametrize("request_of", [modify, rename, delete, search])
def test_an_assertion_that_fails_stops_everything(admin: Client, hire: Hire, request_of: Request) -> None:
    dn = hire("lee", title=["Clerk"])
    for question in (equals("title", "Boss"), absent("title"), equals("unknown", "x")):
        assert request_of(admin, dn, (ASSERTION, True, question)).code == 122
    entry = admin.read(dn, "uid", "description")
    assert entry == {"uid": [b"lee"]}
    assert request_of(admin, dn, (ASSERTION, True, both(equals("title", "clerk"), absent("mail")))).code == 0


def test_an_assertion_says_nothing_of_an_entry_that_is_not_there(admin: Client) -> None:
    assert modify(admin, f"uid=none,{PEOPLE}", (ASSERTION, True, equals("uid", "x"))).code == 32


def test_a_compare_can_be_bound_to_an_assertion(admin: Client) -> None:
    admin.ldap.compare(ANN, "uid", "ann", controls=[(ASSERTION, True, equals("uid", "bob"))])
    assert admin.ldap.result["result"] == 122


def test_an_entry_can_be_read_as_it_was_and_as_it_is(admin: Client, hire: Hire) -> None:
    dn = hire("max", title=["Clerk"])
    wanted = names("title", "entryUUID", "entryCSN")
    before = admin.read(dn, "entryUUID", "entryCSN")
    answer = admin.modify(
        dn, ("title", REPLACE, ["Boss"]), controls=[(PRE_READ, True, wanted), (POST_READ, True, wanted)]
    )
    assert answer.code == 0
    was, now = (answer.controls[oid]["value"]["result"] for oid in (PRE_READ, POST_READ))
    assert was == {"title": ["Clerk"], **{name: [values[0].decode()] for name, values in before.items()}}
    assert now["title"] == ["Boss"]
    assert now["entryUUID"] == was["entryUUID"]
    assert now["entryCSN"] > was["entryCSN"]


def test_nothing_is_read_of_a_change_that_was_refused(admin: Client) -> None:
    answer = admin.modify(ANN, ("sn", "MODIFY_DELETE", []), controls=[(POST_READ, True, names("sn"))])
    assert answer.code == 65
    assert answer.controls.get(POST_READ, {}).get("value", {}).get("result", {}) in ({}, {"sn": []})


def test_what_is_added_deleted_or_renamed_can_be_read(admin: Client) -> None:
    dn = f"uid=ned,{PEOPLE}"
    added = admin.add(dn, PERSON, {"cn": ["Ned"], "sn": ["Hired"]}, (POST_READ, True, names("uid", "entryDN")))
    assert added.controls[POST_READ]["value"]["result"] == {"uid": ["ned"], "entryDN": [dn]}
    renamed = admin.rename(dn, "uid=nora", None, (POST_READ, True, names("uid", "entryDN")))
    assert renamed.controls[POST_READ]["value"]["result"] == {"uid": ["nora"], "entryDN": [f"uid=nora,{PEOPLE}"]}
    deleted = admin.delete(f"uid=nora,{PEOPLE}", (PRE_READ, True, names("*")))
    assert deleted.controls[PRE_READ]["value"]["result"]["uid"] == ["nora"]


def test_an_empty_wish_list_is_refused(admin: Client, hire: Hire) -> None:
    assert modify(admin, hire("ole"), (POST_READ, True, b"")).code == 2


@pytest.mark.parametrize(
    ("request_of", "control"),
    [
        (modify, (UNKNOWN, True, None)),
        (search, (UNKNOWN, True, None)),
        (delete, (UNKNOWN, True, None)),
        (rename, (UNKNOWN, True, None)),
        (modify, (PAGED, True, ber.encode(ber.SEQUENCE, ber.integer(2), ber.octets("")))),
        (search, (PRE_READ, True, names("*"))),
        (delete, (POST_READ, True, names("*"))),
    ],
)
def test_a_critical_control_that_cannot_be_heeded_is_refused(
    admin: Client, hire: Hire, request_of: Request, control: Control
) -> None:
    dn = hire("pia")
    assert request_of(admin, dn, control).code == 12
    assert admin.read(dn, "description") == {}


def test_a_control_that_is_not_critical_is_passed_over(admin: Client, hire: Hire) -> None:
    assert modify(admin, hire("quin"), (UNKNOWN, False, None)).code == 0


def test_manage_dsa_it_is_taken_everywhere(admin: Client, hire: Hire) -> None:
    dn = hire("rea")
    for request_of in (search, modify, delete):
        assert request_of(admin, dn, (MANAGE_DSA_IT, True, None)).code == 0


def test_a_control_may_not_stand_twice(admin: Client) -> None:
    twice = [(MANAGE_DSA_IT, True, None)] * 2
    assert admin.search(BASE, controls=twice).code == 2


def test_an_assertion_makes_a_lock_on_values_that_are_not_touched(admin: Client, hire: Hire) -> None:
    dn = hire("sue", mailQuota=["10"])
    unchanged: Control = (ASSERTION, True, both(equals("mailQuota", "10"), absent("accountStatus")))
    assert admin.modify(dn, ("accountStatus", ADD, ["noaccess"]), controls=[unchanged]).code == 0
    assert admin.modify(dn, ("title", ADD, ["x"]), controls=[unchanged]).code == 122
    assert admin.read(BOB, "accountStatus") == {}


def test_an_assertion_can_name_the_entry_by_its_id_and_tell_of_its_values(admin: Client, hire: Hire) -> None:
    dn, other = hire("tom", mailQuota=["10"]), hire("uwe", mailQuota=["10"])
    identity, another = (admin.read(one, "entryUUID")["entryUUID"][0].decode() for one in (dn, other))
    as_planned = (equals("mailQuota", "10"), neither(present("accountStatus")))
    for stranger in (another, "00000000-0000-0000-0000-000000000000"):
        assert modify(admin, dn, (ASSERTION, True, both(equals("entryUUID", stranger), *as_planned))).code == 122
    assert admin.read(dn, "description") == {}
    for spelled in (identity, identity.upper()):
        assert modify(admin, dn, (ASSERTION, True, both(equals("entryUUID", spelled), *as_planned))).code == 0
    assert admin.modify(dn, ("accountStatus", ADD, ["noaccess"])).code == 0
    assert modify(admin, dn, (ASSERTION, True, both(equals("entryUUID", identity), *as_planned))).code == 122


def test_an_entry_that_took_the_place_of_another_is_not_the_one_that_was_meant(admin: Client, hire: Hire) -> None:
    dn = hire("vera")
    identity = admin.read(dn, "entryUUID")["entryUUID"][0].decode()
    assert admin.delete(dn).code == 0
    assert hire("vera") == dn
    assert modify(admin, dn, (ASSERTION, True, equals("entryUUID", identity))).code == 122


def test_an_assertion_tells_of_every_value_that_is_to_be_there(admin: Client, hire: Hire) -> None:
    dn = hire("walt", mailForwardingAddress=["a@example.com", "b@example.com"])
    there = [equals("mailForwardingAddress", f"{name}@example.com") for name in "ab"]
    assert modify(admin, dn, (ASSERTION, True, both(*there))).code == 0
    assert modify(admin, dn, (ASSERTION, True, both(*there, equals("mailForwardingAddress", "c@x")))).code == 122


def test_an_assertion_is_weighed_before_the_change_itself(admin: Client, hire: Hire) -> None:
    dn = hire("xena", title=["Clerk"])
    wrong: Control = (ASSERTION, True, equals("title", "Boss"))
    assert admin.modify(dn, ("title", DELETE, ["none"]), controls=[wrong]).code == 122
    right: Control = (ASSERTION, True, equals("title", "Clerk"))
    assert admin.modify(dn, ("title", DELETE, ["none"]), controls=[right]).code == 16


def test_all_three_controls_go_with_one_change(admin: Client, hire: Hire) -> None:
    dn = hire("yves", title=["Clerk"])
    wanted = names("title", "accountStatus", "entryUUID")
    identity = admin.read(dn, "entryUUID")["entryUUID"][0].decode()
    steps = (("title", DELETE, ["Clerk"]), ("title", ADD, ["Boss"]), ("accountStatus", ADD, ["noaccess"]))
    asserted: Control = (ASSERTION, True, both(equals("entryUUID", identity), absent("accountStatus")))
    controls = [asserted, (PRE_READ, False, wanted), (POST_READ, False, wanted)]
    answer = admin.modify(dn, *steps, controls=controls)
    assert answer.code == 0
    was, now = (answer.controls[oid]["value"]["result"] for oid in (PRE_READ, POST_READ))
    assert was == {"title": ["Clerk"], "entryUUID": [identity]}
    assert now == {"title": ["Boss"], "accountStatus": ["noaccess"], "entryUUID": [identity]}
    again = admin.modify(dn, *steps, controls=controls)
    assert again.code == 122
    # slapd's Pre-Read comes with some refusals too; what was not made is never shown as made.
    assert again.controls.get(POST_READ, {}).get("value", {}).get("result", {}) == {}


def test_what_is_read_after_a_change_leaves_out_what_is_no_longer_there(admin: Client, hire: Hire) -> None:
    dn = hire("zack", title=["Clerk"])
    answer = admin.modify(dn, ("title", DELETE, []), controls=[(POST_READ, True, names("title", "uid"))])
    assert answer.controls[POST_READ]["value"]["result"] == {"uid": ["zack"]}
