"""Taking a batch back."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from mailtui.domain import dn as names
from mailtui.domain.account import Account
from mailtui.domain.batch import Batch, BatchRow, RowState
from mailtui.domain.entries import Act, EntryKind
from mailtui.domain.plan import Facts, GroupTarget, Plan, PlanRow, Target, UnitTarget
from mailtui.domain.policy import Policy
from mailtui.errors import NothingToDo
from mailtui.plans.keeping import refuse_held
from mailtui.plans.references import Places
from mailtui.plans.reversing import Held, taking_back
from mailtui.plans.rows import plan_of
from mailtui.texts import _, ngettext

if TYPE_CHECKING:
    from mailtui.domain.schema import Schema

UNDO = "undo"
_APPLIED = (RowState.VERIFIED, RowState.DRIFTED, RowState.SENT)

Targets = Mapping[str, Target]
Groups = Mapping[str, GroupTarget]
Units = Mapping[str, UnitTarget]


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
    _check_undoable(batch, applied)
    if overwriting:
        applied = [row for row in applied if row.account_id in overwriting]
    ordered = _backwards(applied)
    rows = _reversed(ordered, Held(targets, groups, units), schema, overwriting)
    deleted = {row.account_id for row in rows if row.act is Act.DELETE and not row.is_idle}
    refuse_held([target.account for target in targets.values() if target.account.id in deleted], facts.holds, policy)
    is_of_units = any(row.kind is EntryKind.UNIT for row in ordered)
    about = facts.inside if is_of_units else _owners(rows, targets)
    plan = plan_of(
        UNDO, "", list(targets.values()), _placed(rows), facts, policy, undoes=batch.id, touched=about
    )  # fmt: skip
    return replace(plan, title=_title(batch, ordered, plan))


def _check_undoable(batch: Batch, applied: Sequence[BatchRow]) -> None:
    if any(row.act is Act.PASSWORD and row.account_id for row in batch.rows):
        text = _("A new password cannot be taken back: {batch}").format(batch=batch.id)
        raise NothingToDo(text, hint=_("Reset it again."))
    if not applied:
        text = _("Batch {batch} changed nothing that could be undone").format(batch=batch.id)
        raise NothingToDo(text, hint=_("`mailtui batch {batch}` shows what became of it.").format(batch=batch.id))


def _reversed(rows: Sequence[BatchRow], held: Held, schema: Schema, overwriting: Collection[str]) -> list[PlanRow]:
    """Give the rows that take others back, in the order of these, each resting on what it must come after."""
    numbers = {row.number: number for number, row in enumerate(rows, 1)}
    planned: list[PlanRow] = []
    staying: set[str] = set()
    for row in rows:
        undone = taking_back(row, held, schema, overwriting, staying)
        if row.act is Act.ADD and undone.conflict:
            staying.add(names.key(row.dn))
        planned.append(replace(undone, rests_on=_basis(row, numbers)))
    return planned


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
