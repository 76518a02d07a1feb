"""Plans for org units: what goes along, in how many rows, and what of it is taken back."""

from collections.abc import Sequence

from mailtui.domain import dn as names
from mailtui.domain.batch import Batch, BatchRow, BatchState, RowState
from mailtui.domain.entries import EntryKind
from mailtui.domain.plan import Facts, GroupTarget, Plan, UnitTarget
from mailtui.domain.policy import Policy
from mailtui.domain.schema import Schema
from mailtui.plans.catalogue import by_name
from mailtui.plans.undo import plan_undo
from tests.plans.conftest import MakeTarget

TOP = "dc=example,dc=com"
OLD, NEW = f"ou=Research,{TOP}", f"OU=Research,ou=Engineering,{TOP}"
UNIT = UnitTarget("id-unit", f"OU=Research,{TOP}", "Research", ("Research",), {"ou": (b"Research",)})
ABOVE = UnitTarget("id-above", f"ou=Engineering,{TOP}", "Engineering", ("Engineering",))
MANY = 5000


def moving(facts: Facts, schema: Schema) -> Plan:
    answers = {"unit": "Research", "below": "Engineering"}
    return by_name("move-unit").plan([], answers, facts, schema, Policy())


def people(number: int, unit: str) -> list[bytes]:
    """Give DNs in a unit, spelled in more than one way."""
    spelled = (unit, unit.upper(), unit.replace(",", ", "))
    return [f"uid=p{n},{spelled[n % 3]}".encode() for n in range(number)]


def group(members: Sequence[bytes]) -> GroupTarget:
    return GroupTarget("id-group", f"cn=all,{TOP}", "all", {"member": tuple(members)})


def test_a_group_of_thousands_changes_in_one_row_and_whoever_left_meanwhile_is_not_brought_back(
    schema: Schema,
) -> None:
    stranger = f"uid=x,ou=Researchers,{TOP}".encode()
    held = group([stranger, *people(MANY, OLD)])
    facts = Facts(units={"unit": UNIT, "below": ABOVE}, groups_of={"id-unit": (held,)})
    plan = moving(facts, schema)
    unit, row = plan.rows
    assert (unit.new_dn, row.rests_on, row.kind) == (NEW, 1, EntryKind.GROUP)
    [change] = row.changes
    assert len(change.remove) == len(change.add) == MANY
    assert stranger not in change.remove
    assert {names.key(one.decode()) for one in change.add} == {names.key(f"uid=p{n},{NEW}") for n in range(MANY)}

    rows = tuple(
        BatchRow(n, r.account_id, "", r.name, r.dn, RowState.VERIFIED, "", r.changes, r.before, kind=r.kind, act=r.act,
                 new_dn=r.new_dn, rests_on=r.rests_on)
        for n, r in enumerate(plan.rows, 1)
    )  # fmt: skip
    batch = Batch("B1", BatchState.DONE, "move-unit", "", "", "kim", None, {}, rows=rows)  # type: ignore[arg-type]
    now = group([stranger, *change.add[1:]])
    moved = UnitTarget("id-unit", NEW, "Research", ("Engineering", "Research"), {"ou": (b"Research",)})
    undone = plan_undo(
        batch, {}, Facts(), schema, Policy(), groups={"id-group": now}, units={"id-unit": moved}
    )  # fmt: skip
    [back] = undone.rows[1].changes
    assert (undone.rows[0].new_dn, undone.rows[1].rests_on) == (UNIT.dn, 1)
    assert back.add == change.remove[1:]


def test_who_has_two_managers_there_keeps_both_and_the_third(schema: Schema, make_target: MakeTarget) -> None:
    managers = (f"uid=a,{OLD}".encode(), f"uid=boss,{TOP}".encode(), f"uid=b,ou=Labs,{OLD}".encode())
    report = make_target("anna", {"manager": managers})
    facts = Facts(units={"unit": UNIT, "below": ABOVE}, managed={"id-unit": (report,)})
    [_unit, row] = moving(facts, schema).rows
    [change] = row.changes
    assert change.remove == (managers[0], managers[2])
    assert change.add == (f"uid=a,{NEW}".encode(), f"uid=b,ou=Labs,{NEW}".encode())
    assert row.dn == report.account.dn
