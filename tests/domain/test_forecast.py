"""Days to full: right where a range is given, and silent, with the reason, where nothing can be said."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta

import pytest

from mailtui.domain.forecast import DaysToFull, Forecast, Reason, forecast, in_words, project
from mailtui.domain.growth import WEEKS, picked
from tests.bench.histories import GIB, KINDS, score

TODAY = date(2026, 11, 24)
MIB = 1 << 20
NUMBER = 500

Points = list[tuple[date, int | None]]


def daily(used: Callable[[int], int | None], days: int = 60, last: date = TODAY) -> Points:
    """Points by the number of the day, which is 0 on the last."""
    return [(last - timedelta(days=-place), used(place)) for place in range(1 - days, 1)]


def growing(place: int) -> int:
    return 500 * MIB + 5 * MIB * place


def by_weeks(*rates: int) -> Points:
    """Points of a mailbox that grows by so many MiB a day, another rate each week."""
    growths = [rate * MIB for rate in rates for _day in range(7)]
    return daily(lambda place: 500 * MIB + sum(growths[: len(growths) + place]), len(growths) + 1)


# At least so many are given, and are right where they are: of the generated histories of a kind, in percent.
GIVEN = {
    "linear": (85, 90), "weekly rhythm": (85, 92), "gaps": (80, 90), "step": (80, 90), "clean-up": (70, 90),
    "bursty": (25, 80), "noisy": (15, 80), "pace changed": (40, 60),
}  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_a_forecast_is_right_or_not_given(kind: str) -> None:
    counted = score(kind, NUMBER)
    given = counted.right + counted.wrong
    assert counted.wrong <= 0.2 * NUMBER, "right, or not given"
    if kind in GIVEN:
        least, right = GIVEN[kind]
        assert given >= least / 100 * NUMBER
        assert counted.right >= right / 100 * given
    else:
        assert given == 0


@pytest.mark.parametrize(("kind", "error", "width"), [("linear", 0.08, 1.6), ("gaps", 0.08, 1.6), ("step", 0.09, 1.7)])
def test_an_even_course_is_told_closely(kind: str, error: float, width: float) -> None:
    counted = score(kind, 100, seed=2)
    assert sorted(counted.errors)[len(counted.errors) // 2] < error
    assert sorted(counted.widths)[len(counted.widths) // 2] < width


def test_an_even_growth_is_told_to_the_day() -> None:
    said = forecast(daily(growing), GIB, TODAY)
    # 524 MiB are left, 5 are taken a day.
    assert said.days
    assert said.days.likely == 105
    assert 80 < said.days.early < 105 < said.days.late < 130
    assert (said.pace, said.last_week, said.reason) == (35 * MIB, 35 * MIB, None)


def test_days_are_counted_from_today_on_and_never_back() -> None:
    fresh, aged = (forecast(daily(growing, last=TODAY - timedelta(days=age)), GIB, TODAY) for age in (0, 10))
    assert fresh.days
    assert aged.days == DaysToFull(fresh.days.early - 10, fresh.days.likely - 10, fresh.days.late - 10)
    nearly = forecast(daily(growing, last=TODAY - timedelta(days=10)), 510 * MIB, TODAY)
    assert nearly.days == DaysToFull(0, 0, 0)


REASONS: list[tuple[Reason, Points, int | None]] = [
    (Reason.NO_LIMIT, daily(growing), None),
    (Reason.NO_LIMIT, daily(growing), 0),
    (Reason.NO_LIMIT, [], None),
    (Reason.FULL, daily(growing), 500 * MIB),
    (Reason.FULL, daily(growing, 1), 400 * MIB),
    (Reason.TOO_FEW, [], GIB),
    (Reason.TOO_FEW, daily(lambda _place: None), GIB),
    (Reason.TOO_FEW, daily(growing, 18), GIB),
    (Reason.STALE, daily(growing, last=TODAY - timedelta(days=15)), GIB),
    (Reason.STEP, daily(lambda place: growing(place) + 200 * MIB * (place > -3)), GIB),
    (Reason.STEP, daily(lambda place: growing(place) - 200 * MIB * (place > -3)), GIB),
    (Reason.STEP, daily(lambda place: growing(place) + 100 * MIB * (place > -20) + 90 * MIB * (place > -40)), GIB),
    (Reason.CHANGED, by_weeks(2, 4, 2, 4, 2, 4, 7, 7), GIB),
    (Reason.SHRINKING, daily(lambda place: growing(-place)), GIB),
    (Reason.STEADY, daily(lambda _place: 500 * MIB), GIB),
    (Reason.STEADY, daily(lambda _place: 0), GIB),
    (Reason.FAR, daily(growing), 5 * GIB),
    (Reason.UNEVEN, by_weeks(0, 9, 0, 1, 7, 0, 9, 1), GIB),
]


@pytest.mark.parametrize(("reason", "points", "limit"), REASONS)
def test_where_nothing_can_be_said_the_reason_is(reason: Reason, points: Points, limit: int | None) -> None:
    said = forecast(points, limit, TODAY)
    assert (said.reason, said.days) == (reason, None)


def test_every_reason_is_said_in_words() -> None:
    assert len({in_words(reason) for reason in Reason}) == len(Reason)


def test_without_a_limit_growth_is_told_all_the_same() -> None:
    assert forecast(daily(growing), None, TODAY, unlimited=True) == Forecast(
        35 * MIB, 35 * MIB, reason=Reason.UNLIMITED
    )


@pytest.mark.parametrize("size", [150 * MIB, -150 * MIB])
def test_what_was_imported_or_cleaned_up_a_while_ago_is_no_growth(size: int) -> None:
    said = forecast(daily(lambda place: growing(place) + size * (place > -30) - size), GIB, TODAY)
    assert said.pace == 35 * MIB
    assert said.days
    assert said.days.likely == 105


def test_a_week_ago_tells_of_the_last_week_though_days_are_missing() -> None:
    points = [point for point in daily(growing, 20) if point[0] not in {TODAY - timedelta(days=age) for age in (6, 7)}]
    assert forecast(points, GIB, TODAY).last_week == 35 * MIB
    assert forecast(points[-2:], GIB, TODAY).last_week is None


@pytest.mark.parametrize(
    ("days", "chosen"),
    [
        ([], []),
        ([100], [100]),
        (range(1, 101), range(100 - 7 * WEEKS, 101, 7)),
        # Where a day is missing, the nearest within three; where all those are missing too, none.
        ([85, 91, 94, 95, 100], [85, 94, 100]),
        ([86, 97, 100], [86, 100]),
        ([79, 86, 92, 100], [79, 86, 92, 100]),
    ],
)
def test_one_day_a_week_is_chosen(days: Sequence[int], chosen: Sequence[int]) -> None:
    assert [days[place] for place in picked(days)] == list(chosen)


def test_unknown_days_are_left_out_of_the_quick_way_too() -> None:
    days = [TODAY.toordinal() - 7 * week for week in range(WEEKS, -1, -1)]
    used = [growing(day - TODAY.toordinal()) for day in days]
    whole = project(days, used, GIB, TODAY.toordinal())
    holed = project(days, [None, *used[1:5], None, *used[6:]], GIB, TODAY.toordinal())
    assert whole.days
    assert holed.days
    assert (holed.pace, holed.days.likely) == (whole.pace, whole.days.likely)
