"""Org units: a new one, and an empty one deleted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from mailtui.domain import dn as names
from mailtui.domain.change import Change, Values
from mailtui.domain.entries import Act, EntryKind
from mailtui.domain.plan import Facts, Plan, PlanRow, Target, UnitTarget
from mailtui.domain.policy import Policy
from mailtui.errors import Refused
from mailtui.plans.deleting import deleting_unit
from mailtui.plans.references import Move, reference_rows
from mailtui.plans.rows import plan_of
from mailtui.plans.tasks import About, AnswerKind, Answers, Question, Task
from mailtui.plans.unit_rules import no_longer_named
from mailtui.texts import _

if TYPE_CHECKING:
    from mailtui.domain.schema import Schema

NAME = Question("name", AnswerKind.TEXT, _("Name"), _("What the unit is called."))
UNIT = Question("unit", AnswerKind.UNIT, _("Unit"), _("The name of the unit, its path or its DN."))


def new_unit_dn(answers: Answers, facts: Facts, schema: Schema) -> str:
    """Give the DN that a new unit gets."""
    return names.join(schema.unit.name, written_name(answers["name"]), facts.units["below"].dn)


def written_name(answer: object) -> str:
    """Give a name as it is to be written."""
    return str(answer).strip()


def plan_create_unit(
    _targets: Sequence[Target], answers: Answers, facts: Facts, schema: Schema, policy: Policy
) -> Plan:
    """Plan to add an org unit below `facts.units["below"]`.

    Raises:
        Refused: There is one of this name, or the schema does not say what a unit is.
    """
    if not schema.unit.object_classes:
        raise Refused(
            _("The schema “{schema}” does not say what a new org unit is").format(schema=schema.name),
            hint=_("Set `object_classes` of [unit] in the schema file."),
        )
    dn, name, above = new_unit_dn(answers, facts, schema), written_name(answers["name"]), facts.units["below"]
    refuse_taken(dn, name, above.name, facts)
    classes = tuple(value.encode() for value in schema.unit.object_classes)
    given = (Change("objectClass", add=classes), Change(schema.unit.name, add=(name.encode(),)))
    before = tuple(Values(change.attribute) for change in given)
    row = PlanRow("", "", name, dn, given, before, kind=EntryKind.UNIT, act=Act.ADD)
    title = _("New unit {name} below {above}").format(name=name, above=above.name)
    return plan_of("create-unit", title, [], [row], facts, policy, touched=[])


def plan_delete_unit(
    _targets: Sequence[Target], _answers: Answers, facts: Facts, schema: Schema, policy: Policy
) -> Plan:
    """Plan to delete the unit `facts.units["unit"]`, in which nothing is, and what names it.

    Raises:
        Refused: It is not empty, or the base.
    """
    unit = facts.units["unit"]
    refuse_base(unit)
    if unit.holds:
        raise Refused(
            _("{unit} is not empty: {name} is in it").format(unit=unit.name, name=unit.holds),
            hint=_("Move what is in it, or delete it, first."),
        )
    references, stuck = reference_rows([Move(1, unit, "")], facts, schema)
    cautions = [*stuck, *no_longer_named(unit, facts, policy)]
    title = _("Delete unit {name}").format(name=unit.name)
    rows = [deleting_unit(unit), *references]
    return plan_of("delete-unit", title, [], rows, facts, policy, cautions, touched=[])


def refuse_base(unit: UnitTarget) -> None:
    """Refuse to change the entry that everything is below.

    Raises:
        Refused: It is that.
    """
    if not unit.id:
        raise Refused(_("{dn} is the base of the directory").format(dn=unit.dn), hint=_("Name a unit below it."))


def refuse_taken(dn: str, name: str, above: str, facts: Facts) -> None:
    """Refuse a DN at which there is an entry.

    Raises:
        Refused: There is one.
    """
    if names.key(dn) in facts.taken:
        raise Refused(
            _("There is an entry called “{name}” in {above} already").format(name=name, above=above),
            hint=_("Choose another name, or look at what is there."),
        )


CREATE_UNIT = Task(
    name="create-unit",
    title=_("New unit"),
    summary=_("Add an org unit."),
    key="N",
    questions=(
        NAME,
        Question(
            "below",
            AnswerKind.UNIT,
            _("Below"),
            _("The unit that it goes below: its name, path or DN; without one, it is at the top."),
            default="",
        ),
    ),
    planner=plan_create_unit,
    about=About.UNIT,
    needs=lambda schema: " ".join(schema.unit.object_classes),
    destination=new_unit_dn,
)
DELETE_UNIT = Task(
    name="delete-unit",
    title=_("Delete unit"),
    summary=_("Delete an org unit that nothing is in."),
    key="",
    questions=(UNIT,),
    planner=plan_delete_unit,
    about=About.UNIT,
    moves_entries=True,
)
