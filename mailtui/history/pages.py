"""How samples are packed: a page holds one week of a thousand accounts, and a few bytes for each day of each of them.

Of a figure, such as the bytes used, a page has one strip: for each day a number for each account, 0 where it is unknown
and one more than the figure where it is known. The newest day comes first, each other as its difference (by exclusive
or) to the one after; of a day all first bytes of all numbers, then all second ones; all of it deflated. So what did not
change costs next to nothing, what did its lower bytes, and only what is asked for is read.
"""

import sys
import zlib
from array import array
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import TypeAlias

ACCOUNTS = 1024
"""How many accounts share a page; those with numbers that follow each other."""
SCHEMA_VERSION = 1
"""Kept in the file as `user_version`."""

_BYTES = 8
_DAY = ACCOUNTS * _BYTES
_MOST = 1 << 62
# More effort saves 4 % and takes four times as long.
_EFFORT = 1

Day: TypeAlias = "array[int]"
"""The numbers of all accounts of a page on one day."""


def nothing_known() -> Day:
    """Give a day on which nothing is known of any account."""
    return array("q", bytes(_DAY))


def number_of(figure: int | None) -> int:
    """Give the number that stands for a figure; one that cannot be true is unknown."""
    return figure + 1 if figure is not None and 0 <= figure < _MOST else 0


def figure_of(number: int) -> int | None:
    """Give the figure that a number stands for."""
    return number - 1 if number else None


def pack(days: Sequence[Day]) -> bytes:
    """Write a strip; no bytes where nothing is known."""
    if not any(map(any, days)):
        return b""
    differences, after = [], 0
    for day in reversed(days):
        numbers = _ordered(day).tobytes()
        planes = int.from_bytes(b"".join(numbers[place::_BYTES] for place in range(_BYTES)), "little")
        differences.append((planes ^ after).to_bytes(_DAY, "little"))
        after = planes
    return zlib.compress(b"".join(differences), _EFFORT)


def unpack(strip: bytes, days: int) -> list[Day]:
    """Read a strip of so many days.

    Raises:
        ValueError: It is no such strip.
    """
    return list(newest_first(strip, days))[::-1]


def newest_first(strip: bytes, days: int) -> Iterator[Day]:
    """Read a strip of so many days, the newest first; to stop early saves the work.

    Raises:
        ValueError: It is no such strip.
    """
    if not strip:
        yield from (nothing_known() for _day in range(days))
    else:
        yield from map(_day_of, _planes(strip, days))


def unpack_day(strip: bytes, days: int, which: int) -> Day:
    """Read one day of a strip of so many days.

    Raises:
        ValueError: It is no such strip.
    """
    if not strip:
        return nothing_known()
    return _day_of(next(islice(_planes(strip, days), days - 1 - which, None)))


def pick(strip: bytes, days: int, place: int) -> list[int]:
    """Read one account's numbers, by its place in the page, from a strip of so many days.

    Raises:
        ValueError: It is no such strip.
    """
    if not strip:
        return [0] * days
    numbers = [int.from_bytes(planes[place::ACCOUNTS], "little") for planes in _planes(strip, days)]
    return numbers[::-1]


def _planes(strip: bytes, days: int) -> Iterator[bytes]:
    inflating, rest, planes = zlib.decompressobj(), strip, 0
    for _day in range(days):
        try:
            differences = inflating.decompress(rest, _DAY)
        except zlib.error as error:
            raise ValueError(str(error)) from error
        if len(differences) < _DAY:
            raise ValueError(f"fewer than {days} days")
        rest, planes = inflating.unconsumed_tail, planes ^ int.from_bytes(differences, "little")
        yield planes.to_bytes(_DAY, "little")


def _day_of(planes: bytes) -> Day:
    numbers = bytearray(_DAY)
    for place in range(_BYTES):
        numbers[place::_BYTES] = planes[place * ACCOUNTS : (place + 1) * ACCOUNTS]
    return _ordered(array("q", bytes(numbers)))


def _ordered(day: Day) -> Day:
    if sys.byteorder == "big":
        day = day[:]
        day.byteswap()
    return day
