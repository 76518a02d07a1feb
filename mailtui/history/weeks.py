"""Days and weeks as pages have them: a week begins on Monday, and has a bit for each of its days that was sampled.

Days are ordinals, as `date.toordinal` gives them.
"""

from collections.abc import Iterable

_DAYS = 7


def week_of(ordinal: int) -> int:
    """Give the number of a day's week."""
    return (ordinal - 1) // _DAYS


def bits_of(days: Iterable[int]) -> int:
    """Give the bits that stand for days in their week."""
    return sum(1 << (ordinal - 1) % _DAYS for ordinal in days)


def ordinals(week: int, bits: int) -> list[int]:
    """Give the days that the bits of a week stand for, ascending."""
    first = week * _DAYS + 1
    return [first + place for place in range(_DAYS) if bits >> place & 1]
