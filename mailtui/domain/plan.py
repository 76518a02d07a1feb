"""A plan: what a task would change, as pure data that is shown before it is done."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from mailtui.domain.account import Account, Reference
from mailtui.domain.change import Change, Values, headline
from mailtui.domain.entries import Act, EntryKind
from mailtui.domain.given_up import GivenUp
from mailtui.domain.group import GroupRoom
from mailtui.domain.protection import Protection
from mailtui.domain.rights import OperatorRule
from mailtui.domain.staffing import Staffing

Answer = str | bool | None


class Friction(StrEnum):
    """How much a person must do to confirm a plan."""

    LIGHT = "light"
    COUNT = "count"
    GUARDED = "guarded"


@dataclass(frozen=True, slots=True)
class Target:
    """An account as the directory holds it now, with the raw values of the attributes tasks may touch.

    `whole` has all that can be read of it but what the server keeps for itself; it is empty where no task needs it.
    """

    account: Account
    values: Mapping[str, tuple[bytes, ...]]
    whole: Mapping[str, tuple[bytes, ...]] = field(default_factory=dict)

    def values_of(self, attribute: str) -> Values:
        """Give the values of one attribute, by its name as the schema spells it."""
        return Values(attribute, self.values.get(attribute, ()))


@dataclass(frozen=True, slots=True)
class GroupTarget:
    """A group as the directory holds it now; `seats_of` names the shared mailbox that its members work, if any.

    `whole` has all that can be read of it; it is empty where no task needs it.
    """

    id: str
    dn: str
    name: str
    values: Mapping[str, tuple[bytes, ...]]
    seats_of: Reference | None = None
    whole: Mapping[str, tuple[bytes, ...]] = field(default_factory=dict)

    def values_of(self, attribute: str) -> Values:
        """Give the values of one attribute, by its name as the schema spells it."""
        return Values(attribute, self.values.get(attribute, ()))


@dataclass(frozen=True, slots=True)
class UnitTarget:
    """An org unit as the directory holds it now; the base, which is above all of them, has no `id` and no `path`.

    `path` names the units from the base down to this one. `whole` has all that can be read of it, `holds` names an
    entry that is below it; both are empty where no task needs them.
    """

    id: str
    dn: str
    name: str
    path: tuple[str, ...] = ()
    values: Mapping[str, tuple[bytes, ...]] = field(default_factory=dict)
    whole: Mapping[str, tuple[bytes, ...]] = field(default_factory=dict)
    holds: str = ""

    def values_of(self, attribute: str) -> Values:
        """Give the values of one attribute, by its name as the schema spells it."""
        return Values(attribute, self.values.get(attribute, ()))


@dataclass(frozen=True, slots=True)
class Restorable:
    """What a disable that still holds did to an account: the values it found, and those it left, by attribute.

    `batch` is the id of the last such disable; `before` and `since` reach back to the first of several in a row.
    """

    batch: str
    before: tuple[Values, ...]
    left: tuple[Values, ...]
    since: datetime | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Facts:
    """What the mirror and the journal know about the effect of a task, by account id; what is missing is no effect.

    Some are by the name of a question instead: `named`, the accounts that its answer names; `forwarding_to`, those that
    forward mail to the address that it names; `passed_on_to`, those whom mail for it comes to, through
    forwards of accounts that keep no copy; `ends`, when the day that it names is over. `domains` are those whose mail
    is ours, as A-labels; `unknown` names attributes that the directory does not heed. `units` are by question too; of
    a unit that a task is done to, `inside` are the accounts in it and below, by the mirror, and `groups_of` and
    `managed` have by its id what names anything there; `taken` are the keys of those DNs at which entries would come
    to be though others are there. `operators` are the site's rules of who may do what. `groups_named` are by name, in
    lower case: those that there is one of. `staffing` is of the shared mailboxes that the accounts work, `holds` whom
    `policy.holds` is for; `given_up` is by address or log-in, as compared.
    """

    manages: Mapping[str, int] = field(default_factory=dict)
    sole_owner_of: Mapping[str, tuple[Reference, ...]] = field(default_factory=dict)
    last_member_of: Mapping[str, tuple[Reference, ...]] = field(default_factory=dict)
    last_seat_of: Mapping[str, tuple[Reference, ...]] = field(default_factory=dict)
    forwarded_from: Mapping[str, tuple[Reference, ...]] = field(default_factory=dict)
    redirect_target: Account | None = None
    group: GroupTarget | None = None
    groups_of: Mapping[str, tuple[GroupTarget, ...]] = field(default_factory=dict)
    groups_named: Mapping[str, GroupTarget] = field(default_factory=dict)
    managed: Mapping[str, tuple[Target, ...]] = field(default_factory=dict)
    units: Mapping[str, UnitTarget] = field(default_factory=dict)
    inside: tuple[Account, ...] = ()
    taken: frozenset[str] = frozenset()
    operators: tuple[OperatorRule, ...] = ()
    unknown: frozenset[str] = frozenset()
    restorable: Mapping[str, Restorable] = field(default_factory=dict)
    protection: Protection = field(default_factory=Protection)
    named: Mapping[str, tuple[Account, ...]] = field(default_factory=dict)
    forwarding_to: Mapping[str, tuple[Reference, ...]] = field(default_factory=dict)
    passed_on_to: Mapping[str, tuple[Reference, ...]] = field(default_factory=dict)
    ends: Mapping[str, datetime] = field(default_factory=dict)
    now: datetime | None = None
    domains: frozenset[str] = frozenset()
    staffing: tuple[Staffing, ...] = ()
    holds: Protection = field(default_factory=Protection)
    given_up: Mapping[str, GivenUp] = field(default_factory=dict)
    groups_at: Mapping[str, Reference] = field(default_factory=dict)
    """The groups that have the addresses asked about, by these as compared."""
    group_room: GroupRoom = field(default_factory=GroupRoom)


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
    still be so when the change is sent. Of an attribute that is changed value by value (`Schema.is_by_value`), it holds
    those alone that a change names. `account_id`, `login` and `name` are those of the entry, which may be a group's.

    An entry that is added is at `dn` from then on and has no id yet; its changes give all it will have. One that is
    deleted loses all that is in its changes. One that is renamed moves to `new_dn`; its changes are those of its name.
    `rests_on` is the number, from 1, of a row before without which this one must not be done.
    """

    account_id: str
    login: str
    name: str
    dn: str
    changes: tuple[Change, ...] = ()
    before: tuple[Values, ...] = ()
    skip: str = ""
    conflict: str = ""
    kind: EntryKind = EntryKind.ACCOUNT
    act: Act = Act.MODIFY
    new_dn: str = ""
    rests_on: int = 0

    @property
    def is_idle(self) -> bool:
        """Whether nothing is to be done; to move an entry changes none of its values."""
        return (self.act is Act.MODIFY and not self.changes) or bool(self.skip or self.conflict)

    @property
    def headline(self) -> str:
        """What becomes of the entry as a whole; empty where only values change."""
        return headline(self.act, self.dn, self.new_dn)

    @property
    def shown(self) -> tuple[Change, ...]:
        """The changes that people are shown: not each value of an entry that goes."""
        return () if self.act is Act.DELETE else self.changes


@dataclass(frozen=True, slots=True)
class Plan:
    """What a task would change, what to know about it, and how much asking it needs.

    `answers` are those to the task's questions, by which it can be planned again; `accounts` counts those that it is
    about, not those whose entries merely name them.
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
    accounts: int = 0

    @property
    def changing(self) -> tuple[PlanRow, ...]:
        """The rows that change something."""
        return tuple(row for row in self.rows if not row.is_idle)

    def with_friction(self, friction: Friction) -> "Plan":
        """Give the same plan, to be asked about in another way."""
        return replace(self, friction=friction)

    @property
    def size(self) -> int:
        """How many accounts it is about, or members of groups where only groups change; what a person confirms."""
        return self.accounts or sum(_members(row) for row in self.changing)


def _members(row: PlanRow) -> int:
    if row.kind is not EntryKind.GROUP:
        return 1
    # Of all that changes, or that such an entry has, its members are the most.
    each = [change for change in row.changes if change.attribute.lower() != "objectclass"]
    return max((max(len(change.remove), len(change.add)) for change in each), default=1)
