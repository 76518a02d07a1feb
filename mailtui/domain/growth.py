"""How a mailbox grows: its usual pace, and how much that varies, from one look at its use a week.

Whole weeks, so that the rhythm of a week is no variation. Weeks that are not as usual are looked for in two ways:

- A week that stands out from the others is an import or a clean-up and is left out: its modified z-score, by the median
  and the median deviation, exceeds 3.5 (Iglewicz and Hoaglin, How to Detect and Handle Outliers, 1993). Where three or
  more do, they are how that mailbox grows, and stay.
- Weeks before and after which growth differs as Student's t of two samples says are two paces; the later one counts.
"""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import sqrt

WEEKS = 12
"""How many weeks of the past tell of the future; a history is kept by the day for longer."""
WEEK = 7

_LEAST_WEEKS = 3
_STANDS_OUT = 3.5 / 0.6745
_MOST_STEPS = 1
# A step of less than this part of the limit makes no difference to anybody.
_SMALL = 0.02
_CHANGED = 2.5
_CHANGED_BY = 0.25
# Nor does another pace, if it is another by less than this part of the limit in a week.
_SLIGHT = 0.0025
# No mailbox is so even that its growth of one day tells that of the next more closely.
EVENEST = 0.1


@dataclass(frozen=True, slots=True)
class Pace:
    """Bytes a day, the variance of a day's growth, and what they rest on: days of history, in so many weeks."""

    drift: float
    variance: float
    days: int
    weeks: int


class Unsettled(Exception):
    """No pace can be told: too few weeks, or, as the two others say, too few since something happened."""


class Stepped(Unsettled):
    """What was imported or cleaned up of late hides how it grows now."""


class Changed(Unsettled):
    """It grows in another way since a short time."""


def picked(days: Sequence[int]) -> list[int]:
    """Choose the places of the days that tell of the weeks, oldest first: the last day, and those whole weeks before.

    Args:
        days: Ordinals of days, ascending; where one is missing, the nearest within three days stands in for it.
    """
    places = []
    for weeks in range(WEEKS if days else -1, -1, -1):
        wanted = days[-1] - WEEK * weeks
        place = bisect_left(days, wanted)
        if place and wanted - days[place - 1] < days[place] - wanted:
            place -= 1
        if abs(days[place] - wanted) < WEEK / 2:
            places.append(place)
    return places


def pace(days: Sequence[int], used: Sequence[int], limit: int | None) -> Pace:
    """Tell the usual pace.

    Args:
        days: The ordinals of the days that `picked` chose.
        used: The bytes used on each.
        limit: What is small is told by it, where it is known.

    Raises:
        Unsettled: There is none to tell.
    """
    spans = [after - before for before, after in pairwise(days)]
    rates = [(after - before) / span for (before, after), span in zip(pairwise(used), spans, strict=True)]
    if len(rates) < _LEAST_WEEKS:
        raise Unsettled
    steps = _steps(rates, _SMALL * (limit or 0) / WEEK)
    if steps:
        rates = [rate for place, rate in enumerate(rates) if place not in steps]
        spans = [span for place, span in enumerate(spans) if place not in steps]
    since = _change(rates, _SLIGHT * (limit or 0) / WEEK)
    if since:
        rates, spans = rates[since:], spans[since:]
    weeks = len(rates)
    if weeks < _LEAST_WEEKS:
        raise Changed if since else Stepped
    total = sum(spans)
    drift = sum([rate * span for rate, span in zip(rates, spans, strict=True)]) / total
    variance = sum([(rate - drift) ** 2 * span for rate, span in zip(rates, spans, strict=True)]) / (weeks - 1)
    return Pace(drift, max(variance, WEEK * (EVENEST * drift) ** 2), total, weeks)


def _steps(rates: list[float], small: float) -> list[int]:
    """Give the places of weeks that stand out, unless there are so many that they are the rule.

    Raises:
        Stepped: They cannot be told from the rule, or the last week is one.
    """
    middle = _median(sorted(rates))
    edge = max(_STANDS_OUT * _median(sorted([abs(rate - middle) for rate in rates])), small)
    steps = [place for place, rate in enumerate(rates) if abs(rate - middle) > edge]
    if len(steps) > _MOST_STEPS + 1:
        return []
    if len(steps) > _MOST_STEPS or (steps and steps[0] == len(rates) - 1):
        raise Stepped
    return steps


def _median(ordered: list[float]) -> float:
    half = len(ordered) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2


def _change(rates: list[float], slight: float) -> int:
    """Give the place from which on growth is another, 0 where it is the same throughout."""
    count, whole, squares = len(rates), sum(rates), sum([rate * rate for rate in rates])
    before, best, since = rates[0], _CHANGED, 0
    for place in range(2, count):
        before += rates[place - 1]
        earlier, later = before / place, (whole - before) / (count - place)
        by = abs(earlier - later)
        if by <= max(slight, _CHANGED_BY * max(abs(earlier), abs(later))):
            continue
        within = squares - place * earlier**2 - (count - place) * later**2
        spread = max(within / (count - 2), (EVENEST * (abs(earlier) + abs(later)) / 2) ** 2)
        worth = by / sqrt(spread * (1 / place + 1 / (count - place)))
        if worth > best:
            best, since = worth, place
    return since
