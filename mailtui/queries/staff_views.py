"""Who works what, as it is shown."""

from dataclasses import dataclass

from mailtui.domain.account import Account, Reference
from mailtui.queries.views import AccountLine


@dataclass(frozen=True, slots=True)
class Seat:
    """Somebody's right to work a shared mailbox, and whether they can."""

    holder: AccountLine
    can_work: bool


@dataclass(frozen=True, slots=True)
class Staff:
    """Who works a shared mailbox: those who can first. `group` says it, None where there is none.

    `least` is how many must be able to, `rule` what says so where a rule does.
    """

    mailbox: Account
    group: Reference | None
    seats: tuple[Seat, ...]
    least: int
    rule: str = ""

    @property
    def working(self) -> int:
        """How many can work it."""
        return sum(seat.can_work for seat in self.seats)

    @property
    def is_short(self) -> bool:
        """Whether fewer can work it than must."""
        return self.working < self.least


@dataclass(frozen=True, slots=True)
class Work:
    """What somebody does beside their own mail: the shared mailboxes that they work, and the groups that they own."""

    mailboxes: tuple[Staff, ...]
    owned: tuple[Reference, ...]
