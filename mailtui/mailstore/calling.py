"""Commands to a doveadm and its answers, whichever way they travel."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Any, Protocol

from mailtui.errors import MailStoreError, OutcomeUnknown
from mailtui.texts import _

Row = Mapping[str, Any]
Answer = tuple[Row, ...] | MailStoreError
"""The rows of one command, or why there are none."""


class Patience(IntEnum):
    """How many times as long as one account a command may take."""

    ONE = 1
    ALL = 12
    MOVING = 120


@dataclass(frozen=True, slots=True)
class Command:
    """One command of doveadm, by the names of its HTTP API; one that `changes` something travels alone."""

    name: str
    parameters: Mapping[str, Any]
    changes: bool = False


class Line(Protocol):
    """A way to a doveadm; several threads may use it at once."""

    @property
    def is_quick(self) -> bool:
        """Whether a hundred small commands cost little more than one."""

    def ask(self, commands: Sequence[Command], patience: Patience = Patience.ONE) -> list[Answer]:
        """Send commands at once and give the answer to each.

        Raises:
            MailStoreUnreachable: There is no answer, and nothing was changed.
            MailStoreKeyRefused: The key is not taken.
            MailStoreError: What comes is no answer, or none comes although the server is there.
            OutcomeUnknown: The command that changes something was sent, and no answer came.
        """


def rows(line: Line, name: str, parameters: Mapping[str, Any], patience: Patience = Patience.ONE) -> tuple[Row, ...]:
    """Ask one command that changes nothing, and give its rows."""
    return _rows(line.ask([Command(name, parameters)], patience)[0])


def change(
    line: Line,
    name: str,
    parameters: Mapping[str, Any],
    is_made: Callable[[], bool] | None,
    patience: Patience = Patience.ONE,
) -> None:
    """Send one command that changes something, once, and see whether the change is there.

    `is_made` None: that cannot be seen, and the server's word is all there is.

    Raises:
        OutcomeUnknown: No answer came, and the change is not there, or not yet.
        MailStoreError: The server refused, or said yes and did not do it.
    """
    try:
        _rows(line.ask([Command(name, parameters, changes=True)], patience)[0])
    except OutcomeUnknown as unknown:
        if is_made is None or not _seen(is_made, unknown):
            raise
        return
    if is_made is not None and not is_made():
        message = _("The mail store said yes to {command}, but it is not done").format(command=name)
        raise MailStoreError(message, hint=_("Its log tells more (doveadm log errors)."))


def _seen(is_made: Callable[[], bool], unknown: OutcomeUnknown) -> bool:
    try:
        return is_made()
    except MailStoreError as error:
        raise unknown from error


def _rows(answer: Answer) -> tuple[Row, ...]:
    if isinstance(answer, MailStoreError):
        raise answer
    return answer
