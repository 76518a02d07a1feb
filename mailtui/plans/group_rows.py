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


CLASSES = "objectClass"


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
        is_renaming = bool(row.rests_on and change.remove and change.add)
        left += still_to_do(_still_named(change, group, schema) if is_renaming else [change.reversed()], group, schema)
    return [change for change in left if not change.remove or not _is_needed(change, left, group, schema)]


def _is_needed(change: Change, left: Sequence[Change], group: GroupTarget, schema: Schema) -> bool:
    """Tell whether a change would take the class from a group by which it has mail, though it still has some."""
    gone = {(one.attribute, value) for one in left for value in one.remove}
    of_mail = filter(None, (schema.group.mail, schema.group.aliases, schema.group.posting))
    held = ((attribute, value) for attribute in of_mail for value in group.values_of(attribute).values)
    return change.attribute == CLASSES and not gone.issuperset(held)


def replaced_since(row: BatchRow, group: GroupTarget, schema: Schema) -> str:
    """Say what attributes are now whose values a row replaced and others have replaced since; empty for none."""
    others = []
    for change in row.changes:
        now = group.values_of(change.attribute)
        held = {value_key(schema.rule(change.attribute), value) for value in now.values}
        ours = {value_key(schema.rule(change.attribute), value) for value in change.add}
        if change.remove and ours - held and not schema.is_by_value(change.attribute):
            others.append(now.described())
    return "; ".join(others)


def _still_named(change: Change, group: GroupTarget, schema: Schema) -> list[Change]:
    """Give what names those as before whom a change named anew, the first by its first new name, if it still holds."""
    rule = schema.rule(change.attribute)
    held = {value_key(rule, value) for value in group.values_of(change.attribute).values}
    pairs = [(old, new) for old, new in zip(change.remove, change.add, strict=False) if value_key(rule, new) in held]
    before, after = (tuple(values) for values in zip(*pairs, strict=True)) if pairs else ((), ())
    return [Change(change.attribute, after, before)] if pairs else []


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
    changes = [_over(change, group, schema) for change in row.changes]
    return row_of(group, still_to_do(changes, group, schema), schema)


def _over(change: Change, group: GroupTarget, schema: Schema) -> Change:
    """Give a change that replaces what there is now, where an attribute has one value."""
    if change.attribute.lower() != schema.group.posting.lower():
        return change
    return replace(change, remove=tuple(v for v in group.values_of(change.attribute).values if v not in change.add))
