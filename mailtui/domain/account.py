"""An account: one mailbox and the person, team or service that it belongs to."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from mailtui.domain.outlook import Outlook
from mailtui.domain.quota import Quota


class Kind(StrEnum):
    """Who a mailbox is for."""

    PERSON = "person"
    SHARED = "shared"
    SERVICE = "service"


class Standing(StrEnum):
    """Whether an account works, and if not, why."""

    ACTIVE = "active"
    DISABLED = "disabled"
    LOCKED = "locked"
    EXPIRED = "expired"
    PENDING = "pending"


class Delivery(StrEnum):
    """What happens to the mail of a disabled account."""

    RECEIVE = "receive"
    REDIRECT = "redirect"
    BOUNCE = "bounce"


@dataclass(frozen=True, slots=True)
class Reference:
    """Another entry that an account points to.

    `id` is the entryUUID, None where the mirror does not hold the entry; `dn` is as the server spells it.
    """

    id: str | None
    name: str
    dn: str


@dataclass(frozen=True, slots=True)
class Account:
    """Everything known of one account; None where it is unknown.

    `id` is the entryUUID; `department_path` names the units from the base down; `delivery` is set only while the
    account is disabled; `as_of` is when the directory was last read. `is_unused` tells that the mail store, which notes
    log-ins, has noted none.
    """

    id: str
    dn: str
    login: str
    name: str
    mail: str | None
    kind: Kind
    standing: Standing
    quota: Quota
    as_of: datetime
    delivery: Delivery | None = None
    aliases: tuple[str, ...] = ()
    forwards: tuple[str, ...] = ()
    profile: str | None = None
    department: str | None = None
    department_path: tuple[str, ...] = ()
    department_number: str | None = None
    title: str | None = None
    employee_number: str | None = None
    phone: str | None = None
    manager: Reference | None = None
    services: tuple[str, ...] = ()
    expires: datetime | None = None
    last_login: datetime | None = None
    groups: tuple[Reference, ...] = ()
    is_unused: bool = False
    outlook: Outlook | None = None

    @property
    def addresses(self) -> tuple[str, ...]:
        """Every address the account receives mail at, the main one first."""
        return ((self.mail,) if self.mail else ()) + self.aliases
