"""From what was told of a newcomer to the account that it would be: log-in and address, place, and what rules allot."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, TypeVar

from mailtui.domain import dn as names
from mailtui.domain.account import Account, Kind, Reference, Standing
from mailtui.domain.address import address_key
from mailtui.domain.allocation import Allocation, allocation
from mailtui.domain.change import Values
from mailtui.domain.days import day_of, end_of
from mailtui.domain.names import split_name
from mailtui.domain.naming import Proposal
from mailtui.domain.new_address import written_address
from mailtui.domain.newcomer import Around, Draft, Newcomer, Problem
from mailtui.domain.pinyin import is_pinyin, surname_rank
from mailtui.domain.policy import UNLIMITED, Policy
from mailtui.domain.quota import Quota
from mailtui.domain.romanising import is_han
from mailtui.domain.rules import encode_time
from mailtui.errors import Refused, UsageError
from mailtui.plans.editing import PHONE
from mailtui.plans.proposing import propose_by
from mailtui.plans.quotas import Way, parse_room
from mailtui.plans.rows import needed
from mailtui.texts import _

if TYPE_CHECKING:
    from mailtui.domain.schema import Schema

NEVER = "never"
_LOGIN = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,62}[A-Za-z0-9])?")
Given = TypeVar("Given")


@dataclass(slots=True)
class Drafting:
    """Drafts accounts one after another, none with a log-in, address or number that somebody has or was just given.

    `domains` are those whose mail is ours, the one to begin with first; `now` is when they are drafted.
    """

    schema: Schema
    policy: Policy
    domains: Sequence[str]
    is_taken: Callable[[str], bool]
    now: datetime
    _given: set[str] = field(default_factory=set)
    _numbers: dict[str, str] = field(default_factory=dict)

    def draft(self, newcomer: Newcomer, around: Around) -> tuple[Draft | None, list[Problem]]:
        """Draft the account of a newcomer; gives all that speaks against it where anything does."""
        tries = _Tries(newcomer)
        newcomer = tries.of(lambda: _named(newcomer), newcomer)
        tries.of(lambda: self._check(newcomer, around), None)
        expected = _sketch(newcomer, around, self.now)
        allotted = tries.of(lambda: self._allotted(newcomer, expected), Allocation())
        limit = tries.of(lambda: _limit(newcomer, allotted), None)
        expires = tries.of(lambda: self._expiry(newcomer, allotted), None)
        marks = tries.of(lambda: _marks(newcomer.kind, around, self.schema), {})
        # A log-in that is made of a name nobody has told would only be a second complaint.
        names_given = Proposal("", "") if tries.problems else None
        proposal = names_given or tries.of(lambda: self._proposed(newcomer, around, allotted), Proposal("", ""))
        if tries.problems:
            return None, tries.problems
        services = allotted.services.value if allotted.services else ()
        account = replace(
            expected,
            dn=names.join(self.schema.account.named_by, proposal.login, around.unit.dn),
            login=proposal.login,
            mail=proposal.address,
            quota=Quota(limit or None, unlimited=limit == UNLIMITED),
            profile=allotted.profile,
            services=services,
            expires=expires,
        )
        values = _values(account, newcomer, around, limit, self.schema)
        whole = (*values, *(Values(attribute, (value,)) for attribute, value in marks.items()))
        self._keep(newcomer, proposal)
        seats = tuple({one.id: one for one in (*around.seats, *filter(None, [around.owner]))}.values())
        owned = newcomer.kind is not Kind.PERSON
        return Draft(newcomer, account, whole, allotted, around.owner, seats if owned else ()), []

    def _check(self, newcomer: Newcomer, around: Around) -> None:
        """Refuse what cannot be, whatever the rules say."""
        number = newcomer.employee_number.casefold()
        if around.has_number:
            held = around.has_number
            raise Refused(
                _("{name} ({login}) has the employee number {number}").format(
                    name=held.name, login=held.login, number=newcomer.employee_number
                )
            )
        if number and number in self._numbers:
            raise Refused(
                _("{name} is to have the employee number {number} too").format(
                    name=self._numbers[number], number=newcomer.employee_number
                )
            )
        if newcomer.phone and not PHONE.fullmatch(newcomer.phone):
            raise UsageError(
                _("“{text}” is no telephone number").format(text=newcomer.phone),
                hint=_("Write it like +86 10 5555 1234."),
            )
        _check_business(newcomer)

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
                raise UsageError(
                    _("Until when a service account is needed must be said"),
                    hint=_("Give a day such as 2026-12-31 or +365d, or `never`."),
                )
            return None
        return end_of(_after(today, allotted.expires_days.value))

    def _proposed(self, newcomer: Newcomer, around: Around, allotted: Allocation) -> Proposal:
        if newcomer.login or newcomer.address:
            return self._chosen(newcomer, around, allotted)
        return self._made(newcomer, around, allotted)

    def _made(self, newcomer: Newcomer, around: Around, allotted: Allocation) -> Proposal:
        given, surname = newcomer.given, newcomer.surname or newcomer.name
        if newcomer.kind is not Kind.PERSON:
            given, surname = "", newcomer.name
        first = next(iter(self.domains), "")
        return propose_by(self.policy, allotted, given, surname, first, self._is_taken, around.readings)

    def _chosen(self, newcomer: Newcomer, around: Around, allotted: Allocation) -> Proposal:
        """Take the log-in or the address that was told, and make the other of it."""
        address = written_address(newcomer.address) if newcomer.address else ""
        login = newcomer.login or address.rpartition("@")[0]
        domain = allotted.domain.value if allotted.domain else next(iter(self.domains), "")
        if not _LOGIN.fullmatch(login):
            raise UsageError(
                _("“{login}” is no log-in").format(login=login), hint=_("Letters, digits, dots, hyphens and underscores.")
            )
        address = address or written_address(f"{login}@{domain}")
        self._check_domain(address)
        for key in (login, address):
            if self._is_taken(key):
                raise Refused(_("{key} is somebody's already").format(key=key), hint=_("Choose another one."))
        return Proposal(login, address)

    def _check_domain(self, address: str) -> None:
        domain = address.rpartition("@")[2]
        if address_key(address).rpartition("@")[2] not in {address_key(f"a@{one}")[2:] for one in self.domains}:
            raise Refused(
                _("{domain} is not a domain of ours").format(domain=domain),
                hint=_("Known are: {domains}").format(domains=", ".join(self.domains[:10])),
            )

    def _is_taken(self, key: str) -> bool:
        return address_key(key) in self._given or self.is_taken(key)

    def _keep(self, newcomer: Newcomer, proposal: Proposal) -> None:
        self._given |= {address_key(proposal.login), address_key(proposal.address)}
        if newcomer.employee_number:
            self._numbers[newcomer.employee_number.casefold()] = newcomer.said


class _Tries:
    """Goes on where something cannot be, so that all that cannot be is told at once."""

    def __init__(self, newcomer: Newcomer) -> None:
        self._newcomer = newcomer
        self.problems: list[Problem] = []

    def of(self, make: Callable[[], Given], otherwise: Given) -> Given:
        try:
            return make()
        except (Refused, UsageError) as error:
            self.problems.append(Problem(self._newcomer, error.message, error.hint))
            return otherwise


def _named(newcomer: Newcomer) -> Newcomer:
    """Fill in of name, given name and surname what the others tell."""
    if newcomer.kind is not Kind.PERSON:
        name = newcomer.name or newcomer.surname or newcomer.login
        if not name:
            raise UsageError(_("A name is needed"), hint=_("Give --name, such as “Marketing”."))
        return replace(newcomer, name=name, surname=name, given="")
    if newcomer.surname:
        name = newcomer.name or full_name(newcomer.given, newcomer.surname)
        return replace(newcomer, name=name)
    parts = split_name(newcomer.name)
    if not parts.surname and not parts.given:
        raise UsageError(_("A name is needed"), hint=_("Give --given and --surname, or --name."))
    surname = parts.surname or parts.given
    return replace(newcomer, given=newcomer.given or (parts.given if parts.surname else ""), surname=surname)


def full_name(given: str, surname: str) -> str:
    """Put a name together as it is usual: Chinese ones with the surname first, in characters without a blank."""
    if is_han(given + surname):
        return surname + given
    words = given.casefold().split()
    is_chinese = surname_rank(surname.casefold()) is not None and bool(words) and all(map(is_pinyin, words))
    return " ".join(filter(None, (surname, given) if is_chinese else (given, surname)))


def _check_business(newcomer: Newcomer) -> None:
    if newcomer.kind is not Kind.PERSON and not newcomer.owner:
        raise UsageError(
            _("Who answers for {name} must be said").format(name=newcomer.said), hint=_("Name its owner with --owner.")
        )
    if newcomer.kind is Kind.SHARED and not newcomer.seats:
        raise UsageError(
            _("Nobody would work {name}").format(name=newcomer.said), hint=_("Give at least one --seat ACCOUNT.")
        )


def _sketch(newcomer: Newcomer, around: Around, now: datetime) -> Account:
    """Give what rules can be asked about: all but what they decide."""
    manager = around.manager or (around.owner if newcomer.kind is Kind.SERVICE else None)
    return Account(
        id="", dn="", login="", name=newcomer.name, mail=None, kind=newcomer.kind, standing=Standing.ACTIVE,
        quota=Quota(), as_of=now, department=around.path[-1] if around.path else None, department_path=around.path,
        title=newcomer.title or None, employee_number=newcomer.employee_number or None, phone=newcomer.phone or None,
        manager=Reference(manager.id, manager.name, manager.dn) if manager else None,
    )  # fmt: skip


def _limit(newcomer: Newcomer, allotted: Allocation) -> int | None:
    """Give the limit in bytes; 0 is none at all, None the server's default."""
    room = parse_room(newcomer.quota) if newcomer.quota else None
    if room is None or room.way is Way.PROFILE:
        return allotted.quota_bytes.value if allotted.quota_bytes else None
    if room.way is Way.DIFFERENCE:
        raise UsageError(_("A new account has no limit to add to or take from"), hint=_("Give a size, such as 5GiB."))
    return {Way.SIZE: room.size, Way.UNLIMITED: UNLIMITED}.get(room.way)


