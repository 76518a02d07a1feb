"""What is known of the org units that answers name, and of what is in the one that a task is done to."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from mailtui.domain.plan import UnitTarget
from mailtui.errors import Refused
from mailtui.texts import _

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mailtui.desk.desk import Desk
    from mailtui.desk.reading import Reading
    from mailtui.domain.account import Reference
    from mailtui.domain.plan import Facts
    from mailtui.plans.tasks import Answers, Task


def with_units(desk: Desk, reading: Reading, task: Task, answers: Answers, facts: Facts) -> Facts:
    """Add the units that answers name to facts, and of the one that a task is done to what is in it and names that.

    Raises:
        Refused: There is no such unit, or several, or it is gone.
    """
    named = _named(desk, task, answers)
    subject = task.subject.name if task.subject else ""
    units = reading.units([one.id for one in named.values() if one.id], is_whole=subject in named)
    held = {name: _held(one, units) for name, one in named.items()}
    facts = replace(facts, units=held, operators=desk.config.operators)
    if subject in held and held[subject].id:
        facts = replace(facts, **surroundings(desk, reading, held[subject]))
    place = task.destination(answers, facts, desk.schema) if task.destination else ""
    return replace(facts, taken=reading.taken(place)) if place else facts


def _named(desk: Desk, task: Task, answers: Answers) -> dict[str, Reference]:
    """Give the units that answers name; of a task that is about units, no answer means the base."""
    from mailtui.plans.tasks import About, AnswerKind
    from mailtui.queries.units import place_named, unit_named

    asked = [one.name for one in task.questions if one.kind is AnswerKind.UNIT and one.name in answers]
    is_about_units = task.about is About.UNIT
    wanted = [name for name in asked if answers[name] or is_about_units]
    if not wanted:
        return {}
    look_up = place_named if is_about_units else unit_named
    with closing(desk.mirror()) as mirror:
        return {name: look_up(mirror, str(answers[name])) for name in wanted}


def _held(named: Reference, units: Mapping[str, UnitTarget]) -> UnitTarget:
    if not named.id:
        return UnitTarget("", named.dn, named.name)
    if named.id not in units:
        raise Refused(
            _("The org unit {name} is gone from the directory").format(name=named.name),
            hint=_("The mirror was mended; choose again."),
        )
    return units[named.id]


def surroundings(desk: Desk, reading: Reading, unit: UnitTarget) -> dict[str, Any]:
    """Give the facts of what is in a unit, and of what names that."""
    from mailtui.queries.units import accounts_in

    with closing(desk.mirror()) as mirror:
        inside = accounts_in(mirror, unit.id)
    protection = desk.protection([account.id for account in inside])
    return {"inside": inside, "protection": protection, **reading.surroundings_of(unit)}
