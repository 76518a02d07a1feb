"""Days as people name them: `2026-12-31`, or `+30d` and `+2w` from today; and when a day ends."""

import re
from datetime import UTC, date, datetime, time, timedelta

from mailtui.errors import UsageError
from mailtui.texts import _

_DISTANCE = re.compile(r"\+(\d{1,5})([dw])", re.IGNORECASE)
_DAYS = {"d": 1, "w": 7}
_LAST_YEAR = 9000


def day_of(text: str, today: date) -> date:
    """Read a day.

    Raises:
        UsageError: It is none.
    """
    text = text.strip()
    distance = _DISTANCE.fullmatch(text)
    try:
        if distance:
            day = today + timedelta(days=int(distance[1]) * _DAYS[distance[2].lower()])
        else:
            day = date.fromisoformat(text)
    except (ValueError, OverflowError):
        day = date.max
    if day.year > _LAST_YEAR:
        raise UsageError(
            _("“{text}” is no day").format(text=text), hint=_("Write it as 2026-12-31, +30d or +2w.")
        ) from None
    return day


def end_of(day: date) -> datetime:
    """Give the last second of a day where this machine is, in UTC."""
    return datetime.combine(day, time(23, 59, 59)).astimezone(UTC)
