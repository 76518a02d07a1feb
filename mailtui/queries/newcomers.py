"""What the mirror holds around newcomers: their unit, those whom they name, and the domain of their addresses."""

import json
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import TypeVar

from mailtui.cache.folding import fold, name_key
from mailtui.domain import dn as names
from mailtui.domain.account import Account, Kind, Reference
from mailtui.domain.newcomer import Around, Newcomer, Problem
from mailtui.domain.schema import Schema
from mailtui.errors import Refused
from mailtui.queries.addresses import taken
from mailtui.queries.groups import groups_place
from mailtui.queries.holders import own_domains
from mailtui.queries.mirror import Mirror
from mailtui.queries.spelling import readings_of
from mailtui.queries.units import unit_named
from mailtui.texts import _

Found = TypeVar("Found")

# Of the first thousand addresses: which domain most people have needs no count of a million.
_COMMON_DOMAIN = (
    "SELECT substr(key, instr(key, '@') + 1) AS domain FROM"
    " (SELECT key FROM address WHERE kind = 'mail' AND instr(key, '@') > 0 ORDER BY row LIMIT 1000)"
    " GROUP BY domain ORDER BY count(*) DESC, domain LIMIT 1"
)
_NAMESAKES = (
    "SELECT a.id, a.name, a.dn FROM json_each(:keys) k CROSS JOIN account a ON a.name_key = k.value"
    " ORDER BY a.row LIMIT 5"
)
_UNITS = "SELECT id, name, dn FROM org_unit ORDER BY row"
_GROUP_NAMED = "SELECT 1 FROM directory_group WHERE name_key = :name LIMIT 1"


class Looking:
    """Looks around in one mirror for many newcomers; what several of them name is looked up once."""

    def __init__(self, mirror: Mirror, schema: Schema, base: str) -> None:
        self._mirror, self._schema, self._base = mirror, schema, base
        self._unit = lru_cache(4096)(self._find_unit)
        self._account = lru_cache(4096)(self._find_account)

    def around(self, newcomer: Newcomer) -> tuple[Around, list[Problem]]:
        """Tell what is around a newcomer, and what of it is not there."""
        problems: list[Problem] = []

        def account(key: str) -> Account | None:
            return _tried(newcomer, problems, lambda: self._account(key)) if key else None

        unit = _tried(newcomer, problems, lambda: self._unit(newcomer.department, newcomer.kind))
        place = unit or Reference(None, self._base, self._base)
        around = Around(
            place,
            names.units(f"cn=any,{place.dn}", self._base),
            account(newcomer.manager),
            account(newcomer.owner),
            tuple(filter(None, map(account, newcomer.seats))),
            self._having(newcomer.employee_number),
            self._called(newcomer),
            readings_of(newcomer.given, newcomer.surname, newcomer.name),
        )
        return around, problems

    def is_taken(self, key: str) -> bool:
        """Tell whether anybody holds an address or a log-in, or is forwarded to it."""
        return bool(taken(self._mirror, [key]))

    def domains(self, by_policy: Sequence[str]) -> tuple[str, ...]:
        """Give the domains whose mail is ours, the one to begin with first."""
        ours = own_domains(self._mirror, by_policy)
        common = [row["domain"] for row in self._mirror.ask(_COMMON_DOMAIN, {})]
        first = [*by_policy, *common][:1]
        return tuple(dict.fromkeys((*first, *sorted(ours))))

    def has_group(self, name: str) -> bool:
        """Tell whether a group bears a name."""
        return bool(self._mirror.ask(_GROUP_NAMED, {"name": fold(name)}))

    def groups_place(self) -> str:
        """Give the DN of the entry below which most groups are; the base where there are none."""
        return groups_place(self._mirror, self._base)

    def _having(self, number: str) -> Account | None:
        wanted = number.strip().casefold()
        found = self._mirror.exact(number) if wanted else []
        return next((one for one in found if (one.employee_number or "").strip().casefold() == wanted), None)

    def _called(self, newcomer: Newcomer) -> tuple[Reference, ...]:
        names_ = (newcomer.name,) if newcomer.name else _either_way(newcomer.given, newcomer.surname)
        keys = json.dumps([name_key(name) for name in names_ if name.strip()])
        return tuple(
            Reference(row["id"], row["name"], row["dn"]) for row in self._mirror.ask(_NAMESAKES, {"keys": keys})
        )

    def _find_account(self, key: str) -> Account:
        found = self._mirror.exact(key)
        if len(found) != 1:
            said = _("“{key}” is no account of this directory") if not found else _("“{key}” may be several accounts")
            raise Refused(said.format(key=key), hint=_("Name one by address, log-in or employee number."))
        return found[0]

    def _find_unit(self, department: str, kind: Kind) -> Reference:
        if department:
            return unit_named(self._mirror, department)
        own = {rule.below for rule in self._schema.account.kinds if rule.kind is kind and rule.below}
        units: Sequence[Mapping[str, str]] = self._mirror.ask(_UNITS, {}) if own else ()
        found = [unit for unit in units if unit["name"].casefold() in own]
        if found:
            return Reference(found[0]["id"], found[0]["name"], found[0]["dn"])
        top = max(self._mirror.children(None), key=lambda unit: unit.accounts, default=None)
        return Reference(top.id, top.name, top.dn) if top else Reference(None, self._base, self._base)


def _either_way(given: str, surname: str) -> tuple[str, ...]:
    return (f"{given} {surname}", f"{surname} {given}")


def _tried(newcomer: Newcomer, problems: list[Problem], look: Callable[[], Found]) -> Found | None:
    try:
        return look()
    except Refused as error:
        problems.append(Problem(newcomer, error.message, error.hint))
        return None
