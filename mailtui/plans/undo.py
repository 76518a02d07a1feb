"""Taking a batch back."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from mailtui.domain import dn as names
from mailtui.domain.account import Account
from mailtui.domain.batch import Batch, BatchRow, RowState
from mailtui.domain.change import Change, Values, applied
from mailtui.domain.entries import Act, EntryKind
from mailtui.domain.plan import Facts, GroupTarget, Plan, PlanRow, Target, UnitTarget
from mailtui.domain.policy import Policy
from mailtui.domain.rules import decode_text, same_values, value_key
from mailtui.errors import NothingToDo
from mailtui.plans.deleting import deleting, deleting_group, deleting_unit
from mailtui.plans.group_rows import replaced_since, row_of, taken_back
from mailtui.plans.keeping import refuse_held
from mailtui.plans.references import Places
from mailtui.plans.rows import plan_of, wanting
from mailtui.plans.unit_moves import renaming_unit
from mailtui.texts import _, ngettext

if TYPE_CHECKING:
    from mailtui.domain.schema import Schema

UNDO = "undo"
_APPLIED = (RowState.VERIFIED, RowState.DRIFTED, RowState.SENT)

Targets = Mapping[str, Target]
Groups = Mapping[str, GroupTarget]
Units = Mapping[str, UnitTarget]
Raw = Mapping[str, tuple[bytes, ...]]


def plan_undo(
    batch: Batch,
    targets: Targets,
    facts: Facts,
    schema: Schema,
    policy: Policy,
    *,
    groups: Groups = MappingProxyType({}),
    units: Units = MappingProxyType({}),
    overwriting: Collection[str] = (),
) -> Plan:
    """Plan to give each entry of a batch its own prior values again; targets and groups by id, those gone left out.

    An attribute that is no longer what the batch left makes a conflict of its row: nothing is overwritten, but in the
    accounts (ids) in `overwriting`, whose new values somebody has seen; then the plan is about these alone.

    Raises:
        NothingToDo: No row of the batch was applied.
        Refused: An account that was added since came to be on hold.
    """
    # What was done to an entry that was added in the same batch, and so had no id yet, goes with it.
    applied = [row for row in _applied(batch) if row.account_id or row.act is Act.ADD]
    if any(row.act is Act.PASSWORD and row.account_id for row in batch.rows):
        text = _("A new password cannot be taken back: {batch}").format(batch=batch.id)
        raise NothingToDo(text, hint=_("Reset it again."))
    if not applied:
        text = _("Batch {batch} changed nothing that could be undone").format(batch=batch.id)
        raise NothingToDo(text, hint=_("`mailtui batch {batch}` shows what became of it.").format(batch=batch.id))
    if overwriting:
        applied = [row for row in applied if row.account_id in overwriting]
    ordered = _backwards(applied)
    numbers = {row.number: number for number, row in enumerate(ordered, 1)}
    rows: list[PlanRow] = []
    staying: set[str] = set()
    for row in ordered:
        unit = units.get(row.account_id)
        undone = (
            _undo_unit_row(row, unit, schema)
            if row.kind is EntryKind.UNIT
            else _undone(row, targets, groups, schema, overwriting, staying)
        )
        if row.act is Act.ADD and undone.conflict:
            staying.add(names.key(row.dn))
        rows.append(replace(undone, rests_on=_basis(row, numbers)))
    deleted = {row.account_id for row in rows if row.act is Act.DELETE and not row.is_idle}
    refuse_held([target.account for target in targets.values() if target.account.id in deleted], facts.holds, policy)
    is_of_units = any(row.kind is EntryKind.UNIT for row in ordered)
    about = facts.inside if is_of_units else _owners(rows, targets)
    plan = plan_of(
        UNDO, "", list(targets.values()), _placed(rows), facts, policy, undoes=batch.id, touched=about
    )  # fmt: skip
    return replace(plan, title=_title(batch, ordered, plan))


def _title(batch: Batch, rows: Sequence[BatchRow], plan: Plan) -> str:
    """Name the accounts by their number, but a unit or a group by its name."""
    if all(row.kind is not EntryKind.ACCOUNT for row in rows) or rows[0].kind is EntryKind.UNIT:
        return _("Undo {batch}: {name}").format(batch=batch.id, name=rows[0].name)
    count = plan.size
    return ngettext("Undo {batch}: {count} account", "Undo {batch}: {count} accounts", count).format(
        batch=batch.id, count=count
    )


def _owners(rows: Sequence[PlanRow], targets: Targets) -> Sequence[Account] | None:
    """Give the accounts that other rows rest on, where only values change; None where no row rests on another."""
    if not any(row.rests_on for row in rows) or any(row.act is not Act.MODIFY for row in rows):
        return None
    own = {row.account_id for row in rows if row.kind is EntryKind.ACCOUNT and not row.rests_on and not row.is_idle}
    return [target.account for target in targets.values() if target.account.id in own]


def _placed(rows: Sequence[PlanRow]) -> list[PlanRow]:
    """Name entries as they are called once the units that they are in are back, where that comes before."""
    places = Places({row.dn: row.new_dn for row in rows if row.kind is EntryKind.UNIT and row.act is Act.RENAME})
    return [replace(row, dn=places.of(row.dn)) if row.rests_on else row for row in rows]


def _applied(batch: Batch) -> list[BatchRow]:
    """Give the rows that were applied; what names an entry that went or moved counts, though the server did it."""
    bases = {row.number for row in batch.rows if row.act in {Act.DELETE, Act.RENAME} and row.state in _APPLIED}
    return [
        row
        for row in batch.rows
        if row.state in _APPLIED or (row.state is RowState.SKIPPED and row.changes and row.rests_on in bases)
    ]


def _backwards(rows: Sequence[BatchRow]) -> list[BatchRow]:
    """Order rows to be undone: what was changed in an entry after it was moved, the move, and then what names it."""
    acted = {row.account_id for row in rows if row.act is not Act.MODIFY}
    inside = [row for row in rows if row.act is Act.MODIFY and row.account_id in acted]
    acts = [row for row in rows if row.act is not Act.MODIFY]
    return [*inside, *acts, *(row for row in rows if row.act is Act.MODIFY and row.account_id not in acted)]


def _basis(row: BatchRow, numbers: Mapping[int, int]) -> int:
    """Give the number of the row that undoes what a row rested on; one that comes before it rests on nothing."""
    is_naming_anew = any(change.remove for change in row.changes)
    if row.kind is EntryKind.GROUP and sum(len(change.add) for change in row.changes) > 1 and not is_naming_anew:
        # It put several into a group: those whose entries stay are left out of what it takes back.
        return 0
    basis = numbers.get(row.rests_on, 0)
    return basis if basis < numbers[row.number] else 0


def _undone(
    row: BatchRow,
    targets: Targets,
    groups: Groups,
    schema: Schema,
    overwriting: Collection[str],
    staying: Collection[str],
) -> PlanRow:
    if row.kind is EntryKind.GROUP and row.act is Act.MODIFY:
        return _undo_group_row(row, groups.get(row.account_id), schema, staying)
    if row.kind is EntryKind.GROUP and row.act is Act.ADD:
        return _undo_added_group(row, groups.get(row.account_id), schema)
    return _undo_row(row, targets.get(row.account_id), schema, overwriting)


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
