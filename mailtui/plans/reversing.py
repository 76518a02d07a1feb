"""Single rows of a batch taken back: each entry gets its own prior values, if it is still as the batch left it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from mailtui.domain import dn as names
from mailtui.domain.batch import BatchRow, RowState
from mailtui.domain.change import Change, Values, applied
from mailtui.domain.entries import Act, EntryKind
from mailtui.domain.plan import GroupTarget, PlanRow, Target, UnitTarget
from mailtui.domain.rules import decode_text, same_values, value_key
from mailtui.plans.deleting import deleting, deleting_group, deleting_unit
from mailtui.plans.group_rows import replaced_since, row_of, taken_back
from mailtui.plans.rows import wanting
from mailtui.plans.unit_moves import renaming_unit
from mailtui.texts import _

if TYPE_CHECKING:
    from mailtui.domain.schema import Schema

Raw = Mapping[str, tuple[bytes, ...]]


@dataclass(frozen=True, slots=True)
class Held:
    """The entries of a batch as the directory holds them now, by id; those that are gone are left out."""

    targets: Mapping[str, Target]
    groups: Mapping[str, GroupTarget] = field(default_factory=dict)
    units: Mapping[str, UnitTarget] = field(default_factory=dict)


def taking_back(
    row: BatchRow, held: Held, schema: Schema, overwriting: Collection[str], staying: Collection[str]
) -> PlanRow:
    """Give the row that takes another one back; a conflict where its entry is no longer as that left it.

    Args:
        row: What was done.
        held: What the entries are now.
        schema: How values compare.
        overwriting: The accounts (ids) whose new values somebody has seen.
        staying: The DNs, as keys, of entries that the batch added and that stay.
    """
    if row.kind is EntryKind.UNIT:
        return _undo_unit_row(row, held.units.get(row.account_id), schema)
    if row.kind is EntryKind.GROUP and row.act is Act.MODIFY:
        return _undo_group_row(row, held.groups.get(row.account_id), schema, staying)
    if row.kind is EntryKind.GROUP and row.act is Act.ADD:
        return _undo_added_group(row, held.groups.get(row.account_id), schema)
    return _undo_row(row, held.targets.get(row.account_id), schema, overwriting)


def _undo_row(row: BatchRow, target: Target | None, schema: Schema, overwriting: Collection[str]) -> PlanRow:
    if row.before is None:
        return _conflict(row, _("what it was before is no longer kept"))
    if row.act is Act.DELETE:
        return _added_again(row)
    if target is None:
        return _conflict(row, _("the entry is gone"))
    changed = [now for before in row.before if (now := _changed_since(row, before, target, schema))]
    changed += [values.described() for values in _come_since(row, target.whole, schema)]
    if changed and row.account_id not in overwriting:
        return _conflict(row, _("changed since: {what}").format(what="; ".join(changed)), target)
    if row.act is not Act.MODIFY:
        return _named_back(row, target) if row.act is Act.RENAME else _deleted_again(row, target)
    wanted = {before.attribute: before.values for before in row.before}
    return wanting(target, wanted, schema, _("it is as it was before already"), typed=wanted.keys())


def _undo_group_row(row: BatchRow, group: GroupTarget | None, schema: Schema, staying: Collection[str]) -> PlanRow:
    """Take back those members that are still as the batch left them: each came and went by itself.

    Those whose entries the batch added and that are `staying` (DNs, as keys) stay members.
    """
    if row.before is None:
        return _conflict(row, _("what it was before is no longer kept"))
    if group is None:
        return _conflict(row, _("the entry is gone"))
    changed = replaced_since(row, group, schema)
    if changed:
        return _conflict(row, _("changed since: {what}").format(what=changed))
    return row_of(group, list(_but_for(taken_back(row, group, schema), staying)), schema)


def _but_for(changes: Sequence[Change], staying: Collection[str]) -> Iterator[Change]:
    for change in changes:
        remove = tuple(value for value in change.remove if names.key(decode_text(value)) not in staying)
        if remove or change.add:
            yield replace(change, remove=remove)


def _undo_added_group(row: BatchRow, group: GroupTarget | None, schema: Schema) -> PlanRow:
    """Delete a group that was added, unless it is no longer as the batch left it."""
    if row.before is None:
        return _conflict(row, _("what it was before is no longer kept"))
    if group is None:
        return _conflict(row, _("the entry is gone"))
    changed = [now for before in row.before if (now := _changed_in(row, before, group.whole, schema))]
    changed += [values.described() for values in _come_since(row, group.whole, schema)]
    if changed:
        return _conflict(row, _("changed since: {what}").format(what="; ".join(changed)))
    return deleting_group(group)


def _undo_unit_row(row: BatchRow, unit: UnitTarget | None, schema: Schema) -> PlanRow:
    """Take back what was done to an org unit, unless it is no longer as the batch left it, or not empty any more."""
    if row.before is None:
        return _conflict(row, _("what it was before is no longer kept"))
    if row.act is Act.DELETE:
        return _added_again(row)
    if unit is None:
        return _conflict(row, _("the entry is gone"))
    held = unit.whole if row.act is Act.ADD else unit.values
    changed = [now for before in row.before if (now := _changed_in(row, before, held, schema))]
    changed += [values.described() for values in _come_since(row, unit.whole, schema)]
    if changed:
        return _conflict(row, _("changed since: {what}").format(what="; ".join(changed)))
    if row.act is Act.ADD:
        return _conflict(row, _("{name} is in it").format(name=unit.holds)) if unit.holds else deleting_unit(unit)
    if names.key(unit.dn) != names.key(row.new_dn):
        return _conflict(row, _("the entry was moved to {dn}").format(dn=unit.dn))
    return renaming_unit(unit, row.dn, [change.reversed() for change in row.changes])


def _added_again(row: BatchRow) -> PlanRow:
    """Add an entry that was deleted, with all that could be read of it then; it gets another id."""
    changes = tuple(Change(values.attribute, add=values.values) for values in row.before or () if values.values)
    before = tuple(Values(change.attribute) for change in changes)
    return PlanRow("", row.login, row.name, row.dn, changes, before, kind=row.kind, act=Act.ADD)


def _deleted_again(row: BatchRow, target: Target) -> PlanRow:
    """Delete an entry that was added, all of whose values `target` holds."""
    return replace(deleting(target), kind=row.kind)


def _named_back(row: BatchRow, target: Target) -> PlanRow:
    """Give an entry that was renamed or moved its old name and place."""
    if names.key(target.account.dn) != names.key(row.new_dn):
        return _conflict(row, _("the entry was moved to {dn}").format(dn=target.account.dn), target)
    changes = tuple(change.reversed() for change in row.changes)
    before = tuple(target.values_of(change.attribute) for change in changes)
    account = target.account
    return PlanRow(
        account.id, account.login, account.name, account.dn, changes, before, act=Act.RENAME, new_dn=row.dn
    )  # fmt: skip


def _changed_since(row: BatchRow, before: Values, target: Target, schema: Schema) -> str:
    """Say what an attribute is now, where that is neither what was before nor what the batch left."""
    return _changed_in(row, before, target.whole if row.act is Act.ADD else target.values, schema)


def _changed_in(row: BatchRow, before: Values, held: Raw, schema: Schema) -> str:
    rule = schema.rule(before.attribute)
    by_name = {name.lower(): values for name, values in held.items()}
    now = Values(before.attribute, by_name.get(before.attribute.lower(), ()))
    known = (before.values, *_left_by(row, before, schema))
    return "" if any(same_values(rule, now.values, values) for values in known) else now.described()


def _come_since(row: BatchRow, whole: Raw, schema: Schema) -> Iterator[Values]:
    """Give the attributes that an entry has got since it was added."""
    given = {change.attribute.lower() for change in row.changes} if row.act is Act.ADD else set(whole)
    for attribute, values in whole.items():
        if attribute.lower() not in given and not schema.is_volatile(Values(attribute)):
            yield Values(attribute, values)


def _left_by(row: BatchRow, before: Values, schema: Schema) -> Iterator[tuple[bytes, ...]]:
    rule = schema.rule(before.attribute)
    planned = applied(row.changes, before, rule).values
    yield planned
    if row.state is RowState.SKIPPED:
        yield from (one.values for one in row.found if one.attribute.lower() == before.attribute.lower())
    if row.state is not RowState.DRIFTED:
        return
    # A write that took effect in part is ours to take back; a value that is neither old nor ours is somebody else's.
    ours = {value_key(rule, value) for value in (*before.values, *planned)}
    for found in row.found:
        if found.attribute.lower() == before.attribute.lower() and ours.issuperset(
            value_key(rule, value) for value in found.values
        ):
            yield found.values


def _conflict(row: BatchRow, reason: str, target: Target | None = None) -> PlanRow:
    dn = target.account.dn if target else row.dn
    return PlanRow(row.account_id, row.login, row.name, dn, conflict=reason, kind=row.kind)
