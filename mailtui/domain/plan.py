"""A plan: what a task would change, as pure data that is shown before it is done."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from mailtui.domain.account import Account, Reference
from mailtui.domain.change import Change, Values
from mailtui.domain.protection import Protection

Answer = str | bool | None


class Friction(StrEnum):
    """How much a person must do to confirm a plan."""

    LIGHT = "light"
    COUNT = "count"
    GUARDED = "guarded"


@dataclass(frozen=True, slots=True)
class Target:
    """An account as the directory holds it now, with the raw values of the attributes tasks may touch."""

    account: Account
    values: Mapping[str, tuple[bytes, ...]]

    def values_of(self, attribute: str) -> Values:
        """Give the values of one attribute, by its name as the schema spells it."""
        return Values(attribute, self.values.get(attribute, ()))


@dataclass(frozen=True, slots=True)
class Restorable:
    """What a disable that still holds did to an account: the values it found, and those it left, by attribute.

    `batch` is the id of the last such disable; `before` reaches back to the first of several in a row.
    """

    batch: str
    before: tuple[Values, ...]
    left: tuple[Values, ...]


@dataclass(frozen=True, slots=True)
class Facts:
    """What the mirror and the journal know about the effect of a task, by account id; what is missing is no effect."""

    manages: Mapping[str, int] = field(default_factory=dict)
    sole_owner_of: Mapping[str, tuple[Reference, ...]] = field(default_factory=dict)
    last_member_of: Mapping[str, tuple[Reference, ...]] = field(default_factory=dict)
    last_seat_of: Mapping[str, tuple[Reference, ...]] = field(default_factory=dict)
    forwarded_from: Mapping[str, tuple[Reference, ...]] = field(default_factory=dict)
    redirect_target: Account | None = None
    restorable: Mapping[str, Restorable] = field(default_factory=dict)
    protection: Protection = field(default_factory=Protection)


@dataclass(frozen=True, slots=True)
class Caution:
    """Something that a person should know before saying yes, and what it rests on."""

    kind: str
    text: str
    basis: str
    account_id: str | None = None


@dataclass(frozen=True, slots=True)
class PlanRow:
    """What is to change in one entry.

    A row without changes says why: in `skip` that there is nothing to do, in `conflict` that the entry is no longer
    as it would have to be.

    `before` holds all values of each attribute that `changes` touches, as read when the plan was made: what must
    still be so when the change is sent.
    """

    account_id: str
    login: str
    name: str
    dn: str
    changes: tuple[Change, ...] = ()
    before: tuple[Values, ...] = ()
    skip: str = ""
    conflict: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a task would change, what to know about it, and how much asking it needs.

    `answers` are those to the task's questions, by which it can be planned again.
    """

    task: str
    title: str
    rows: tuple[PlanRow, ...]
    friction: Friction
    warnings: tuple[Caution, ...] = ()
    ticket: str = ""
    reason: str = ""
    undoes: str | None = None
    answers: Mapping[str, Answer] = field(default_factory=dict)

    @property
    def changing(self) -> tuple[PlanRow, ...]:
        """The rows that change something."""
        return tuple(row for row in self.rows if row.changes)
