"""What the mirror holds of the directory: records made by `sync` and kept by `cache`."""

from dataclasses import dataclass
from datetime import datetime

from mailtui.domain.account import Delivery, Kind, Standing
from mailtui.domain.entries import EntryKind
from mailtui.domain.outlook import Outlook


@dataclass(frozen=True, slots=True)
class AccountRecord:
    """One account as it was read; references are DNs as the server spells them, not yet resolved.

    `id` is the entryUUID. `status` is the raw value of the status attribute (None: absent); `is_locked` is a lock by
    failed log-ins. `quota_limit` None means the server's default, 0 unlimited. `department` and `department_path` come
    from the DN.
    """

    id: str
    dn: str
    login: str
    name: str
    mail: str | None
    kind: Kind
    standing: Standing
    delivery: Delivery | None = None
    status: str | None = None
    aliases: tuple[str, ...] = ()
    forwards: tuple[str, ...] = ()
    department_path: tuple[str, ...] = ()
    department_number: str | None = None
    title: str | None = None
    employee_number: str | None = None
    phone: str | None = None
    manager_dn: str | None = None
    services: tuple[str, ...] = ()
    expires: datetime | None = None
    last_login: datetime | None = None
    quota_limit: int | None = None
    quota_used: int | None = None
    quota_as_of: datetime | None = None


@dataclass(frozen=True, slots=True)
class UnitRecord:
    """One organizational unit."""

    id: str
    dn: str
    name: str


@dataclass(frozen=True, slots=True)
class GroupRecord:
    """One group with the DNs of its members and owners.

    `posting` is as `Group.posting` has it.
    """

    id: str
    dn: str
    name: str
    members: tuple[str, ...] = ()
    owners: tuple[str, ...] = ()
    description: str | None = None
    mail: str | None = None
    aliases: tuple[str, ...] = ()
    posting: str | None = None


Record = AccountRecord | UnitRecord | GroupRecord


def kind_of(record: Record) -> EntryKind:
    """Tell of which kind an entry is."""
    if isinstance(record, AccountRecord):
        return EntryKind.ACCOUNT
    return EntryKind.UNIT if isinstance(record, UnitRecord) else EntryKind.GROUP


@dataclass(frozen=True, slots=True)
class Target:
    """An account to which what a mail store says of a mailbox may belong.

    The keys are what its main address and log-in are compared by; `limit` is as `AccountRecord.quota_limit`.
    """

    id: str
    address_key: str | None
    login_key: str
    limit: int | None


@dataclass(frozen=True, slots=True)
class MailboxRecord:
    """What was learnt of the mailbox of one account (entryUUID) at a moment; None is unknown.

    `limit` is the one that the mail store keeps to, 0 unlimited; the outlook `rests_on` that or the directory's.
    `is_unused` tells that the store, which notes log-ins, has noted none.
    """

    account: str
    as_of: datetime
    used_bytes: int | None = None
    messages: int | None = None
    limit: int | None = None
    last_login: datetime | None = None
    is_unused: bool | None = None
    outlook: Outlook | None = None
    rests_on: int | None = None


@dataclass(frozen=True, slots=True)
class SyncCounts:
    """What a sync did to the accounts of the mirror; `total` is how many it holds now."""

    added: int
    changed: int
    gone: int
    total: int
