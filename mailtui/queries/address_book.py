"""The addresses of one account: those it receives at, those it forwards to, and what is to be known of each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from mailtui.domain.account import Account
from mailtui.domain.address import address_key
from mailtui.domain.policy import Policy
from mailtui.queries.addresses import Held, Holder, holders
from mailtui.queries.mirror import Mirror
from mailtui.queries.routes import Route, route_of
from mailtui.texts import _


class Role(StrEnum):
    """What an account has an address as."""

    MAIN = "main"
    ALIAS = "alias"
    FORWARD = "forward"


@dataclass(frozen=True, slots=True)
class Listed:
    """An address of an account; `note` says whose it is, where it leads or who else relies on it.

    `is_own` forwards are to the account itself, which so keeps a copy; `is_trouble` where the note tells of harm.
    """

    role: Role
    address: str
    note: str = ""
    is_own: bool = False
    is_trouble: bool = False


def address_book(mirror: Mirror, account: Account, policy: Policy, now: datetime) -> tuple[Listed, ...]:
    """List the addresses of an account: the main one, the aliases, then those it forwards to."""
    with mirror.snapshot():
        held = holders(mirror, account.addresses)
        own = [_own(address, held.get(address, ()), account) for address in account.addresses]
        return (*own, *_forwards(mirror, account, policy, now))


def _own(address: str, held: Sequence[Holder], account: Account) -> Listed:
    role = Role.MAIN if address == account.mail else Role.ALIAS
    others = [one for one in held if one.account.id != account.id]
    clashing = _names(others, Held.MAIL, Held.ALIAS)
    if clashing:
        return Listed(role, address, _("also an address of {names}").format(names=clashing), is_trouble=True)
    relying = _names(others, Held.FORWARD)
    return Listed(role, address, _("mail of {names} is forwarded here").format(names=relying) if relying else "")


def _names(held: Sequence[Holder], *kinds: Held) -> str:
    return ", ".join(dict.fromkeys(one.account.name for one in held if one.held in kinds))


def _forwards(mirror: Mirror, account: Account, policy: Policy, now: datetime) -> list[Listed]:
    if not account.forwards:
        return []
    route = route_of(mirror, account, policy.domains, now)
    own = {address_key(address) for address in account.addresses}
    return [
        Listed(Role.FORWARD, address, _("a copy is kept here"), is_own=True)
        if address_key(address) in own
        else _forward(mirror, address, route, policy)
        for address in account.forwards
    ]


def _forward(mirror: Mirror, address: str, route: Route, policy: Policy) -> Listed:
    if address in route.outside:
        note = _("outside, which policy forbids") if policy.external_forward == "deny" else _("outside")
        return Listed(Role.FORWARD, address, note, is_trouble=policy.external_forward != "allow")
    why = dict(route.dead).get(address, "")
    if why:
        return Listed(Role.FORWARD, address, why, is_trouble=True)
    names = ", ".join(" · ".join(filter(None, (one.name, one.department))) for one in mirror.exact(address))
    return Listed(Role.FORWARD, address, names)
