"""Leaver: all that it means when somebody leaves, as one plan: log-in, mail, groups, seats, ownership and reports."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from mailtui.domain.account import Account
from mailtui.domain.plan import Facts, Plan, Target
from mailtui.domain.policy import Policy
from mailtui.domain.rules import encode_time
from mailtui.errors import Refused, UsageError
from mailtui.plans.handing_over import HandingOver
from mailtui.plans.impact import of_disabling
from mailtui.plans.rows import Wanted, changing, needed, plan_of
from mailtui.plans.switching import DELIVERY, KEEP_FORWARDS, RECEIVING, REDIRECT_TO, SwitchOff
from mailtui.plans.tasks import AnswerKind, Answers, Choice, Question, Task
from mailtui.texts import _, ngettext

if TYPE_CHECKING:
    from mailtui.domain.schema import Schema

_LEAVE, _KEEP = "leave", "keep"


def plan_leaver(targets: Sequence[Target], answers: Answers, facts: Facts, schema: Schema, policy: Policy) -> Plan:
    """Plan to switch leavers off: disabled, out of their groups, what they owned and whom they managed handed over.

    Raises:
        UsageError: The last day is over.
        Refused: The schema lacks an attribute, mail or duties would go to nobody active, or to one of the leavers.
    """
    off = SwitchOff.asked(answers, facts, schema, policy)
    successor = _successor(answers, facts)
    for person in filter(None, (off.heir, successor)):
        _refuse_leaving(person, targets)
    besides = _last_day(answers, facts, schema)
    rows = [off.row(target, besides) for target in targets]
    bases = {row.account_id: number for number, row in enumerate(rows, 1) if not row.is_idle}
    accounts = [target.account for target in targets]
    handing = HandingOver(accounts, bases, successor, facts, schema, leaves_groups=answers["groups"] == _LEAVE)
    others = handing.rows()
    touched = [account for account in accounts if account.id in bases or account.id in handing.touched]
    cautions = [
        *off.cautions(changing(targets, rows), targets),
        *handing.cautions,
        *of_disabling(touched, _remaining(facts, successor)),
    ]
    title = ngettext("Switch off {count} leaver", "Switch off {count} leavers", len(touched))
    return plan_of(
        "leaver", title.format(count=len(touched)), targets, [*rows, *others], facts, policy, cautions, touched=touched
    )


def _successor(answers: Answers, facts: Facts) -> Account | None:
    """Give who takes over; None where nobody was named.

    Raises:
        Refused: That is no account, that of several, or of one that does not work.
    """
    if not answers["successor"]:
        return None
    text, found = answers["successor"], facts.named.get("successor", ())
    if len(found) != 1:
        said = _("“{key}” is no account of this directory") if not found else _("Several accounts may be “{key}”")
        hint = _("Name one by address, log-in or employee number.")
        raise Refused(said.format(key=text), hint=hint)
    if found[0].standing not in RECEIVING:
        raise Refused(
            _("{name} is not active").format(name=found[0].name), hint=_("Choose an active account as successor.")
        )
    return found[0]


def _refuse_leaving(person: Account, targets: Sequence[Target]) -> None:
    if person.id in {target.account.id for target in targets}:
        raise Refused(
            _("{name} is one of the leavers").format(name=person.name),
            hint=_("Mail and duties go to somebody who stays."),
        )


def _last_day(answers: Answers, facts: Facts, schema: Schema) -> Wanted:
    """Give what lets accounts expire; nothing where no day was named."""
    if not answers["until"]:
        return {}
    attribute = needed(schema.account.expires, _("the day on which an account expires"), schema)
    end = facts.ends["until"]
    if facts.now and end <= facts.now:
        raise UsageError(_("{day} is over").format(day=answers["until"]), hint=_("Leave it out, or name a later day."))
    return {attribute: (encode_time(end),)}


def _remaining(facts: Facts, successor: Account | None) -> Facts:
    """Give what is known of the impact, without what the successor takes over."""
    return replace(facts, sole_owner_of={}, manages={}) if successor else facts


_GROUPS = Question(
    "groups",
    AnswerKind.CHOICE,
    _("Groups"),
    _("What becomes of the groups and seats they are in."),
    choices=(Choice(_LEAVE, _("they leave them")), Choice(_KEEP, _("they stay in them"))),
    default=_LEAVE,
)
_SUCCESSOR = Question(
    "successor",
    AnswerKind.ACCOUNT,
    _("Successor"),
    _("Gets the groups they own and those who report to them: an address, log-in or number."),
    default="",
)
_UNTIL = Question(
    "until",
    AnswerKind.DATE,
    _("Last day"),
    _("The day after which the account expires as well, such as 2026-12-31 or +90d."),
    default="",
)

LEAVER = Task(
    name="leaver",
    title=_("Leaver"),
    summary=_("Switch leavers off: log-in, mail, groups, seats; hand over their duties."),
    key="X",
    questions=(DELIVERY, REDIRECT_TO, KEEP_FORWARDS, _GROUPS, _SUCCESSOR, _UNTIL),
    planner=plan_leaver,
    needs=lambda schema: schema.account.status,
    hands_over=True,
)
