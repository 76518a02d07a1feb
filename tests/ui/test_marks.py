"""Marks, which know nothing of widgets."""

from mailtui.ui.marks import Marks


def marks_of(*ids: str) -> Marks:
    """Give marks on some accounts."""
    marks = Marks()
    marks.add(ids)
    return marks


def test_they_keep_the_order_in_which_they_were_made() -> None:
    marks = marks_of("c", "a")
    marks.add(["b", "a"])
    assert list(marks) == ["c", "a", "b"]


def test_a_toggled_account_is_marked_and_then_not() -> None:
    marks = Marks()
    marks.toggle("a")
    assert "a" in marks
    marks.toggle("a")
    assert "a" not in marks


def test_inverting_touches_only_the_accounts_given() -> None:
    marks = marks_of("a", "z")
    marks.invert(["a", "b"])
    assert set(marks) == {"b", "z"}


def test_cleared_marks_come_back_when_cleared_again() -> None:
    marks = marks_of("a", "b")
    marks.clear()
    assert not marks
    assert marks.can_clear
    marks.clear()
    assert list(marks) == ["a", "b"]


def test_marks_taken_from_what_is_done_come_back_too() -> None:
    marks = marks_of("a", "b")
    marks.discard(["a", "other"])
    assert list(marks) == ["b"]
    marks.clear()
    marks.clear()
    assert list(marks) == ["b"]


def test_discarding_all_can_be_taken_back() -> None:
    marks = marks_of("a", "b")
    marks.discard(["a", "b"])
    marks.clear()
    assert list(marks) == ["a", "b"]


def test_nothing_was_ever_marked_so_nothing_can_be_cleared() -> None:
    assert not Marks().can_clear
