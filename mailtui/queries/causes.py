"""Why somebody cannot log in or gets no mail: what the mirror knows that explains it, the worst first."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from mailtui.domain.account import Account, Delivery, Kind, Standing
from mailtui.domain.allocation import allocation
from mailtui.domain.plan import Answer
from mailtui.domain.policy import UNLIMITED, Policy
from mailtui.domain.quota import format_size
from mailtui.queries import routes
from mailtui.queries.addresses import Held, holders
from mailtui.queries.groups import seats_of
from mailtui.queries.mirror import Mirror
from mailtui.texts import _, ngettext

_FULL, _NEARLY_FULL = 100.0, 90.0
_GIB = 1 << 30
_WAYS = ("imap", "pop3", "smtp")


class CauseKind(StrEnum):
    """What keeps somebody from logging in or from getting mail, the worst first."""

    DISABLED = "disabled"
    EXPIRED = "expired"
    LOCKED = "locked"
    PENDING = "pending"
    FULL = "full"
    FORWARD_LOOP = "forward-loop"
    FORWARD_DEAD = "forward-dead"
    FORWARD_EXTERNAL = "forward-external"
    FORWARD_ONLY = "forward-only"
    CLASH = "address-clash"
    UNSTAFFED = "unstaffed"
    UNDERSTAFFED = "understaffed"
    SERVICE_OFF = "service-off"
    NEARLY_FULL = "nearly-full"


_ORDER = {kind: place for place, kind in enumerate(CauseKind)}


@dataclass(frozen=True, slots=True)
class Cause:
    """One sentence of why, and what it rests on.

    `task` names the task that mends it with `answers`, if one done to the account does; `advice` says what else would.
    """

    kind: CauseKind
    text: str
    basis: str
    task: str | None = None
    answers: Mapping[str, Answer] = field(default_factory=dict)
    advice: str = ""


@dataclass(frozen=True, slots=True)
class _Case:
    """An account, and what is asked about it."""

    mirror: Mirror
    account: Account
    policy: Policy
    now: datetime
    disabled_by: str


def causes(mirror: Mirror, account: Account, policy: Policy, now: datetime, disabled_by: str = "") -> tuple[Cause, ...]:
    """Tell what keeps an account from working, the worst first; `disabled_by` is the batch that did, where known."""
    case = _Case(mirror, account, policy, now, disabled_by)
    with mirror.snapshot():
        found = [cause for look in _LOOKS for cause in look(case)]
    return tuple(sorted(found, key=lambda cause: _ORDER[cause.kind]))


def looked_at() -> str:
    """Name what is looked at, for whoever finds nothing."""
    return _("standing, expiry, locks, quota, services, forwards, addresses, seats")


def _standing(case: _Case) -> Iterator[Cause]:
    account, basis = case.account, _("the account's own entry")
    if account.standing is Standing.DISABLED:
        mail = {
            Delivery.RECEIVE: _("mail is still received"),
            Delivery.REDIRECT: _("mail is redirected"),
            Delivery.BOUNCE: _("mail bounces"),
        }
        text = _("The account is disabled")
        if account.delivery:
            text = f"{text}, {mail[account.delivery]}"
        if case.disabled_by:
            text = _("{text}, since batch {batch}").format(text=text, batch=case.disabled_by)
        yield Cause(CauseKind.DISABLED, text, basis, "enable")
    if account.standing is Standing.LOCKED:
        yield Cause(CauseKind.LOCKED, _("Failed log-ins have locked the account"), basis, "unlock")
    if account.standing is Standing.PENDING:
        yield Cause(CauseKind.PENDING, _("The account was made and never used"), basis)


def _expiry(case: _Case) -> Iterator[Cause]:
    account, expires = case.account, case.account.expires
    if expires is not None and expires <= case.now:
        text = _("The account expired on {moment}").format(moment=expires.astimezone().strftime("%Y-%m-%d %H:%M"))
    elif account.standing is Standing.EXPIRED:
        text = _("The account has expired")
    else:
        return
    yield Cause(CauseKind.EXPIRED, text, _("the account's own entry"), "unexpire")


def _room(case: _Case) -> Iterator[Cause]:
    quota = case.account.quota
    if quota.percent is None or quota.percent < _NEARLY_FULL:
        return
    values = {
        "percent": f"{quota.percent:g}",
        "used": format_size(quota.used_bytes),
        "limit": format_size(quota.limit_bytes),
    }
    as_of = quota.as_of or case.account.as_of
    basis = _("use as of {moment}").format(moment=as_of.astimezone().strftime("%Y-%m-%d %H:%M"))
    answers = {"to": _more_room(case.account, case.policy)}
    if quota.percent >= _FULL:
        text = _("The mailbox is full: {used} of {limit} ({percent}%), new mail is refused").format(**values)
        yield Cause(CauseKind.FULL, text, basis, "set-quota", answers)
    else:
        text = _("The mailbox is nearly full: {used} of {limit} ({percent}%)").format(**values)
        yield Cause(CauseKind.NEARLY_FULL, text, basis, "set-quota", answers)


def _more_room(account: Account, policy: Policy) -> str:
    """Give the room to offer: the profile's where that is enough, else a quarter more, in whole GiB."""
    profile = policy.profile_of(account)
    limit, used = account.quota.limit_bytes or 0, account.quota.used_bytes or 0
    given = profile.quota_bytes if profile else None
    if given is not None and (given == UNLIMITED or used < given * _NEARLY_FULL / 100):
        return "profile"
    excess = max(limit // 4, used - limit + limit // 4)
    return f"+{max(1, -(-excess // _GIB))}GiB"


def _services(case: _Case) -> Iterator[Cause]:
    on = {service.casefold() for service in case.account.services}
    off = [way.upper() for way in _WAYS if way not in on]
    if on and off:
        text = ngettext("{services} is off for the account", "{services} are off for the account", len(off))
        yield Cause(CauseKind.SERVICE_OFF, text.format(services=", ".join(off)), _("the account's own services"))


def _forwards(case: _Case) -> Iterator[Cause]:
    account = case.account
    if not account.forwards or account.delivery is not None:
        return
    way = routes.route_of(case.mirror, account, case.policy.domains, case.now)
    basis = _("forwards in the mirror")
    if way.loop:
        text = _("Mail goes round: {names}").format(names=" → ".join(way.loop))
        yield Cause(CauseKind.FORWARD_LOOP, text, basis, "stop-forward")
    for address, why in way.dead:
        text = _("Mail is forwarded to {address}, {why}").format(address=address, why=why)
        yield Cause(CauseKind.FORWARD_DEAD, text, basis, "stop-forward")
    if way.outside and case.policy.external_forward != "allow":
        text = _("Mail is forwarded outside, to {addresses}").format(addresses=", ".join(way.outside))
        if case.policy.external_forward == "deny":
            text = _("{text}, which policy forbids").format(text=text)
        yield Cause(
            CauseKind.FORWARD_EXTERNAL, text, _("policy.domains, or the addresses in the mirror"), "stop-forward"
        )
    if not way.keeps_copy:
        text = _("All mail is forwarded to {addresses} and no copy is kept").format(addresses=", ".join(way.to))
        one = len(way.to) == 1 and not way.dead and not way.loop
        answers: dict[str, Answer] = {"to": way.to[0], "keep_copy": True} if one else {}
        yield Cause(CauseKind.FORWARD_ONLY, text, basis, "forward" if one else "stop-forward", answers)


def _clashes(case: _Case) -> Iterator[Cause]:
    account = case.account
    for address, held in holders(case.mirror, account.addresses).items():
        others = {
            holder.account.id: holder.account.name
            for holder in held
            if holder.account.id != account.id and holder.held in {Held.MAIL, Held.ALIAS}
        }
        if others:
            text = _("{address} is also an address of {names}").format(
                address=address, names=", ".join(others.values())
            )
            is_alias = address in account.aliases
            yield Cause(
                CauseKind.CLASH,
                text,
                _("addresses in the mirror"),
                "remove-alias" if is_alias else None,
                {"address": address} if is_alias else {},
            )


def _seats(case: _Case) -> Iterator[Cause]:
    if case.account.kind is not Kind.SHARED:
        return
    seats, least = seats_of(case.mirror, case.account.id), allocation(case.account, case.policy).min_seats
    basis = _("members of the groups in the mirror")
    grant = _("give somebody a seat: grant-seat for them, with {mailbox} as the mailbox")
    advice = grant.format(mailbox=case.account.mail or case.account.login)
    if seats is None:
        text = _("Nobody can have a seat in it: no group bears its log-in")
        advice = _("create a group called {login}: its members work the mailbox").format(login=case.account.login)
        yield Cause(CauseKind.UNSTAFFED, text, basis, advice=advice)
    elif not seats.working:
        text = _("Nobody active has a seat in it: the group {group} has none").format(group=seats.group.name)
        yield Cause(CauseKind.UNSTAFFED, text, basis, advice=advice)
    elif least and seats.working < least.value:
        text = ngettext(
            "Only {working} active has a seat in it, {rule} says at least {least}",
            "Only {working} active have a seat in it, {rule} says at least {least}",
            seats.working,
        ).format(working=seats.working, rule=least.rule, least=least.value)
        yield Cause(CauseKind.UNDERSTAFFED, text, basis, advice=advice)


_LOOKS: tuple[Callable[[_Case], Iterator[Cause]], ...] = (
    _standing, _expiry, _room, _services, _forwards, _clashes, _seats,
)  # fmt: skip
