"""When a mailbox will be full: a range of days from its past use, or the reason why nothing can be said.

What came in stays: the use of a mailbox is a random walk with drift, and what it will be in h days is best told by the
drift method (Hyndman and Athanasopoulos, Forecasting: Principles and Practice, 3rd edition, sections 5.2 and 5.5). The
growth is `drift * h`, and its error `deviation * sqrt(h * (1 + h / T))` after T days of history: the second term is
there because the drift too is only known from them. The range of days is where the edges of that band meet the limit,
95 % by Student's t for so short a history; where the slower edge never does, or the range is too wide to be of use,
no forecast is given. All of it holds as long as nobody cleans up: that is what a forecast is for.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from math import ceil, floor, sqrt

from mailtui.domain.growth import WEEK, Changed, Pace, Stepped, Unsettled, pace, picked
from mailtui.texts import _

HORIZON_DAYS = 730
"""How far is looked ahead: people and their mail change too much in two years."""

_STALE_DAYS = 14
_WIDEST = 8
# A pace that moves less than this part of the limit in a week is none.
_STEADY = 0.001
# Student's t, two-sided 95 %, by weeks.
_STUDENT = (0, 0, 12.71, 4.30, 3.18, 2.78, 2.57, 2.45, 2.36, 2.31, 2.26, 2.23, 2.20)


class Reason(StrEnum):
    """Why there is no forecast."""

    UNLIMITED = "unlimited"
    NO_LIMIT = "no-limit"
    FULL = "full"
    TOO_FEW = "too-few"
    STALE = "stale"
    STEP = "step"
    CHANGED = "changed"
    SHRINKING = "shrinking"
    STEADY = "steady"
    FAR = "far"
    UNEVEN = "uneven"


def in_words(reason: Reason) -> str:
    """Give a reason as people read it, short enough for a column."""
    return {
        Reason.UNLIMITED: _("no limit"),
        Reason.NO_LIMIT: _("no limit known"),
        Reason.FULL: _("full"),
        Reason.TOO_FEW: _("too few samples"),
        Reason.STALE: _("no sample of late"),
        Reason.STEP: _("imported or cleaned up of late"),
        Reason.CHANGED: _("grows otherwise of late"),
        Reason.SHRINKING: _("shrinks"),
        Reason.STEADY: _("steady"),
        Reason.FAR: _("not within two years"),
        Reason.UNEVEN: _("grows too unevenly"),
    }[reason]


@dataclass(frozen=True, slots=True)
class DaysToFull:
    """In how many days a mailbox will be full: hardly before `early`, hardly after `late`."""

    early: int
    likely: int
    late: int


@dataclass(frozen=True, slots=True)
class Forecast:
    """What past use says of the future: days to full, or the reason why it says nothing.

    `last_week` is by how many bytes the mailbox grew in the last seven days, `pace` by how many it grows in a usual
    week; both are negative where it shrank, and None where that cannot be told.
    """

    last_week: int | None = None
    pace: int | None = None
    days: DaysToFull | None = None
    reason: Reason | None = None


def forecast(
    points: Sequence[tuple[date, int | None]], limit: int | None, today: date, *, unlimited: bool = False
) -> Forecast:
    """Say when a mailbox will be full.

    Args:
        points: All that is known of its use: bytes by day, ascending; None is unknown.
        limit: Bytes, or None where it is unknown.
        today: The day from which on days are counted.
        unlimited: Whether there is no limit.
    """
    days = [day.toordinal() for day, used in points if used is not None]
    sizes = [used for _day, used in points if used is not None]
    places = picked(days)
    chosen, used = [days[place] for place in places], [sizes[place] for place in places]
    return project(chosen, used, limit, today.toordinal(), unlimited=unlimited)


def project(
    days: Sequence[int], used: Sequence[int | None], limit: int | None, today: int, *, unlimited: bool = False
) -> Forecast:
    """Say when a mailbox will be full from one point a week: the quick way for many that were sampled on the same days.

    Args:
        days: The ordinals of the days that `growth.picked` chose.
        used: The bytes used on each; None is unknown.
        limit: As for `forecast`.
        today: The ordinal of the day from which on days are counted.
        unlimited: As for `forecast`.
    """
    sizes = [size for size in used if size is not None]
    if len(sizes) < len(used):
        days = [day for day, size in zip(days, used, strict=True) if size is not None]
    hindrance = _hindrance(sizes, limit, unlimited)
    last_week = _last_week(days, sizes)
    if not sizes or today - days[-1] > _STALE_DAYS:
        return Forecast(last_week, reason=hindrance or (Reason.STALE if sizes else Reason.TOO_FEW))
    try:
        usual = pace(days, sizes, limit)
    except Unsettled as why:
        return Forecast(last_week, reason=hindrance or _unsettled(why))
    weekly = round(usual.drift * WEEK)
    if hindrance or not limit:
        return Forecast(last_week, weekly, reason=hindrance)
    in_days = _meeting(usual, limit - sizes[-1], limit, today - days[-1])
    if isinstance(in_days, Reason):
        return Forecast(last_week, weekly, reason=in_days)
    return Forecast(last_week, weekly, in_days)


def _hindrance(sizes: Sequence[int], limit: int | None, unlimited: bool) -> Reason | None:
    if unlimited:
        return Reason.UNLIMITED
    if not limit:
        return Reason.NO_LIMIT
    return Reason.FULL if sizes and sizes[-1] >= limit else None


def _last_week(days: Sequence[int], sizes: Sequence[int]) -> int | None:
    if len(days) < 2 or days[-1] - days[-2] >= 2 * WEEK:
        return None
    return round((sizes[-1] - sizes[-2]) * WEEK / (days[-1] - days[-2]))


def _unsettled(why: Unsettled) -> Reason:
    if isinstance(why, Stepped):
        return Reason.STEP
    return Reason.CHANGED if isinstance(why, Changed) else Reason.TOO_FEW


def _meeting(usual: Pace, room: int, limit: int, age: int) -> DaysToFull | Reason:
    """Give when the band meets the limit, `age` days after the last sample."""
    drift = usual.drift
    if abs(drift) * WEEK < _STEADY * limit:
        return Reason.STEADY
    if drift < 0:
        return Reason.SHRINKING
    if room / drift > HORIZON_DAYS:
        return Reason.FAR
    # (room - drift * h)² = t² * variance * h * (1 + h / T), solved for h so that nothing is cancelled out.
    band = _STUDENT[usual.weeks] ** 2 * usual.variance
    square, line = drift**2 - band / usual.days, 2 * room * drift + band
    root = line + sqrt(line**2 - 4 * room**2 * square)
    if root > 2 * _WIDEST * square * 2 * room**2 / root:
        return Reason.UNEVEN
    early, likely, late = 2 * room**2 / root, room / drift, root / (2 * square)
    return DaysToFull(*(max(0, days - age) for days in (floor(early), round(likely), ceil(late))))
