"""What a newcomer becomes, as a table of what was told and what the rules say."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from mailtui.domain.account import Kind, Reference
from mailtui.domain.entries import Act, EntryKind
from mailtui.domain.newcomer import Around, Draft, Newcomer
from mailtui.domain.plan import Facts, Friction, GroupTarget
from mailtui.domain.policy import Department, Policy, Profile
from mailtui.domain.schema import Schema
from mailtui.errors import Refused
from mailtui.plans.creating import plan_create
from mailtui.plans.new_entries import full_name
from mailtui.plans.newcomers import Drafting
from tests.plans.conftest import MakeTarget

GIB = 1 << 30
NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)
SALES = Around(Reference("u1", "Sales", "ou=Sales,dc=example,dc=com"), ("Sales",))
SHARED = Around(Reference("u2", "shared", "ou=shared,dc=example,dc=com"), ("shared",))
POLICY = Policy(
    naming=("{name}",),
    profiles=(
        Profile("boss", (("title", ("Chief*",)),), 50 * GIB, protected=True, services=("imap", "smtp")),
        Profile("intern", (("title", ("Intern",)),), GIB, expires_days=90, naming=("{g}{surname}",)),
        Profile("team", kind=Kind.SHARED, quota_bytes=0),
    ),
    departments=(Department("Sales", domain="sales.example", groups=("sellers",)),),
)


def drafting(schema: Schema, policy: Policy = POLICY, taken: tuple[str, ...] = ()) -> Drafting:
    return Drafting(schema, policy, ("example.com", "sales.example"), lambda key: key in taken, NOW)


def drafted(schema: Schema, newcomer: Newcomer, around: Around = SALES, **how: Any) -> Draft:
    draft, problems = drafting(schema, **how).draft(newcomer, around)
    assert draft is not None, problems
    return draft


def values(draft: Draft) -> Mapping[str, list[str]]:
    return {one.attribute: [value.decode() for value in one.values] for one in draft.values}


def test_rules_give_quota_services_end_log_in_and_domain(schema: Schema) -> None:
    boss = drafted(schema, Newcomer(name="Anna Berg", title="Chief of all"))
    assert (boss.account.login, boss.account.mail) == ("anna.berg", "anna.berg@sales.example")
    assert values(boss)["mailQuota"] == [str(50 * GIB)]
    assert values(boss)["enabledService"] == ["imap", "smtp"]
    intern = drafted(schema, Newcomer(given="Carl", surname="Cook", title="intern"))
    assert intern.account.login == "ccook"
    assert intern.account.expires is not None
    assert (intern.account.expires - NOW).days == 90
    other = drafted(schema, Newcomer(name="Anna Berg", quota="unlimited", expires="never", profile="intern"))
    assert (values(other)["mailQuota"], other.account.expires) == (["0"], None)


def test_a_log_in_or_an_address_that_was_told_makes_the_other(schema: Schema) -> None:
    by_login = drafted(schema, Newcomer(name="Anna Berg", login="ab"))
    assert by_login.account.mail == "ab@sales.example"
    by_address = drafted(schema, Newcomer(name="Anna Berg", address="Ab.C@Example.com"))
    assert (by_address.account.login, by_address.account.mail) == ("Ab.C", "Ab.C@example.com")


NAMES = [
    ("Anna", "Berg", "Anna Berg"), ("文轩", "周", "周文轩"), ("Wenxuan", "Zhou", "Zhou Wenxuan"), ("", "Cher", "Cher"),
    ("Li", "Smith", "Li Smith"),
]  # fmt: skip


@pytest.mark.parametrize(("given", "surname", "whole"), NAMES)
def test_a_name_is_put_together_as_it_is_usual(given: str, surname: str, whole: str) -> None:
    assert full_name(given, surname) == whole


def test_nobody_gets_what_the_one_before_was_just_given(schema: Schema) -> None:
    one = drafting(schema, taken=("anna.berg",))
    logins = [one.draft(Newcomer(name="Anna Berg"), SALES)[0] for _ in range(3)]
    assert [draft.account.login for draft in logins if draft] == ["anna.berg2", "anna.berg3", "anna.berg4"]
    assert one.draft(Newcomer(name="Carl", login="ANNA.BERG2"), SALES)[0] is None
    assert one.draft(Newcomer(name="Dora Dee", employee_number="A7"), SALES)[0]
    assert "too" in one.draft(Newcomer(name="Emil East", employee_number="a7"), SALES)[1][0].text


def test_the_kind_is_told_by_place_or_by_an_attribute_and_never_by_both(
    schema: Schema, make_target: MakeTarget
) -> None:
    owner, worker = make_target("anna").account, make_target("bert").account
    around = replace(SHARED, owner=owner, seats=(worker, owner))
    team = Newcomer(kind=Kind.SHARED, name="Support Team", owner="anna", seats=("bert", "anna"))
    placed = drafted(schema, team, around)
    assert (placed.account.login, values(placed)["sn"]) == ("supportteam", ["Support Team"])
    assert "employeeType" not in values(placed)
    assert placed.seats == (worker, owner)
    elsewhere = drafted(schema, team, replace(SALES, owner=owner, seats=(worker,)))
    assert values(elsewhere)["employeeType"] == ["shared"]
    assert drafting(schema).draft(Newcomer(name="Anna Berg"), SHARED)[0] is None


def test_rows_come_in_the_order_in_which_they_rest_on_each_other(schema: Schema, make_target: MakeTarget) -> None:
    owner = make_target("anna").account
    shared = replace(SHARED, owner=owner, seats=(owner,))
    one = drafting(schema)
    drafts = [
        one.draft(Newcomer(name="Zed Zoo"), SALES)[0],
        one.draft(Newcomer(kind=Kind.SHARED, name="Info", owner="anna", seats=("anna",)), shared)[0],
    ]
    group = GroupTarget("g1", "cn=sellers", "sellers", {"member": (b"uid=x",)})
    held = [draft for draft in drafts if draft]
    plan = plan_create(held, Facts(), schema, POLICY, groups={"sellers": group}, groups_place="ou=g")
    acts = [(row.kind, row.act, row.rests_on) for row in plan.rows]
    assert acts == [
        (EntryKind.ACCOUNT, Act.ADD, 0), (EntryKind.ACCOUNT, Act.ADD, 0), (EntryKind.GROUP, Act.ADD, 2),
        (EntryKind.ACCOUNT, Act.PASSWORD, 1), (EntryKind.ACCOUNT, Act.MODIFY, 4), (EntryKind.GROUP, Act.MODIFY, 1),
    ]  # fmt: skip
    assert plan.rows[2].dn == "cn=info,ou=g"
    assert (plan.size, plan.friction) == (2, Friction.COUNT)
    bare = plan_create(held, Facts(), schema, POLICY, groups={}, has_passwords=False)
    assert len(bare.rows) == 3
    assert [caution.kind for caution in bare.warnings] == ["no-group"]


def test_who_will_be_protected_takes_a_ticket_and_another_profile_is_told(schema: Schema) -> None:
    boss = drafted(schema, Newcomer(name="Anna Berg", title="Chief"))
    assert plan_create([boss], Facts(), schema, POLICY, groups={}).friction is Friction.GUARDED
    chosen = drafted(schema, Newcomer(name="Anna Berg", profile="Intern"))
    plan = plan_create([chosen], Facts(unknown=frozenset({"pwdReset"})), schema, POLICY, groups={})
    assert {"other-profile", "must-change"} <= {caution.kind for caution in plan.warnings}


@pytest.mark.parametrize("field", ["name", "title", "phone", "employee_number"])
def test_what_cannot_be_printed_goes_into_no_entry(schema: Schema, field: str) -> None:
    told = {"name": "Anna Berg", field: "Anna \x1b[31mBerg"}
    draft, problems = drafting(schema).draft(Newcomer(**told), SALES)  # type: ignore[arg-type]
    assert draft is None
    assert "not one line of text" in problems[0].text


def test_a_schema_without_classes_for_a_new_entry_is_refused(schema: Schema) -> None:
    bare = replace(schema, account=replace(schema.account, object_classes=()))
    with pytest.raises(Refused, match="the classes of a new entry"):
        drafted(bare, Newcomer(name="Anna Berg"))


def test_what_was_not_said_yet_is_told_apart_from_what_is_wrong(schema: Schema) -> None:
    drafts = drafting(schema, taken=("marketing",))
    begun = drafts.sketch(Newcomer(kind=Kind.SHARED, name="Marketing", quota="much"), SHARED)
    assert (begun.account.login, begun.allotted.profile) == ("marketing2", "team")
    assert [problem.is_open for problem in begun.problems].count(False) == 1
    assert [problem.text for problem in begun.problems if not problem.is_open] == ["“much” is not a size"]
    assert drafts.sketch(Newcomer(kind=Kind.SHARED, name="Marketing"), SHARED).account.login == "marketing2"
    assert all(problem.is_open for problem in drafts.sketch(Newcomer(), SALES).problems)
