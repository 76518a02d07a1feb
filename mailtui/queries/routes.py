"""Where the mail of an account goes on to by its forwards: round, to nobody, or outside."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from mailtui.domain.account import Account, Delivery, Standing
from mailtui.domain.address import address_key
from mailtui.queries.holders import own_domains
from mailtui.queries.mirror import Mirror
from mailtui.texts import _

_FURTHEST = 200


@dataclass(frozen=True, slots=True)
class Route:
    """The forwards of an account but for those to itself, and what is wrong with them.

    `loop` names the accounts round which mail goes, the first one also last; `dead` are addresses that take no mail,
    each with why; `outside` those in domains that are not ours.
    """

    to: tuple[str, ...]
    keeps_copy: bool
    loop: tuple[str, ...] = ()
    dead: tuple[tuple[str, str], ...] = ()
    outside: tuple[str, ...] = ()


def route_of(mirror: Mirror, account: Account, domains: Sequence[str], now: datetime) -> Route:
    """Follow the forwards of an account; `domains` are ours by policy, none named means those in the mirror."""
    ours = own_domains(mirror, domains)
    to = _onward(account)
    dead, outside = [], []
    for address in to:
        found = _receivers(mirror, address)
        if not found and address_key(address).rpartition("@")[2] not in ours:
            outside.append(address)
        else:
            why = _why_dead(found, now)
            dead += [(address, why)] if why else []
    return Route(to, _keeps_copy(account), _loop(mirror, account), tuple(dead), tuple(outside))


def _onward(account: Account) -> tuple[str, ...]:
    own = {address_key(address) for address in account.addresses}
    return tuple(address for address in account.forwards if address_key(address) not in own)


def _keeps_copy(account: Account) -> bool:
    return len(_onward(account)) < len(account.forwards) or not account.forwards


def _receivers(mirror: Mirror, address: str) -> list[Account]:
    key = address_key(address)
    return [one for one in mirror.exact(address) if key in {address_key(held) for held in one.addresses}]


def _why_dead(found: Sequence[Account], now: datetime) -> str:
    """Tell why nobody reads what comes to these accounts; empty where somebody does."""
    if not found:
        return _("which is nobody's address")
    reasons = [_why_unread(one, now) for one in found]
    return reasons[0] if all(reasons) else ""


def _why_unread(account: Account, now: datetime) -> str:
    if account.standing is Standing.DISABLED and account.delivery is not Delivery.REDIRECT:
        return _("whose account ({name}) is disabled").format(name=account.name)
    if account.standing is Standing.EXPIRED or (account.expires is not None and account.expires <= now):
        return _("whose account ({name}) has expired").format(name=account.name)
    return ""


def _loop(mirror: Mirror, account: Account) -> tuple[str, ...]:
    """Give the names of those round whom mail goes; whoever keeps a copy ends it."""
    came_from: dict[str, Account | None] = {account.id: None}
    waiting = [account]
    while waiting and len(came_from) < _FURTHEST:
        at = waiting.pop(0)
        if _keeps_copy(at):
            continue
        for following in (one for address in _onward(at) for one in _receivers(mirror, address)):
            if following.id == account.id:
                return _way(at, came_from, account)
            if following.id not in came_from:
                came_from[following.id] = at
                waiting.append(following)
    return ()


def _way(end: Account, came_from: dict[str, Account | None], account: Account) -> tuple[str, ...]:
    names = [account.name]
    at: Account | None = end
    while at is not None:
        names.append(at.name)
        at = came_from[at.id]
    return tuple(reversed(names))
