"""Unlock: let in again whom failed log-ins have locked out, or an administrator (ppolicy's pwdAccountLockedTime)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from mailtui.domain.account import Standing
from mailtui.domain.plan import Caution, Facts, Plan, PlanRow, Target
from mailtui.domain.policy import Policy
from mailtui.domain.rules import decode_text
from mailtui.plans.rows import changing, count_of, needed, plan_of, skipped, wanting
from mailtui.plans.tasks import AnswerKind, Answers, Question, Task
from mailtui.texts import _, ngettext

if TYPE_CHECKING:
    from mailtui.domain.schema import Schema


def plan_unlock(targets: Sequence[Target], answers: Answers, facts: Facts, schema: Schema, policy: Policy) -> Plan:
    """Plan to take locks away; an administrator's lock only where that is asked for.

    Raises:
        Refused: The schema has no attribute for locks.
    """
    attribute = needed(schema.account.lock, _("locks"), schema)
    rows = [_row(target, attribute, schema, lifts_all=bool(answers.get("administrative"))) for target in targets]
    cautions = [
        Caution(
            "administrative-lock",
            _("{name} was locked by an administrator, not by failed log-ins").format(name=target.account.name),
            _("the account's own entry"),
            target.account.id,
        )
        for target in changing(targets, rows)
        if _is_administrative(target, attribute, schema)
    ]
    count = count_of(rows)
    title = ngettext("Unlock {count} account", "Unlock {count} accounts", count).format(count=count)
    return plan_of("unlock", title, targets, rows, facts, policy, cautions)


def _is_administrative(target: Target, attribute: str, schema: Schema) -> bool:
    return any(decode_text(value) in schema.lock_forever for value in target.values_of(attribute).values)


def _row(target: Target, attribute: str, schema: Schema, *, lifts_all: bool) -> PlanRow:
    if not lifts_all and _is_administrative(target, attribute, schema):
        return skipped(target, _("locked by an administrator: that takes --administrative"))
    if not target.values_of(attribute).values and target.account.standing is Standing.LOCKED:
        return skipped(target, _("its lock is known to the directory alone, which was not asked"))
    is_disabled = target.account.standing is Standing.DISABLED
    nothing = _("it is disabled, not locked: enable it") if is_disabled else _("it is not locked")
    return wanting(target, {attribute: ()}, schema, nothing)


UNLOCK = Task(
    name="unlock",
    title=_("Unlock"),
    summary=_("Let accounts in again that failed log-ins have locked."),
    key="",
    questions=(
        Question(
            "administrative",
            AnswerKind.FLAG,
            _("Administrative"),
            _("Lift the lock of an administrator as well."),
            default=False,
        ),
    ),
    planner=plan_unlock,
    needs=lambda schema: schema.account.lock,
)
