"""Mail copied from one mailbox to another, archived, and deleted: always all of a folder."""

from mailtui.demo.mailstore.folders import Rows, existing
from mailtui.demo.mailstore.mailbox import Folder, Mailbox
from mailtui.demo.mailstore.office import Office
from mailtui.demo.mailstore.owners import Owner
from mailtui.demo.mailstore.parameters import Died, Parameters

_ALL = "ALL"


def copy(office: Office, owner: Owner, given: Parameters) -> Rows:
    """Copy another's mail into a folder; without room for it, or without that other, the process ends."""
    source = office.owners.find(given.text("sourceUser"))
    if given.text("sourceType") != "user" or source is None:
        raise Died
    target = existing(office.mailbox(owner), given.text("destinationMailbox"))
    found = _meant(office.mailbox(source), given.some("query"), needs_folder=False)
    size = sum(folder.size for folder in found)
    if not office.has_room(owner, size):
        raise Died
    target.take(sum(folder.messages for folder in found), size)
    return []


def expunge(office: Office, owner: Owner, given: Parameters) -> Rows:
    """Delete mail for good; a query that names no folder ends the process."""
    for folder in _meant(office.mailbox(owner), given.some("query"), needs_folder=True):
        folder.empty()
    return []


def backup(_office: Office, _owner: Owner, given: Parameters) -> Rows:
    """Say that a mailbox was copied to a place on the server's disk; this server has none."""
    kind, _colon, path = given.some("destination")[0].partition(":")
    if kind not in {"sdbox", "mdbox", "maildir"} or not path.startswith("/"):
        raise Died
    return []


def _meant(box: Mailbox, query: list[str], *, needs_folder: bool) -> list[Folder]:
    """Give the folders that a query is about."""
    if query == [_ALL] and not needs_folder:
        return list(box.folders.values())
    if len(query) != 3 or query[2] != _ALL:
        raise Died
    kind, name, _all = query
    if kind == "mailbox-guid":
        return [folder for folder in box.folders.values() if folder.guid == name]
    if kind == "mailbox":
        return list(box.folders.values()) if name == "*" else [existing(box, name)]
    raise Died
