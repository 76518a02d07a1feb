"""How many people work a shared mailbox, and how many would once some no longer do."""

from dataclasses import dataclass

from mailtui.domain.account import Reference


@dataclass(frozen=True, slots=True)
class Staffing:
    """A shared mailbox with those of its seats whose holders can work: how many, and how many without some accounts.

    `group` is the id of the group that says who has a seat; `leaving` are the ids of those accounts that have one and
    can work. `least` is how many there must be, `rule` what says so where a rule does.
    """

    mailbox: Reference
    group: str
    working: int
    leaving: tuple[str, ...] = ()
    least: int = 1
    rule: str = ""

    @property
    def left(self) -> int:
        """How many seats would be left with somebody who can work."""
        return self.working - len(self.leaving)
