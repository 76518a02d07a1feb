"""What decides an account's profile, and what would have to be another for it to be another profile's."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from mailtui.domain.account import Account, Reference
from mailtui.domain.policy import Policy, Profile
from mailtui.errors import Refused, UsageError
from mailtui.texts import _

_WILD = "*?["


@dataclass(frozen=True, slots=True)
class Position:
    """An account as it is once what decides its profile has changed, and the groups that this is done by."""

    account: Account
    joins: tuple[str, ...] = ()
    leaves: tuple[str, ...] = ()


def profile_named(policy: Policy, name: str) -> Profile:
    """Give a profile by its name, whatever its case.

    Raises:
        UsageError: There is none.
    """
    for profile in policy.profiles:
        if profile.name.casefold() == name.casefold():
            return profile
    known = ", ".join(profile.name for profile in policy.profiles) or _("none")
    raise UsageError(
        _("There is no profile “{name}”").format(name=name), hint=_("There are: {known}").format(known=known)
    )


def position(account: Account, profile: Profile, title: str, policy: Policy) -> Position:
    """Give what an account must be for a profile to be its own: by a title, or by groups.

    Raises:
        Refused: Something else decides, the title must be chosen, or another profile would still come first.
    """
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
    if not profile.fits(after):
        raise Refused(
            _("The profile {profile} is for nobody").format(profile=profile.name),
            hint=_("Say in the config when it holds, or for which kind."),
        )
    _refuse_kept(account, profile, policy.profile_of(after))
    return Position(after, joins, leaves)


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
