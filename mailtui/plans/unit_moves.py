"""Org units renamed and moved, with all that is below them; what names anything there goes along."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mailtui.domain import dn as names
from mailtui.domain.change import Change
from mailtui.domain.entries import Act, EntryKind
from mailtui.domain.plan import Facts, Plan, PlanRow, Target, UnitTarget
from mailtui.domain.policy import Policy
from mailtui.domain.rules import value_key
from mailtui.errors import Refused
from mailtui.plans.references import Move, reference_rows
from mailtui.plans.rows import plan_of
from mailtui.plans.tasks import About, AnswerKind, Answers, Question, Task
from mailtui.plans.unit_rules import of_another_place
from mailtui.plans.units import UNIT, refuse_base, refuse_taken, written_name
from mailtui.texts import _

if TYPE_CHECKING:
    from mailtui.domain.schema import Schema


def renamed_dn(answers: Answers, facts: Facts, _schema: Schema) -> str:
    """Give the DN of a unit under its new name; empty where it is not named by its name."""
    return names.renamed(facts.units["unit"].dn, names.UNIT_NAMES, written_name(answers["to"]))[1]


def moved_dn(_answers: Answers, facts: Facts, _schema: Schema) -> str:
    """Give the DN of a unit at its new place."""
    unit = facts.units["unit"]
    return names.moved(unit.dn, names.parent(unit.dn), facts.units["below"].dn)


def plan_rename_unit(
    _targets: Sequence[Target], answers: Answers, facts: Facts, schema: Schema, policy: Policy
) -> Plan:
    """Plan to give a unit another name.

    Raises:
        Refused: The name is taken, or the entry is not named by it, or it is the base.
    """
    unit, name = facts.units["unit"], written_name(answers["to"])
    refuse_base(unit)
    old, new_dn = names.renamed(unit.dn, names.UNIT_NAMES, name)
    if not new_dn:
        raise Refused(_("{dn} is not named by the name of the unit").format(dn=unit.dn))
    if names.key(new_dn) != names.key(unit.dn):
        refuse_taken(new_dn, name, "/".join(unit.path[:-1]) or names.parent(unit.dn), facts)
    title = _("Rename unit {name} to {new}").format(name=unit.name, new=name)
    changes = () if old == name else (_naming(unit, old, name, schema),)
    nothing = "" if changes else _("it is called so already")
    there = _There(new_dn, (*unit.path[:-1], name), changes, nothing)
    return _planned("rename-unit", title, unit, there, facts, schema, policy)


def plan_move_unit(_targets: Sequence[Target], answers: Answers, facts: Facts, schema: Schema, policy: Policy) -> Plan:
    """Plan to move a unit, with all that is below it, below another one.

    Raises:
        Refused: Its name is taken there, it would be below itself, or it is the base.
    """
    unit, above = facts.units["unit"], facts.units["below"]
    refuse_base(unit)
    if names.is_below(above.dn, unit.dn):
        raise Refused(
            _("{unit} cannot be moved below itself").format(unit=unit.name),
            hint=_("Name a unit that is not in it."),
        )
    new_dn = moved_dn(answers, facts, schema)
    is_there = names.key(new_dn) == names.key(unit.dn)
    if not is_there:
        refuse_taken(new_dn, unit.name, above.name, facts)
    title = _("Move unit {name} below {above}").format(name=unit.name, above=above.name)
    nothing = _("it is there already") if is_there else ""
    there = _There(new_dn, (*above.path, *unit.path[-1:]), (), nothing)
    return _planned("move-unit", title, unit, there, facts, schema, policy)


@dataclass(frozen=True, slots=True)
class _There:
    """Where a unit is to be, what that changes in its values, and why nothing is to be done, if so."""

    dn: str
    path: tuple[str, ...]
    changes: tuple[Change, ...]
    nothing: str


def _planned(
    task: str, title: str, unit: UnitTarget, there: _There, facts: Facts, schema: Schema, policy: Policy
) -> Plan:
    if there.nothing:
        row = PlanRow(unit.id, "", unit.name, unit.dn, skip=there.nothing, kind=EntryKind.UNIT)
        return plan_of(task, title, [], [row], facts, policy, touched=[])
    is_elsewhere = names.key(there.dn) != names.key(unit.dn)
    references, _stuck = reference_rows([Move(1, unit, there.dn)] if is_elsewhere else [], facts, schema)
    cautions = list(of_another_place(unit, there.path, facts, schema, policy))
    rows = [renaming_unit(unit, there.dn, there.changes), *references]
    return plan_of(task, title, [], rows, facts, policy, cautions, touched=facts.inside)


def renaming_unit(unit: UnitTarget, dn: str, changes: Sequence[Change]) -> PlanRow:
    """Give the row that gives a unit another DN, and the values that it is named by."""
    before = tuple(unit.values_of(change.attribute) for change in changes)
    return PlanRow(
        unit.id, "", unit.name, unit.dn, tuple(changes), before, kind=EntryKind.UNIT, act=Act.RENAME, new_dn=dn
    )  # fmt: skip


def _naming(unit: UnitTarget, old: str, new: str, schema: Schema) -> Change:
    """Give what a new name changes in the values of an entry.

    Raises:
        Refused: It has the name beside its first one.
    """
    attribute = schema.unit.name
    rule, held = schema.rule(attribute), unit.values_of(attribute).values
    named, wanted = (text.encode("utf-8", "surrogateescape") for text in (old, new))
    gone = tuple(value for value in held if value_key(rule, value) == value_key(rule, named))
    if value_key(rule, wanted) in {value_key(rule, value) for value in held if value not in gone}:
        # The server takes away what an entry is named by: undo could not bring both back.
        raise Refused(_("{name} is also called {new} already").format(name=unit.name, new=new))
    return Change(attribute, remove=gone, add=(wanted,))


RENAME_UNIT = Task(
    name="rename-unit",
    title=_("Rename unit"),
    summary=_("Give an org unit another name; what is in it stays in it."),
    key="R",
    questions=(UNIT, Question("to", AnswerKind.TEXT, _("New name"), _("What the unit is to be called."))),
    planner=plan_rename_unit,
    about=About.UNIT,
    moves_entries=True,
    destination=renamed_dn,
)
MOVE_UNIT = Task(
    name="move-unit",
    title=_("Move unit"),
    summary=_("Move an org unit, with all that is in it, below another one."),
    key="M",
    questions=(
        UNIT,
        Question("below", AnswerKind.UNIT, _("Below"), _("The unit that it goes below: its name, path or DN.")),
    ),
    planner=plan_move_unit,
    about=About.UNIT,
    moves_entries=True,
    destination=moved_dn,
)
