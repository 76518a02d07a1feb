"""What an account is allotted, by which rule, and where it departs from that.

For each value the most specific rule wins: the deepest of the account's departments that says something of it, then
the departments above it, then the account's profile, which is the first in the file that fits.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Generic, TypeVar

from mailtui.domain.account import Account, Delivery, Kind, Reference
from mailtui.domain.address import address_key
from mailtui.domain.policy import UNLIMITED, Department, Policy, Profile
from mailtui.domain.quota import Quota, format_size
from mailtui.texts import _, ngettext

Value = TypeVar("Value")


class What(StrEnum):
    """A value that rules allot."""

    QUOTA = "quota"
    SERVICES = "services"
    GROUPS = "groups"
    DOMAIN = "domain"
    OWNER = "owner"
    NAMING = "naming"
    DELIVERY = "delivery"
    RETENTION = "retention"
    EXPIRY = "expiry"
    PROTECTION = "protection"
    SEATS = "seats"


@dataclass(frozen=True, slots=True)
class Allotted(Generic[Value]):
    """A value and the rule that gave it, such as `department Research`; `said` is its name in a sentence."""

    value: Value
    rule: str
    said: str


@dataclass(frozen=True, slots=True)
class Allocation:
    """What the rules give an account; None where none speaks of a value.

    `quota_bytes` may be `policy.UNLIMITED`; `domain` is that of the main address, `owner` who is asked. `min_seats` is
    of a shared mailbox alone.
    """

    profile: str | None = None
    quota_bytes: Allotted[int] | None = None
    services: Allotted[tuple[str, ...]] | None = None
    groups: Allotted[tuple[str, ...]] | None = None
    domain: Allotted[str] | None = None
    owner: Allotted[str] | None = None
    naming: Allotted[tuple[str, ...]] | None = None
    delivery: Allotted[Delivery] | None = None
    retention_days: Allotted[int] | None = None
    expires_days: Allotted[int] | None = None
    protection: Allotted[bool] | None = None
    min_seats: Allotted[int] | None = None

    @property
    def rules(self) -> tuple[tuple[What, Allotted[Any]], ...]:
        """What is allotted, value by value, in the order of `What`."""
        values: tuple[Allotted[Any] | None, ...] = (
            self.quota_bytes, self.services, self.groups, self.domain, self.owner, self.naming, self.delivery,
            self.retention_days, self.expires_days, self.protection, self.min_seats,
        )  # fmt: skip
        return tuple((what, value) for what, value in zip(What, values, strict=True) if value is not None)


@dataclass(frozen=True, slots=True)
class Departure:
    """Where an account is not as its rules would have it; `sentence` says it to people."""

    what: What
    rule: str
    sentence: str


def allocation(account: Account, policy: Policy, group_names: Iterable[str] | None = None) -> Allocation:
    """Give what the rules allot to an account; `group_names` stand in for its own groups where it has none yet."""
    if group_names is not None:
        account = replace(account, groups=tuple(Reference(None, name, "") for name in group_names))
    profile, departments = policy.profile_of(account), policy.departments_of(account)
    by_profile = Allocation()
    if profile is not None:
        by_profile = _by_profile(profile, is_protecting=policy.protecting_profile(account) is not None)
    quotas = [(department, department.quota_bytes) for department in departments]
    groups = [(department, department.groups or None) for department in departments]
    seats = [(department, department.min_seats) for department in departments]
    return replace(
        by_profile,
        quota_bytes=_of_departments(quotas) or by_profile.quota_bytes,
        groups=_of_departments(groups) or by_profile.groups,
        domain=_of_departments([(department, department.domain or None) for department in departments]),
        owner=_of_departments([(department, department.owner or None) for department in departments]),
        min_seats=(_of_departments(seats) or by_profile.min_seats) if account.kind is Kind.SHARED else None,
    )


def least_seats(allotted: Allocation) -> int:
    """Give how many who can work a shared mailbox must have; somebody must, where no rule says more."""
    return allotted.min_seats.value if allotted.min_seats else 1


def _by_profile(profile: Profile, *, is_protecting: bool) -> Allocation:
    rule = _("profile {name}").format(name=profile.name)

    def given(value: Value | None) -> Allotted[Value] | None:
        return None if value is None else Allotted(value, rule, _("profile"))

    return Allocation(
        profile=profile.name,
        quota_bytes=given(profile.quota_bytes),
        services=given(profile.services or None),
        groups=given(profile.groups or None),
        naming=given(profile.naming or None),
        delivery=given(profile.delivery),
        retention_days=given(profile.retention_days),
        expires_days=given(profile.expires_days),
        protection=given(is_protecting or None),
        min_seats=given(profile.min_seats),
    )


def _of_departments(values: Iterable[tuple[Department, Value | None]]) -> Allotted[Value] | None:
    """Give the first value that there is: they come from the deepest department on."""
    for department, value in values:
        if value is not None:
            rule = _("department {name}").format(name=department.unit)
            return Allotted(value, rule, rule)
    return None


def departures(account: Account, allocation: Allocation) -> tuple[Departure, ...]:
    """Tell where an account is not as it is allotted; more groups than these are no departure.

    Services are compared where the account has any: a directory may not know them.
    """
    told = (
        _quota(account.quota, allocation.quota_bytes),
        *_services(account.services, allocation.services),
        _groups(account, allocation.groups),
        _domain(account, allocation.domain),
        _expiry(account, allocation.expires_days),
    )
    return tuple(departure for departure in told if departure is not None)


def _quota(held: Quota, allotted: Allotted[int] | None) -> Departure | None:
    limit = UNLIMITED if held.unlimited else held.limit_bytes
    if allotted is None or limit == allotted.value:
        return None
    has = _("the server's default") if limit is None else value_text(What.QUOTA, limit)
    sentence = _("quota {has}, {rule} says {value}").format(
        has=has, rule=allotted.said, value=value_text(What.QUOTA, allotted.value)
    )
    return Departure(What.QUOTA, allotted.rule, sentence)


def _services(held: tuple[str, ...], allotted: Allotted[tuple[str, ...]] | None) -> Iterator[Departure]:
    if allotted is None or not held:
        return
    has = {name.strip().casefold() for name in held}
    lacking = [name for name in allotted.value if name not in has]
    beyond = sorted(has - set(allotted.value))
    if lacking:
        sentence = _("{names} off, {rule} says on").format(names=", ".join(lacking), rule=allotted.said)
        yield Departure(What.SERVICES, allotted.rule, sentence)
    if beyond:
        sentence = _("{names} on, {rule} says off").format(names=", ".join(beyond), rule=allotted.said)
        yield Departure(What.SERVICES, allotted.rule, sentence)


def _groups(account: Account, allotted: Allotted[tuple[str, ...]] | None) -> Departure | None:
    has = {group.name.casefold() for group in account.groups}
    lacking = [name for name in (allotted.value if allotted else ()) if name.casefold() not in has]
    if allotted is None or not lacking:
        return None
    sentence = _("no member of {names}, {rule} says member").format(names=", ".join(lacking), rule=allotted.said)
    return Departure(What.GROUPS, allotted.rule, sentence)


def _domain(account: Account, allotted: Allotted[str] | None) -> Departure | None:
    held = address_key(account.mail or "").rpartition("@")[2]
    if allotted is None or not held or held == address_key(f"@{allotted.value}")[1:]:
        return None
    sentence = _("address at {has}, {rule} says {value}").format(has=held, rule=allotted.said, value=allotted.value)
    return Departure(What.DOMAIN, allotted.rule, sentence)


def _expiry(account: Account, allotted: Allotted[int] | None) -> Departure | None:
    if allotted is None or account.expires is not None:
        return None
    sentence = _("never expires, {rule} says after {value}").format(
        rule=allotted.said, value=value_text(What.EXPIRY, allotted.value)
    )
    return Departure(What.EXPIRY, allotted.rule, sentence)


def what_text(what: What) -> str:
    """Name an allotted value to people."""
    return {
        What.QUOTA: _("quota"), What.SERVICES: _("services"), What.GROUPS: _("groups"), What.DOMAIN: _("domain"),
        What.OWNER: _("owner"), What.NAMING: _("naming"), What.DELIVERY: _("mail once disabled"),
        What.RETENTION: _("kept"), What.EXPIRY: _("expires after"), What.PROTECTION: _("protected"),
        What.SEATS: _("seats at least"),
    }[what]  # fmt: skip


def value_text(what: What, value: Any) -> str:
    """Say an allotted value as people read it."""
    if what is What.QUOTA:
        return _("unlimited") if value == UNLIMITED else format_size(value)
    if what in {What.RETENTION, What.EXPIRY}:
        return ngettext("{number} day", "{number} days", value).format(number=value)
    if what is What.PROTECTION:
        return _("yes")
    return ", ".join(value) if isinstance(value, tuple) else str(value)
