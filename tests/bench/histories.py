"""Forecasts held against what then happened: python -m tests.bench histories [--number N] [--accounts N].

Histories are made up, of kinds that mailboxes have, and go on in the same way until the mailbox is full. What was
forecast from the part before `today` is then held against that: a forecast is right if the day lies in its range.
"""

import argparse
import random
import statistics
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from time import perf_counter

from mailtui.domain.forecast import Forecast, Reason, forecast, project
from mailtui.domain.growth import picked
from tests.bench import sampling

GIB = 1 << 30
TODAY = date(2026, 11, 24)
# What is not full by then, never is.
_NEVER_DAYS = 1460

Points = list[tuple[date, int | None]]
Growth = Callable[[int, float], float]
"""By how much a mailbox grows on a day (its number, and what is used)."""


@dataclass(frozen=True, slots=True)
class Told:
    """A history up to today, and in how many days the mailbox will be full; None where it never will."""

    points: Points
    limit: int
    full_in: int | None


@dataclass(frozen=True, slots=True)
class Kind:
    """How a kind of mailbox grows: made anew for each, from its limit, its usual growth a day, and its days so far."""

    growth: Callable[[random.Random, float, float, int], Growth]
    keep: Callable[[random.Random, Points], Points] = lambda _dice, points: points
    is_endless: bool = False
    """Whether such a mailbox is never full."""


def _linear(dice: random.Random, _limit: float, daily: float, _days: int) -> Growth:
    return lambda _day, _used: dice.gauss(daily, daily / 2)


def _noisy(dice: random.Random, _limit: float, daily: float, _days: int) -> Growth:
    return lambda _day, _used: dice.gauss(daily, 3 * daily)


def _weekly(dice: random.Random, _limit: float, daily: float, _days: int) -> Growth:
    return lambda day, _used: dice.gauss(daily * 7 / 5, daily * 0.4) if day % 7 < 5 else 0.0


def _bursty(dice: random.Random, _limit: float, daily: float, _days: int) -> Growth:
    chance = dice.uniform(0.05, 0.4)
    return lambda _day, _used: dice.expovariate(chance / daily) if dice.random() < chance else 0.0


def _step(dice: random.Random, limit: float, daily: float, days: int) -> Growth:
    when, size = dice.randrange(3, days), limit * dice.uniform(0.1, 0.3)
    return lambda day, _used: dice.gauss(daily, daily / 2) + (size if day == when else 0.0)


def _clean_up(dice: random.Random, _limit: float, daily: float, days: int) -> Growth:
    when, part = dice.randrange(3, days), dice.uniform(0.2, 0.7)
    return lambda day, used: dice.gauss(daily, daily / 2) - (used * part if day == when else 0.0)


