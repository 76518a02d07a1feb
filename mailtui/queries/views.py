"""What a list shows and in which order, and the lines it is made of."""

from array import array
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from mailtui.domain.account import Delivery, Kind, Standing
from mailtui.domain.forecast import Reason


class Sort(StrEnum):
    """The columns a list of accounts can be ordered by; `MATCH` is as the search found them."""

    MATCH = "match"
    NAME = "name"
    LOGIN = "login"
    MAIL = "mail"
    DEPARTMENT = "department"
    STANDING = "standing"
    LIMIT = "limit"
    USED = "used"
    PERCENT = "percent"
    LAST_LOGIN = "last_login"
    MESSAGES = "messages"
    GROWTH = "growth"
    FULL = "full"


@dataclass(frozen=True, slots=True)
class View:
    """A list of accounts: what was typed in the search box, below which unit (entryUUID), in which order."""

    query: str = ""
    unit: str | None = None
    sort: Sort = Sort.MATCH
    reverse: bool = False


@dataclass(frozen=True, slots=True)
class Hits:
    """The row ids a view has, in its order; `more` when the search stopped counting at its ceiling."""

    rows: "array[int]"
    more: bool = False


@dataclass(frozen=True, slots=True)
class AccountLine:
    """What one line of a list shows; `row` is the cache's row id, `id` the entryUUID.

    `growth` is that of the last week, in bytes; `full_early` to `full_late`, or the `reason` why not, are as in
    `Outlook`, `is_unused` as in `Account`.
    """

    row: int
    id: str
    name: str
    login: str
    mail: str | None
    department: str | None
    kind: Kind
    standing: Standing
    delivery: Delivery | None
    limit_bytes: int | None
    unlimited: bool
    used_bytes: int | None
    percent: float | None
    last_login: datetime | None
    is_unused: bool = False
    used_source: str | None = None
    used_as_of: datetime | None = None
    messages: int | None = None
    growth: int | None = None
    full_early: date | None = None
    full_likely: date | None = None
    full_late: date | None = None
    reason: Reason | None = None


@dataclass(frozen=True, slots=True)
class UnitLine:
    """One unit of the org tree; `accounts` counts those in it and below."""

    id: str
    name: str
    dn: str
    accounts: int
    has_children: bool


@dataclass(frozen=True, slots=True)
class MirrorState:
    """How old the mirror is: when it was last whole, and the failure since, if there was one.

    `generation` is another one after every change to what is mirrored; `epoch` after rows were numbered anew.
    `usage_as_of` is when the mail store was last asked about everybody, `usage_failure` why it could not be since.
    """

    accounts: int
    as_of: datetime | None
    failed_at: datetime | None = None
    failure: str = ""
    cursor: str = ""
    generation: int = 0
    epoch: int = 0
    usage_as_of: datetime | None = None
    usage_failure: str = ""
