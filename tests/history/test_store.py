"""What was sampled is told again, for one account and for all; unknown stays unknown, and old samples thin out."""

import random
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from mailtui.domain.forecast import forecast, project
from mailtui.domain.usage import LatestUse, Point, Sample
from mailtui.history.opening import writing
from mailtui.history.pages import ACCOUNTS
from mailtui.history.store import DAILY_DAYS, History
from mailtui.queries.usage import UsageHistory

MONDAY = date(2026, 11, 16)
NOON = datetime(2026, 11, 16, 12, tzinfo=UTC)
GIB = 1 << 30


def days(number: int, last: date = MONDAY) -> list[date]:
    return [last - timedelta(days=number - 1 - place) for place in range(number)]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "history.db"


@pytest.fixture
def history(path: Path) -> Iterator[History]:
    with closing(History(path)) as opened:
        yield opened


@pytest.fixture
def told(path: Path) -> Iterator[UsageHistory]:
    with closing(UsageHistory(path)) as opened:
        yield opened


def use(points: Sequence[Point]) -> list[int | None]:
    return [point.used_bytes for point in points]


def test_what_was_sampled_is_told_again_in_the_order_of_days(history: History, told: UsageHistory) -> None:
    for day in (MONDAY, MONDAY - timedelta(days=1), MONDAY + timedelta(days=9), MONDAY + timedelta(days=2)):
        size = day.toordinal() << 20
        history.record(day, [Sample("a", size, size >> 16, GIB), Sample("b", 0, 0, unlimited=True), Sample("c", 7)])
    expected = [MONDAY + timedelta(days=distance) for distance in (-1, 0, 2, 9)]
    assert [point.day for point in told.series("a")] == expected
    newest = MONDAY + timedelta(days=9)
    assert told.series("a")[-1] == Point(newest, newest.toordinal() << 20, newest.toordinal() << 4, GIB)
    assert told.series("b", MONDAY + timedelta(days=7)) == (Point(newest, 0, 0, unlimited=True),)
    assert told.series("c")[0] == Point(expected[0], 7)
    assert told.series("nobody") == ()


def test_unknown_is_never_zero(history: History, told: UsageHistory) -> None:
    history.record(MONDAY, [Sample("a", None, 3), Sample("b", 0, limit_bytes=0), Sample("c", -1), Sample("d", 1 << 80)])
    latest = told.latest(MONDAY)
    assert told.series("a") == ()
    assert latest["a"] == latest["c"] == latest["d"] == LatestUse()
    assert latest["b"].point == Point(MONDAY, 0)
    assert told.weekly(MONDAY).used == {"a": (None,), "b": (0,), "c": (None,), "d": (None,)}


def test_the_later_sample_of_a_day_counts_but_for_what_it_does_not_know(history: History, told: UsageHistory) -> None:
    history.record(MONDAY, [Sample("a", 10, 1, GIB), Sample("b", 20)])
    assert history.record(MONDAY, [Sample("a", 11, None)]) == 1
    assert told.series("a") == (Point(MONDAY, 11, 1, GIB),)
    assert use(told.series("b")) == [20]


def test_the_latest_log_in_is_kept_whatever_is_told_later(history: History, told: UsageHistory) -> None:
    for distance, login in ((0, NOON), (1, None), (2, NOON - timedelta(days=30))):
        history.record(MONDAY + timedelta(days=distance), [Sample("a", 1, last_login=login), Sample("b", 1)])
    latest = told.latest(MONDAY)
    assert latest["a"].last_login == NOON
    assert latest["b"].last_login is None


def test_the_last_that_is_known_may_be_older_than_the_last_sample(history: History, told: UsageHistory) -> None:
    history.record(MONDAY - timedelta(days=8), [Sample("a", 5), Sample("long-ago", 5)])
    history.record(MONDAY, [Sample("a", None), Sample("b", 6)])
    latest = told.latest(MONDAY - timedelta(days=10))
    assert latest["a"].point == Point(MONDAY - timedelta(days=8), 5)
    assert latest["b"].point == Point(MONDAY, 6)
    assert told.latest(MONDAY)["long-ago"] == LatestUse()


def test_a_sample_a_day_is_kept_for_ninety_days_and_one_a_week_of_what_is_older(
    history: History, told: UsageHistory
) -> None:
    both = {day: [Sample("a", place), Sample("b", 2 * place)] for place, day in enumerate(days(150))}
    # On Sundays only one of them could be asked.
    history.backfill({day: both[day][: 1 if day.weekday() == 6 else 2] for day in both})
    assert history.thin(MONDAY) == 9
    assert history.thin(MONDAY) == 0
    kept = [point.day for point in told.series("b")]
    cut = MONDAY - timedelta(days=DAILY_DAYS)
    cut -= timedelta(days=cut.weekday())  # a week is thinned once all of it is old
    asked = [day for day in days(150) if day.weekday() != 6]
    # The fullest day of a week stays, the later of equals.
    assert kept == [day for day in asked if day >= cut or day.weekday() == 5]
    assert use(told.series("b")) == [2 * days(150).index(day) for day in kept]


