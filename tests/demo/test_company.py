"""The sample company: the same every time, as large as asked for, and with everything that is hard about people."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime

import pytest

from mailtui.demo import company
from mailtui.demo.checks import checked_values, structural_class
from mailtui.demo.hosting import new_tree
from mailtui.demo.naming import name
from mailtui.demo.schema import server_schema
from tests.conformance.client import Client
from tests.servers.slapd import slapd

NOW = datetime(2026, 8, 14, 9, 30, tzinfo=UTC)
STAMP = NOW.strftime("%Y%m%d%H%M%SZ")
Attributes = Mapping[str, Sequence[str]]


@pytest.fixture(scope="module")
def everything() -> dict[str, Attributes]:
    return dict(company.records(2000, 1, NOW))


@pytest.fixture(scope="module")
def accounts(everything: dict[str, Attributes]) -> dict[str, Attributes]:
    return {dn: entry for dn, entry in everything.items() if "mailUser" in entry["objectClass"]}


@pytest.fixture(scope="module")
def people(accounts: dict[str, Attributes]) -> dict[str, Attributes]:
    units = ("ou=Shared Mailboxes,", "ou=Service Accounts,")
    return {dn: entry for dn, entry in accounts.items() if not any(unit in dn for unit in units)}


def values(entries: Mapping[str, Attributes], attribute: str) -> Iterator[str]:
    return (value for entry in entries.values() for value in entry.get(attribute, ()))


def test_the_same_number_seed_and_day_give_the_same_company() -> None:
    assert list(company.records(300, 7, NOW)) == list(company.records(300, 7, NOW))
    assert list(company.records(300, 7, NOW)) != list(company.records(300, 8, NOW))


@pytest.mark.parametrize("number", [1, 2, 7, 60, 140, 500])
def test_any_number_of_people_can_be_had(number: int) -> None:
    entries = dict(company.records(number, 1, NOW))
    assert sum("title" in entry for entry in entries.values()) == number
    assert all(entry["member"] for entry in entries.values() if "groupOfNames" in entry["objectClass"])


def test_a_company_without_people_is_a_base_and_two_units() -> None:
    assert [dn for dn, _entry in company.records(0, 1, NOW)] == [
        "dc=example,dc=com",
        "ou=people,dc=example,dc=com",
        "ou=groups,dc=example,dc=com",
    ]


def test_nobody_shares_a_log_in_an_address_or_a_number(accounts: dict[str, Attributes]) -> None:
    addresses = [*values(accounts, "mail"), *values(accounts, "mailAlternateAddress")]
    for each in (list(values(accounts, "uid")), addresses, list(values(accounts, "employeeNumber"))):
        assert max(Counter(value.lower() for value in each).values()) == 1
    assert all(value.isascii() and " " not in value for value in [*addresses, *values(accounts, "uid")])


def test_every_entry_obeys_the_schema_and_is_spelled_as_the_server_does(everything: dict[str, Attributes]) -> None:
    schema = server_schema()
    for dn, entry in everything.items():
        where = name(schema, dn)
        raw = {attribute: [value.encode() for value in values] for attribute, values in entry.items()}
        assert where.text == dn
        assert structural_class(schema, where, raw)
        for attribute, some in raw.items():
            _kind, spelled_name, spelled = checked_values(schema, attribute, some)
            assert (spelled_name, list(spelled)) == (attribute, some)


def test_every_reference_leads_somewhere(everything: dict[str, Attributes]) -> None:
    for attribute in ("manager", "member", "owner"):
        assert set(values(everything, attribute)) <= set(everything)
    assert all(dn.partition(",")[2] in everything for dn in everything if dn != "dc=example,dc=com")


def test_departments_are_five_levels_deep_and_none_is_empty(
    everything: dict[str, Attributes], people: dict[str, Attributes]
) -> None:
    units = [dn for dn, entry in everything.items() if entry["objectClass"] == ["organizationalUnit"]]
    below = [dn.removesuffix(",ou=people,dc=example,dc=com").count("ou=") for dn in units if dn.count("ou=") > 1]
    assert max(below) == 5
    assert {dn.partition(",")[2] for dn in people} >= {
        dn for dn in units if "Shared" not in dn and "Service Acc" not in dn
    } - {
        "ou=people,dc=example,dc=com",
        "ou=groups,dc=example,dc=com",
    }


def test_names_are_of_many_scripts_and_some_are_hard(people: dict[str, Attributes]) -> None:
    names = set(values(people, "displayName"))
    assert {"陈静", "曾长乐", "单重行", "长孙行", "欧阳文轩", "王伟"} <= names
    assert any("\u0600" < letter < "\u06ff" for shown in names for letter in shown)
    assert any("ł" in shown.lower() for shown in names)
    for hard in (",", '"', "<b>", "[red]", "[/nope]", "\\", "+", "😀", "\u202e", "\x1b", "\n"):
        assert any(hard in shown for shown in names), hard
    assert any(shown.startswith("#") for shown in names)
    assert max(map(len, names)) > 200
    assert Counter(values(people, "displayName"))["Anna Müller"] >= 3
    assert any(dn.startswith("cn=") for dn in people)


def test_there_is_a_board_with_room_and_everybody_has_a_manager_but_the_first(people: dict[str, Attributes]) -> None:
    board = {entry["title"][0]: entry for entry in people.values() if entry["title"][0] in {"CEO", "CFO", "CTO"}}
    assert len(board) == 3
    assert {entry["mailQuota"][0] for entry in board.values()} == {str(50 << 30)}
    assert sum("manager" not in entry for entry in people.values()) == 1
    assert sum("Director" in entry["title"][0] for entry in people.values()) >= 8
    assert all(dn not in entry.get("manager", ()) for dn, entry in people.items())


def test_quotas_and_their_use_are_of_every_kind(people: dict[str, Attributes]) -> None:
    limits = Counter(entry.get("mailQuota", ["default"])[0] for entry in people.values())
    assert limits["default"] > 300
    assert limits["0"] > 30
    assert len(limits) >= 7
    shares = [
        int(entry["mailQuotaUsed"][0]) / int(entry["mailQuota"][0])
        for entry in people.values()
        if "mailQuotaUsed" in entry and entry.get("mailQuota", ["0"]) != ["0"]
    ]
    assert sum(share > 1 for share in shares) >= 5
    assert sum(0.9 < share <= 1 for share in shares) >= 20
    assert sum("mailQuotaUsed" not in entry for entry in people.values()) >= 50
    (chen,) = (entry for entry in people.values() if entry["uid"] == ["chen.jing"])
    assert int(chen["mailQuotaUsed"][0]) > int(chen["mailQuota"][0])


def test_some_never_logged_in_and_some_long_ago_and_nobody_tomorrow(people: dict[str, Attributes]) -> None:
    moments = list(values(people, "mailLastLogin"))
    assert max(*moments, *values(people, "mailQuotaUsedAt")) <= STAMP
    assert sum(moment < "20260614" for moment in moments) >= 100
    assert len(people) - len(moments) >= 50


def test_standings_are_of_every_kind(people: dict[str, Attributes]) -> None:
    statuses = Counter(entry.get("accountStatus", ["absent"])[0] for entry in people.values())
    assert set(statuses) == {"absent", "active", "noaccess", "disabled", "deleted"}
    assert min(statuses.values()) >= 3
    locks = list(values(people, "pwdAccountLockedTime"))
    assert "000001010000Z" in locks
    assert len(locks) >= 5
    ends = list(values(people, "expiredDate"))
    assert min(ends) < STAMP < max(ends)


def test_mail_goes_on_to_colleagues_and_out_of_the_house(accounts: dict[str, Attributes]) -> None:
    targets = list(values(accounts, "mailForwardingAddress"))
    own = set(values(accounts, "mail"))
    assert sum(target in own for target in targets) >= 10
    assert sum(target not in own for target in targets) >= 5
    assert all(set(entry.get("mailForwardingAddress", ())).isdisjoint(entry["mail"]) for entry in accounts.values())


def test_there_are_shared_mailboxes_with_seats_and_service_accounts(
    accounts: dict[str, Attributes], everything: dict[str, Attributes]
) -> None:
    shared = [entry["uid"][0] for dn, entry in accounts.items() if ",ou=Shared Mailboxes," in dn]
    assert {"marketing", "support"} <= set(shared)
    seats = {login: everything[f"cn={login},ou=groups,dc=example,dc=com"]["member"] for login in shared}
    assert min(map(len, seats.values())) == 1
    assert sum(",ou=Service Accounts," in dn for dn in accounts) >= 5


def test_groups_are_of_every_size(everything: dict[str, Attributes]) -> None:
    groups = [entry for entry in everything.values() if "groupOfNames" in entry["objectClass"]]
    sizes = sorted(len(entry["member"]) for entry in groups)
    assert (sizes[0], sizes[-1]) == (1, 500)
    assert {3, 60, 250} <= set(sizes)
    assert {len(entry["owner"]) for entry in groups} == {1, 2}


def test_a_tree_filled_twice_has_the_same_entries_and_ids() -> None:
    first, second = new_tree(), new_tree()
    for tree in (first, second):
        company.populate(tree, 50, 3)
    ids = [{e.dn: e.first("entryUUID") for e in tree.subtree(tree.base.key)} for tree in (first, second)]
    assert ids[0] == ids[1]
    assert len(set(ids[0].values())) == len(first)


@pytest.mark.server
def test_a_real_server_takes_the_whole_company_as_it_is(everything: dict[str, Attributes]) -> None:
    with slapd(everything.items()) as address:
        client = Client(address, address.bind_dn, address.password.reveal())
        answer = client.search(address.base, attributes=["*", "pwdAccountLockedTime"])
        client.close()
    assert answer.code == 0
    assert set(answer.entries) == set(everything)
    for dn, entry in answer.entries.items():
        assert {key: sorted(map(bytes.decode, found)) for key, found in entry.items()} == {
            key: sorted(some) for key, some in everything[dn].items()
        }
