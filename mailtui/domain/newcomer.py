"""Newcomers: who or what is to get an account, what is known around them, and the entry that they would have."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from mailtui.domain.account import Account, Kind, Reference
from mailtui.domain.allocation import Allocation
from mailtui.domain.change import Values


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Somebody, or a mailbox of a team or a machine, as a person has told; empty where nothing was said.

    `line` is that of a list, 0 without one. `department` is the name, path or DN of an org unit; `manager`, `owner` and
    `seats` are addresses, log-ins or employee numbers; `expires` is a day, or `never`.
    """

    line: int = 0
    kind: Kind = Kind.PERSON
    given: str = ""
    surname: str = ""
    name: str = ""
    department: str = ""
    title: str = ""
    login: str = ""
    address: str = ""
    employee_number: str = ""
    phone: str = ""
    manager: str = ""
    owner: str = ""
    profile: str = ""
    quota: str = ""
    expires: str = ""
    seats: tuple[str, ...] = ()

    @property
    def said(self) -> str:
        """What a person would call it by."""
        return self.name or " ".join(filter(None, (self.given, self.surname))) or self.login or self.address


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a newcomer cannot get an account as told, and what to do about it.

    `is_open` where nothing is wrong, but something was not said yet.
    """

    newcomer: Newcomer
    text: str
    hint: str = ""
    is_open: bool = False


@dataclass(frozen=True, slots=True)
class Around:
    """What the directory holds around a newcomer; `path` names the units from the base down to `unit`.

    `has_number` is who has the employee number already, `namesakes` are those who are called the same, `readings` say
    how Chinese characters in the name are read.
    """

    unit: Reference
    path: tuple[str, ...] = ()
    manager: Account | None = None
    owner: Account | None = None
    seats: tuple[Account, ...] = ()
    has_number: Account | None = None
    namesakes: tuple[Reference, ...] = ()
    readings: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Sketch:
    """What a newcomer would get by what is told so far, and what speaks against it.

    The log-in and the address of `account` are empty, where none can be given. `limit` is that of the quota in bytes,
    None where the server's default would hold.
    """

    account: Account
    allotted: Allocation
    limit: int | None = None
    namesakes: tuple[Reference, ...] = ()
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Draft:
    """An account that is not there yet: how it will be known, all its entry will have, and by which rules.

    `seats` are those who will work a shared mailbox, its owner among them.
    """

    newcomer: Newcomer
    account: Account
    values: tuple[Values, ...]
    allotted: Allocation
    owner: Account | None = None
    seats: tuple[Account, ...] = ()
    namesakes: tuple[Reference, ...] = ()
