"""Who is connected to the mail store, and what it remembers of who may log in."""

import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from mailtui.demo.mailstore.owners import Owner

_PRESENT = 0.15
_SERVICES = ("imap", "imap", "imap", "imap", "sieve")
_BACK_WITHIN_S = (4.0, 20.0)
_AGAIN_AFTER_S = 30.0
# One entry for the password, one for where the mailbox is.
_ENTRIES = 2


@dataclass(slots=True)
class Connection:
    """A mail program at work on a mailbox; `back_at` is when it tries again if somebody threw it out, else None."""

    owner_id: str
    user: str
    service: str
    address: str
    process_id: int
    back_at: float | None = None


class Presence:
    """Connections that stay until they are ended, whatever becomes of the account, and come back if they are let in.

    Who logged in once is let in again whatever the directory says by now, and who was refused is refused, until the
    store is told to forget that.
    """

    def __init__(self, find: Callable[[str], Owner | None], clock: Callable[[], float] = time.time) -> None:
        self._find, self._clock = find, clock
        self._connections: list[Connection] = []
        self._remembered: dict[str, bool] = {}
        self._logged_in: dict[str, int] = {}
        self._dice = random.Random("connections")  # noqa: S311

    def arrive(self, owner: Owner) -> None:
        """Have somebody's mail programs connect, if they would."""
        dice = random.Random(f"presence of {owner.login}")  # noqa: S311
        if dice.random() < _PRESENT and self._lets_in(owner):
            network = f"10.{dice.randrange(1, 30)}.{dice.randrange(256)}"
            for service in dice.choices(_SERVICES, k=dice.choice((1, 1, 1, 2, 2, 3))):
                self._connections.append(self._connection(owner, service, f"{network}.{dice.randrange(2, 250)}"))

    def log_in(self, owner: Owner, service: str = "imap", address: str = "127.0.0.1") -> bool:
        """Connect a mail program; tells whether it is let in."""
        if not self._lets_in(owner):
            return False
        self._connections.append(self._connection(owner, service, address))
        self._logged_in[owner.id] = int(self._clock())
        return True

    def connections(self) -> Iterator[Connection]:
        """Walk those that are connected, after those who wanted came back."""
        now = self._clock()
        for each in self._connections:
            if each.back_at is not None and each.back_at <= now:
                self._come_back(each, now)
        return (each for each in self._connections if each.back_at is None)

    def end(self, user: str) -> None:
        """End the connections of a user; each tries to come back after a while."""
        now = self._clock()
        for each in self._connections:
            if each.user == user and each.back_at is None:
                each.back_at = now + self._dice.uniform(*_BACK_WITHIN_S)

    def forget(self, owner: Owner | None) -> int:
        """Forget whether an account may log in, with None whether anybody may; gives how many entries that were."""
        if owner is not None:
            return _ENTRIES * (self._remembered.pop(owner.id, None) is not None)
        forgotten = len(self._remembered)
        self._remembered.clear()
        return _ENTRIES * forgotten

    def last_login(self, owner: Owner) -> int | None:
        """Tell when an account was last logged in to, in seconds since 1970."""
        return max(self._logged_in.get(owner.id, 0), owner.last_login or 0) or None

    def _lets_in(self, owner: Owner) -> bool:
        return self._remembered.setdefault(owner.id, owner.may_log_in)

    def _come_back(self, connection: Connection, now: float) -> None:
        owner = self._find(connection.owner_id)
        if owner is None or not self._lets_in(owner):
            connection.back_at = now + _AGAIN_AFTER_S
            return
        connection.back_at, connection.user = None, owner.name
        connection.process_id = self._process_id()
        self._logged_in[owner.id] = int(now)

    def _connection(self, owner: Owner, service: str, address: str) -> Connection:
        return Connection(owner.id, owner.name, service, address, self._process_id())

    def _process_id(self) -> int:
        return self._dice.randrange(1_000, 4_000_000)
