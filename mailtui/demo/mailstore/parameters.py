"""The parameters of a command, read as Dovecot reads them; and how a command can fail."""

from collections.abc import Mapping
from typing import Any

BAD_DATA, NO_USER, NOT_FOUND, TEMPORARY, USAGE = 65, 67, 68, 75, 64
"""Exit statuses of doveadm (sysexits.h)."""


class Failed(Exception):
    """A command ended in an exit status."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class Died(Exception):
    """The process ended over a command: nothing that was asked in the same request gets an answer."""


class Parameters:
    """What was given with a command; values of a wrong kind end the process, as they do Dovecot's."""

    def __init__(self, given: Mapping[str, Any]) -> None:
        self._given = given

    def __contains__(self, name: str) -> bool:
        return name in self._given

    def text(self, name: str) -> str:
        """Give a text that must be there."""
        value = self._given.get(name)
        if not isinstance(value, str):
            raise Died
        return value

    def texts(self, name: str) -> list[str]:
        """Give a list of texts that must be there."""
        value = self._given.get(name)
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            raise Died
        return value

    def some(self, name: str) -> list[str]:
        """Give a list of at least one text."""
        value = self.texts(name)
        if not value:
            raise Died
        return value

    def flag(self, name: str) -> bool:
        """Tell whether something is switched on."""
        return self._given.get(name) is True