def _after(today: date, days: int) -> date:
    return today + timedelta(days=days)


def _marks(kind: Kind, around: Around, schema: Schema) -> dict[str, bytes]:
    """Give the attribute that tells the kind of an account, where its place does not.

    Raises:
        Refused: The place tells another kind, or the schema has nothing to tell this one by.
    """
    above = {unit.casefold() for unit in around.path}
    told = next((rule.kind for rule in schema.account.kinds if rule.below in above), Kind.PERSON)
    if told is kind:
        return {}
    mark = next((rule for rule in schema.account.kinds if rule.kind is kind and rule.attribute), None)
    if told is not Kind.PERSON or mark is None:
        raise Refused(
            _("Accounts in {unit} are of the kind “{kind}”").format(unit=around.unit.name, kind=told.value),
            hint=_("Name another department."),
        )
    return {mark.attribute or "": (mark.value or "").encode()}


def _values(
    account: Account, newcomer: Newcomer, around: Around, limit: int | None, schema: Schema
) -> tuple[Values, ...]:
    """Give all that the entry is to have, but for what tells its kind."""
    fields = schema.account
    classes = needed(" ".join(fields.object_classes), _("the classes of a new entry"), schema).split()
    told: list[tuple[str, Sequence[str]]] = [
        ("objectClass", classes),
        (fields.named_by, [account.login]),
        (fields.login, [account.login]),
        *((name, [account.name]) for name in fields.name),
        (fields.surname, [newcomer.surname]),
        (fields.given, [newcomer.given]),
        (fields.mail, [account.mail or ""]),
        (fields.status, [schema.status_value(Standing.ACTIVE)]),
        (fields.title, [newcomer.title]),
        (fields.employee_number, [newcomer.employee_number]),
        (fields.phone, [newcomer.phone]),
        (fields.manager, [account.manager.dn if account.manager else ""]),
        (fields.quota_limit, ["" if limit is None else str(limit)]),
        (fields.services, account.services),
        (fields.expires, [encode_time(account.expires).decode() if account.expires else ""]),
    ]
    held: dict[str, tuple[bytes, ...]] = {}
    for attribute, texts in told:
        values = tuple(text.encode("utf-8", "surrogateescape") for text in texts if text)
        if attribute and values:
            held.setdefault(attribute, values)
    return tuple(Values(attribute, values) for attribute, values in held.items())
