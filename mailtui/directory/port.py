"""What the rest of mailtui asks of a directory, without a word of how it is asked."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import Protocol

from mailtui.domain.change import Change, Values
from mailtui.domain.entries import Act
from mailtui.domain.rules import decode_text
from mailtui.domain.secret import Secret
from mailtui.errors import DirectoryError

ENTRY_UUID = "entryUUID"
"""What identifies an entry for good (RFC 4530), unless a schema names another attribute."""


class Scope(IntEnum):
    """How far below its base a search reaches (RFC 4511 section 4.5.1.2)."""

    BASE = 0
    ONE = 1
    SUBTREE = 2


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry as it was read: its DN as the server spells it, and raw values by lower-case attribute name."""

    dn: str
    attributes: Mapping[str, tuple[bytes, ...]]

    def get(self, attribute: str) -> tuple[bytes, ...]:
        """Give all values of an attribute; none where it is absent or the name is empty."""
        return self.attributes.get(attribute.lower(), ())

    def text(self, attribute: str) -> str | None:
        """Give the first value of an attribute as text; None where it is absent."""
        values = self.get(attribute)
        return decode_text(values[0]) if values else None


class Rung(StrEnum):
    """By what means a directory tells what has changed, the best first.

    `SYNCREPL` is RFC 4533; the others poll a stamp that the server puts on each entry it changes.
    """

    SYNCREPL = "syncrepl"
    CSN = "csn"
    TIMESTAMP = "timestamp"


@dataclass(frozen=True, slots=True)
class Named:
    """Entries, by entryUUID, that are still there, and as they were."""

    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Gone:
    """Entries, by entryUUID, that are no longer there, or match no longer."""

    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reached:
    """The end of a refresh: where the next one goes on (empty: nowhere), and whether whatever it left out is gone."""

    cursor: str
    names_all: bool


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a server offers, from its root DSE."""

    paged: bool = False
    assertion: bool = False
    pre_read: bool = False
    post_read: bool = False
    syncrepl: bool = False
    password_modify: bool = False
    password_policy: bool = False
    vendor: str = ""


News = Entry | Named | Gone | Reached


@dataclass(frozen=True, slots=True)
class Modification:
    """What is to become of one entry, in one request that the server carries out whole or not at all.

    `expecting` names all values that attributes must still have, `having` and `lacking` single ones that must be there
    and must not, `entry_id` the id (entryUUID) of the entry meant: where the server offers the Assertion control
    (RFC 4528) it refuses otherwise. Of an entry that is added the changes give all it is to have; one that is deleted
    or renamed, to `new_dn`, needs none, and `secret` is a new password.
    """

    dn: str
    changes: tuple[Change, ...]
    expecting: tuple[Values, ...] = ()
    having: tuple[Values, ...] = ()
    lacking: tuple[Values, ...] = ()
    entry_id: str = ""
    act: Act = Act.MODIFY
    new_dn: str = ""
    secret: Secret | None = None


@dataclass(frozen=True, slots=True)
class Written:
    """A change that the server says it made; the entry as it was right before and right after.

    None where the server does not offer to show it (RFC 4527).
    """

    before: Entry | None = None
    after: Entry | None = None


Answer = Written | DirectoryError


class Directory(Protocol):
    """A bound connection; it belongs to one thread at a time.

    Every method raises Unreachable when the line is lost; what a request in flight did is then unknown.
    """

    @property
    def capabilities(self) -> Capabilities:
        """What the server offers."""

    def search(
        self, base: str, matching: str, attributes: Sequence[str], *, scope: Scope = Scope.SUBTREE
    ) -> Iterator[Entry]:
        """Give the entries that match an RFC 4515 filter (`matching`), as they come.

        Raises:
            CutShort: A limit of the server ended the search; what was given so far is not the whole.
            EntryGone: The base is not there.
        """

    def read(self, dns: Sequence[str], attributes: Sequence[str]) -> dict[str, Entry]:
        """Read entries by DN; those that are not there are left out. Keys are the DNs as asked."""

    def read_ids(self, ids: Sequence[str], attributes: Sequence[str], matching: str = "") -> dict[str, Entry]:
        """Read entries by their ids (entryUUID, as a rule), a hundred in one search.

        Those that are not there, or do not match, are left out.
        """

    def rungs(self) -> tuple[Rung, ...]:
        """Give the means by which the directory tells of changes, the best first; none where it has none."""

    def refresh(self, rung: Rung, matching: str, attributes: Sequence[str], cursor: str = "") -> Iterator[News]:
        """Give what is new below the base among the entries that match, and at last where that leaves off.

        Without a cursor, everything is new. With one, an entry that comes may be as it was; and of entries that
        are gone only syncrepl tells.

        Raises:
            CutShort: A limit of the server ended it; what was given so far is not the whole.
            DirectoryError: The server refuses the means, or the cursor.
        """

    def unknown(self, attributes: Sequence[str]) -> tuple[str, ...]:
        """Name those attributes that the server's schema does not have; none where it hides its schema."""

    def send(self, modifications: Sequence[Modification], reading: Sequence[str] = ()) -> list[int]:
        """Send changes without waiting, and give a number for each, by which `answer` tells what became of it.

        The server carries out what is under way in any order, or at once: only entries that have nothing to do with
        each other may be. `reading` names what is wanted of the entries before and after. Other methods may be called
        meanwhile.
        """

    def answer(self) -> tuple[int, Answer]:
        """Wait for the next answer to what was sent: its number, and what was written or why nothing was.

        A failure that is given, not raised: AssertionFalse where the entry was changed by somebody else, EntryGone
        where it is not there, DirectoryError with the reason of the server.
        """

    def who_am_i(self) -> str:
        """Give the authorization identity of the connection (RFC 4532), such as `dn:uid=kim,ou=operators`."""

    def close(self) -> None:
        """Unbind and close."""
