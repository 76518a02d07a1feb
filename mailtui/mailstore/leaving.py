"""What becomes of a leaver's mail: archived on the server's disk, and in the end deleted."""

from collections.abc import Sequence

from mailtui.errors import MailStoreError
from mailtui.mailstore import folders
from mailtui.mailstore.calling import Line, Patience, change
from mailtui.mailstore.names import checked_location, checked_user
from mailtui.mailstore.port import INBOX
from mailtui.mailstore.values import Folder
from mailtui.texts import _


def archive(line: Line, user: str, location: str) -> None:
    """Copy a mailbox to a place on the server's disk; the server's word is all there is about it."""
    parameters = {"user": checked_user(user), "destination": [checked_location(location)]}
    change(line, "backup", parameters, None, Patience.MOVING)


def purge(line: Line, user: str, shown: Sequence[Folder], others: Sequence[str]) -> None:
    """Delete the mail in folders that are as they were shown."""
    there = {each.guid: each for each in folders.folders(line, user, others)}
    for folder in shown:
        if there.get(folder.guid) != folder:
            raise MailStoreError(
                _("{folder} is not as it was shown").format(folder=folder.name),
                hint=_("Look at the folders again before you delete."),
            )
    # Those below first: a folder is deleted only when nothing is below it.
    for folder in sorted(shown, key=lambda each: each.name, reverse=True):
        _expunge(line, user, folder, others)
        if folder.name.upper() != INBOX and not set(folder.name) & set("*%"):
            folders.delete(line, user, folder.name)


def _expunge(line: Line, user: str, folder: Folder, others: Sequence[str]) -> None:
    def is_empty() -> bool:
        found = [each for each in folders.folders(line, user, others) if each.guid == folder.guid]
        return not any(each.messages for each in found)

    if folder.messages:
        parameters = {"user": checked_user(user), "query": folders.query(folder.guid)}
        change(line, "expunge", parameters, is_empty, Patience.MOVING)
