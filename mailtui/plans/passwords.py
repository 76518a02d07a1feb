"""Reset password: a new one, made here and shown once, or typed; it must be changed at the next log-in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from mailtui.domain.entries import Act
from mailtui.domain.plan import Caution, Facts, Plan, PlanRow, Target
from mailtui.domain.policy import Policy
from mailtui.errors import Refused
from mailtui.plans.rows import needed, plan_of, wanting
from mailtui.plans.tasks import AnswerKind, Answers, Question, Task
from mailtui.texts import _, ngettext

if TYPE_CHECKING:
    from mailtui.domain.schema import Schema

ASK = "ask"
"""The question whether a password is typed."""
_TRUE = b"TRUE"


def plan_reset_password(
    targets: Sequence[Target], answers: Answers, facts: Facts, schema: Schema, policy: Policy
) -> Plan:
    """Plan to give accounts new passwords; the plan does not hold them.

    Raises:
        Refused: The schema does not say what shows that a password was set, or one is to be typed for several.
    """
    count = len(targets)
    if answers[ASK] and count != 1:
        raise Refused(
            _("A password is typed for one account at a time, not for {count}").format(count=count),
            hint=_("Name one of them, or have the passwords made."),
        )
    needed("".join(schema.account.password_changed), _("when a password was set"), schema)
    rows = [_row(target, schema) for target in targets]
    text = _("The new passwords are shown once. The old ones cannot be given back.")
    if answers[ASK]:
        text = _("The new password is typed, and not shown. The old one cannot be given back.")
    cautions = [Caution("passwords", text, _("how directories keep passwords"))]
    attribute = schema.account.must_change
    if answers["must_change"] and (not attribute or attribute in facts.unknown):
        text = _("Nobody is asked to change the new password: the directory cannot do that")
        cautions.append(Caution("must-change", text, _("the directory's schema")))
    elif answers["must_change"]:
        asked = (wanting(target, {attribute: (_TRUE,)}, schema, _("it is asked for already")) for target in targets)
        rows += [replace(row, rests_on=number) for number, row in enumerate(asked, 1)]
    title = ngettext("Reset the password of {count} account", "Reset the passwords of {count} accounts", count)
    accounts = [target.account for target in targets]
    return plan_of(
        "reset-password", title.format(count=count), targets, rows, facts, policy, cautions, touched=accounts
    )


def _row(target: Target, schema: Schema) -> PlanRow:
    account = target.account
    before = tuple(target.values_of(attribute) for attribute in schema.account.password_changed)
    return PlanRow(account.id, account.login, account.name, account.dn, before=before, act=Act.PASSWORD)


def asks_for_password(plan: Plan) -> PlanRow | None:
    """Give the row of a plan whose password a person is to type; None where all that it sets are made."""
    if not plan.answers.get(ASK):
        return None
    return next((row for row in plan.rows if row.act is Act.PASSWORD), None)


RESET_PASSWORD = Task(
    name="reset-password",
    title=_("Reset password"),
    summary=_("Give accounts new passwords, which are shown once."),
    key="P",
    questions=(
        Question(
            "must_change",
            AnswerKind.FLAG,
            _("Must change"),
            _("Another password is asked for at the next log-in."),
            default=True,
        ),
        Question(
            ASK,
            AnswerKind.FLAG,
            _("Typed by you"),
            _("The new password is typed twice, not made; for one account."),
            default=False,
        ),
    ),
    planner=plan_reset_password,
    makes_passwords=True,
)