def test_who_is_gone_is_forgotten_and_a_newcomer_inherits_nothing(history: History, told: UsageHistory) -> None:
    for place, day in enumerate(days(30)):
        history.record(day, [Sample("stays", place), *([Sample("goes", 9, last_login=NOON)] if place < 5 else [])])
    assert history.forget(days(30)[3]) == 0
    assert history.forget(days(30)[5]) == 1
    assert told.series("goes") == ()
    assert set(told.latest(MONDAY)) == {"stays"}
    history.record(MONDAY, [Sample("new")])
    assert told.series("new") == ()
    assert told.latest(days(30)[0])["new"] == LatestUse()
    assert use(told.series("stays")) == list(range(30))


def test_one_that_is_sampled_but_cannot_be_read_is_not_gone(history: History, told: UsageHistory) -> None:
    history.record(MONDAY - timedelta(days=99), [Sample("a", 1)])
    history.record(MONDAY, [Sample("a", None)])
    assert history.forget(MONDAY) == 0
    assert use(told.series("a")) == [1]


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, list[int | None]]]:
    """More accounts than a page has, with 100 days of what they used; some days nobody asked, some nobody knew."""
    path = tmp_path_factory.mktemp("company") / "history.db"
    dice = random.Random(4)
    known: dict[str, list[int | None]] = {f"id-{place}": [] for place in range(120)}
    with closing(History(path)) as history:
        # Half of them are in the second page.
        others = [Sample(f"other-{place}", 1) for place in range(ACCOUNTS - 60)]
        history.record(days(101)[0], [*map(Sample, list(known)[:60]), *others, *map(Sample, list(known)[60:])])
        by_day: dict[date, list[Sample]] = {}
        for place, day in enumerate(days(100)):
            for sizes in known.values():
                grown = (next((size for size in sizes[::-1] if size is not None), GIB)) + dice.randrange(1 << 23)
                sizes.append(None if place % 31 == 0 or dice.random() < 0.05 else grown)
            if place % 31:
                by_day[day] = [Sample(name, sizes[-1], limit_bytes=2 * GIB) for name, sizes in known.items()]
        assert history.backfill(by_day) == 96 * 120
    return path, known


def test_series_of_many_are_told_one_by_one(company: tuple[Path, dict[str, list[int | None]]]) -> None:
    path, known = company
    with closing(UsageHistory(path)) as told:
        for name in list(known)[::10]:
            sizes = dict(zip(days(100), known[name], strict=True))
            assert {point.day: point.used_bytes for point in told.series(name)} == {
                day: size for day, size in sizes.items() if size is not None
            }


def test_what_is_told_of_all_at_once_is_what_is_told_of_each(company: tuple[Path, dict[str, list[int | None]]]) -> None:
    path, known = company
    with closing(UsageHistory(path)) as told:
        weekly, latest = told.weekly(MONDAY), told.latest(days(100)[80])
        assert set(weekly.used) == set(latest) > set(known)
        assert len(weekly.days) == 13
        likely = []
        for name in known:
            series = told.series(name)
            assert latest[name].point == series[-1]
            by_day = {point.day.toordinal(): point.used_bytes for point in series}
            assert weekly.used[name] == tuple(by_day.get(day) for day in weekly.days)
            one = forecast([(point.day, point.used_bytes) for point in series], 2 * GIB, MONDAY)
            quick = project(weekly.days, weekly.used[name], 2 * GIB, MONDAY.toordinal())
            if None not in weekly.used[name]:
                assert quick == one
            elif quick.days and one.days:
                likely.append(quick.days.likely / one.days.likely)
        # Where a day of theirs is unknown, the week of it is left out, which tells nearly the same.
        assert len(likely) > 20
        assert all(0.7 < ratio < 1.4 for ratio in likely)
        assert sum(0.95 < ratio < 1.05 for ratio in likely) > 0.9 * len(likely)


def test_what_does_not_change_costs_next_to_nothing(path: Path, history: History) -> None:
    dice = random.Random(1)
    sizes = [dice.randrange(GIB) for _account in range(ACCOUNTS)]
    history.record(MONDAY, [Sample(str(place), size, 100) for place, size in enumerate(sizes)])
    first = spent(path)
    for distance in (1, 2, 3):
        day = MONDAY + timedelta(days=distance)
        history.record(day, [Sample(str(place), size, 100) for place, size in enumerate(sizes)])
    assert first < 6 * ACCOUNTS
    # In three days.
    assert spent(path) - first < ACCOUNTS / 3
    day = MONDAY + timedelta(days=4)
    history.record(day, [Sample(str(place), size + dice.randrange(1 << 23)) for place, size in enumerate(sizes)])
    assert spent(path) - first < 5 * ACCOUNTS


def spent(path: Path) -> int:
    with closing(sqlite3.connect(path)) as connection:
        size: int = connection.execute(
            "SELECT sum(length(used) + length(messages) + length(limits)) FROM page"
        ).fetchone()[0]
    return size


def test_a_reader_is_not_kept_waiting_and_sees_nothing_half(path: Path, history: History, told: UsageHistory) -> None:
    history.record(MONDAY, [Sample("a", 1)])
    with writing(history._engine, path) as connection:
        connection.exec_driver_sql("DELETE FROM page")
        assert use(told.series("a")) == [1]
    assert told.series("a") == ()
