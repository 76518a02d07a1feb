"""Bars and sparklines: as wide as asked for, and honest about nothing, all, more than all and unknown."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailtui.domain.sparkline import bar, by_day, sparkline
from mailtui.texts import width


@pytest.mark.parametrize(
    ("percent", "blocks", "plain"),
    [
        (None, "?   ", "?   "),
        (0, "    ", "...."),
        (0.1, "▏   ", "#..."),
        (25, "█   ", "#..."),
        (53, "██▏ ", "##.."),
        (99.9, "███▉", "###."),
        (100, "████", "####"),
        (100.1, "███+", "###+"),
    ],
)
def test_a_bar_shows_how_much_of_all(percent: float | None, blocks: str, plain: str) -> None:
    assert bar(percent, 4) == blocks
    assert bar(percent, 4, is_ascii=True) == plain


@pytest.mark.parametrize(
    ("values", "blocks", "plain"),
    [
        ([], "        ", "        "),
        ([None, None], "        ", "        "),
        ([1, 2, 3, 4, 5, 6, 7, 8], "▁▂▃▄▅▆▇█", "__.--=##"),
        ([0, None, 10], "     ▁ █", "     _ #"),
        ([5], "       ▅", "       -"),
        ([1000, 1001, 1000], "     ▄▅▄", "     ---"),
        ([0, 0], "      ▁▁", "      __"),
        ([*range(16)], "▁▂▃▄▅▆▇█", "__.--=##"),
    ],
)
def test_a_sparkline_shows_a_course(values: list[float | None], blocks: str, plain: str) -> None:
    assert sparkline(values, 8) == blocks
    assert sparkline(values, 8, is_ascii=True) == plain


@given(st.one_of(st.none(), st.floats(0, 1e6)), st.lists(st.one_of(st.none(), st.floats(0, 1e15))), st.integers(0, 40))
def test_every_drawing_is_as_wide_as_it_was_asked_for(
    percent: float | None, values: list[float | None], cells: int
) -> None:
    for is_ascii in (False, True):
        for drawn in (bar(percent, cells, is_ascii=is_ascii), sparkline(values, cells, is_ascii=is_ascii)):
            assert width(drawn) == cells
            assert drawn.isascii() or not is_ascii


def test_days_without_a_point_are_unknown() -> None:
    points = [(date(2026, 11, day), day) for day in (1, 3, 4, 9)]
    assert by_day(points, date(2026, 11, 2), date(2026, 11, 6)) == [None, 3, 4, None, None]
