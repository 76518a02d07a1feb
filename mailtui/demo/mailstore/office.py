"""What the mail store knows and keeps: mailboxes of the accounts that the directory has, and who is connected."""

from collections.abc import Iterator
from threading import RLock

from mailtui.demo.mailstore.contents import mailbox
from mailtui.demo.mailstore.mailbox import INBOX, Folder, Mailbox
from mailtui.demo.mailstore.owners import Owner, Owners
from mailtui.demo.mailstore.presence import Presence
from mailtui.demo.tree import Tree
from mailtui.mailstore.values import WORKING

_RECENT_S = 4 * 24 * 3600
_WORKING = frozenset(map(str, WORKING))


class Office:
    """The state of a store, in memory alone; `lock` is held as long as a request is carried out.

    Limits and standings are those of the directory at each moment. A mailbox is made when it is first asked for, and
    kept by the account's id: another address does not empty it.
    """

    def __init__(self, tree: Tree) -> None:
        """See who is there: their mail programs connect, and seats are given by the groups as they are now."""
        self.lock = RLock()
        self.owners = Owners(tree)
        self.presence = Presence(self.owners.by_id)
        self._boxes: dict[str, Mailbox] = {}
        everybody = self.owners.all()
        newest = max((owner.last_login or 0 for owner in everybody), default=0)
        for owner in everybody:
            # Who was not there for long is not there now.
            if owner.last_login and owner.last_login > newest - _RECENT_S:
                self.presence.arrive(owner)
        for shared, members in self.owners.seats():
            inbox = self.folder_of(shared)
            inbox.rights.update((f"user={member.name}", _WORKING) for member in members)

    def mailbox(self, owner: Owner) -> Mailbox:
        """Give the mailbox of an account."""
        if owner.id not in self._boxes:
            self._boxes[owner.id] = mailbox(owner)
        return self._boxes[owner.id]

    def shared(self) -> Iterator[tuple[Owner, Mailbox]]:
        """Walk the mailboxes in which somebody else may do something."""
        for identity, box in self._boxes.items():
            if any(folder.rights for folder in box.folders.values()) and (owner := self.owners.by_id(identity)):
                yield owner, box

    def folder_of(self, owner: Owner, name: str = INBOX) -> Folder:
        """Give a folder of an account, made where there is none."""
        box = self.mailbox(owner)
        return box.folder(name) or box.folders.setdefault(name, Folder())

    def has_room(self, owner: Owner, size: int) -> bool:
        """Tell whether so many bytes more fit into a mailbox."""
        return not owner.limit or self.mailbox(owner).size + size <= owner.limit
