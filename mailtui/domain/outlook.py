"""What the samples of a mailbox say of its future: how it grows, and when it will be full."""

from dataclasses import dataclass
from datetime import date

from mailtui.domain.forecast import Reason


@dataclass(frozen=True, slots=True)
class Outlook:
    """How a mailbox grows, and when it will be full, as the newest sample tells.

    `last_week` is by how many bytes it grew in the last seven days, `pace` by how many it grows in a usual week; None
    where that cannot be told. `full` is the day before which it will hardly be full, the likely one, and the one after
    which it hardly will be; None with the `reason`, or, where even that is unknown, since another limit was set.
    """

    last_week: int | None = None
    pace: int | None = None
    full: tuple[date, date, date] | None = None
    reason: Reason | None = None
