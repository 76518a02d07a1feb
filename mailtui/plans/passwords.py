"""Reset password: a new one, made here and shown once, that must be changed at the next log-in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from mailtui.domain.entries import Act
from mailtui.domain.plan import Caution, Facts, Plan, PlanRow, Target
from mailtui.domain.policy import Policy
from mailtui.plans.rows import needed, plan_of, wanting
from mailtui.plans.tasks import AnswerKind, Answers, Question, Task
from mailtui.texts import _, ngettext

if TYPE_CHECKING:
    from mailtui.domain.schema import Schema

_TRUE = b"TRUE"


def plan_reset_password(
    targets: Sequence[Target], answers: Answers, facts: Facts, schema: Schema, policy: Policy
) -> Plan:
    """Plan to give accounts new passwords; the plan does not hold them.

    Raises:
        Refused: The schema does not say what shows that a password was set.
    """
    needed("".join(schema.account.password_changed), _("when a password was set"), schema)
    rows = [_row(target, schema) for target in targets]
    text = _("The new passwords are shown once. The old ones cannot be given back.")
    cautions = [Caution("passwords", text, _("how directories keep passwords"))]
    attribute = schema.account.must_change
    if answers["must_change"] and (not attribute or attribute in facts.unknown):
        text = _("Nobody is asked to change the new password: the directory cannot do that")
        cautions.append(Caution("must-change", text, _("the directory's schema")))
    elif answers["must_change"]:
        asked = (wanting(target, {attribute: (_TRUE,)}, schema, _("it is asked for already")) for target in targets)
        rows += [replace(row, rests_on=number) for number, row in enumerate(asked, 1)]
    count = len(targets)
    title = ngettext("Reset the password of {count} account", "Reset the passwords of {count} accounts", count)
    accounts = [target.account for target in targets]
    return plan_of(
        "reset-password", title.format(count=count), targets, rows, facts, policy, cautions, touched=accounts
    )


def _row(target: Target, schema: Schema) -> PlanRow:
    account = target.account
    before = tuple(target.values_of(attribute) for attribute in schema.account.password_changed)
    return PlanRow(account.id, account.login, account.name, account.dn, before=before, act=Act.PASSWORD)


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
    ),
    planner=plan_reset_password,
    makes_passwords=True,
)
