"""How old a fact is, in steps coarse enough that a quiet screen stays still; moments by the reader's clock."""

from datetime import UTC, datetime, timedelta
from datetime import date as day

from mailtui.texts import _

_MINUTE = timedelta(minutes=1)
_DAY = timedelta(days=1)


def age(then: datetime | None, now: datetime | None = None) -> str:
    """Give the age of a fact: `now`, `1 min`, `5 min`, `15 min`, `30 min`, hours, then its date; `?` where unknown."""
    if then is None:
        return "?"
    passed = (now or datetime.now(UTC)) - then
    if passed < _MINUTE:
        return _("now")
    for minutes in (60, 30, 15, 5, 1):
        if passed >= minutes * _MINUTE:
            break
    if minutes < 60:
        return _("{minutes} min").format(minutes=minutes)
    hours = int(passed / timedelta(hours=1))
    return _("{hours} h").format(hours=hours) if hours < 24 else date(then)


def ago(then: datetime | None, now: datetime | None = None) -> str:
    """Give the age of a fact as the end of a sentence: `just now`, `5 min ago`, its date."""
    if then is None:
        return _("at an unknown time")
    passed = (now or datetime.now(UTC)) - then
    if passed < _MINUTE:
        return _("just now")
    text = age(then, now)
    return text if passed >= _DAY else _("{age} ago").format(age=text)


def today() -> day:
    """Give the day that it is by the reader's clock."""
    return datetime.now().astimezone().date()


def date(moment: datetime | None) -> str:
    """Give the day of a moment by the reader's clock, as ISO 8601 writes it; `?` where unknown."""
    return moment.astimezone().strftime("%Y-%m-%d") if moment else "?"


def moment(then: datetime | None) -> str:
    """Give a moment by the reader's clock, to the minute; `?` where unknown."""
    return then.astimezone().strftime("%Y-%m-%d %H:%M") if then else "?"


def duration(seconds: float) -> str:
    """Give a length of time as an estimate reads best: `12 s`, `3 min`, `2 h`."""
    if seconds < 60:
        return _("{seconds} s").format(seconds=max(1, round(seconds)))
    if seconds < 3600:
        return _("{minutes} min").format(minutes=round(seconds / 60))
    return _("{hours} h").format(hours=round(seconds / 3600))
