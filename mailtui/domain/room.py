"""Room summed up: what is promised to many mailboxes together, and how much of that is used."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from mailtui.domain.account import Account
from mailtui.domain.quota import percent

NEAR_FULL = 90.0
"""From how many percent on a mailbox is nearly full."""


@dataclass(slots=True)
class Room:
    """The room of several mailboxes; sizes in bytes.

    `limit_bytes` adds up the limits that are known, of which `used_bytes` is what those mailboxes use; `other_bytes` is
    used by those without one: `unlimited` have none, of `no_limit_known` nobody knows. `growth` is that of the last
    week, as far as it is known; `unknown` counts those whose use is not.
    """

    name: str
    accounts: int = 0
    limit_bytes: int = 0
    used_bytes: int = 0
    other_bytes: int = 0
    near_full: int = 0
    unlimited: int = 0
    no_limit_known: int = 0
    unknown: int = 0
    growth: int = 0

    @property
    def percent(self) -> float | None:
        """How much of what is promised is used."""
        return percent(self.used_bytes, self.limit_bytes)

    def add(self, account: Account) -> None:
        """Take one more mailbox in."""
        quota = account.quota
        limit = quota.default_bytes if quota.limit_bytes is None else quota.limit_bytes
        self.accounts += 1
        self.unlimited += quota.unlimited
        self.no_limit_known += limit is None and not quota.unlimited
        self.unknown += quota.used_bytes is None
        self.growth += (account.outlook.last_week or 0) if account.outlook else 0
        if limit is None:
            self.other_bytes += quota.used_bytes or 0
            return
        self.limit_bytes += limit
        self.used_bytes += quota.used_bytes or 0
        self.near_full += (quota.percent or 0) >= NEAR_FULL


def summed(accounts: Iterable[Account], name_of: Callable[[Account], str]) -> list[Room]:
    """Sum accounts up by a name of theirs, those first to whom most is promised."""
    rooms: dict[str, Room] = {}
    for account in accounts:
        name = name_of(account)
        rooms.setdefault(name, Room(name)).add(account)
    return sorted(rooms.values(), key=lambda room: (-room.limit_bytes, room.name))
