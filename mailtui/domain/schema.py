"""How one kind of directory spells accounts, units and groups: frozen values that `directory` loads from TOML."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from mailtui.domain.account import Delivery, Kind, Standing
from mailtui.domain.change import Change, Values, named_by
from mailtui.domain.group import Posting
from mailtui.domain.rules import Rule


@dataclass(frozen=True, slots=True)
class StatusValue:
    """What one value of the status attribute means; `final` ones can only be enabled again."""

    value: str
    standing: Standing
    delivery: Delivery | None = None
    final: bool = False


@dataclass(frozen=True, slots=True)
class KindRule:
    """Accounts below a unit of this name, or with this value of an attribute, are of a kind."""

    kind: Kind
    below: str | None = None
    attribute: str | None = None
    value: str | None = None


@dataclass(frozen=True, slots=True)
class AccountSchema:
    """Attribute names for accounts; an empty name means that the directory has no such thing.

    `name` and `last_login` name attributes in the order in which they are asked. `filter` is an RFC 4515 filter. Any of
    `password_changed` moves when a password is set; `must_change` asks for another at the next log-in. A new entry is
    of `object_classes`, is named by its value of `named_by`, and has the whole name in each of `name`.
    """

    filter: str
    login: str
    name: tuple[str, ...]
    mail: str
    aliases: str = ""
    forwards: str = ""
    employee_number: str = ""
    title: str = ""
    department_number: str = ""
    manager: str = ""
    phone: str = ""
    notes: str = ""
    services: str = ""
    expires: str = ""
    last_login: tuple[str, ...] = ()
    quota_limit: str = ""
    quota_used: str = ""
    quota_as_of: str = ""
    status: str = ""
    lock: str = ""
    must_change: str = ""
    password_changed: tuple[str, ...] = ()
    kinds: tuple[KindRule, ...] = ()
    object_classes: tuple[str, ...] = ()
    named_by: str = ""
    given: str = ""
    surname: str = ""

    @property
    def switching(self) -> frozenset[str]:
        """The attributes, in lower case, by which accounts are switched off."""
        return frozenset(name.lower() for name in (self.status, self.forwards, self.expires) if name)


@dataclass(frozen=True, slots=True)
class PostingValue:
    """Who may write to a group that has a value."""

    value: str
    to: Posting


@dataclass(frozen=True, slots=True)
class GroupSchema:
    """Where groups are and how they name members and owners; a new one is of `object_classes`, named by `name`.

    `postings` lists what the values of the attribute `posting` mean; an absent value means the first.
    """

    filter: str
    name: str
    member: str
    owner: str = ""
    description: str = ""
    mail: str = ""
    aliases: str = ""
    posting: str = ""
    postings: tuple[PostingValue, ...] = ()
    object_classes: tuple[str, ...] = ()

    def posted_by(self, value: str | None) -> str | None:
        """Tell who may write by a value: one of `Posting`, or the value where it is not listed; None without any."""
        if not self.posting or not self.postings:
            return None
        if value is None:
            return self.postings[0].to
        known = (one.to for one in self.postings if one.value.casefold() == value.strip().casefold())
        return next(known, value)


@dataclass(frozen=True, slots=True)
class UnitSchema:
    """Where the org tree is; a new unit is of `object_classes`."""

    filter: str
    name: str
    object_classes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Schema:
    """One kind of directory.

    `id` is the attribute that never changes (entryUUID). `statuses` lists what the status attribute's values mean;
    an absent value means the first. `lock_forever` are lock values that an administrator sets. `rules` say how
    attributes compare, by lower-case name; one that is not listed compares exactly.
    """

    name: str
    id: str
    account: AccountSchema
    group: GroupSchema
    unit: UnitSchema
    statuses: tuple[StatusValue, ...]
    lock_forever: tuple[str, ...] = ()
    rules: Mapping[str, Rule] = field(default_factory=dict)

    @property
    def volatile(self) -> frozenset[str]:
        """The attributes, in lower case, that a directory or mail store changes by itself: use, log-ins, locks."""
        account = self.account
        stamps = (account.lock, *account.last_login, *account.password_changed)
        names = (self.id, *stamps, account.quota_used, account.quota_as_of)
        return frozenset(name.lower() for name in names if name)

    def is_by_value(self, attribute: str) -> bool:
        """Whether an attribute is changed value by value: of thousands only those that a change names matter."""
        names = (self.group.member, self.group.owner)
        return attribute.lower() in {name.lower() for name in names if name}

    def concerning(self, changes: Iterable[Change], now: Values) -> Values:
        """Give what matters to changes of an attribute's values: all, or those they name where it is by value."""
        if not self.is_by_value(now.attribute):
            return now
        return Values(now.attribute, named_by(changes, now.attribute, now.values, self.rule(now.attribute)))

    def is_volatile(self, values: Values) -> bool:
        """Whether an attribute is one that a directory or mail store changes by itself."""
        return values.attribute.lower() in self.volatile

    def rule(self, attribute: str) -> Rule:
        """Give the rule by which the values of an attribute compare."""
        return self.rules.get(attribute.lower(), Rule.EXACT)

    @property
    def is_told_by_lock(self) -> bool:
        """Whether one attribute says that an account is disabled, and that failed log-ins have locked it."""
        return bool(self.account.lock) and self.account.status.lower() == self.account.lock.lower()

    def status(self, value: str | None) -> StatusValue:
        """Tell what a value of the status attribute means; one that is not listed means disabled, for good measure."""
        if value is None:
            return self.statuses[0]
        for status in self.statuses:
            if status.value.casefold() == value.strip().casefold():
                return status
        if self.is_told_by_lock:
            return StatusValue(value, Standing.LOCKED)
        return StatusValue(value, Standing.DISABLED)

    def status_value(self, standing: Standing, delivery: Delivery | None = None) -> str:
        """Give the value to write for a standing and, of a disabled account, what becomes of its mail."""
        wanted = Delivery.RECEIVE if delivery is Delivery.REDIRECT else delivery
        return next(s.value for s in self.statuses if s.standing is standing and s.delivery is wanted and not s.final)
