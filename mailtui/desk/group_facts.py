"""What is known around the group that a task is about, or that it would add."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING

from mailtui.domain import dn as names
from mailtui.plans.tasks import About

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mailtui.desk.desk import Desk
    from mailtui.desk.reading import Reading
    from mailtui.domain.group import GroupRoom
    from mailtui.domain.plan import Facts
    from mailtui.plans.tasks import Answers, Task


def with_group_facts(desk: Desk, reading: Reading, task: Task, answers: Answers, facts: Facts) -> Facts:
    """Add to facts what names a group that goes, read from the directory, and where one that comes would be."""
    if task.adds_group:
        return replace(facts, group_room=_room(desk, str(answers["name"]), facts))
    if facts.group is not None and task.moves_entries:
        from mailtui.queries.nesting import groups_naming

        with closing(desk.mirror()) as mirror:
            naming = groups_naming(mirror, facts.group.id)
        return replace(facts, groups_of={facts.group.id: tuple(reading.groups(naming).values())})
    return facts


def places_of_groups(task: Task, facts: Facts) -> Iterator[str]:
    """Give the DN below which a group is, or would be, that a task is about."""
    if task.about is About.GROUP and facts.group:
        yield names.parent(facts.group.dn)
    if task.adds_group:
        yield facts.group_room.place


def _room(desk: Desk, name: str, facts: Facts) -> GroupRoom:
    from mailtui.queries.groups import room_for

    with closing(desk.mirror()) as mirror:
        room = room_for(mirror, name, desk.directory_config.base)
    return replace(room, place=facts.units["below"].dn) if "below" in facts.units else room
