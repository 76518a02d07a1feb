"""A mailbox copied into folders of another account: room looked at first, each folder compared, nothing twice."""

from collections.abc import Callable
from dataclasses import dataclass

from mailtui.errors import MailStoreError, Stopped, UsageError
from mailtui.mailstore import folders
from mailtui.mailstore.calling import Line, Patience, change, rows
from mailtui.mailstore.names import checked_folder, checked_user
from mailtui.mailstore.port import Progress
from mailtui.mailstore.quotas import usage
from mailtui.mailstore.values import Copied, Folder
from mailtui.texts import _

_UNFINISHED = "unfinished"


@dataclass(frozen=True, slots=True)
class Way:
    """From which account to which, below which folder of it; `separator` stands between names of folders."""

    user: str
    to: str
    under: str
    separator: str = "/"

    def __post_init__(self) -> None:
        """Refuse what cannot be sent, before anything is."""
        checked_folder(self.under)
        if checked_user(self.user).lower() == checked_user(self.to).lower():
            raise UsageError(_("An account cannot get its own mail"), hint=_("Name another account."))

    def target(self, folder: Folder) -> str:
        """Name the folder that is to hold a folder's mail.

        What would be a pattern is replaced; then the id tells it from a folder that bears that name itself.
        """
        plain = folder.name.replace("*", "_").replace("%", "_")
        name = plain if plain == folder.name else f"{plain} {folder.guid[:8]}"
        return checked_folder(f"{self.under}{self.separator}{name}")

    def unfinished(self, folder: Folder) -> str:
        """Name the folder that holds what is copied until it is whole."""
        return checked_folder(f"{self.under}{self.separator}{_UNFINISHED}-{folder.guid}")


def transfer(
    line: Line, way: Way, own: tuple[Folder, ...], progress: Progress | None, is_stopped: Callable[[], bool]
) -> tuple[Copied, ...]:
    """Copy folders, those above before those below."""
    for name in (way.user, way.to):
        # A source that is not there would crash the server's process.
        rows(line, "user", {"userMask": [name]})
    there = {each.name: each for each in folders.folders(line, way.to, mask=f"{way.under}{way.separator}*")}
    copied = tuple(_as_there(way, folder, there) for folder in own)
    _check_room(line, way, sum(each.folder.size_bytes for each in copied if not each.was_there))
    for each in copied:
        if is_stopped():
            raise Stopped(_("Stopped between two folders"), hint=_("Do it again to copy the rest."))
        if not each.was_there:
            _copy(line, way, each, there)
        if progress is not None:
            progress(each, len(copied))
    return copied


def _as_there(way: Way, folder: Folder, there: dict[str, Folder]) -> Copied:
    target = way.target(folder)
    found = there.get(target)
    if found is None or (found.messages == 0 and folder.messages > 0):
        return Copied(folder, target, was_there=False)
    if not _is_equal(found, folder):
        raise MailStoreError(
            _("{account} has other mail in {folder}: {there} messages, not {here}").format(
                account=way.to, folder=target, there=found.messages, here=folder.messages
            ),
            hint=_("Rename that folder, or choose another name to put the mail under."),
        )
    return Copied(folder, target, was_there=True)


def _check_room(line: Line, way: Way, needed_bytes: int) -> None:
    """Refuse before the first copy: in the middle of one the server's process would crash."""
    room = usage(line, way.to)
    if room.is_unlimited or not needed_bytes:
        return
    if room.limit_bytes is None or room.used_bytes is None:
        message = _("It cannot be seen whether {account} has room enough").format(account=way.to)
        raise MailStoreError(message, hint=_("Look at its quota on the mail server."))
    if needed_bytes > room.limit_bytes - room.used_bytes:
        raise MailStoreError(
            _("{account} has not enough room: {needed} bytes are needed, {free} are free").format(
                account=way.to, needed=needed_bytes, free=max(0, room.limit_bytes - room.used_bytes)
            ),
            hint=_("Give it a larger quota, and have the mail server forget the old one."),
        )


def _copy(line: Line, way: Way, each: Copied, there: dict[str, Folder]) -> None:
    """Copy into a folder of another name, and rename that when it is whole: so a half is never taken for the whole."""
    unfinished = way.unfinished(each.folder)
    if unfinished in there:
        folders.delete(line, way.to, unfinished)
    if each.target in there:
        folders.delete(line, way.to, each.target)
    folders.make(line, way.to, unfinished)
    _send_copy(line, way, each.folder, unfinished)
    source = folders.folder(line, way.user, each.folder.name) if _can_ask(each.folder) else each.folder
    made = folders.folder(line, way.to, unfinished)
    if made is None or source is None or not _is_equal(made, source):
        raise MailStoreError(
            _("{folder} is not the same in both accounts after copying").format(folder=each.folder.name),
            hint=_("Mail came or went meanwhile: do it again."),
        )
    folders.rename(line, way.to, made.guid, unfinished, each.target)


def _send_copy(line: Line, way: Way, source: Folder, target: str) -> None:
    if not source.messages:
        return

    def is_copied() -> bool:
        made = folders.folder(line, way.to, target)
        return made is not None and made.messages >= source.messages

    parameters = {
        "user": way.to,
        "destinationMailbox": target,
        "sourceType": "user",
        "sourceUser": way.user,
        "query": folders.query(source.guid),
    }
    change(line, "copy", parameters, is_copied, Patience.MOVING)


def _can_ask(folder: Folder) -> bool:
    return not set(folder.name) & set("*%")


def _is_equal(one: Folder, other: Folder) -> bool:
    return (one.messages, one.size_bytes) == (other.messages, other.size_bytes)
