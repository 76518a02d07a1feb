"""Figures drawn in characters: a bar for a part of a whole, a sparkline for a course; every cell is one column wide."""

from collections.abc import Sequence
from datetime import date
from itertools import pairwise

UNKNOWN = "?"
_EIGHTHS = "▏▎▍▌▋▊▉█"
_LEVELS, _ASCII_LEVELS = "▁▂▃▄▅▆▇█", "_.-=#"
_EMPTY, _ASCII_EMPTY, _ASCII_FULL = " ", ".", "#"
_OVER = "+"
_LEAST_SPAN = 0.03


def bar(percent: float | None, cells: int, *, is_ascii: bool = False) -> str:
    """Draw a percentage so many cells wide.

    Only what is nothing looks empty, and only what is all looks full; more than all ends in `+`. What is unknown is a
    question mark.
    """
    if percent is None:
        return UNKNOWN[:cells].ljust(cells)
    if percent > 100:
        return (_ASCII_FULL if is_ascii else _EIGHTHS[-1]) * (cells - 1) + _OVER[:cells]
    steps = cells * (1 if is_ascii else len(_EIGHTHS))
    filled = round(percent * steps / 100)
    if 0 < percent < 100 and steps > 1:
        filled = min(max(filled, 1), steps - 1)
    if is_ascii:
        return _ASCII_FULL * filled + _ASCII_EMPTY * (cells - filled)
    whole, rest = divmod(max(filled, 0), len(_EIGHTHS))
    return (_EIGHTHS[-1] * whole + _EIGHTHS[rest - 1 : rest]).ljust(cells, _EMPTY)


def sparkline(values: Sequence[float | None], cells: int, *, is_ascii: bool = False) -> str:
    """Draw a course so many cells wide, from its lowest to its highest value; the newest is the last cell.

    A cell shows the mean of the values that share it; where all of them are unknown, it is a gap. Ups and downs of less
    than a few percent stay small, so that noise does not look like news.
    """
    levels = _ASCII_LEVELS if is_ascii else _LEVELS
    means = _means(values, min(cells, len(values)))
    known = [mean for mean in means if mean is not None]
    if not known:
        return " " * cells
    low, high = min(known), max(known)
    span = max(high - low, _LEAST_SPAN * high)
    return "".join(_level(mean, (low + high - span) / 2, span, levels) for mean in means).rjust(cells)


def by_day(points: Sequence[tuple[date, int | None]], first: date, last: date) -> list[int | None]:
    """Give one value a day, from the first to the last of them; days without a point are unknown."""
    days: list[int | None] = [None] * ((last - first).days + 1)
    for day, value in points:
        if first <= day <= last:
            days[(day - first).days] = value
    return days


def _means(values: Sequence[float | None], cells: int) -> list[float | None]:
    edges = [cell * len(values) // cells for cell in range(cells + 1)] if cells else []
    return [_mean(values[begin:end]) for begin, end in pairwise(edges)]


def _mean(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known else None


def _level(mean: float | None, bottom: float, span: float, levels: str) -> str:
    if mean is None:
        return " "
    return levels[min(int((mean - bottom) / span * len(levels)) if span else 0, len(levels) - 1)]
