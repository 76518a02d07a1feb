"""The tables of the cache; what a column is called here is what the reading SQL of `queries` names."""

from sqlalchemy import Index, text
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel


class CacheTable(SQLModel, registry=registry()):
    """What all tables of the cache share: metadata of their own."""


class AccountRow(CacheTable, table=True):
    """An account.

    Rows are numbered in the order of names by a full load, and a number is not used again by the next one. Moments are
    microseconds since 1970. `*_key` columns hold what is compared: see `folding`; `dn_key` is a digest.
    `limit_bytes` is NULL for the server's default and `layout.UNLIMITED` for none; `percent` as `Quota.percent`.
    `own_*` is what the directory itself says of the use; from `used_bytes` on it is put together with the table
    `usage`, see `using`. Days are proleptic ordinals; one that is full has `full_likely` too, besides the `reason`.
    """

    __tablename__ = "account"

    row: int = Field(primary_key=True)
    id: str = Field(index=True, unique=True)
    dn: str
    dn_key: bytes = Field(index=True)
    unit_row: int | None = None
    login: str
    login_key: str
    name: str
    name_key: str = Field(index=True)
    sort_key: str
    mail: str | None = None
    mail_key: str | None = None
    kind: str = Field(index=True)
    standing: str
    delivery: str | None = None
    status: str | None = None
    department: str | None = None
    department_path: str
    department_number: str | None = None
    title: str | None = None
    employee_number: str | None = None
    employee_key: str | None = None
    phone: str | None = None
    manager_dn: str | None = None
    manager_key: bytes | None = Field(default=None, index=True)
    services: str
    expires: int | None = None
    own_last_login: int | None = None
    limit_bytes: int | None = None
    own_used: int | None = None
    own_used_as_of: int | None = None
    as_of: int
    digest: bytes
    used_bytes: int | None = None
    used_as_of: int | None = None
    used_source: str | None = None
    messages: int | None = None
    default_bytes: int | None = None
    percent: float | None = None
    last_login: int | None = None
    is_unused: bool | None = None
    growth: int | None = None
    pace: int | None = None
    full_early: int | None = None
    full_likely: int | None = None
    full_late: int | None = None
    reason: str | None = None

    __table_args__ = (
        Index("account_by_login", "login_key"),
        Index("account_by_name", "sort_key"),
        Index("account_by_mail", "mail_key"),
        Index("account_by_department", "department"),
        # With what tells the expired by date, so that standings come in the order of rows from the index alone.
        Index("account_by_standing", "standing", "row", "expires"),
        Index("account_by_expires", "expires", "standing", sqlite_where=text("expires IS NOT NULL")),
        Index("account_by_limit", "limit_bytes"),
        Index("account_by_used", "used_bytes"),
        Index("account_by_percent", "percent"),
        Index("account_by_last_login", "last_login"),
        Index("account_by_is_unused", "is_unused", sqlite_where=text("is_unused = 1")),
        Index("account_by_messages", "messages"),
        Index("account_by_growth", "growth"),
        Index("account_by_full", "full_likely"),
        Index("account_by_employee", "employee_key"),
        Index("account_by_unit", "unit_row"),
    )


class UsageRow(CacheTable, table=True):
    """What the mail store said of an account's mailbox (by entryUUID); a sync leaves it as it is.

    `limit_bytes` is the limit that the store keeps to, `layout.UNLIMITED` for none, and `full_limit` the one on which
    `full_*` and `reason` rest. `is_unused` is NULL where the store does not note log-ins.
    """

    __tablename__ = "usage"

    id: str = Field(primary_key=True)
    used_bytes: int | None = None
    messages: int | None = None
    limit_bytes: int | None = None
    used_as_of: int | None = None
    last_login: int | None = None
    is_unused: bool | None = None
    growth: int | None = None
    pace: int | None = None
    full_early: int | None = None
    full_likely: int | None = None
    full_late: int | None = None
    reason: str | None = None
    full_limit: int | None = None

    __table_args__ = ({"sqlite_with_rowid": False},)


class UnitRow(CacheTable, table=True):
    """An organizational unit; `accounts` counts those in it and below, `keys` is what finds its name."""

    __tablename__ = "org_unit"

    row: int = Field(primary_key=True)
    id: str = Field(index=True, unique=True)
    dn: str
    dn_key: bytes = Field(index=True)
    name: str
    sort_key: str
    keys: str = Field(index=True)
    parent_row: int | None = Field(default=None, index=True)
    accounts: int = 0


class DomainRow(CacheTable, table=True):
    """A mail domain in which accounts have addresses."""

    __tablename__ = "mail_domain"

    row: int = Field(primary_key=True)
    name: str = Field(index=True, unique=True)


class GroupRow(CacheTable, table=True):
    """A directory group; `dn_key` joins `membership.dn_key` where it is a member itself."""

    __tablename__ = "directory_group"

    row: int = Field(primary_key=True)
    id: str = Field(index=True, unique=True)
    dn: str
    dn_key: bytes = Field(index=True)
    name: str
    name_key: str = Field(index=True)
    description: str | None = None
    posting: str | None = None


class GroupAddressRow(CacheTable, table=True):
    """An address of a group: `kind` is `mail` or `alias`; `place` keeps the order of the values."""

    __tablename__ = "group_address"

    row: int = Field(primary_key=True)
    group_row: int = Field(index=True)
    kind: str
    place: int
    address: str
    key: str = Field(index=True)


class MembershipRow(CacheTable, table=True):
    """A member or an owner (`role`) of a group, by the digest of its DN: it joins other `dn_key`s."""

    __tablename__ = "membership"

    row: int = Field(primary_key=True)
    group_row: int = Field(index=True)
    role: str
    dn_key: bytes = Field(index=True)


class AddressRow(CacheTable, table=True):
    """An address of an account: `kind` is `mail`, `alias` or `forward`; `place` keeps the order of the values."""

    __tablename__ = "address"

    row: int = Field(primary_key=True)
    account_row: int = Field(index=True)
    kind: str
    place: int
    address: str
    key: str = Field(index=True)


class RenumberedRow(CacheTable, table=True):
    """Which row an account of the epoch before has now: a list that was made then can be carried over."""

    __tablename__ = "renumbered"

    before: int = Field(primary_key=True)
    row: int


class SyncStateRow(CacheTable, table=True):
    """The one row that says how old the mirror is and where the next sync goes on.

    `generation` moves with every change to what is mirrored, and with nothing else; `epoch` when rows are numbered
    anew, which only a full load does. Rows up to `ordered_until` are in the order of names as they then were.
    """

    __tablename__ = "sync_state"

    row: int = Field(default=1, primary_key=True)
    readings: str
    generation: int = 0
    epoch: int = 0
    next_row: int = 1
    ordered_until: int = 0
    accounts: int = 0
    base: str = ""
    cursor: str = ""
    as_of: int | None = None
    failed_at: int | None = None
    failure: str = ""
    usage_as_of: int | None = None
    usage_failure: str = ""
