"""Dovecot as a mail store, through its administration command; each subject has a module of its own."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime

from mailtui.config.sections import MailStoreConfig
from mailtui.mailstore import folders, leaving, logins, powers, quotas, scripts, seats, transfers
from mailtui.mailstore.calling import Line
from mailtui.mailstore.port import INBOX, Progress
from mailtui.mailstore.values import Copied, Ended, Folder, Powers, Right, Script, Seat, Session, Usage


class Doveadm:
    """A Dovecot, over whichever line its doveadm is asked; see `MailStore`."""

    def __init__(self, line: Line, config: MailStoreConfig) -> None:
        self._line, self._config = line, config

    def powers(self) -> Powers:
        """See the port."""
        return powers.powers(self._line, self._config.last_login_dict)

    def usage(self, user: str) -> Usage:
        """See the port."""
        return quotas.usage(self._line, user)

    def usage_of_all(self) -> Mapping[str, Usage]:
        """See the port."""
        return quotas.usage_of_all(self._line)

    def folders(self, user: str) -> tuple[Folder, ...]:
        """See the port."""
        return folders.folders(self._line, user, self._config.others_folders)

    def last_logins(self) -> Mapping[str, datetime]:
        """See the port."""
        return logins.last_logins(self._line, self._config.last_login_dict)

    def sessions(self, user: str) -> tuple[Session, ...]:
        """See the port."""
        return logins.sessions(self._line, user)

    def end_sessions(self, user: str) -> Ended:
        """See the port."""
        return logins.end_sessions(self._line, user)

    def forget_logins(self, users: Iterable[str]) -> None:
        """See the port."""
        logins.forget_logins(self._line, users)

    def scripts(self, user: str) -> tuple[Script, ...]:
        """See the port."""
        return scripts.scripts(self._line, user)

    def script(self, user: str, name: str) -> str:
        """See the port."""
        return scripts.script(self._line, user, name)

    def put_script(self, user: str, name: str, text: str) -> str | None:
        """See the port."""
        return scripts.put_script(self._line, user, name, text)

    def activate_script(self, user: str, name: str | None) -> None:
        """See the port."""
        scripts.activate_script(self._line, user, name)

    def seats(self, mailbox: str, folder: str = INBOX) -> tuple[Seat, ...]:
        """See the port."""
        return seats.seats(self._line, mailbox, folder)

    def give_seat(self, mailbox: str, user: str, rights: Iterable[Right], folder: str = INBOX) -> None:
        """See the port."""
        seats.give_seat(self._line, mailbox, user, rights, folder)

    def take_seat(self, mailbox: str, user: str, folder: str = INBOX) -> None:
        """See the port."""
        seats.take_seat(self._line, mailbox, user, folder)

    def seats_of_all(self) -> Mapping[str, tuple[str, ...]]:
        """See the port."""
        return seats.seats_of_all(self._line, self._config.shared_dict)

    def transfer(
        self,
        user: str,
        to: str,
        under: str,
        *,
        progress: Progress | None = None,
        is_stopped: Callable[[], bool] = lambda: False,
    ) -> tuple[Copied, ...]:
        """See the port."""
        way = transfers.Way(user, to, under, self._config.folder_separator)
        return transfers.transfer(self._line, way, self.folders(user), progress, is_stopped)

    def archive(self, user: str, location: str) -> None:
        """See the port."""
        leaving.archive(self._line, user, location)

    def purge(self, user: str, folders: Sequence[Folder]) -> None:
        """See the port."""
        leaving.purge(self._line, user, folders, self._config.others_folders)
