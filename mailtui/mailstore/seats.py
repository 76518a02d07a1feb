"""Who works which shared mailbox: access rights of its folders (RFC 4314)."""

from collections.abc import Iterable

from mailtui.errors import ConfigError, UsageError
from mailtui.mailstore.calling import Line, Patience, Row, change, rows
from mailtui.mailstore.names import checked_folder, checked_user
from mailtui.mailstore.values import Right, Seat
from mailtui.texts import _

_USER = "user="
_PREFIX = "shared/shared-boxes/user/"


def seats(line: Line, mailbox: str, folder: str) -> tuple[Seat, ...]:
    """Tell which accounts may do what in a folder; rights of groups and of everybody are no seats."""
    listed = rows(line, "aclGet", {"user": checked_user(mailbox), "mailbox": checked_folder(folder)})
    found = (_seat(row) for row in listed if str(row.get("id", "")).startswith(_USER))
    return tuple(sorted(found, key=lambda seat: seat.user))


def _seat(row: Row) -> Seat:
    known = set(map(str, Right))
    rights = frozenset(Right(word) for word in str(row.get("rights", "")).split() if word in known)
    return Seat(str(row["id"]).removeprefix(_USER).lower(), rights, is_global=bool(row.get("global")))


def give_seat(line: Line, mailbox: str, user: str, rights: Iterable[Right], folder: str) -> None:
    """Let an account do these things in a folder, and no others."""
    wanted = frozenset(map(Right, rights))
    if not wanted:
        # An empty list ends the server's process instead of the seat.
        raise UsageError(_("A seat without any right is none"), hint=_("Take the seat away instead."))
    parameters = {**_named(mailbox, user, folder), "right": sorted(wanted)}
    change(line, "aclSet", parameters, lambda: _rights(line, mailbox, user, folder) == wanted)


def take_seat(line: Line, mailbox: str, user: str, folder: str) -> None:
    """Let an account do nothing any more in a folder."""
    named = _named(mailbox, user, folder)
    if _rights(line, mailbox, user, folder):
        change(line, "aclDelete", named, lambda: not _rights(line, mailbox, user, folder))


def seats_of_all(line: Line, dictionary: str) -> dict[str, tuple[str, ...]]:
    """Tell which accounts have a seat, by shared mailbox."""
    if not dictionary:
        raise ConfigError(
            _("It is not configured where the mail store notes shared mailboxes"),
            hint=_("Set `shared_dict` in [mailstore] to acl_shared_dict of the server."),
        )
    found: dict[str, set[str]] = {}
    parameters = {"dictUri": dictionary, "recurse": True, "prefix": _PREFIX}
    for row in rows(line, "dictIter", parameters, Patience.ALL):
        user, _slash, mailbox = str(row.get("key", "")).removeprefix(_PREFIX).lower().partition("/")
        if user and mailbox:
            found.setdefault(mailbox, set()).add(user)
    return {mailbox: tuple(sorted(users)) for mailbox, users in found.items()}


def _named(mailbox: str, user: str, folder: str) -> dict[str, str]:
    return {
        "user": checked_user(mailbox),
        "mailbox": checked_folder(folder),
        "id": _USER + checked_user(user).lower(),
    }


def _rights(line: Line, mailbox: str, user: str, folder: str) -> frozenset[Right]:
    own = (seat for seat in seats(line, mailbox, folder) if seat.user == user.lower() and not seat.is_global)
    return next((seat.rights for seat in own), frozenset())
