"""How full the sample company's mailboxes were until today: each grows in a way of its own, always the same."""

import random
from collections.abc import Callable
from datetime import date
from functools import lru_cache

DAYS = 120
"""How far back the histories go, today included."""

# Every so many days the mail store could not be asked.
_DOWN_EVERY, _DOWN_AT = 61, 17

_Dice = random.Random
_Gains = Callable[[_Dice, int], list[float]]


def history(login: str, used: int | None, today: date, days: int = DAYS) -> list[tuple[date, int]]:
    """Give the use of a mailbox by day, ascending, that leads to what it is today; nothing where that is unknown.

    A mailbox that is empty was never used. Days on which nobody could ask the mail store are absent.
    """
    if used is None:
        return []
    dice = random.Random(f"history of {login}")  # noqa: S311
    (gains,) = dice.choices(list(_COURSES), list(_COURSES.values()))
    # By so much it grew, had it only grown: a few percent to more than half of what it holds.
    whole = used * dice.uniform(0.04, 0.6)
    course = [used]
    for part in reversed(gains(dice, days - 1)):
        # Nothing was there before the first mail; and nobody's mail is counted more finely than by the kibibyte.
        before = max(0.0, course[-1] - whole * part)
        course.append(round(before) >> 10 << 10)
    course.reverse()
    return [(day, size) for day, size in zip(_days(today, days), course, strict=True) if day]


@lru_cache(maxsize=4)
def _days(today: date, days: int) -> tuple[date | None, ...]:
    """Give so many days up to today; None for those on which the mail store could not be asked."""
    ordinals = range(today.toordinal() - days + 1, today.toordinal())
    before = (date.fromordinal(n) if n % _DOWN_EVERY != _DOWN_AT else None for n in ordinals)
    return (*before, today)


def _growing(dice: _Dice, days: int) -> list[float]:
    return [max(0.0, dice.gauss(1, 0.4)) / days for _day in range(days)]


def _on_workdays(dice: _Dice, days: int) -> list[float]:
    rest = dice.randrange(7)
    return [dice.gauss(1.4, 0.3) / days if (day + rest) % 7 < 5 else 0.0 for day in range(days)]


def _steady(dice: _Dice, days: int) -> list[float]:
    return [dice.gauss(0, 0.3) / days for _day in range(days)]


def _idle(_dice: _Dice, days: int) -> list[float]:
    return [0.0] * days


def _in_bursts(dice: _Dice, days: int) -> list[float]:
    chance = dice.uniform(0.05, 0.25)
    return [dice.expovariate(chance) / days if dice.random() < chance else 0.0 for _day in range(days)]


def _with_import(dice: _Dice, days: int) -> list[float]:
    gains = _on_workdays(dice, days)
    gains[dice.randrange(days // 6, days)] += dice.uniform(0.3, 0.7)
    return gains


def _with_clean_up(dice: _Dice, days: int) -> list[float]:
    gains = _growing(dice, days)
    gains[dice.randrange(days // 6, days)] -= dice.uniform(0.6, 1.2)
    return gains


_COURSES: dict[_Gains, int] = {
    _growing: 24,
    _on_workdays: 24,
    _steady: 18,
    _idle: 10,
    _in_bursts: 10,
    _with_import: 7,
    _with_clean_up: 7,
}
