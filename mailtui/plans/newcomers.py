"""From what was told of a newcomer to the account that it would be: log-in and address, place, and what rules allot."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, TypeVar

from mailtui.domain import dn as names
from mailtui.domain.account import Account, Kind
from mailtui.domain.address import address_key
from mailtui.domain.allocation import Allocation, allocation
from mailtui.domain.change import Values
from mailtui.domain.days import day_of, end_of
from mailtui.domain.given_up import GivenUp
from mailtui.domain.naming import Proposal
from mailtui.domain.new_address import written_address
from mailtui.domain.newcomer import Around, Draft, Newcomer, Problem, Sketch
from mailtui.domain.policy import UNLIMITED, Policy
from mailtui.domain.quota import Quota
from mailtui.errors import Refused, UsageError
from mailtui.plans.addresses import refuse_given_up
from mailtui.plans.new_entries import entry_values, kind_values, sketched, with_names
from mailtui.plans.newcomer_checks import NEVER, Unsaid, check_seats, checks, working
from mailtui.plans.proposing import propose_by
from mailtui.plans.quotas import Way, parse_room
from mailtui.texts import _

if TYPE_CHECKING:
    from mailtui.domain.schema import Schema

_LOGIN = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,62}[A-Za-z0-9])?")
Given = TypeVar("Given")


@dataclass(slots=True)
class Drafting:
    """Drafts accounts one after another, none with a log-in, address or number that somebody has or was just given.

    `domains` are those whose mail is ours, the one to begin with first; `now` is when they are drafted; `given_up` are
    log-ins and addresses that are not to be had yet, by their keys.
    """

    schema: Schema
    policy: Policy
    domains: Sequence[str]
    is_taken: Callable[[str], bool]
    now: datetime
    given_up: Mapping[str, GivenUp] = field(default_factory=dict)
    _given: set[str] = field(default_factory=set)
    _numbers: dict[str, str] = field(default_factory=dict)

    def draft(
        self, newcomer: Newcomer, around: Around, missing: Sequence[Problem] = ()
    ) -> tuple[Draft | None, list[Problem]]:
        """Draft the account of a newcomer; or give all that speaks against it, `missing` first."""
        newcomer, sketch = self._sketched(newcomer, around, missing)
        if sketch.problems:
            return None, list(sketch.problems)
        marks = kind_values(newcomer.kind, around, self.schema)
        values = (*entry_values(sketch.account, newcomer, sketch.limit, self.schema), *marks)
        self._keep(newcomer, sketch.account)
        seats = working(around) if newcomer.kind is Kind.SHARED else ()
        return Draft(newcomer, sketch.account, values, sketch.allotted, around.owner, seats, around.namesakes), []

    def sketch(self, newcomer: Newcomer, around: Around, missing: Sequence[Problem] = ()) -> Sketch:
        """Tell what a newcomer would get, as far as can be told yet; nothing is kept of it."""
        return self._sketched(newcomer, around, missing)[1]

    def _sketched(self, newcomer: Newcomer, around: Around, missing: Sequence[Problem]) -> tuple[Newcomer, Sketch]:
        """Sketch the account; gives the newcomer with what the names told tell of each other, too."""
        tries = _Tries(newcomer, missing)
        newcomer = tries.of(lambda: with_names(newcomer), newcomer)
        tries.of(lambda: self._check_number(newcomer, around), None)
        for check in checks(newcomer, self.schema):
            tries.of(check, None)
        expected = sketched(newcomer, around, self.now)
        allotted = tries.of(lambda: self._allotted(newcomer, expected), Allocation())
        limit = tries.of(lambda: _limit(newcomer, allotted), None)
        expires = tries.of(lambda: self._expiry(newcomer, allotted), None)
        nothing: tuple[Values, ...] = ()
        tries.of(lambda: kind_values(newcomer.kind, around, self.schema), nothing)
        tries.of(lambda: check_seats(newcomer, around, allotted), None)
        nobody = Proposal("", "")
        proposal = tries.of(lambda: self._proposed(newcomer, around, allotted), nobody) if newcomer.name else nobody
        account = self._account(expected, proposal, around, allotted, limit, expires)
        return newcomer, Sketch(account, allotted, limit, around.namesakes, tuple(tries.problems))

    def _account(
        self,
        expected: Account,
        proposal: Proposal,
        around: Around,
        allotted: Allocation,
        limit: int | None,
        expires: datetime | None,
    ) -> Account:
        return replace(
            expected,
            dn=names.join(self.schema.account.named_by, proposal.login, around.unit.dn) if proposal.login else "",
            login=proposal.login,
            mail=proposal.address,
            quota=Quota(limit or None, unlimited=limit == UNLIMITED),
            profile=allotted.profile,
            services=allotted.services.value if allotted.services else (),
            expires=expires,
        )

    def _check_number(self, newcomer: Newcomer, around: Around) -> None:
        number, held = newcomer.employee_number, around.has_number
        if held:
            said = _("{name} ({login}) has the employee number {number}")
            raise Refused(said.format(name=held.name, login=held.login, number=number))
        other = self._numbers.get(number.casefold())
        if other:
            raise Refused(_("{name} is to have the employee number {number} too").format(name=other, number=number))

    def _allotted(self, newcomer: Newcomer, account: Account) -> Allocation:
        policy = self.policy
        if newcomer.profile:
            chosen = [one for one in policy.profiles if one.name.casefold() == newcomer.profile.casefold()]
            if not chosen:
                known = ", ".join(profile.name for profile in policy.profiles)
                raise Refused(
                    _("There is no profile “{name}”").format(name=newcomer.profile),
                    hint=_("Known are: {names}").format(names=known),
                )
            policy = replace(policy, profiles=(replace(chosen[0], when=(("name", ("*",)),), kind=None),))
        return allocation(account, policy)

    def _expiry(self, newcomer: Newcomer, allotted: Allocation) -> datetime | None:
        today = self.now.astimezone().date()
        if newcomer.expires and newcomer.expires.casefold() != NEVER:
            end = end_of(day_of(newcomer.expires, today))
            if end <= self.now:
                raise UsageError(_("{day} is over").format(day=newcomer.expires))
            return end
        if newcomer.expires or allotted.expires_days is None:
            if newcomer.kind is Kind.SERVICE and not newcomer.expires:
                raise Unsaid(
                    _("Until when a service account is needed must be said"),
                    hint=_("Give a day such as 2026-12-31 or +365d, or `never`."),
                )
            return None
        return end_of(today + timedelta(days=allotted.expires_days.value))

    def _proposed(self, newcomer: Newcomer, around: Around, allotted: Allocation) -> Proposal:
        if not self.domains:
            raise Refused(
                _("No mail domain is known to be ours"), hint=_("Name it in the config: `domains` under [policy].")
            )
        if newcomer.login or newcomer.address:
            return self._chosen(newcomer, allotted)
        given, surname = newcomer.given, newcomer.surname or newcomer.name
        if newcomer.kind is not Kind.PERSON:
            given, surname = "", newcomer.name
        first = self.domains[0]
        return propose_by(self.policy, allotted, given, surname, first, self._is_taken, around.readings)

    def _chosen(self, newcomer: Newcomer, allotted: Allocation) -> Proposal:
        """Take the log-in or the address that was told, and make the other of it."""
        address = written_address(newcomer.address) if newcomer.address else ""
        login = newcomer.login or address.rpartition("@")[0]
        domain = allotted.domain.value if allotted.domain else self.domains[0]
        if not _LOGIN.fullmatch(login):
            raise UsageError(
                _("“{login}” is no log-in").format(login=login),
                hint=_("Letters, digits, dots, hyphens and underscores."),
            )
        address = address or written_address(f"{login}@{domain}")
        self._check_domain(address)
        for key in (login, address):
            if self._is_somebodys(key):
                raise Refused(_("{key} is somebody's already").format(key=key), hint=_("Choose another one."))
            refuse_given_up(key, (), self.given_up)
        return Proposal(login, address)

    def _check_domain(self, address: str) -> None:
        domain = address.rpartition("@")[2]
        if address_key(address).rpartition("@")[2] not in {address_key(f"a@{one}")[2:] for one in self.domains}:
            raise Refused(
                _("{domain} is not a domain of ours").format(domain=domain),
                hint=_("Known are: {domains}").format(domains=", ".join(self.domains[:10])),
            )

    def _is_taken(self, key: str) -> bool:
        return address_key(key) in self.given_up or self._is_somebodys(key)

    def _is_somebodys(self, key: str) -> bool:
        return address_key(key) in self._given or self.is_taken(key)

    def _keep(self, newcomer: Newcomer, account: Account) -> None:
        self._given |= {address_key(account.login), address_key(account.mail or "")}
        if newcomer.employee_number:
            self._numbers[newcomer.employee_number.casefold()] = newcomer.said


class _Tries:
    """Goes on where something cannot be, so that all that cannot be is told at once."""

    def __init__(self, newcomer: Newcomer, problems: Sequence[Problem]) -> None:
        self._newcomer = newcomer
        self.problems = list(problems)

    def of(self, make: Callable[[], Given], otherwise: Given) -> Given:
        try:
            return make()
        except (Refused, UsageError) as error:
            self.problems.append(Problem(self._newcomer, error.message, error.hint, isinstance(error, Unsaid)))
            return otherwise


def _limit(newcomer: Newcomer, allotted: Allocation) -> int | None:
    """Give the limit in bytes; 0 is none at all, None the server's default."""
    room = parse_room(newcomer.quota) if newcomer.quota else None
    if room is None or room.way is Way.PROFILE:
        return allotted.quota_bytes.value if allotted.quota_bytes else None
    if room.way is Way.DIFFERENCE:
        raise UsageError(_("A new account has no limit to add to or take from"), hint=_("Give a size, such as 5GiB."))
    return {Way.SIZE: room.size, Way.UNLIMITED: UNLIMITED}.get(room.way)
