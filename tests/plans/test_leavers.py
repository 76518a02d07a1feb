"""Leavers: what one plan does to their entries, to the groups they were in, and to those who reported to them."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from mailtui.directory.schemas import load_schema
from mailtui.domain.account import Account, Reference, Standing
from mailtui.domain.change import Change
from mailtui.domain.entries import EntryKind
from mailtui.domain.plan import Facts, Friction, GroupTarget, Plan, PlanRow, Target
from mailtui.domain.policy import Policy
from mailtui.domain.schema import Schema
from mailtui.errors import Refused, UsageError
from mailtui.plans.leavers import LEAVER
from tests.plans.conftest import MakeTarget

STATUS = "accountStatus"
OFF = Change(STATUS, (), (b"noaccess",))


def plan(targets: list[Target], schema: Schema, facts: Facts | None = None, **answers: Any) -> Plan:
    return LEAVER.plan(targets, answers, facts or Facts(), schema, Policy())


def dn_of(account: Account) -> bytes:
    return account.dn.encode()


def group(name: str, members: list[Target], owners: list[Target] | None = None) -> GroupTarget:
    values = {
        "member": tuple(dn_of(one.account) for one in members),
        "owner": tuple(dn_of(one.account) for one in owners or []),
    }
    return GroupTarget(f"id-{name}", f"cn={name},dc=example,dc=com", name, values)


def known(*groups: GroupTarget, people: list[Target], **more: Any) -> Facts:
    """Give what is known where people are in groups, as these say it."""
    groups_of = {
        one.account.id: tuple(
            group for group in groups if any(dn_of(one.account) in held for held in group.values.values())
        )
        for one in people
    }
    return Facts(groups_of=groups_of, **more)


def of_groups(plan: Plan) -> list[tuple[str, tuple[Change, ...], int]]:
    return [(row.name, row.changes, row.rests_on) for row in plan.rows if row.kind is EntryKind.GROUP]


def own(plan: Plan) -> list[PlanRow]:
    return [row for row in plan.rows if row.kind is EntryKind.ACCOUNT]


@pytest.fixture
def anna(make_target: MakeTarget) -> Target:
    """A leaver."""
    return make_target("anna")


@pytest.fixture
def ben(make_target: MakeTarget) -> Target:
    """Another one."""
    return make_target("ben")


@pytest.fixture
def cleo(make_target: MakeTarget) -> Target:
    """Somebody who stays."""
    return make_target("cleo")


def test_leavers_leave_each_group_and_who_is_not_switched_off_keeps_theirs(
    anna: Target, ben: Target, cleo: Target, schema: Schema
) -> None:
    sales, staff = group("sales", [anna, cleo]), group("staff", [anna, ben, cleo])
    made = plan([anna, ben], schema, known(sales, staff, people=[anna, ben]))
    assert [row.changes for row in own(made)] == [(OFF,), (OFF,)]
    a, b = dn_of(anna.account), dn_of(ben.account)
    assert of_groups(made) == [
        ("sales", (Change("member", (a,)),), 1),
        ("staff", (Change("member", (a,)),), 1),
        ("staff", (Change("member", (b,)),), 2),
    ]
    assert (made.size, made.friction, made.warnings) == (2, Friction.COUNT, ())


def test_a_group_is_never_left_without_a_member(anna: Target, ben: Target, schema: Schema) -> None:
    made = plan([anna, ben], schema, known(group("duo", [anna, ben]), people=[anna, ben]))
    assert [(name, changes) for name, changes, _base in of_groups(made)] == [
        ("duo", (Change("member", (dn_of(anna.account),)),))
    ]
    assert [(one.kind, one.account_id) for one in made.warnings] == [("only-member", ben.account.id)]
    assert "duo still names Ben" in made.warnings[0].text


def test_groups_are_kept_where_that_is_asked(anna: Target, cleo: Target, schema: Schema) -> None:
    sales = group("sales", [anna, cleo], owners=[anna, cleo])
    assert of_groups(plan([anna], schema, known(sales, people=[anna]), groups="keep")) == []


def test_a_successor_gets_what_was_owned_once_and_those_who_reported(
    anna: Target, ben: Target, cleo: Target, schema: Schema, make_target: MakeTarget
) -> None:
    sales = group("sales", [cleo], owners=[anna, ben])
    manager = {"manager": (dn_of(anna.account), b"uid=other,dc=example,dc=com")}
    dora, left = make_target("dora", manager), replace(ben, values={"manager": (dn_of(anna.account),)})
    facts = known(
        sales, people=[anna, ben], named={"successor": (cleo.account,)},
        managed={anna.account.id: (dora, left, cleo)}, manages={anna.account.id: 3},
        sole_owner_of={anna.account.id: (Reference(sales.id, "sales", sales.dn),)},
    )  # fmt: skip
    made = plan([anna, ben], schema, facts, successor="cleo", groups="keep")
    a, b, c = (dn_of(one.account) for one in (anna, ben, cleo))
    assert of_groups(made) == [
        ("sales", (Change("owner", (a,), (c,)),), 1), ("sales", (Change("owner", (b,)),), 2),
    ]  # fmt: skip
    assert [(row.login, row.changes, row.rests_on) for row in own(made)[2:]] == [
        ("dora", (Change("manager", (a,), (c,)),), 1)
    ]
    assert [one.kind for one in made.warnings] == ["successor-managed"]
    assert made.size == 2


def test_without_a_successor_who_alone_owns_a_group_still_does_and_that_is_told(
    anna: Target, cleo: Target, schema: Schema
) -> None:
    alone, shared = group("alone", [cleo], owners=[anna]), group("shared", [cleo], owners=[anna, cleo])
    facts = known(
        alone, shared, people=[anna], manages={anna.account.id: 2},
        sole_owner_of={anna.account.id: (Reference(alone.id, "alone", alone.dn),)},
    )  # fmt: skip
    made = plan([anna], schema, facts)
    assert of_groups(made) == [("shared", (Change("owner", (dn_of(anna.account),)),), 1)]
    assert [one.kind for one in made.warnings] == ["sole-owner", "manager"]


def test_who_is_disabled_already_leaves_what_is_left_and_nothing_holds_that_back(
    cleo: Target, schema: Schema, make_target: MakeTarget
) -> None:
    off = make_target("off", {STATUS: (b"noaccess",)}, standing=Standing.DISABLED)
    gone = make_target("gone", {STATUS: (b"deleted",)}, standing=Standing.DISABLED)
    made = plan([off, gone], schema, known(group("staff", [off, gone, cleo]), people=[off, gone]))
    assert all(row.skip for row in own(made))
    assert [base for _name, _changes, base in of_groups(made)] == [0, 0]
    assert made.size == 2
    nothing = plan([off], schema)
    assert (nothing.size, nothing.changing) == (0, ())


def test_mail_and_last_day_are_as_asked(anna: Target, cleo: Target, schema: Schema) -> None:
    end = datetime(2026, 12, 31, 23, 0, tzinfo=UTC)
    facts = Facts(redirect_target=cleo.account, ends={"until": end}, now=datetime(2026, 1, 1, tzinfo=UTC))
    answers = {"delivery": "redirect", "redirect_to": "cleo@example.com", "until": "2026-12-31"}
    [row] = plan([anna], schema, facts, **answers).rows
    assert row.changes == (
        OFF,
        Change("mailForwardingAddress", (), (b"cleo@example.com",)),
        Change("expiredDate", (), (b"20261231230000Z",)),
    )
    with pytest.raises(UsageError, match="is over"):
        plan([anna], schema, replace(facts, now=end), **answers)


REFUSED: list[tuple[str, dict[str, Any], str]] = [
    ("mail to a leaver", {"delivery": "redirect", "redirect_to": "ben@example.com"}, "Ben is one of the leavers"),
    ("a leaver as successor", {"successor": "ben"}, "Ben is one of the leavers"),
    ("nobody as successor", {"successor": "nobody"}, "is no account"),
    ("an inactive successor", {"successor": "off"}, "Off is not active"),
]


@pytest.mark.parametrize(("answers", "why"), [case[1:] for case in REFUSED], ids=[case[0] for case in REFUSED])
def test_mail_and_duties_go_to_somebody_who_stays(
    answers: dict[str, Any], why: str, anna: Target, ben: Target, schema: Schema, make_target: MakeTarget
) -> None:
    off = make_target("off", standing=Standing.DISABLED)
    named = {"ben": (ben.account,), "off": (off.account,)}.get(str(answers.get("successor")), ())
    facts = Facts(redirect_target=ben.account, named={"successor": named})
    with pytest.raises(Refused, match=why):
        plan([anna, ben], schema, facts, **answers)


def test_plain_people_are_locked_by_the_administrator_and_the_rest_is_refused(anna: Target, cleo: Target) -> None:
    schema = load_schema("inetorgperson")
    made = plan([anna], schema, known(group("staff", [anna, cleo]), people=[anna]))
    assert own(made)[0].changes == (Change("pwdAccountLockedTime", (), (b"000001010000Z",)),)
    assert len(of_groups(made)) == 1
    for answers in ({"delivery": "bounce"}, {"delivery": "redirect", "redirect_to": "cleo@example.com"}):
        with pytest.raises(Refused):
            plan([anna], schema, Facts(redirect_target=cleo.account), **answers)
    without = replace(schema, account=replace(schema.account, status=""))
    assert not LEAVER.is_held_by(without)
    with pytest.raises(Refused, match="no attribute for an account's status"):
        plan([anna], without)
