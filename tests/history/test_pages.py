"""What is packed is unpacked the same, whole or one account at a time."""

from array import array

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mailtui.history.pages import ACCOUNTS, figure_of, nothing_known, number_of, pack, pick, unpack, unpack_day
from mailtui.history.weeks import bits_of, ordinals, week_of

FIGURES = st.one_of(st.none(), st.integers(0, 300), st.integers(0, (1 << 62) - 1))


@settings(max_examples=25, deadline=None)
@given(st.lists(st.dictionaries(st.integers(0, ACCOUNTS - 1), FIGURES, max_size=9), min_size=1, max_size=7))
def test_a_strip_is_read_as_it_was_written(known: list[dict[int, int | None]]) -> None:
    days = []
    for figures in known:
        day = nothing_known()
        for place, figure in figures.items():
            day[place] = number_of(figure)
        days.append(day)
    strip = pack(days)
    assert unpack(strip, len(days)) == days
    assert unpack_day(strip, len(days), len(days) // 2) == days[len(days) // 2]
    for place in {0, ACCOUNTS - 1, *known[0]}:
        numbers = pick(strip, len(days), place)
        assert [figure_of(number) for number in numbers] == [figures.get(place) for figures in known]


@pytest.mark.parametrize("figure", [-1, 1 << 62, 1 << 99, None])
def test_what_cannot_be_true_is_unknown(figure: int | None) -> None:
    assert figure_of(number_of(figure)) is None


def test_nothing_known_takes_no_room() -> None:
    assert pack([nothing_known(), nothing_known()]) == b""


@pytest.mark.parametrize("strip", [b"x", pack([array("q", range(ACCOUNTS))])])
def test_what_is_no_strip_of_so_many_days_is_refused(strip: bytes) -> None:
    with pytest.raises(ValueError, match=r"fewer than|decompressing"):
        unpack(strip, 2)
    with pytest.raises(ValueError, match=r"fewer than|decompressing"):
        pick(strip, 2, 0)


@given(st.sets(st.integers(1, 3_000_000), min_size=1, max_size=9))
def test_weeks_and_bits_are_another_way_to_write_days(days: set[int]) -> None:
    weeks: dict[int, set[int]] = {}
    for day in days:
        weeks.setdefault(week_of(day), set()).add(day)
    assert sorted(days) == [day for week in sorted(weeks) for day in ordinals(week, bits_of(weeks[week]))]