def _changing(dice: random.Random, _limit: float, daily: float, days: int) -> Growth:
    when, factor = dice.randrange(days // 2, days), dice.choice((1 / 3, 1 / 2, 2, 3))
    return lambda day, _used: dice.gauss(daily * (factor if day > when else 1), daily / 2)


def _shrinking(dice: random.Random, _limit: float, daily: float, _days: int) -> Growth:
    return lambda _day, _used: dice.gauss(-daily / 3, daily / 2)


def _steady(dice: random.Random, limit: float, daily: float, _days: int) -> Growth:
    return lambda _day, used: (limit / 2 - used) * 0.3 + dice.gauss(0, daily / 2)


def _gappy(dice: random.Random, points: Points) -> Points:
    """Drop three days of ten, and a fortnight."""
    hole = dice.randrange(len(points))
    kept = [point for place, point in enumerate(points[:-1]) if dice.random() < 0.7 and not 0 <= place - hole < 14]
    return [*kept, points[-1]]


def _few(dice: random.Random, points: Points) -> Points:
    return points[-dice.randrange(1, 18) :]


KINDS = {
    "linear": Kind(_linear),
    "weekly rhythm": Kind(_weekly),
    "gaps": Kind(_linear, _gappy),
    "step": Kind(_step),
    "clean-up": Kind(_clean_up),
    "bursty": Kind(_bursty),
    "noisy": Kind(_noisy),
    "pace changed": Kind(_changing),
    "shrinking": Kind(_shrinking, is_endless=True),
    "steady": Kind(_steady, is_endless=True),
    "too few": Kind(_linear, _few),
}


def told(kind: Kind, dice: random.Random) -> Told:
    """Make a history up that is not full yet, and tell how it goes on."""
    limit, days = dice.choice((1, 2, 5, 5, 5, 10, 20)) * GIB, dice.randrange(60, 121)
    growth = kind.growth(dice, limit, limit * dice.uniform(0.0005, 0.006), days)
    # A steady one is where it stays; the others have room to grow.
    used = limit * (0.5 if kind.growth is _steady else dice.uniform(0.2, 0.7))
    points: Points = []
    for day in range(days):
        used = max(0.0, used + growth(day, used))
        points.append((TODAY - timedelta(days=days - 1 - day), int(used)))
    if used >= limit:
        return told(kind, dice)
    points = kind.keep(dice, points)
    for day in range(1, 1 if kind.is_endless else _NEVER_DAYS):
        used = max(0.0, used + growth(days - 1 + day, used))
        if used >= limit:
            return Told(points, limit, day)
    return Told(points, limit, None)


@dataclass(slots=True)
class Score:
    """How the forecasts of one kind did."""

    right: int = 0
    wrong: int = 0
    none: Counter[Reason] = field(default_factory=Counter)
    errors: list[float] = field(default_factory=list)
    """Of the likely day, as parts of the true one."""
    widths: list[float] = field(default_factory=list)
    """How many times the early day the late one is."""

    def take(self, known: Told, said: Forecast) -> None:
        """Count one forecast."""
        if said.days is None:
            assert said.reason
            self.none[said.reason] += 1
            return
        is_right = known.full_in is not None and said.days.early <= known.full_in <= said.days.late
        self.right, self.wrong = self.right + is_right, self.wrong + (not is_right)
        self.widths.append(said.days.late / max(1, said.days.early))
        if known.full_in:
            self.errors.append(abs(said.days.likely - known.full_in) / known.full_in)


def score(name: str, number: int, seed: int = 1) -> Score:
    """Forecast so many histories of a kind."""
    dice, counted = random.Random(f"{name} {seed}"), Score()
    for _history in range(number):
        known = told(KINDS[name], dice)
        counted.take(known, forecast(known.points, known.limit, TODAY))
    return counted


def _line(name: str, counted: Score) -> str:
    given = counted.right + counted.wrong
    everything = given + counted.none.total()
    shares = f"{counted.right / everything:8.1%}{counted.wrong / everything:8.1%}"
    error = f"{statistics.median(counted.errors):10.1%}" if counted.errors else f"{'':10}"
    width = f"{statistics.median(counted.widths):8.2f}" if counted.widths else f"{'':8}"
    inside = f"{counted.right / given:10.1%}" if given else f"{'':10}"
    reasons = ", ".join(f"{reason} {count}" for reason, count in counted.none.most_common())
    return f"{name:14}{shares}{counted.none.total() / everything:8.1%}{inside}{error}{width}  {reasons}"


def _speed(number: int) -> str:
    dice = random.Random(1)
    some = [told(kind, dice) for kind in KINDS.values() for _time in range(20)]
    asked = []
    for known in some:
        days = [day.toordinal() for day, _used in known.points]
        places = picked(days)
        asked.append(([days[place] for place in places], [known.points[place][1] for place in places], known.limit))
    begun, today = perf_counter(), TODAY.toordinal()
    for turn in range(number):
        days, used, limit = asked[turn % len(asked)]
        project(days, used, limit, today)
    return f"{number:,} forecasts: {perf_counter() - begun:.2f} s"


def main(arguments: list[str]) -> int:
    """Print how the forecasts of each kind did, and how long many take."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench histories", description=__doc__)
    parser.add_argument("--number", type=int, default=500, help="how many of each kind")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--accounts", type=int, default=0, help="measure the store with so many accounts")
    parser.add_argument("--days", type=int, default=30, help="on so many days")
    given = parser.parse_args(arguments)
    print(f"{'':14}{'right':>8}{'wrong':>8}{'none':>8}{'of given':>10}{'error':>10}{'width':>8}  none, because")
    for name in KINDS:
        print(_line(name, score(name, given.number, given.seed)))
    print(_speed(100_000))
    if given.accounts:
        for line in sampling.lines(given.accounts, given.days):
            print(line)
    return 0
