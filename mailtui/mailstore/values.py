"""What a mail store tells, as values; None is what is unknown, which is never the same as zero."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from mailtui.domain.quota import percent


@dataclass(frozen=True, slots=True)
class Usage:
    """How full one mailbox is, in bytes, as the server counted it at `as_of`.

    `limit_bytes` None is no limit if `is_unlimited`, else unknown. `raw` is what the server wrote; `why_unknown` says
    why `used_bytes` and `messages` are None.
    """

    used_bytes: int | None
    limit_bytes: int | None
    is_unlimited: bool
    messages: int | None
    as_of: datetime
    raw: str = ""
    why_unknown: str = ""

    @property
    def percent(self) -> float | None:
        """The part of the limit that is used; None where either is unknown, or there is no limit."""
        return percent(self.used_bytes, self.limit_bytes)


@dataclass(frozen=True, slots=True)
class Session:
    """Somebody's connection to a mailbox: over what (`imap`, `pop3`, `sieve`), and from which IP address."""

    user: str
    service: str
    process_id: str
    address: str


@dataclass(frozen=True, slots=True)
class Ended:
    """How many sessions there were, those that are there still or again, and who else was thrown out by the way."""

    count: int
    left: tuple[Session, ...] = ()
    others: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Folder:
    """One folder of a mailbox: its whole name, what is in it, and the id that stays when it is renamed."""

    name: str
    messages: int
    size_bytes: int
    guid: str


@dataclass(frozen=True, slots=True)
class Script:
    """One sieve script of a mailbox; at most one is active."""

    name: str
    is_active: bool


class Right(StrEnum):
    """What somebody may do in a folder (RFC 4314, by Dovecot's names)."""

    LOOKUP = "lookup"
    READ = "read"
    WRITE_SEEN = "write-seen"
    WRITE = "write"
    WRITE_DELETED = "write-deleted"
    INSERT = "insert"
    POST = "post"
    EXPUNGE = "expunge"
    CREATE = "create"
    DELETE = "delete"
    ADMIN = "admin"


READING = frozenset({Right.LOOKUP, Right.READ, Right.WRITE_SEEN})
"""What it takes to read along."""
WORKING = READING | {Right.WRITE, Right.WRITE_DELETED, Right.INSERT, Right.POST, Right.EXPUNGE}
"""What it takes to work a shared mailbox; not to make or delete folders, or to let others in."""


@dataclass(frozen=True, slots=True)
class Seat:
    """What one account may do in a folder of a shared mailbox; `is_global` ones only the server's config alters."""

    user: str
    rights: frozenset[Right]
    is_global: bool = False


@dataclass(frozen=True, slots=True)
class Copied:
    """One folder whose mail lies in another account now; `was_there` tells that nothing was to be done."""

    folder: Folder
    target: str
    was_there: bool


class Power(StrEnum):
    """What a mail store can be asked; a site's server may allow only some of it."""

    USAGE = "usage"
    FOLDERS = "folders"
    LAST_LOGINS = "last-logins"
    SESSIONS = "sessions"
    END_SESSIONS = "end-sessions"
    FORGET_LOGINS = "forget-logins"
    SCRIPTS = "scripts"
    SEATS = "seats"
    TRANSFER = "transfer"
    ARCHIVE = "archive"
    PURGE = "purge"


@dataclass(frozen=True, slots=True)
class Powers:
    """What our key may do, found out without doing any of it.

    `excess` names commands that mailtui never needs and that the key is allowed all the same: the site should forbid
    them. `is_root` tells whether they would run as root, None where it cannot be seen.
    """

    can: frozenset[Power]
    excess: tuple[str, ...] = ()
    is_root: bool | None = None

    @property
    def is_too_much(self) -> bool:
        """Whether who has the key could do more than mailtui needs."""
        return bool(self.excess)
