"""The folders of mailboxes: listed with what is in them, made, renamed and deleted."""

from collections.abc import Sequence

from mailtui.errors import MailStoreError, NotInMailbox
from mailtui.mailstore.calling import Line, Row, change, rows
from mailtui.mailstore.names import checked_folder, checked_guid, checked_user
from mailtui.mailstore.values import Folder
from mailtui.texts import _

_FIELDS = ("messages", "vsize", "guid")


def folders(line: Line, user: str, others: Sequence[str] = (), mask: str = "*") -> tuple[Folder, ...]:
    """List the folders of an account, but those whose names begin as folders of others do.

    Raises:
        MailStoreError: One has no figures.
    """
    listed = _listed(line, user, mask)
    beginnings = tuple(each.lower() for each in others)
    return tuple(sorted((f for f in listed if not f.name.lower().startswith(beginnings)), key=lambda f: f.name))


def folder(line: Line, user: str, name: str) -> Folder | None:
    """Find one folder by its name; None if it is not there."""
    return next((each for each in _listed(line, user, checked_folder(name)) if each.name == name), None)


def make(line: Line, user: str, name: str) -> None:
    """Make a folder."""
    parameters = {"user": checked_user(user), "mailbox": [checked_folder(name)]}
    change(line, "mailboxCreate", parameters, lambda: folder(line, user, name) is not None)


def rename(line: Line, user: str, guid: str, old: str, new: str) -> None:
    """Rename a folder; it keeps its id."""

    def is_renamed() -> bool:
        found = folder(line, user, new)
        return found is not None and found.guid == guid

    parameters = {"user": checked_user(user), "mailbox": checked_folder(old), "newName": checked_folder(new)}
    change(line, "mailboxRename", parameters, is_renamed)


def delete(line: Line, user: str, name: str) -> None:
    """Delete a folder with what is in it, but not those below it."""
    parameters = {"user": checked_user(user), "mailbox": [checked_folder(name)]}
    change(line, "mailboxDelete", parameters, lambda: folder(line, user, name) is None)


def query(guid: str) -> list[str]:
    """Give the search query for all messages of one folder: by its id, since a name could be a pattern."""
    return ["mailbox-guid", checked_guid(guid), "ALL"]


def _listed(line: Line, user: str, mask: str) -> list[Folder]:
    parameters = {"user": checked_user(user), "field": _FIELDS, "mailboxMask": [mask]}
    try:
        return [_folder(row) for row in rows(line, "mailboxStatus", parameters)]
    except NotInMailbox:
        return []


def _folder(row: Row) -> Folder:
    try:
        return Folder(str(row["mailbox"]), int(row["messages"]), int(row["vsize"]), str(row["guid"]))
    except (KeyError, ValueError) as error:
        message = _("The mail store has no figures of the folder {name}").format(name=row.get("mailbox", "?"))
        raise MailStoreError(message, hint=_("Its log tells more (doveadm log errors).")) from error
