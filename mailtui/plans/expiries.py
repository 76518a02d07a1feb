"""Expire and unexpire: the day after which an account no longer works."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from mailtui.domain.plan import Facts, Plan, Target
from mailtui.domain.policy import Policy
from mailtui.domain.rules import encode_time
from mailtui.errors import UsageError
from mailtui.plans.rows import count_of, needed, plan_of, wanting
from mailtui.plans.tasks import AnswerKind, Answers, Question, Task
from mailtui.texts import _, ngettext

if TYPE_CHECKING:
    from mailtui.domain.schema import Schema


def plan_expire(targets: Sequence[Target], answers: Answers, facts: Facts, schema: Schema, policy: Policy) -> Plan:
    """Plan to let accounts work until the end of a day, `facts.ends`, and no longer.

    Raises:
        UsageError: The day is over.
        Refused: The schema has no attribute for it.
    """
    attribute = needed(schema.account.expires, _("the day on which an account expires"), schema)
    day, end = answers["on"], facts.ends["on"]
    if facts.now and end <= facts.now:
        raise UsageError(
            _("{day} is over").format(day=day), hint=_("To take the log-in away at once, disable the account.")
        )
    nothing = _("it expires then already")
    rows = [wanting(target, {attribute: (encode_time(end),)}, schema, nothing) for target in targets]
    count = count_of(rows)
    title = ngettext(
        "Let {count} account expire at the end of {day}", "Let {count} accounts expire at the end of {day}", count
    )
    return plan_of("expire", title.format(count=count, day=day), targets, rows, facts, policy)


def plan_unexpire(targets: Sequence[Target], _answers: Answers, facts: Facts, schema: Schema, policy: Policy) -> Plan:
    """Plan to let accounts work without an end.

    Raises:
        Refused: The schema has no attribute for it.
    """
    attribute = needed(schema.account.expires, _("the day on which an account expires"), schema)
    rows = [wanting(target, {attribute: ()}, schema, _("it does not expire")) for target in targets]
    count = count_of(rows)
    title = ngettext("Let {count} account expire no more", "Let {count} accounts expire no more", count)
    return plan_of("unexpire", title.format(count=count), targets, rows, facts, policy)


EXPIRE = Task(
    name="expire",
    title=_("Expire"),
    summary=_("Let accounts work until the end of a day, and no longer."),
    key="",
    questions=(
        Question("on", AnswerKind.DATE, _("Last day"), _("A day such as 2026-12-31, or +30d or +2w from today.")),
    ),
    planner=plan_expire,
    needs=lambda schema: schema.account.expires,
)
UNEXPIRE = Task(
    name="unexpire",
    title=_("Unexpire"),
    summary=_("Let accounts that were to expire, or have, work without an end."),
    key="",
    questions=(),
    planner=plan_unexpire,
    needs=lambda schema: schema.account.expires,
)
