"""Edit: only what is answered changes."""

from dataclasses import replace
from typing import Any

import pytest

from mailtui.domain.change import Change
from mailtui.domain.plan import Facts, Plan, Target
from mailtui.domain.policy import Policy
from mailtui.domain.schema import Schema
from mailtui.errors import Refused, UsageError
from mailtui.plans.catalogue import by_name
from tests.plans.conftest import MakeTarget


def plan(targets: list[Target], schema: Schema, facts: Facts | None = None, **answers: Any) -> Plan:
    return by_name("edit").plan(targets, answers, facts or Facts(), schema, Policy())


CASES: list[tuple[dict[str, tuple[bytes, ...]], dict[str, Any], tuple[Change, ...]]] = [
    ({}, {"title": "Clerk"}, (Change("title", (), (b"Clerk",)),)),
    ({"title": (b"Boss", b"Chief")}, {"title": "Clerk"}, (Change("title", (b"Boss", b"Chief"), (b"Clerk",)),)),
    ({"title": (b"Boss",), "telephoneNumber": (b"1",)}, {"title": "-"}, (Change("title", (b"Boss",)),)),
    ({"title": (b"Boss",)}, {"title": "Boss", "notes": "x"}, (Change("description", (), (b"x",)),)),
    ({"telephoneNumber": (b"+49 1",)}, {"phone": "+49 1"}, ()),
    ({"telephoneNumber": (b"+49 1",)}, {"phone": "+491"}, (Change("telephoneNumber", (b"+49 1",), (b"+491",)),)),
    ({"title": (b"clerk",)}, {"title": "Clerk"}, (Change("title", (b"clerk",), (b"Clerk",)),)),
    ({}, {"notes": "-"}, ()),
    ({"employeeNumber": (b"7",)}, {"employee_number": "8"}, (Change("employeeNumber", (b"7",), (b"8",)),)),
]


@pytest.mark.parametrize(("values", "answers", "changes"), CASES)
def test_what_is_answered_is_changed_and_nothing_else(
    values: dict[str, tuple[bytes, ...]],
    answers: dict[str, Any],
    changes: tuple[Change, ...],
    schema: Schema,
    make_target: MakeTarget,
) -> None:
    (row,) = plan([make_target("anna", values)], schema, **answers).rows
    assert row.changes == changes
    assert bool(row.skip) is not bool(changes)


def test_a_name_is_changed_wherever_the_old_one_stood(schema: Schema, make_target: MakeTarget) -> None:
    target = make_target("anna", {"displayName": (b"Anna",), "cn": (b"anna", b"A. X")})
    (row,) = plan([target], schema, name="Eva").rows
    assert row.changes == (
        Change("displayName", (b"Anna",), (b"Eva",)),
        Change("cn", (b"anna",), (b"Eva",)),
    )


def test_a_name_is_spelled_as_it_was_typed_and_no_value_comes_twice(schema: Schema, make_target: MakeTarget) -> None:
    target = make_target("anna", {"displayName": (b"Anna",), "cn": (b"anna", b"A. X", b"ANNA Berg")})
    (row,) = plan([target], schema, name="Anna Berg").rows
    assert row.changes == (
        Change("displayName", (b"Anna",), (b"Anna Berg",)),
        Change("cn", (b"anna", b"ANNA Berg"), (b"Anna Berg",)),
    )
    (again,) = plan([make_target("anna", {"displayName": (b"anna",)})], schema, name="Anna").rows
    assert again.changes == (Change("displayName", (b"anna",), (b"Anna",)),)


def test_a_manager_is_the_same_however_the_entry_spells_the_name(schema: Schema, make_target: MakeTarget) -> None:
    boss = make_target("boss").account
    held = make_target("anna", {"manager": (boss.dn.upper().encode(),)})
    (row,) = plan([held], schema, Facts(named={"manager": (boss,)}), manager="boss").rows
    assert row.skip


def test_what_names_the_entry_stays(schema: Schema, make_target: MakeTarget) -> None:
    target = make_target("anna", {"cn": (b"Anna",)})
    target = replace(target, account=replace(target.account, dn="CN=Anna,ou=people,dc=example,dc=com"))
    (row,) = plan([target], schema, name="Eva").rows
    assert row.changes == (Change("displayName", (), (b"Eva",)),)
    named = replace(target, account=replace(target.account, dn="displayName=Anna,dc=example,dc=com"))
    with pytest.raises(Refused, match="displayName"):
        plan([named], schema, name="Eva")


def test_nobody_becomes_their_own_manager(schema: Schema, make_target: MakeTarget) -> None:
    anna, bert = make_target("anna"), make_target("bert")
    facts = Facts(named={"manager": (anna.account,)})
    rows = plan([anna, bert], schema, facts, manager="anna").rows
    assert [bool(row.skip) for row in rows] == [True, False]
    assert rows[1].changes == (Change("manager", (), (anna.account.dn.encode(),)),)


@pytest.mark.parametrize("number", [0, 2])
def test_a_manager_is_exactly_one_account(number: int, schema: Schema, make_target: MakeTarget) -> None:
    facts = Facts(named={"manager": (make_target("dora").account,) * number})
    with pytest.raises(Refused, match=r"manager|Several"):
        plan([make_target("anna")], schema, facts, manager="dora")


def test_an_employee_number_is_one_accounts_alone(schema: Schema, make_target: MakeTarget) -> None:
    anna = make_target("anna", {"employeeNumber": (b"A7",)}, employee_number="A7")
    bert = make_target("bert")
    with pytest.raises(Refused, match="Anna"):
        plan([bert], schema, Facts(named={"employee_number": (anna.account,)}), employee_number="a7")
    # Neither one's own number nor somebody's log-in stands in the way.
    assert plan([anna], schema, Facts(named={"employee_number": (anna.account,)}), employee_number="A7").rows[0].skip
    login = make_target("7").account
    assert plan([bert], schema, Facts(named={"employee_number": (login,)}), employee_number="7").changing


@pytest.mark.parametrize(
    "answers",
    [
        {}, {"name": "-"}, {"phone": "none"}, {"phone": "1\u0662"}, {"title": "a\nb"}, {"notes": "\x1b[2J"},
        {"title": " "}, {"notes": "\udcff"},
    ],
)  # fmt: skip
def test_what_cannot_be_written_is_refused(answers: dict[str, Any], schema: Schema, make_target: MakeTarget) -> None:
    with pytest.raises(UsageError):
        plan([make_target("anna")], schema, **answers)


def test_what_only_one_can_have_is_not_given_to_several(schema: Schema, make_target: MakeTarget) -> None:
    both = [make_target("anna", {"employeeNumber": (b"1",)}), make_target("bert")]
    with pytest.raises(Refused, match="one account"):
        plan(both, schema, name="Eva")
    with pytest.raises(Refused, match="one account"):
        plan(both, schema, employee_number="7")
    assert len(plan(both, schema, employee_number="-").changing) == 1
    assert len(plan(both, schema, title="Clerk").changing) == 2


def test_what_the_directory_has_no_attribute_for_is_told(schema: Schema, make_target: MakeTarget) -> None:
    without = replace(schema, account=replace(schema.account, notes=""))
    with pytest.raises(Refused, match="notes"):
        plan([make_target("anna")], without, notes="x")
    assert plan([make_target("anna")], without, title="x").changing
