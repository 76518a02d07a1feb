"""Taking a batch back."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import TYPE_CHECKING

from mailtui.domain.batch import Batch, BatchRow, RowState
from mailtui.domain.change import Values, applied
from mailtui.domain.plan import Facts, Plan, PlanRow, Target
from mailtui.domain.policy import Policy
from mailtui.domain.rules import same_values, value_key
from mailtui.errors import NothingToDo
from mailtui.plans.rows import count_of, plan_of, wanting
from mailtui.texts import _, ngettext

if TYPE_CHECKING:
    from mailtui.domain.schema import Schema

UNDO = "undo"
_APPLIED = (RowState.VERIFIED, RowState.DRIFTED, RowState.SENT)

Targets = Mapping[str, Target]


def plan_undo(
    batch: Batch, targets: Targets, facts: Facts, schema: Schema, policy: Policy, *, overwriting: Collection[str] = ()
) -> Plan:
    """Plan to give each entry of a batch its own prior values again; targets by account id, those gone left out.

    An attribute that is no longer what the batch left makes a conflict of its row: nothing is overwritten, but in the
    accounts (ids) in `overwriting`, whose new values somebody has seen; then the plan is about these alone.

    Raises:
        NothingToDo: No row of the batch was applied.
    """
    applied = [row for row in batch.rows if row.state in _APPLIED]
    if not applied:
        raise NothingToDo(_("Batch {batch} changed nothing that could be undone").format(batch=batch.id))
    if overwriting:
        applied = [row for row in applied if row.account_id in overwriting]
    rows = [_undo_row(row, targets.get(row.account_id), schema, overwriting) for row in applied]
    count = count_of(rows)
    title = ngettext("Undo {batch}: {count} account", "Undo {batch}: {count} accounts", count)
    return plan_of(
        UNDO, title.format(batch=batch.id, count=count), list(targets.values()), rows, facts, policy, undoes=batch.id
    )


def _undo_row(row: BatchRow, target: Target | None, schema: Schema, overwriting: Collection[str]) -> PlanRow:
    if row.before is None:
        return _conflict(row, _("what it was before is no longer kept"))
    if target is None:
        return _conflict(row, _("the entry is gone"))
    changed = [now for before in row.before if (now := _changed_since(row, before, target, schema))]
    if changed and row.account_id not in overwriting:
        return _conflict(row, _("changed since: {what}").format(what="; ".join(changed)), target)
    wanted = {before.attribute: before.values for before in row.before}
    return wanting(target, wanted, schema, _("it is as it was before already"))


def _changed_since(row: BatchRow, before: Values, target: Target, schema: Schema) -> str:
    """Say what an attribute is now, where that is neither what was before nor what the batch left."""
    rule = schema.rule(before.attribute)
    now = target.values_of(before.attribute)
    known = (before.values, *_left_by(row, before, schema))
    return "" if any(same_values(rule, now.values, values) for values in known) else now.described()


def _left_by(row: BatchRow, before: Values, schema: Schema) -> Iterator[tuple[bytes, ...]]:
    rule = schema.rule(before.attribute)
    planned = applied(row.changes, before, rule).values
    yield planned
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
    return PlanRow(row.account_id, row.login, row.name, dn, conflict=reason)
