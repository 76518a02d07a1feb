"""What a mail store said of a mailbox at some time: kept as a history, from which growth is told."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Sample:
    """The use of one account's mailbox on one day; None is unknown, which is never the same as 0.

    `account` is the entryUUID. `limit_bytes` is the limit that the mail store keeps to, None with `unlimited` where
    there is none.
    """

    account: str
    used_bytes: int | None = None
    messages: int | None = None
    limit_bytes: int | None = None
    unlimited: bool = False
    last_login: datetime | None = None


@dataclass(frozen=True, slots=True)
class Point:
    """What is known of a mailbox on a day; None is unknown."""

    day: date
    used_bytes: int | None = None
    messages: int | None = None
    limit_bytes: int | None = None
    unlimited: bool = False


@dataclass(frozen=True, slots=True)
class LatestUse:
    """The last that is known of a mailbox: its newest point with a known use, and the last log-in of its owner."""

    point: Point | None = None
    last_login: datetime | None = None


@dataclass(frozen=True, slots=True)
class Weekly:
    """The use of many mailboxes, one point a week: what `forecast.project` asks for, `used` by account."""

    days: tuple[int, ...]
    used: dict[str, tuple[int | None, ...]]
