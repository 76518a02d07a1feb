"""Marks and sets of rows, which know nothing of widgets."""

import random

import pytest

from mailtui.ui.marks import Marks
from mailtui.ui.row_set import RowSet


def marks_on(*rows: int) -> Marks:
    """Give marks on some rows."""
    marks = Marks()
    marks.add(RowSet.of(rows))
    return marks


def marked(marks: Marks) -> list[int]:
    """Give the marked rows."""
    return list(marks.rows.rows)


@pytest.mark.parametrize("rows", [[], [0], [7], [5, 3, 9], [1_000_000, 999_000], list(range(300, 100, -1))])
def test_a_set_holds_its_rows_in_the_order_of_their_numbers(rows: list[int]) -> None:
    found = RowSet.of(rows)
    assert list(found) == sorted(rows)
    assert len(found) == len(rows)
    assert all(row in found for row in rows)
    assert max(rows, default=0) + 1 not in found


def test_sets_are_combined_as_sets_are() -> None:
    chance = random.Random(3)
    for _time in range(200):
        ones, others = (
            {chance.randrange(offset, offset + 90) for _ in range(chance.randrange(40))}
            for offset in (chance.randrange(200), chance.randrange(200))
        )
        left, right = RowSet.of(list(ones)), RowSet.of(list(others))
        assert set(left | right) == ones | others
        assert set(left ^ right) == ones ^ others
        assert set(left - right) == ones - others


def test_a_million_rows_take_a_bit_each() -> None:
    everybody = RowSet.of(range(50_000_000, 51_000_000))
    assert len(everybody) == 1_000_000
    assert everybody.bits.bit_length() == 1_000_000


def test_a_row_that_is_inverted_is_marked_and_then_not() -> None:
    marks = Marks()
    marks.invert(RowSet.of([3]))
    assert 3 in marks
    marks.invert(RowSet.of([3]))
    assert 3 not in marks


def test_inverting_touches_only_the_rows_given() -> None:
    marks = marks_on(1, 9)
    marks.invert(RowSet.of([1, 2]))
    assert marked(marks) == [2, 9]


def test_cleared_marks_come_back_when_cleared_again() -> None:
    marks = marks_on(1, 2)
    marks.clear()
    assert not marks
    assert marks.can_clear
    marks.clear()
    assert marked(marks) == [1, 2]


def test_marks_taken_from_what_is_done_come_back_too() -> None:
    marks = marks_on(1, 2)
    marks.discard(RowSet.of([1, 8]))
    assert marked(marks) == [2]
    marks.clear()
    marks.clear()
    assert marked(marks) == [2]


def test_discarding_all_can_be_taken_back() -> None:
    marks = marks_on(1, 2)
    marks.discard(RowSet.of([1, 2]))
    marks.clear()
    assert marked(marks) == [1, 2]


def test_discarding_what_is_not_marked_changes_nothing() -> None:
    marks = marks_on(5)
    marks.discard(RowSet.of([1]))
    marks.clear()
    marks.clear()
    assert marked(marks) == [5]


def test_nothing_was_ever_marked_so_nothing_can_be_cleared() -> None:
    assert not Marks().can_clear
