"""A mailbox as the store keeps it: folders with what is in them, and scripts."""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field

INBOX = "INBOX"


@dataclass(slots=True)
class Folder:
    """One folder: how many messages of how many bytes, its id, and who else may do what in it."""

    messages: int = 0
    size: int = 0
    guid: str = field(default_factory=lambda: secrets.token_hex(16))
    rights: dict[str, frozenset[str]] = field(default_factory=dict)

    def take(self, messages: int, size: int) -> None:
        """Put messages into it."""
        self.messages += messages
        self.size += size

    def empty(self) -> None:
        """Throw all messages away."""
        self.messages = self.size = 0


@dataclass(slots=True)
class Mailbox:
    """The folders of one account by name, and its sieve scripts, of which `active` is the name of one or empty."""

    folders: dict[str, Folder] = field(default_factory=dict)
    scripts: dict[str, str] = field(default_factory=dict)
    active: str = ""

    @property
    def size(self) -> int:
        """How many bytes all its mail has."""
        return sum(folder.size for folder in self.folders.values())

    @property
    def messages(self) -> int:
        """How many messages there are."""
        return sum(folder.messages for folder in self.folders.values())

    def folder(self, name: str) -> Folder | None:
        """Find a folder by its name; the inbox is there whenever it is asked for, in upper case or lower."""
        if name.upper() == INBOX:
            return self.folders.setdefault(INBOX, Folder())
        return self.folders.get(name)

    def below(self, name: str) -> Iterator[str]:
        """Walk the names of a folder and of all below it."""
        yield from [each for each in self.folders if each == name or each.startswith(f"{name}/")]
