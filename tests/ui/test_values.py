"""What the console makes of values before it shows them: ages, columns, panes, pace, questions to the mirror."""

from datetime import UTC, datetime, timedelta

import pytest

from mailtui.domain.account import Kind, Standing
from mailtui.queries.views import AccountLine, Sort, UnitLine
from mailtui.texts import width
from mailtui.ui import ages
from mailtui.ui.listing import Listing
from mailtui.ui.pace import Pace
from mailtui.ui.widgets import columns
from mailtui.ui.widgets.spans import wrap
from mailtui.ui.widgets.windows import Windows

NOW = datetime(2026, 5, 3, 12, tzinfo=UTC)


def account(row: int = 1, **values: object) -> AccountLine:
    """Give the line of an account."""
    fields: dict[str, object] = {
        "row": row, "id": f"id-{row}", "name": "Ann Lee", "login": "ann", "mail": "ann@example.com",
        "department": "Sales", "kind": Kind.PERSON, "standing": Standing.ACTIVE, "delivery": None,
        "limit_bytes": 10 << 30, "unlimited": False, "used_bytes": 4 << 30, "percent": 40.0, "last_login": None,
    }  # fmt: skip
    return AccountLine(**(fields | values))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        (0, "now"), (59, "now"), (60, "1 min"), (299, "1 min"), (300, "5 min"), (899, "5 min"), (1000, "15 min"),
        (2000, "30 min"), (3600, "1 h"), (3600 * 23, "23 h"), (3600 * 24, "2026-05-02"),
    ],
)  # fmt: skip
def test_ages_go_in_steps(seconds: int, shown: str) -> None:
    assert ages.age(NOW - timedelta(seconds=seconds), NOW) == shown


def test_an_unknown_age_is_no_age() -> None:
    assert ages.age(None) == "?"


@pytest.mark.parametrize("table", [columns.DESK, columns.LENS])
def test_every_line_fills_the_width_exactly(table: tuple[columns.Column, ...]) -> None:
    wide = {"name": "张三李四王五赵六钱七孙八", "percent": 103.4}
    for cells in range(20, 220):
        placed = columns.place(table, cells)
        assert placed[0].column.title == "Name"
        for values in ({}, wide, {"percent": None, "unlimited": True}):
            line = columns.line(placed, account(**values), ("* ", "key"))
            assert sum(width(text) for text, _tone in line) == cells
        heading = columns.heading(placed, Sort.PERCENT, reverse=True)
        assert sum(width(text) for text, _tone in heading) == cells


def test_a_narrow_table_keeps_name_standing_and_quota() -> None:
    assert [one.column.title for one in columns.place(columns.DESK, 45)] == ["Name", "Standing", "Quota"]


@pytest.mark.parametrize(("percent", "tone"), [(0, "good"), (79.9, "good"), (80, "warning"), (95, "bad"), (120, "bad")])
def test_a_use_that_needs_looking_after_is_told_by_tone(percent: float, tone: str) -> None:
    assert columns.level(percent) == tone


def test_a_bar_is_told_without_colour() -> None:
    assert "".join(text for text, _tone in columns.bar(50.0, 15)) == "━━━━━─────  50%"


def test_a_key_alone_after_a_pause_is_an_answer_and_one_of_a_burst_is_not() -> None:
    pace = Pace()
    pace.note(10.0, is_followed=False)
    assert pace.is_answer(since=9)
    assert not pace.is_answer(since=9.8)
    pace.note(10.1, is_followed=False)
    assert not pace.begins_answer(since=9)
    pace.note(10.5, is_followed=True)
    assert pace.begins_answer(since=9)
    assert not pace.is_answer(since=9)


def test_windows_are_read_once_and_let_go_when_far() -> None:
    asked: list[int] = []

    def read(rows: list[int]) -> list[AccountLine]:
        asked.append(rows[0])
        return [account(row) for row in rows if row != 5]

    windows = Windows(read)  # type: ignore[arg-type]
    windows.show(range(1, 10_001))
    assert windows[0] is not None
    assert windows[4] is None
    assert windows[10_000] is None
    assert windows[100] is not None
    assert asked == [1]
    for position in range(0, 10_000, 128):
        windows[position]
    assert windows[0] is not None
    assert asked.count(1) == 2


def test_windows_stay_when_the_list_goes_on() -> None:
    asked: list[int] = []

    def read(rows: list[int]) -> list[AccountLine]:
        asked.append(rows[0])
        return [account(row) for row in rows]

    windows = Windows(read)  # type: ignore[arg-type]
    windows.show(range(1, 201))
    assert windows[0] is not None
    assert windows[199] is not None
    windows.lengthen(range(1, 301))
    assert windows[0] is not None
    assert windows[250] is not None
    assert asked == [1, 129, 129]


def test_text_is_broken_at_blanks_and_where_there_are_none_anywhere() -> None:
    assert wrap("one two three", 7) == ["one two", "three"]
    assert wrap("abcdefghij", 4) == ["abcd", "efgh", "ij"]
    assert wrap("张三李四", 5) == ["张三", "李四"]


def test_the_lens_sorts_the_fullest_first_and_turning_back_undoes_it() -> None:
    lens = Listing().searched("an").through_lens(True)
    assert (lens.view.sort, lens.view.reverse, lens.view.query) == (Sort.PERCENT, True, "an")
    assert lens.through_lens(False) == Listing().searched("an")


def test_sorting_on_comes_back_to_where_it_began() -> None:
    listing = Listing()
    seen = []
    for _turn in range(len(listing.columns) + 1):
        seen.append(listing.view.sort)
        listing = listing.sorted_on()
    assert listing == Listing()
    assert len(set(seen)) == len(seen)


def test_a_unit_names_the_list() -> None:
    listing = Listing().below(UnitLine("id", "Sales", "ou=Sales", 3, False))
    assert listing.title == "Accounts · Sales"
    assert listing.is_other_than(Listing())
    assert not listing.turned_round().is_other_than(listing)
