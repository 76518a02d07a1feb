"""Rows that change single values of a group's entry, of which others may change more at the same time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from mailtui.domain.batch import Batch, BatchRow
from mailtui.domain.change import Change
from mailtui.domain.entries import EntryKind
from mailtui.domain.plan import Facts, GroupTarget, Plan, PlanRow
from mailtui.domain.policy import Policy
from mailtui.domain.rules import value_key
from mailtui.plans.rows import plan_of
from mailtui.texts import _

if TYPE_CHECKING:
    from mailtui.domain.schema import Schema


def row_of(group: GroupTarget, changes: Sequence[Change], schema: Schema) -> PlanRow:
    """Give the row that changes single values of a group's attributes."""
    if not changes:
        return PlanRow(group.id, "", group.name, group.dn, skip=_("it is so already"), kind=EntryKind.GROUP)
    before = tuple(schema.concerning(changes, group.values_of(change.attribute)) for change in changes)
    return PlanRow(group.id, "", group.name, group.dn, tuple(changes), before, kind=EntryKind.GROUP)


def still_to_do(changes: Sequence[Change], group: GroupTarget, schema: Schema) -> list[Change]:
    """Give what is left of changes by value, now that a group is as it is."""
    left = []
    for change in changes:
        rule = schema.rule(change.attribute)
        held = {value_key(rule, value) for value in group.values_of(change.attribute).values}
        remove = tuple(value for value in change.remove if value_key(rule, value) in held)
        add = tuple(value for value in change.add if value_key(rule, value) not in held)
        if remove or add:
            left.append(Change(change.attribute, remove, add))
    return left


def taken_back(row: BatchRow, group: GroupTarget, schema: Schema) -> list[Change]:
    """Give what takes a row's changes back, now that a group is as it is.

    Who was named anew, as the entry moved, is named as before only where nobody has taken it out since.
    """
    left = []
    for change in row.changes:
        back = still_to_do([change.reversed()], group, schema)
        is_renaming = bool(row.rests_on and change.remove and change.add)
        left += [one for one in back if one.remove or not is_renaming]
    return left


def plan_members_again(
    batch: Batch, rows: Sequence[BatchRow], groups: Mapping[str, GroupTarget], schema: Schema, policy: Policy
) -> Plan:
    """Plan what is left to do of rows that change groups, now that these are as they are; groups by id."""
    planned = [_again(row, groups.get(row.account_id), schema) for row in rows]
    title = _("Once more: {task}").format(task=batch.task)
    again = plan_of(batch.task, title, [], planned, Facts(), policy, touched=[])
    return replace(again, answers=batch.answers)


def _again(row: BatchRow, group: GroupTarget | None, schema: Schema) -> PlanRow:
    if group is None:
        gone = _("the entry is gone")
        return PlanRow(row.account_id, row.login, row.name, row.dn, conflict=gone, kind=row.kind)
    return row_of(group, still_to_do(row.changes, group, schema), schema)
