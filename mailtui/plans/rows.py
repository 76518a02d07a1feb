"""From what an entry should be to the rows of a plan."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from mailtui.domain.account import Account
from mailtui.domain.batch import Batch, BatchRow
from mailtui.domain.change import change_between
from mailtui.domain.entries import EntryKind
from mailtui.domain.plan import Caution, Facts, Friction, Plan, PlanRow, Target
from mailtui.domain.policy import Policy
from mailtui.domain.protection import Protection
from mailtui.errors import Refused
from mailtui.plans.friction import friction_of
from mailtui.plans.impact import protected
from mailtui.texts import _

if TYPE_CHECKING:
    from mailtui.domain.schema import Schema

Wanted = Mapping[str, tuple[bytes, ...]]


def skipped(target: Target, reason: str) -> PlanRow:
    """Give the row of an account that is left as it is."""
    account = target.account
    return PlanRow(account.id, account.login, account.name, account.dn, skip=reason)


def wanting(target: Target, wanted: Wanted, schema: Schema, nothing: str, *, typed: Collection[str] = ()) -> PlanRow:
    """Give the row that makes attributes have the values wanted; `nothing` is said where they have them already.

    Of the attributes in `typed`, they have only what is spelled so, too.
    """
    account = target.account
    pairs = []
    for attribute, values in wanted.items():
        before = target.values_of(attribute)
        change = change_between(before, values, schema.rule(attribute), is_typed=attribute in typed)
        if change:
            pairs.append((change, before))
    if not pairs:
        return skipped(target, nothing)
    changes, befores = zip(*pairs, strict=True)
    return PlanRow(account.id, account.login, account.name, account.dn, changes, befores)


def needed(attribute: str, what: str, schema: Schema) -> str:
    """Give the name of an attribute that a task cannot do without.

    Raises:
        Refused: The schema has no such attribute.
    """
    if not attribute:
        raise Refused(
            _("The schema “{schema}” has no attribute for {what}").format(schema=schema.name, what=what),
            hint=_("Name it in the schema file, if the directory has one."),
        )
    return attribute


def changing(targets: Sequence[Target], rows: Sequence[PlanRow]) -> list[Target]:
    """Give those targets whose row changes something."""
    ids = {row.account_id for row in rows if not row.is_idle}
    return [target for target in targets if target.account.id in ids]


def count_of(rows: Sequence[PlanRow]) -> int:
    """Count the accounts that would change: the number that a person is asked for."""
    return sum(not row.is_idle for row in rows)


def as_planned(batch: Batch, rows: Sequence[BatchRow], *, conflicts: bool) -> Plan:
    """Give rows of a batch to be sent as they were planned: whether they still may be is seen when they are.

    Raises:
        Refused: They are in conflict: entries that were moved or replaced are not planned from anew.
    """
    if conflicts:
        raise Refused(
            _("What {batch} found otherwise cannot be planned again by itself").format(batch=batch.id),
            hint=_("Look at the rows, undo the batch where that is right, and do the task anew."),
        )
    planned = tuple(
        PlanRow(
            row.account_id, row.login, row.name, row.dn, row.changes, row.before or (), kind=row.kind, act=row.act,
            new_dn=row.new_dn, rests_on=row.rests_on,
        )
        for row in rows
    )  # fmt: skip
    about = len([row for row in rows if row.kind is EntryKind.ACCOUNT and not row.rests_on])
    friction = Friction.COUNT if about > 1 else Friction.LIGHT
    title = _("The rest of {batch}").format(batch=batch.id)
    return Plan(
        batch.task, title, planned, friction, ticket=batch.ticket, reason=batch.reason, undoes=batch.undoes,
        answers=batch.answers, accounts=about,
    )  # fmt: skip


def asked_for(plan: Plan, accounts: Sequence[Account], protection: Protection, policy: Policy) -> Plan:
    """Give a plan as one that is about more accounts than its own rows are: those in a unit that moves."""
    asked = replace(plan, accounts=len(accounts))
    warnings = (*protected(accounts, protection, policy), *plan.warnings)
    return replace(asked, friction=friction_of(accounts, asked.size, protection, policy), warnings=warnings)


def plan_of(
    task: str,
    title: str,
    targets: Sequence[Target],
    rows: Sequence[PlanRow],
    facts: Facts,
    policy: Policy,
    cautions: Sequence[Caution] = (),
    undoes: str | None = None,
    touched: Sequence[Account] | None = None,
) -> Plan:
    """Put a plan together: rows, friction, and the cautions that every task has.

    `touched` are the accounts that it is about, where the rows are of other entries.
    """
    if touched is None:
        touched = [target.account for target in changing(targets, rows)]
    warnings = (*protected(touched, facts.protection, policy), *cautions)
    plan = Plan(task, title, tuple(rows), Friction.LIGHT, warnings, undoes=undoes, accounts=len(touched))
    return replace(plan, friction=friction_of(touched, plan.size, facts.protection, policy))
