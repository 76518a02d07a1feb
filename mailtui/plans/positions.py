"""Change profile: change of an account what decides its profile, and give it what that one says."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from mailtui.domain.account import Account
from mailtui.domain.allocation import What, allocation
from mailtui.domain.plan import Caution, Facts, Plan, PlanRow, Target
from mailtui.domain.policy import Policy, Profile
from mailtui.errors import Refused
from mailtui.plans.allotting import WHAT, Allotting, parts_of
from mailtui.plans.deciding import position, profile_named
from mailtui.plans.quotas import FORCE, check_use
from mailtui.plans.rows import Wanted, changing, needed, plan_of, skipped
from mailtui.plans.staffing import check_staff
from mailtui.plans.tasks import AnswerKind, Answers, Question, Task
from mailtui.texts import _, ngettext

if TYPE_CHECKING:
    from mailtui.domain.schema import Schema


def plan_change_profile(
    targets: Sequence[Target], answers: Answers, facts: Facts, schema: Schema, policy: Policy
) -> Plan:
    """Plan to give accounts the title or group by which another profile is theirs, and what that profile says.

    Raises:
        UsageError: There is no such profile.
        Refused: What decides cannot be changed here, the account would keep its profile all the same; or, where that
            is not forced, a limit would be below what is used or nobody would work a shared mailbox any more.
    """
    profile, parts = profile_named(policy, str(answers["to"])), parts_of(answers)
    allotting, is_forced = Allotting(parts, facts, schema), bool(answers.get("force"))
    rows: list[PlanRow] = []
    cautions: list[Caution] = []
    for target in targets:
        rows.append(_row(target, profile, answers, allotting, schema, policy))
        if What.EXPIRY in parts and profile.expires_days is None and target.account.id in allotting.touched:
            cautions += _still_expires(target.account, profile)
    cautions += check_use(changing(targets, rows), rows, schema, is_forced=is_forced)
    cautions += check_staff(allotting.members.unseated(), is_forced=is_forced)
    touched = allotting.accounts(targets)
    title = ngettext(
        "Change the profile of {count} account to {profile}",
        "Change the profile of {count} accounts to {profile}",
        len(touched),
    ).format(count=len(touched), profile=profile.name)
    rows += allotting.members.rows()
    cautions = [*allotting.cautions(), *cautions]
    return plan_of("change-profile", title, targets, rows, facts, policy, cautions, touched=touched)


def _row(
    target: Target, profile: Profile, answers: Answers, allotting: Allotting, schema: Schema, policy: Policy
) -> PlanRow:
    account = target.account
    if policy.profile_of(account) is profile:
        return skipped(target, _("it has the profile already; `apply-profile` applies it"))
    then = position(account, profile, str(answers["title"] or ""), policy)
    _refuse_unknown(allotting, (*then.joins, *then.leaves))
    groups = allotting.members.join(account, then.joins) + allotting.members.leave(account, then.leaves)
    besides: Wanted = {}
    if then.account.title != account.title:
        attribute = needed(schema.account.title, _("a title"), schema)
        besides = {attribute: ((then.account.title or "").encode(),)}
    return allotting.row(target, allocation(then.account, policy), besides, groups)


def _refuse_unknown(allotting: Allotting, names: Iterable[str]) -> None:
    for name in names:
        if not allotting.members.is_known(name):
            raise Refused(
                _("There is no group “{name}”, or there are several").format(name=name),
                hint=_("The profile is decided by it: see the config."),
            )


def _still_expires(account: Account, profile: Profile) -> list[Caution]:
    if account.expires is None:
        return []
    text = _("{name} expires on {day} all the same: {profile} says nothing of it").format(
        name=account.name, day=account.expires.astimezone().date().isoformat(), profile=profile.name
    )
    return [Caution("still-expires", text, _("the account's own entry"), account.id)]


def groups_of_change(accounts: Iterable[Account], answers: Answers, policy: Policy) -> set[str]:
    """Name the groups that accounts join and leave when they get another profile.

    Raises:
        UsageError: There is no such profile.
        Refused: What decides cannot be changed here.
    """
    profile, names = profile_named(policy, str(answers["to"])), set()
    for account in accounts:
        if policy.profile_of(account) is not profile:
            then = position(account, profile, str(answers["title"] or ""), policy)
            allotted = allocation(then.account, policy).groups
            names |= {*then.joins, *then.leaves, *(allotted.value if allotted else ())}
    return names


CHANGE_PROFILE = Task(
    name="change-profile",
    title=_("Change profile"),
    summary=_("Give accounts the title or group that another profile is for, and what it says."),
    key="",
    questions=(
        Question("to", AnswerKind.TEXT, _("Profile"), _("The name of a profile of the config.")),
        Question(
            "title",
            AnswerKind.TEXT,
            _("Title"),
            _("The new title; needed where the profile is for several."),
            default="",
        ),
        WHAT,
        replace(FORCE, help=_("Also below what is used already, and the last active seat of a shared mailbox.")),
    ),
    planner=plan_change_profile,
    groups_named=groups_of_change,
    leaves_groups=True,
)
