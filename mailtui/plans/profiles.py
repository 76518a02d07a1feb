"""Apply profile: bring accounts back to what the profile of their position or need says."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from mailtui.domain.plan import Facts, Plan, PlanRow, Target
from mailtui.domain.policy import Policy, Profile
from mailtui.plans.quotas import FORCE, check_use, profile_limit
from mailtui.plans.rows import Wanted, changing, count_of, plan_of, skipped, wanting
from mailtui.plans.tasks import Answers, Task
from mailtui.texts import _, ngettext

if TYPE_CHECKING:
    from mailtui.domain.schema import Schema

# What a profile says, each as the attributes that it comes to; none where the profile or the schema has no word of it.
_PARTS: tuple[Callable[[Profile, Schema], Wanted], ...] = (profile_limit,)


def plan_apply_profile(
    targets: Sequence[Target], answers: Answers, facts: Facts, schema: Schema, policy: Policy
) -> Plan:
    """Plan to bring accounts back to their profiles; those without one are left as they are.

    Raises:
        Refused: A limit would be below what is used, and it is not forced.
    """
    rows = [_row(target, policy.profile_of(target.account), schema) for target in targets]
    cautions = check_use(changing(targets, rows), rows, schema, is_forced=bool(answers.get("force")))
    count = count_of(rows)
    title = ngettext("Apply the profile of {count} account", "Apply the profiles of {count} accounts", count)
    return plan_of("apply-profile", title.format(count=count), targets, rows, facts, policy, cautions)


def _row(target: Target, profile: Profile | None, schema: Schema) -> PlanRow:
    if profile is None:
        return skipped(target, _("no profile is for it"))
    wanted = {attribute: values for part in _PARTS for attribute, values in part(profile, schema).items()}
    if not wanted:
        return skipped(target, _("the profile {name} says nothing that could be applied").format(name=profile.name))
    return wanting(target, wanted, schema, _("it is as the profile {name} says").format(name=profile.name))


APPLY_PROFILE = Task(
    name="apply-profile",
    title=_("Apply profile"),
    summary=_("Bring accounts back to what their profile says."),
    key="",
    questions=(FORCE,),
    planner=plan_apply_profile,
)
