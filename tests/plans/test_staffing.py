"""Shared mailboxes stay staffed: the least is warned of, the last seat is not taken unless somebody insists."""

from typing import Any

import pytest

from mailtui.domain.account import Kind, Reference, Standing
from mailtui.domain.allocation import allocation, least_seats
from mailtui.domain.newcomer import Around, Newcomer
from mailtui.domain.plan import Facts, GroupTarget, Plan, Target
from mailtui.domain.policy import Department, Policy, Profile
from mailtui.domain.schema import Schema
from mailtui.domain.staffing import Staffing
from mailtui.errors import Refused
from mailtui.plans.catalogue import by_name
from mailtui.plans.newcomer_checks import Unsaid, check_seats
from tests.plans.conftest import MakeTarget

SUPPORT = Reference("id-support", "Support", "uid=support,dc=example,dc=com")
RULE = "profile shared"
TEAMS = Policy(
    profiles=(Profile("team", kind=Kind.SHARED, min_seats=3),), departments=(Department("Labs", min_seats=2),)
)


def seats(*logins: str) -> GroupTarget:
    members = tuple(f"uid={login},ou=people,dc=example,dc=com".encode() for login in logins)
    return GroupTarget("id-group", "cn=support,dc=example,dc=com", "support", {"member": members}, SUPPORT)


def facts(working: int, *leaving: str, least: int = 1) -> Facts:
    staffed = Staffing(SUPPORT, "id-group", working, tuple(f"id-{login}" for login in leaving), least, RULE)
    return Facts(group=seats("anna", "bert", "carl"), staffing=(staffed,))


def planned(task: str, targets: list[Target], schema: Schema, known: Facts, **answers: Any) -> Plan:
    named = {"mailbox": "support"} if task == "revoke-seat" else {"group": "support"} if task == "leave" else {}
    return by_name(task).plan(targets, {**named, **answers}, known, schema, Policy())


@pytest.mark.parametrize("task", ["revoke-seat", "leave"])
def test_the_last_seat_of_who_can_work_is_taken_only_if_forced(
    task: str, schema: Schema, make_target: MakeTarget
) -> None:
    anna, last = [make_target("anna")], facts(1, "anna", least=2)
    with pytest.raises(Refused, match="Nobody active would work Support") as refused:
        planned(task, anna, schema, last)
    assert "--force" in refused.value.hint
    assert planned(task, anna, schema, last, force=True).changing


@pytest.mark.parametrize("task", ["revoke-seat", "leave", "disable", "delete"])
@pytest.mark.parametrize(("working", "least", "warned"), [(3, 2, False), (2, 2, True), (3, 5, True), (2, 1, False)])
def test_fewer_seats_than_rules_ask_for_are_warned_of(
    task: str, working: int, least: int, warned: bool, schema: Schema, make_target: MakeTarget
) -> None:
    plan = planned(task, [make_target("anna")], schema, facts(working, "anna", least=least))
    found = [caution for caution in plan.warnings if caution.kind == "understaffed"]
    assert bool(found) is warned
    left = working - 1
    for caution in found:
        seats_left = "1 active seat" if left == 1 else f"{left} active seats"
        assert caution.text == f"Support would have {seats_left}, {RULE} says at least {least}"
        assert caution.account_id == "id-anna"


def test_the_seat_of_who_cannot_work_is_taken_without_a_word(schema: Schema, make_target: MakeTarget) -> None:
    bert = make_target("bert", standing=Standing.DISABLED)
    plan = planned("revoke-seat", [bert], schema, Facts(group=seats("anna", "bert")))
    assert (len(plan.changing), plan.warnings) == (1, ())


def test_a_seat_that_comes_and_an_owner_who_goes_leave_the_staff_alone(schema: Schema, make_target: MakeTarget) -> None:
    anna, known = [make_target("anna")], facts(1, "anna", least=2)
    assert planned("grant-seat", [make_target("dora")], schema, known, mailbox="support").warnings == ()
    group = GroupTarget("id-group", seats().dn, "support", {"owner": seats("anna", "bert").values["member"]}, SUPPORT)
    owned = Facts(group=group, staffing=known.staffing, last_seat_of={"id-anna": (SUPPORT,)})
    assert planned("remove-owner", anna, schema, owned, group="support").warnings == ()


@pytest.mark.parametrize(
    ("kind", "path", "least"),
    [(Kind.SHARED, (), 3), (Kind.SHARED, ("Labs",), 2), (Kind.PERSON, ("Labs",), 1), (Kind.SERVICE, (), 1)],
)
def test_the_least_is_of_shared_mailboxes_and_a_department_may_say_another(
    kind: Kind, path: tuple[str, ...], least: int, make_target: MakeTarget
) -> None:
    account = make_target("team", kind=kind, department_path=path).account
    allotted = allocation(account, TEAMS)
    assert least_seats(allotted) == least
    assert (allotted.min_seats is None) is (kind is not Kind.SHARED)


def test_a_mailbox_is_made_with_as_many_who_can_work_it_as_rules_ask_for(make_target: MakeTarget) -> None:
    people = [make_target(login).account for login in ("anna", "bert", "carl")]
    off = make_target("off", standing=Standing.DISABLED).account
    allotted = allocation(make_target("team", kind=Kind.SHARED).account, TEAMS)
    team = Newcomer(name="Team", kind=Kind.SHARED, seats=("a", "b"))

    def around(*seated: Any) -> Around:
        return Around(Reference(None, "x", "ou=x"), (), owner=people[0], seats=seated)

    check_seats(team, around(*people), allotted)
    for seated in (people[:2], [*people[:2], off]):
        with pytest.raises(Unsaid, match="2 active accounts would work Team, profile team says at least 3"):
            check_seats(team, around(*seated), allotted)
