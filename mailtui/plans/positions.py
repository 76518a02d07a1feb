"""Change profile: change of an account what decides its profile, and give it what that one says."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from mailtui.domain.account import Account, Reference
from mailtui.domain.allocation import What, allocation
from mailtui.domain.plan import Caution, Facts, Plan, PlanRow, Target
from mailtui.domain.policy import Policy, Profile
from mailtui.errors import Refused, UsageError
from mailtui.plans.allotting import WHAT, Allotting, parts_of
from mailtui.plans.quotas import FORCE, check_use
from mailtui.plans.rows import Wanted, changing, needed, plan_of, skipped
from mailtui.plans.tasks import AnswerKind, Answers, Question, Task
from mailtui.texts import _, ngettext

if TYPE_CHECKING:
    from mailtui.domain.schema import Schema

_WILD = "*?["


@dataclass(frozen=True, slots=True)
class _Position:
    """An account as it is once what decides its profile has changed, and the groups that this is done by."""

    account: Account
    joins: tuple[str, ...] = ()
    leaves: tuple[str, ...] = ()


def plan_change_profile(
    targets: Sequence[Target], answers: Answers, facts: Facts, schema: Schema, policy: Policy
) -> Plan:
    """Plan to give accounts the title or group by which another profile is theirs, and what that profile says.

    Raises:
        UsageError: There is no such profile.
        Refused: What decides cannot be changed here, the account would keep its profile all the same, or a limit would
            be below what is used and is not forced.
    """
    profile, parts = _profile(policy, str(answers["to"])), parts_of(answers)
    allotting = Allotting(parts, facts, schema)
    rows: list[PlanRow] = []
    cautions: list[Caution] = []
    for target in targets:
        rows.append(_row(target, profile, answers, allotting, schema, policy))
        if What.EXPIRY in parts and profile.expires_days is None and not rows[-1].skip:
            cautions += _still_expires(target.account, profile)
    cautions += check_use(changing(targets, rows), rows, schema, is_forced=bool(answers.get("force")))
    touched = allotting.touched(targets)
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
    position = _position(account, profile, str(answers["title"] or ""), policy)
    _refuse_unknown(allotting, (*position.joins, *position.leaves))
    if allotting.members.join(account, position.joins) + allotting.members.leave(account, position.leaves):
        allotting.touch(account)
    besides: Wanted = {}
    if position.account.title != account.title:
        attribute = needed(schema.account.title, _("a title"), schema)
        besides = {attribute: ((position.account.title or "").encode(),)}
    return allotting.row(target, allocation(position.account, policy), besides)


def _profile(policy: Policy, name: str) -> Profile:
    for profile in policy.profiles:
        if profile.name.casefold() == name.casefold():
            return profile
    known = ", ".join(profile.name for profile in policy.profiles) or _("none")
    raise UsageError(
        _("There is no profile “{name}”").format(name=name), hint=_("There are: {known}").format(known=known)
    )


def _position(account: Account, profile: Profile, title: str, policy: Policy) -> _Position:
    """Give what an account must be for a profile to be its own: by a title, or by groups."""
    if profile.kind not in {None, account.kind}:
        raise _undecided(account, profile, "kind", (profile.kind or "",))
    joins: tuple[str, ...] = ()
    after = replace(account, title=title) if title else account
    leaves = _deciding(account, policy.profile_of(account), profile)
    for name, patterns in profile.when:
        if _fits(after, name, patterns):
            continue
        only = patterns[0] if len(patterns) == 1 and not set(patterns[0]) & set(_WILD) else ""
        if name == "title" and only and not title:
            after = replace(after, title=only)
        elif name == "group" and only:
            joins = (only,)
        else:
            raise _undecided(account, profile, name, patterns)
    held = tuple(group for group in account.groups if group.name not in leaves)
    after = replace(after, groups=(*held, *(Reference(None, name, "") for name in joins)))
    _refuse_kept(account, profile, policy.profile_of(after))
    return _Position(after, joins, leaves)


def _fits(account: Account, name: str, patterns: tuple[str, ...]) -> bool:
    return Profile("", ((name, patterns),)).fits(account)


def _deciding(account: Account, old: Profile | None, new: Profile) -> tuple[str, ...]:
    """Name the groups by which an account has its profile, and which the new one does not ask for."""
    patterns, wanted = (dict(each.when).get("group", ()) if each else () for each in (old, new))
    kept = {name.casefold() for name in new.groups}

    def decides(group: Reference, by: tuple[str, ...]) -> bool:
        return bool(by) and _fits(replace(account, groups=(group,)), "group", by)

    return tuple(
        group.name
        for group in account.groups
        if decides(group, patterns) and not decides(group, wanted) and group.name.casefold() not in kept
    )


def _undecided(account: Account, profile: Profile, name: str, patterns: Iterable[str]) -> Refused:
    hints = {
        "title": _("Give one that fits with --title."),
        "group": _("Put it into one of them with `join`, then `apply-profile`."),
        "department": _("Move it there with `move`, then `apply-profile`."),
    }
    text = _("The profile {profile} is for accounts whose {condition} is {patterns}: {name} is none")
    return Refused(
        text.format(profile=profile.name, condition=name, patterns=" | ".join(patterns), name=account.name),
        hint=hints.get(name, _("That cannot be changed here.")),
    )


def _refuse_kept(account: Account, profile: Profile, then: Profile | None) -> None:
    if then is profile or then is None:
        return
    conditions = "; ".join(f"{name}: {' | '.join(patterns)}" for name, patterns in then.when) or str(then.kind)
    raise Refused(
        _("{name} would still have the profile {other}, which comes first in the config").format(
            name=account.name, other=then.name
        ),
        hint=_("That one is for: {conditions}").format(conditions=conditions),
    )


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
    profile, names = _profile(policy, str(answers["to"])), set()
    for account in accounts:
        if policy.profile_of(account) is not profile:
            position = _position(account, profile, str(answers["title"] or ""), policy)
            allotted = allocation(position.account, policy).groups
            names |= {*position.joins, *position.leaves, *(allotted.value if allotted else ())}
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
        FORCE,
    ),
    planner=plan_change_profile,
    groups_named=groups_of_change,
    leaves_groups=True,
)
