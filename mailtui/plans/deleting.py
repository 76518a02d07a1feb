"""Delete: an account for good, with what names it; what could be read of it comes back with undo."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from mailtui.domain.account import Standing
from mailtui.domain.change import Change, Values
from mailtui.domain.entries import Act, EntryKind
from mailtui.domain.plan import Caution, Facts, Friction, GroupTarget, Plan, PlanRow, Target, UnitTarget
from mailtui.domain.policy import Policy
from mailtui.plans.impact import of_disabling
from mailtui.plans.keeping import EARLY, check_kept
from mailtui.plans.references import Move, reference_rows
from mailtui.plans.rows import plan_of
from mailtui.plans.tasks import Answers, Task
from mailtui.texts import _, ngettext

if TYPE_CHECKING:
    from mailtui.domain.schema import Schema


def plan_delete(targets: Sequence[Target], answers: Answers, facts: Facts, schema: Schema, policy: Policy) -> Plan:
    """Plan to delete accounts; it is guarded, whatever their number.

    Raises:
        Refused: One is on hold, or is still to be kept by its profile and that is not forced.
    """
    keeping = check_kept([target.account for target in targets], facts, policy, is_forced=bool(answers.get("force")))
    accounts = [target.account for target in targets]
    rows = list(map(deleting, targets))
    references, stuck = reference_rows([Move(n, one, "") for n, one in enumerate(accounts, 1)], facts, schema)
    count = len(targets)
    title = ngettext("Delete {count} account", "Delete {count} accounts", count).format(count=count)
    cautions = [*_for_good(targets), *keeping, *stuck, *of_disabling(accounts, facts)]
    plan = plan_of("delete", title, targets, [*rows, *references], facts, policy, cautions, touched=accounts)
    return plan.with_friction(Friction.GUARDED)


def deleting(target: Target) -> PlanRow:
    """Give the row that deletes an entry, whose values `target.whole` holds; what it lacks, it must still lack."""
    lacked = tuple(Values(attribute) for attribute, values in target.values.items() if not values)
    changes, held = _all_of(target.whole)
    account = target.account
    return PlanRow(account.id, account.login, account.name, account.dn, changes, held + lacked, act=Act.DELETE)


def deleting_group(group: GroupTarget) -> PlanRow:
    """Give the row that deletes a group, whose values `group.whole` holds."""
    changes, held = _all_of(group.whole)
    return PlanRow(group.id, "", group.name, group.dn, changes, held, kind=EntryKind.GROUP, act=Act.DELETE)


def deleting_unit(unit: UnitTarget) -> PlanRow:
    """Give the row that deletes an org unit, whose values `unit.whole` holds."""
    changes, held = _all_of(unit.whole)
    return PlanRow(unit.id, "", unit.name, unit.dn, changes, held, kind=EntryKind.UNIT, act=Act.DELETE)


def _all_of(whole: Mapping[str, tuple[bytes, ...]]) -> tuple[tuple[Change, ...], tuple[Values, ...]]:
    held = tuple(Values(attribute, values) for attribute, values in whole.items() if values)
    return tuple(Change(values.attribute, remove=values.values) for values in held), held


def _for_good(targets: Sequence[Target]) -> list[Caution]:
    basis = _("what the directory shows to this log-in")
    text = _("Undo brings the entries back without their passwords, with new ids, and without the mail")
    cautions = [Caution("for-good", text, basis)]
    for target in targets:
        if target.account.standing is Standing.ACTIVE:
            text = _("{name} is still active").format(name=target.account.name)
            cautions.append(Caution("active", text, _("the account's own entry"), target.account.id))
    return cautions


DELETE = Task(
    name="delete",
    title=_("Delete"),
    summary=_("Delete accounts for good, and take them out of their groups."),
    key="D",
    questions=(EARLY,),
    planner=plan_delete,
    moves_entries=True,
)
