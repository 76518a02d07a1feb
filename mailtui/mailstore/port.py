"""What the rest of mailtui asks of a mail store, without a word of how it is asked."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from mailtui.mailstore.values import Copied, Ended, Folder, Powers, Right, Script, Seat, Session, Usage

INBOX = "INBOX"
"""The folder that every mailbox has."""

Progress = Callable[[Copied, int], None]
"""Told of each folder when it is copied, and of how many there are."""


class MailStore(Protocol):
    """A server that holds the mail; it may be asked from several threads at once.

    An account is named as the store knows it: by address or log-in, as the site's config says. A name that would mean
    several accounts, or none, is refused before anything is sent (UsageError). Names that are given back are in lower
    case. Every method raises MailStoreUnreachable when there is no answer, MailStoreKeyRefused, MailStoreForbids,
    MailStoreBusy, and NoSuchMailbox where an account is named.

    What changes something is read back. A change whose answer does not come is looked for, and never sent again:
    OutcomeUnknown if it cannot be seen that it was made.
    """

    def powers(self) -> Powers:
        """Find out what can be asked; nothing is changed by that, and no account touched."""

    def usage(self, user: str) -> Usage:
        """Tell how full one mailbox is, now."""

    def usage_of_all(self) -> Mapping[str, Usage]:
        """Tell how full every mailbox is, by name."""

    def folders(self, user: str) -> tuple[Folder, ...]:
        """List the folders that are the account's own, by name."""

    def last_logins(self) -> Mapping[str, datetime]:
        """Tell when each account was last logged in to, by name; one that never was is not among them.

        Raises:
            ConfigError: It is not configured where the server notes it.
        """

    def sessions(self, user: str) -> tuple[Session, ...]:
        """List the connections to a mailbox."""

    def end_sessions(self, user: str) -> Ended:
        """End all connections to a mailbox, and look whether they are gone.

        Whoever may log in can come back at once.
        """

    def forget_logins(self, users: Iterable[str]) -> None:
        """Have the server ask the directory anew about accounts, whatever it remembers: log-in, limit, standing."""

    def scripts(self, user: str) -> tuple[Script, ...]:
        """List the sieve scripts of a mailbox."""

    def script(self, user: str, name: str) -> str:
        """Give the text of a script.

        Raises:
            NotInMailbox: There is none of that name.
        """

    def put_script(self, user: str, name: str, text: str) -> str | None:
        """Store a script, in place of one of that name, and activate it.

        Gives the name of the one that was active before, for `activate_script` to bring back.

        Raises:
            MailStoreError: The server does not take it; then nothing is changed.
        """

    def activate_script(self, user: str, name: str | None) -> None:
        """Let a script decide about new mail; with None no script does."""

    def seats(self, mailbox: str, folder: str = INBOX) -> tuple[Seat, ...]:
        """Tell which accounts may do what in a folder of a shared mailbox."""

    def give_seat(self, mailbox: str, user: str, rights: Iterable[Right], folder: str = INBOX) -> None:
        """Let an account do these things in a folder of a shared mailbox, and no others."""

    def take_seat(self, mailbox: str, user: str, folder: str = INBOX) -> None:
        """Let an account do nothing any more in a folder of a shared mailbox."""

    def seats_of_all(self) -> Mapping[str, tuple[str, ...]]:
        """Tell which accounts have a seat, by shared mailbox.

        Raises:
            ConfigError: It is not configured where the server notes it.
        """

    def transfer(
        self,
        user: str,
        to: str,
        under: str,
        *,
        progress: Progress | None = None,
        is_stopped: Callable[[], bool] = lambda: False,
    ) -> tuple[Copied, ...]:
        """Copy all mail of an account into folders of another, below one that bears a name such as `Leavers/ann`.

        A folder counts as copied when messages and bytes are equal on both sides. What an earlier transfer has done is
        left as it is; what it has left half done is done anew. The account keeps its mail.

        Raises:
            MailStoreError: The other account has not enough room, other mail in a folder of that name, or another
                number of messages than it should; then folders copied before stay.
            Stopped: `is_stopped` said so between two folders.
        """

    def archive(self, user: str, location: str) -> None:
        """Copy a mailbox to a place on the server's disk, such as `sdbox:/archive/ann/mail`; again: what is new."""

    def purge(self, user: str, folders: Sequence[Folder]) -> None:
        """Delete the mail in these folders, as `folders` listed them, for good.

        Raises:
            MailStoreError: A folder holds something else by now; then nothing is deleted.
        """
