"""The arrays `[[profiles]]` and `[[departments]]`: what accounts are allotted by position, need and org unit."""

from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from mailtui.config.checking import Table, check_one_of, known, table, tables, typed, wrong
from mailtui.domain.account import Delivery, Kind
from mailtui.domain.new_address import written_domain
from mailtui.domain.patterns import parse_pattern
from mailtui.domain.policy import UNLIMITED, Department, Profile
from mailtui.domain.quota import parse_size
from mailtui.errors import UsageError
from mailtui.texts import _

Parsed = TypeVar("Parsed")

PROFILE_KEYS = (
    "name", "when", "kind", "quota", "services", "groups", "protected", "naming", "delivery", "retention_days",
    "expires_days",
)  # fmt: skip
"""The keys of one of `[[profiles]]`."""
DEPARTMENT_KEYS = ("unit", "groups", "quota", "domain", "owner")
"""The keys of one of `[[departments]]`."""
CONDITIONS = ("title", "department", "department_number", "login", "mail", "kind", "name", "group")
"""The keys of `when`."""


def profiles(held: Any, source: str) -> Iterator[Profile]:
    """Give the profiles in the order of the file.

    Raises:
        ConfigError: A key or value cannot be taken.
    """
    for where, each in tables(held, source, "profiles"):
        known(each, PROFILE_KEYS, source, where)
        read = _Reading(each, source, where)
        kind, delivery = read.choice("kind", tuple(Kind)), read.choice("delivery", tuple(Delivery))
        yield Profile(
            read.needed("name", _("Give the profile a name.")),
            tuple(_when(each.get("when", {}), source, f"{where}.when")),
            read.quota(),
            protected=read.typed(bool, "protected") or False,
            kind=Kind(kind) if kind else None,
            services=tuple(name.strip().casefold() for name in read.names("services")),
            groups=read.names("groups"),
            naming=read.patterns(),
            delivery=Delivery(delivery) if delivery else None,
            retention_days=read.days("retention_days"),
            expires_days=read.days("expires_days"),
        )


def departments(held: Any, source: str) -> Iterator[Department]:
    """Give the departments in the order of the file.

    Raises:
        ConfigError: A key or value cannot be taken.
    """
    for where, each in tables(held, source, "departments"):
        known(each, DEPARTMENT_KEYS, source, where)
        read = _Reading(each, source, where)
        yield Department(
            read.needed("unit", _("Name a unit, or a path such as Research/Labs.")),
            groups=read.names("groups"),
            quota_bytes=read.quota(),
            domain=read.domain(),
            owner=read.typed(str, "owner") or "",
        )


def _when(held: Any, source: str, where: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    known(table(held, source, where), CONDITIONS, source, where)
    for name in held:
        yield name, _texts(held[name], source, f"{where}.{name}")


def _texts(value: Any, source: str, where: str) -> tuple[str, ...]:
    """Give a list of texts; one text stands for a list of it."""
    texts: tuple[str, ...] = typed(tuple[str, ...], [value] if isinstance(value, str) else value, source, where)
    return texts


class _Reading:
    """One table of an array, read value by value; what is not there is None or empty."""

    def __init__(self, held: Table, source: str, where: str) -> None:
        self._held, self._source, self._where = held, source, where

    def typed(self, kind: Any, name: str) -> Any:
        """Give a value of a type."""
        if name not in self._held:
            return None
        return typed(kind, self._held[name], self._source, f"{self._where}.{name}")

    def needed(self, name: str, hint: str) -> str:
        """Give a text that must be there."""
        value = self._held.get(name)
        if not isinstance(value, str) or not value.strip():
            raise wrong(self._source, f"{self._where}.{name}", _("is missing"), hint)
        return value

    def names(self, name: str) -> tuple[str, ...]:
        """Give a list of names."""
        names: tuple[str, ...] = self.typed(tuple[str, ...], name) or ()
        if not all(map(str.strip, names)):
            raise wrong(self._source, f"{self._where}.{name}", _("holds an empty name"), _("Take it out."))
        return names

    def days(self, name: str) -> int | None:
        """Give a number of days."""
        days: int | None = self.typed(int, name)
        if days == 0:
            raise wrong(self._source, f"{self._where}.{name}", _("is no time"), _("Write one day or more."))
        return days

    def choice(self, name: str, choices: tuple[str, ...]) -> str:
        """Give one of a few words."""
        value: str = self.typed(str, name) or ""
        if name in self._held:
            check_one_of(choices, value, self._source, f"{self._where}.{name}")
        return value

    def quota(self) -> int | None:
        """Give the bytes of `quota`."""
        value = self._held.get("quota")
        if value is None:
            return None
        if str(value).strip().casefold() == "unlimited":
            return UNLIMITED
        size = self._parsed(parse_size, "quota", str(value))
        if not size:
            raise wrong(self._source, f"{self._where}.quota", _("leaves no room"), _("Write a size, or unlimited."))
        return size

    def domain(self) -> str:
        """Give the mail domain, as A-labels."""
        domain: str = self.typed(str, "domain") or ""
        return self._parsed(written_domain, "domain", domain) if "domain" in self._held else ""

    def patterns(self) -> tuple[str, ...]:
        """Give the patterns of `naming`."""
        if "naming" not in self._held:
            return ()
        patterns = _texts(self._held["naming"], self._source, f"{self._where}.naming")
        for pattern in patterns:
            self._parsed(parse_pattern, "naming", pattern)
        return patterns

    def _parsed(self, parse: Callable[[str], Parsed], name: str, value: str) -> Parsed:
        try:
            return parse(value)
        except UsageError as error:
            raise wrong(self._source, f"{self._where}.{name}", error.message, error.hint) from error
