"""One table of an array such as `[[profiles]]`, read value by value."""

from collections.abc import Callable
from typing import Any, TypeVar

from mailtui.config.checking import Table, check_one_of, typed, wrong
from mailtui.domain.new_address import written_domain
from mailtui.domain.patterns import parse_pattern
from mailtui.domain.policy import UNLIMITED
from mailtui.domain.quota import parse_size
from mailtui.errors import UsageError
from mailtui.texts import _

Parsed = TypeVar("Parsed")


def texts_of(value: Any, source: str, where: str) -> tuple[str, ...]:
    """Give a list of texts; one text stands for a list of it.

    Raises:
        ConfigError: It is neither.
    """
    texts: tuple[str, ...] = typed(tuple[str, ...], [value] if isinstance(value, str) else value, source, where)
    return texts


class TableReader:
    """Reads the values of one table, `where` in a file; what is not there is None or empty.

    Every method raises ConfigError for what cannot be taken.
    """

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
        patterns = texts_of(self._held["naming"], self._source, f"{self._where}.naming")
        for pattern in patterns:
            self._parsed(parse_pattern, "naming", pattern)
        return patterns

    def _parsed(self, parse: Callable[[str], Parsed], name: str, value: str) -> Parsed:
        try:
            return parse(value)
        except UsageError as error:
            raise wrong(self._source, f"{self._where}.{name}", error.message, error.hint) from error
