"""Apply profile: bring accounts back to what the rules of their position, need and department say."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from mailtui.domain.allocation import allocation
from mailtui.domain.plan import Facts, Plan, Target
from mailtui.domain.policy import Policy
from mailtui.plans.allotting import WHAT, Allotting, default_groups, parts_of
from mailtui.plans.quotas import FORCE, check_use
from mailtui.plans.rows import changing, plan_of
from mailtui.plans.tasks import Answers, Task
from mailtui.texts import _, ngettext

if TYPE_CHECKING:
    from mailtui.domain.schema import Schema


def plan_apply_profile(
    targets: Sequence[Target], answers: Answers, facts: Facts, schema: Schema, policy: Policy
) -> Plan:
    """Plan to bring accounts back to their rules; those that no rule is for are left as they are.

    So are those that use more than they would be given, unless it is forced.

    Raises:
        UsageError: What is to be applied is nothing that could be.
    """
    is_forced = bool(answers.get("force"))
    allotting = Allotting(parts_of(answers), facts, schema, spares_full=not is_forced)
    rows = [allotting.row(target, allocation(target.account, policy)) for target in targets]
    cautions = check_use(changing(targets, rows), rows, schema, is_forced=is_forced)
    touched = allotting.accounts(targets)
    title = ngettext(
        "Apply the profile of {count} account", "Apply the profiles of {count} accounts", len(touched)
    ).format(count=len(touched))
    rows += allotting.members.rows()
    return plan_of(
        "apply-profile", title, targets, rows, facts, policy, [*allotting.cautions(), *cautions], touched=touched
    )


APPLY_PROFILE = Task(
    name="apply-profile",
    title=_("Apply profile"),
    summary=_("Bring accounts back to what their profile and department say."),
    key="",
    questions=(WHAT, FORCE),
    planner=plan_apply_profile,
    groups_named=default_groups,
)
