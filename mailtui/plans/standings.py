"""Disable and enable: who may log in, and what becomes of the mail of those who may not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from mailtui.domain.account import Account, Delivery, Standing
from mailtui.domain.change import Values
from mailtui.domain.plan import Caution, Facts, Plan, PlanRow, Restorable, Target
from mailtui.domain.policy import Policy
from mailtui.domain.rules import decode_text, same_values, value_key
from mailtui.errors import Refused
from mailtui.plans.impact import of_disabling
from mailtui.plans.rows import Wanted, changing, count_of, needed, plan_of, skipped, wanting
from mailtui.plans.tasks import Answers
from mailtui.texts import _, ngettext

if TYPE_CHECKING:
    from mailtui.domain.schema import Schema, StatusValue

_RECEIVING = (Standing.ACTIVE, Standing.LOCKED)


def plan_disable(targets: Sequence[Target], answers: Answers, facts: Facts, schema: Schema, policy: Policy) -> Plan:
    """Plan to take away the log-in; of a redirect, `facts.redirect_target` is the account it goes to.

    Raises:
        Refused: The schema lacks an attribute, or the redirect goes to no active account of the directory.
    """
    delivery = Delivery(str(answers["delivery"]))
    needed(schema.account.status, _("an account's status"), schema)
    successor = _successor(answers, facts, schema) if delivery is Delivery.REDIRECT else None
    keep = bool(answers.get("keep_forwards"))
    rows = [_disable_row(target, delivery, successor, keep, schema) for target in targets]
    touched = changing(targets, rows)
    cautions = [
        *(caution for target in touched for caution in _disabled_already(target, schema)),
        *_successor_leaves(targets, successor),
        *of_disabling([target.account for target in touched], facts),
    ]
    count = count_of(rows)
    title = ngettext("Disable {count} account", "Disable {count} accounts", count).format(count=count)
    return plan_of("disable", title, targets, rows, facts, policy, cautions)


def _successor(answers: Answers, facts: Facts, schema: Schema) -> Account:
    needed(schema.account.forwards, _("forwards"), schema)
    account, address = facts.redirect_target, answers["redirect_to"]
    if account is None or not account.mail:
        raise Refused(
            _("{address} is no address of this directory").format(address=address),
            hint=_("Mail can be redirected to an active account of the directory only."),
        )
    if account.standing not in _RECEIVING:
        raise Refused(
            _("{name} ({address}) is not active").format(name=account.name, address=address),
            hint=_("Choose an active account to redirect to."),
        )
    return account


def _disable_row(
    target: Target, delivery: Delivery, successor: Account | None, keep_forwards: bool, schema: Schema
) -> PlanRow:
    now = status_of(target, schema)
    if now.final:
        return skipped(
            target, _("the account is “{status}”, for good: it can only be enabled").format(status=now.value)
        )
    if successor and successor.id == target.account.id:
        return skipped(target, _("its mail cannot be redirected to itself"))
    wanted: dict[str, tuple[bytes, ...]] = {schema.account.status: _value(schema, Standing.DISABLED, delivery)}
    if successor:
        wanted[schema.account.forwards] = (str(successor.mail).encode(),)
    elif schema.account.forwards and not keep_forwards:
        wanted[schema.account.forwards] = ()
    return wanting(target, wanted, schema, _("disabled so already"))


def _value(schema: Schema, standing: Standing, delivery: Delivery | None = None) -> tuple[bytes, ...]:
    """Give the value of the status attribute; none where the standing is that it is absent."""
    try:
        value = schema.status_value(standing, delivery)
        return (value.encode(),) if value else ()
    except StopIteration:
        raise Refused(_("The schema “{schema}” has no status for this").format(schema=schema.name)) from None


def status_of(target: Target, schema: Schema) -> StatusValue:
    """Tell what the status attribute of an entry means, locks left aside."""
    values = target.values_of(schema.account.status).values
    return schema.status(decode_text(values[0]) if values else None)


def _disabled_already(target: Target, schema: Schema) -> list[Caution]:
    now = status_of(target, schema)
    if now.standing is not Standing.DISABLED:
        return []
    text = _("{name} is disabled already; only what becomes of the mail changes").format(name=target.account.name)
    return [Caution("disabled-already", text, _("the account's own entry"), target.account.id)]


def _successor_leaves(targets: Sequence[Target], successor: Account | None) -> list[Caution]:
    if successor is None or successor.id not in {target.account.id for target in targets}:
        return []
    text = _("{name}, to whom mail is redirected, is one of those to be disabled").format(name=successor.name)
    return [Caution("redirect-target", text, _("the accounts chosen"), successor.id)]


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
    if status_of(target, schema).standing in _RECEIVING:
        return skipped(target, _not_disabled(target.account))
    status: Wanted = {schema.account.status: _value(schema, Standing.ACTIVE)}
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
