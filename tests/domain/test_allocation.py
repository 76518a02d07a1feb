"""What rules allot to an account, which of them gave it, and where an account departs from that."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from mailtui.domain.account import Account, Delivery, Kind, Reference, Standing
from mailtui.domain.allocation import What, allocation, departures, value_text
from mailtui.domain.policy import UNLIMITED, Department, Policy, Profile
from mailtui.domain.quota import Quota

NOW = datetime(2026, 11, 20, tzinfo=UTC)
ANNA = Account(
    "id-anna", "uid=anna,dc=x", "anna", "Anna Berg", "anna@example.com", Kind.PERSON, Standing.ACTIVE,
    Quota(20 << 30), NOW, title="Head of Sales", department="Labs", department_path=("people", "Research", "Labs"),
    services=("imap", "POP3"), groups=(Reference("g", "All-Staff", "cn=all-staff"),),
)  # fmt: skip
HEAD = Profile(
    "executive", (("title", ("Head*",)),), 50 << 30, protected=True, services=("imap", "smtp"),
    groups=("all-staff", "heads"), naming=("{given}",), delivery=Delivery.RECEIVE, retention_days=365, expires_days=90,
)  # fmt: skip
STAFF = Profile("staff", (("group", ("all-*",)),), 5 << 30)


def told(account: Account, policy: Policy) -> dict[str, tuple[Any, str]]:
    return {what.value: (given.value, given.rule) for what, given in allocation(account, policy).rules}


def test_a_profile_gives_all_that_it_speaks_of() -> None:
    assert told(ANNA, Policy(profiles=(HEAD, STAFF))) == {
        name: (value, "profile executive")
        for name, value in {
            "quota": 50 << 30, "services": ("imap", "smtp"), "groups": ("all-staff", "heads"),
            "naming": ("{given}",), "delivery": "receive", "retention": 365, "expiry": 90, "protection": True,
        }.items()
    }  # fmt: skip


def test_the_first_profile_that_fits_is_the_accounts() -> None:
    assert allocation(ANNA, Policy(profiles=(STAFF, HEAD))).profile == "staff"
    assert allocation(replace(ANNA, groups=()), Policy(profiles=(STAFF, HEAD))).profile == "executive"


def test_who_has_no_groups_yet_is_judged_by_those_it_is_to_have() -> None:
    policy = Policy(profiles=(STAFF,))
    assert allocation(ANNA, policy, []).profile is None
    assert allocation(replace(ANNA, groups=()), policy, ["ALL-interns"]).profile == "staff"


def test_a_profile_of_a_kind_fits_that_kind_alone() -> None:
    shared = Policy(profiles=(Profile("team", kind=Kind.SHARED), Profile("nobody")))
    assert allocation(ANNA, shared).profile is None
    assert allocation(replace(ANNA, kind=Kind.SHARED), shared).profile == "team"


def test_a_departments_word_takes_the_place_of_the_profiles_and_a_deeper_ones_that_of_a_shallower() -> None:
    research = Department("Research", ("research",), 10 << 30, "research.example", "boss@example.com")
    policy = Policy(profiles=(STAFF,), departments=(research, Department("Labs", quota_bytes=30 << 30)))
    assert told(ANNA, policy) == {
        "quota": (30 << 30, "department Labs"),
        "groups": (("research",), "department Research"),
        "domain": ("research.example", "department Research"),
        "owner": ("boss@example.com", "department Research"),
    }
    above = replace(ANNA, department="Research", department_path=("people", "Research"))
    assert told(above, policy)["quota"] == (10 << 30, "department Research")
    assert told(replace(ANNA, department_path=("people",)), policy)["quota"] == (5 << 30, "profile staff")


@pytest.mark.parametrize(
    ("unit", "path", "depth"),
    [
        ("labs", ("people", "Research", "Labs"), 3),
        ("Research/Labs", ("people", "research", "labs"), 3),
        ("/people/Research/", ("people", "Research", "Labs"), 2),
        ("people/Labs", ("people", "Research", "Labs"), None),
        ("Labs/Research", ("people", "Research", "Labs"), None),
        ("IT/Ops", ("people", "IT/Ops", "Night"), 2),
        ("Labs", ("Labs", "Old", "Labs"), 3),
        ("Labs", (), None),
    ],
)
def test_a_department_is_named_by_its_unit_or_a_path_of_units(
    unit: str, path: tuple[str, ...], depth: int | None
) -> None:
    assert Department(unit).depth(path) == depth


def test_a_profile_that_a_rule_protects_is_told_as_protecting() -> None:
    assert told(ANNA, Policy(profiles=(STAFF,), protected=("profile:Staff",)))["protection"] == (True, "profile staff")
    assert "protection" not in told(ANNA, Policy(profiles=(STAFF,)))


def test_without_rules_nothing_is_allotted_and_nothing_departs() -> None:
    allotted = allocation(ANNA, Policy())
    assert (allotted.profile, allotted.rules, departures(ANNA, allotted)) == (None, (), ())


def sentences(account: Account, policy: Policy) -> list[str]:
    return [departure.sentence for departure in departures(account, allocation(account, policy))]


def test_every_departure_is_a_sentence() -> None:
    assert sentences(ANNA, Policy(profiles=(HEAD,))) == [
        "quota 20 GiB, profile says 50 GiB",
        "smtp off, profile says on",
        "pop3 on, profile says off",
        "no member of heads, profile says member",
        "never expires, profile says after 90 days",
    ]
    rules = Policy(departments=(Department("Labs", quota_bytes=5 << 30, domain="labs.example"),))
    assert sentences(ANNA, rules) == [
        "quota 20 GiB, department Labs says 5 GiB",
        "address at example.com, department Labs says labs.example",
    ]


@pytest.mark.parametrize(
    ("held", "said"),
    [
        (Quota(5 << 30), []),
        (Quota(), ["quota the server's default, profile says 5 GiB"]),
        (Quota(unlimited=True), ["quota unlimited, profile says 5 GiB"]),
    ],
)
def test_each_way_of_having_room_is_compared(held: Quota, said: list[str]) -> None:
    assert sentences(replace(ANNA, quota=held), Policy(profiles=(STAFF,))) == said


def test_who_may_have_all_the_room_departs_by_any_limit() -> None:
    policy = Policy(profiles=(replace(STAFF, quota_bytes=UNLIMITED),))
    assert sentences(ANNA, policy) == ["quota 20 GiB, profile says unlimited"]
    assert sentences(replace(ANNA, quota=Quota(unlimited=True)), policy) == []


def test_what_a_directory_does_not_know_is_no_departure() -> None:
    bare = replace(ANNA, services=(), mail=None, expires=NOW, groups=ANNA.groups)
    policy = Policy(
        profiles=(replace(HEAD, quota_bytes=None, groups=()),), departments=(Department("Labs", domain="x.y"),)
    )
    assert sentences(bare, policy) == []


def test_values_are_said_as_people_read_them() -> None:
    said = [
        (What.QUOTA, 1 << 30, "1 GiB"), (What.GROUPS, ("a", "b"), "a, b"), (What.EXPIRY, 1, "1 day"),
        (What.PROTECTION, True, "yes"), (What.DOMAIN, "x.example", "x.example"),
    ]  # fmt: skip
    assert [value_text(what, value) for what, value, _text in said] == [text for _what, _value, text in said]
