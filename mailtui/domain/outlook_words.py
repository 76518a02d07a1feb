"""How growth and days to full are said: short enough for a column, the same in the console and on the command line."""

from datetime import date

from mailtui.domain.forecast import Reason, in_words
from mailtui.domain.quota import format_size
from mailtui.texts import _

Full = tuple[date, date, date]


def growth_text(size: int | None) -> str:
    """Say by how much a mailbox grew: `+1.2 GiB`, `-300 MiB`; `?` where that is unknown."""
    if size is None:
        return "?"
    return format_size(size) if size <= 0 else f"+{format_size(size)}"


def full_text(full: Full | None, reason: Reason | None, today: date) -> str:
    """Say in how many days a mailbox will be full: `9–14 d`, `~12 d`; or why that is not told."""
    if full is None:
        return in_words(reason) if reason else "?"
    early, likely, late = (max(0, (day - today).days) for day in full)
    if early == late:
        return _("~{days} d").format(days=likely)
    return _("{early}–{late} d").format(early=early, late=late)
