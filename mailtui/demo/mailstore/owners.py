"""Who has a mailbox: the accounts of the embedded directory, found as a mail server finds them."""

from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import translate
from re import compile as compiled

from mailtui.demo.address import BASE
from mailtui.demo.entries import Entry
from mailtui.demo.mailstore.settings import DEFAULT_LIMIT
from mailtui.demo.naming import name
from mailtui.demo.tree import Tree, index_keys
from mailtui.domain.rules import decode_integer, decode_text, decode_time

_USER = b"mailUser"
_GROUPS = f"ou=groups,{BASE}"


@dataclass(frozen=True, slots=True)
class Owner:
    """An account as the mail store knows it: by its main address, in lower case.

    `limit` is in bytes, 0 for none. `used` and `last_login` (seconds since 1970) are what the directory tells; None
    is unknown, and never.
    """

    id: str
    name: str
    login: str
    limit: int
    used: int | None
    last_login: int | None
    may_log_in: bool


class Owners:
    """Looks accounts up in a tree, as it is at that moment."""

    def __init__(self, tree: Tree) -> None:
        self._tree = tree

    def find(self, address: str) -> Owner | None:
        """Find who receives mail at an address, main or not; None if nobody has a mailbox for it."""
        for attribute in ("mail", "mailAlternateAddress"):
            for owner in self._with(attribute, address):
                return owner
        return None

    def by_id(self, identity: str) -> Owner | None:
        """Find an account by its id (entryUUID)."""
        return next(self._with("entryUUID", identity), None)

    def all(self) -> list[Owner]:
        """Give everybody, in the order in which they came."""
        with self._tree.lock:
            keys = self._tree.indexed("objectClass", _USER) or ()
            entries = [entry for key in keys if (entry := self._tree.get(key))]
        entries.sort(key=lambda entry: entry.serial)
        return [owner for entry in entries if (owner := _owner(entry))]

    def matching(self, mask: str) -> list[Owner]:
        """Give those whose names a mask fits, in which `*` and `?` stand for anything."""
        pattern = compiled(translate(mask.lower().replace("[", "[[]")))
        return [owner for owner in self.all() if pattern.match(owner.name)]

    def seats(self) -> Iterator[tuple[Owner, list[Owner]]]:
        """Walk the mailboxes that several work, and who does: the members of the group that bears the log-in."""
        with self._tree.lock:
            groups = self._tree.children(name(self._tree.schema, _GROUPS).key)
        for group in groups:
            login = group.first("cn")
            for shared in self._with("uid", _text(login)):
                yield shared, list(self._members(group))

    def _members(self, group: Entry) -> Iterator[Owner]:
        for dn in group.attributes.get("member", ()):
            entry = self._tree.get(name(self._tree.schema, _text(dn)).key)
            if entry and _USER in entry.attributes["objectClass"] and (owner := _owner(entry)):
                yield owner

    def _with(self, attribute: str, value: str) -> Iterator[Owner]:
        with self._tree.lock:
            users = self._tree.indexed("objectClass", _USER) or set()
            sought = index_keys(self._tree.schema, attribute, value.encode("utf-8", "surrogatepass"))
            found = {key for one in sought for key in self._tree.indexed(attribute, one) or ()}
            entries = [entry for key in sorted(found & users) if (entry := self._tree.get(key))]
        yield from (owner for entry in entries if (owner := _owner(entry)))


def _owner(entry: Entry) -> Owner | None:
    """Read an entry; None where it has no mailbox: without an address, or marked as deleted."""
    login, status = _text(entry.first("uid")), _text(entry.first("accountStatus")).lower()
    addresses = [_text(value).lower() for value in entry.attributes.get("mail", ())]
    if not addresses or status == "deleted":
        return None
    own = [address for address in addresses if address.partition("@")[0] == login.lower()]
    limit, logged_in = _number(entry, "mailQuota"), decode_time(entry.first("mailLastLogin") or b"")
    return Owner(
        id=_text(entry.first("entryUUID")),
        name=min(own or addresses),
        login=login,
        limit=DEFAULT_LIMIT if limit is None else limit,
        used=_number(entry, "mailQuotaUsed"),
        last_login=None if logged_in is None else int(logged_in.timestamp()),
        may_log_in=status in {"", "active"} and not entry.first("pwdAccountLockedTime"),
    )


def _number(entry: Entry, attribute: str) -> int | None:
    number = decode_integer(entry.first(attribute) or b"")
    return None if number is None else max(0, number)


def _text(value: bytes | None) -> str:
    return decode_text(value or b"")
