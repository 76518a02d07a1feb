"""Disable and enable: who may log in, and what becomes of the mail of those who may not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from mailtui.domain.account import Account, Standing
from mailtui.domain.change import Values
from mailtui.domain.plan import Caution, Facts, Plan, PlanRow, Restorable, Target
from mailtui.domain.policy import Policy
from mailtui.domain.rules import same_values, value_key
from mailtui.plans.impact import of_disabling
from mailtui.plans.rows import Wanted, changing, count_of, needed, plan_of, skipped, wanting
from mailtui.plans.switching import DELIVERY, KEEP_FORWARDS, RECEIVING, REDIRECT_TO, SwitchOff, status_of, status_values
from mailtui.plans.tasks import AnswerKind, Answers, Question, Task
from mailtui.texts import _, ngettext

if TYPE_CHECKING:
    from mailtui.domain.schema import Schema


def plan_disable(targets: Sequence[Target], answers: Answers, facts: Facts, schema: Schema, policy: Policy) -> Plan:
    """Plan to take away the log-in; of a redirect, `facts.redirect_target` is the account it goes to.

    Raises:
        Refused: The schema lacks an attribute, or the redirect goes to no active account of the directory.
    """
    off = SwitchOff.asked(answers, facts, schema, policy)
    rows = [off.row(target) for target in targets]
    touched = changing(targets, rows)
    cautions = [*off.cautions(touched, targets), *of_disabling([target.account for target in touched], facts)]
    count = count_of(rows)
    title = ngettext("Disable {count} account", "Disable {count} accounts", count).format(count=count)
    return plan_of("disable", title, targets, rows, facts, policy, cautions)


def plan_enable(targets: Sequence[Target], answers: Answers, facts: Facts, schema: Schema, policy: Policy) -> Plan:
    """Plan to let accounts work again, with the forwards that the last disable took away where that is asked.

    Raises:
        Refused: The schema has no attribute for the status.
    """
    needed(schema.account.status, _("an account's status"), schema)
    rows = [_enable_row(target, bool(answers["restore"]), facts, schema) for target in targets]
    cautions = [
        caution
        for target in changing(targets, rows)
        for caution in _changed_since(target, facts.restorable.get(target.account.id), schema)
    ]
    count = count_of(rows)
    title = ngettext("Enable {count} account", "Enable {count} accounts", count).format(count=count)
    return plan_of("enable", title, targets, rows, facts, policy, cautions)


def _enable_row(target: Target, restore: bool, facts: Facts, schema: Schema) -> PlanRow:
    if status_of(target, schema).standing in RECEIVING:
        return skipped(target, _not_disabled(target.account))
    status: Wanted = {schema.account.status: status_values(schema, Standing.ACTIVE)}
    given_back = _given_back(target, facts.restorable.get(target.account.id), restore, schema)
    return wanting(target, {**status, **given_back}, schema, _not_disabled(target.account))


def _not_disabled(account: Account) -> str:
    if account.standing is Standing.LOCKED:
        return _("it is not disabled, but locked by failed log-ins")
    if account.standing is Standing.DISABLED:
        return _("its status is active; what keeps it out is an administrator's lock")
    return _("active already")


def _given_back(target: Target, done: Restorable | None, restore: bool, schema: Schema) -> Wanted:
    """Give the values to put back, of attributes that are still as the disable left them."""
    wanted: dict[str, tuple[bytes, ...]] = {}
    for before, left in _pairs(done, schema):
        rule = schema.rule(before.attribute)
        if not same_values(rule, target.values_of(before.attribute).values, left.values):
            continue
        earlier = {value_key(rule, value) for value in before.values}
        kept = tuple(value for value in left.values if value_key(rule, value) in earlier)
        wanted[before.attribute] = before.values if restore else kept
    return wanted


def _pairs(done: Restorable | None, schema: Schema) -> list[tuple[Values, Values]]:
    if done is None:
        return []
    status = schema.account.status.lower()
    return [
        (before, left)
        for before, left in zip(done.before, done.left, strict=True)
        if before.attribute.lower() != status
    ]


def _changed_since(target: Target, done: Restorable | None, schema: Schema) -> list[Caution]:
    return [
        Caution(
            "changed-since",
            _("{name}: {attribute} was changed since batch {batch} disabled the account, and stays as it is").format(
                name=target.account.name, attribute=left.attribute, batch=done.batch
            ),
            _("the journal and the account's own entry"),
            target.account.id,
        )
        for _before, left in _pairs(done, schema)
        if done and not same_values(schema.rule(left.attribute), target.values_of(left.attribute).values, left.values)
    ]


DISABLE = Task(
    name="disable",
    title=_("Disable"),
    summary=_("Take away the log-in of accounts, and decide what becomes of their mail."),
    key="x",
    questions=(DELIVERY, REDIRECT_TO, KEEP_FORWARDS),
    planner=plan_disable,
    needs=lambda schema: schema.account.status,
    in_bar=True,
)
ENABLE = Task(
    name="enable",
    title=_("Enable"),
    summary=_("Let disabled accounts work again."),
    key="e",
    questions=(
        Question(
            "restore",
            AnswerKind.FLAG,
            _("Restore"),
            _("Give back the forwards that the last disable took away."),
            default=True,
        ),
    ),
    planner=plan_enable,
    needs=lambda schema: schema.account.status,
    in_bar=True,
)
