"""Marks on the screen: they survive whatever is done to the list."""

import asyncio
from threading import Event

from mailtui.desk import Desk
from mailtui.ui.screens.marking import Marking
from tests.ui.hands import Hands


async def test_marks_survive_filter_sort_lens_and_refresh(hands: Hands) -> None:
    await hands.press("space", "space", "space")
    await hands.sees("3 marked")
    ids = hands.marked
    await hands.press("/")
    await hands.write("zz")
    await hands.sees("3 hidden by the filter")
    await hands.press("escape", "escape", "o", "O", "Q", "escape", "Q", "r", "1", "2", "escape", "escape")
    await hands.sees("3 marked")
    assert hands.marked == ids
    await hands.misses("hidden")


async def test_space_marks_and_moves_on_and_unmarks(hands: Hands) -> None:
    await hands.press("space")
    assert hands.table.cursor == 1
    await hands.until(lambda: len(hands.marked) == 1, "a mark")
    await hands.press("k", "space")
    await hands.until(lambda: not hands.marked, "no mark")


async def test_a_range_is_marked_whole(hands: Hands) -> None:
    await hands.press("j", "V", "j", "j", "j")
    await hands.press("space")
    await hands.until(lambda: len(hands.marked) == 4, "four marks")
    await hands.press("V", "j", "escape", "space")
    await hands.until(lambda: len(hands.marked) == 5, "one more: the range was dropped")


async def test_all_that_the_filter_shows_is_marked_and_inverted(hands: Hands) -> None:
    everybody = len(hands.table.rows)
    await hands.press("/")
    await hands.write("is:active")
    await hands.press("enter")
    await hands.sees(" of ")
    shown = len(hands.table.rows)
    await hands.press("*")
    await hands.until(lambda: len(hands.marked) == shown, "all marked")
    await hands.press("escape")
    await hands.shows(everybody)
    await hands.press("!")
    await hands.until(lambda: len(hands.marked) == everybody - shown, "the others marked")


async def test_clearing_twice_brings_the_marks_back(hands: Hands) -> None:
    await hands.press("space", "space", "U")
    await hands.until(lambda: not hands.marked, "no marks")
    await hands.press("U")
    await hands.until(lambda: len(hands.marked) == 2, "the marks")


async def test_escape_never_takes_marks(hands: Hands) -> None:
    await hands.press("space", *["escape"] * 10)
    assert len(hands.marked) == 1


async def test_the_task_is_for_the_marked_or_else_for_the_one_at_hand(hands: Hands) -> None:
    marking = hands.find(Marking)
    assert hands.table.account is not None
    assert await marking.choose()() == [hands.table.account.id]
    assert marking.who == hands.table.account.name
    await hands.press("space", "j", "space")
    await hands.until(lambda: len(hands.marked) == 2, "two marks")
    assert await marking.choose()() == list(hands.marked)
    assert marking.who == "2 marked accounts"


async def test_the_dialog_says_how_many_the_filter_hides(hands: Hands) -> None:
    await hands.press("space", "space")
    await hands.press("/")
    await hands.write("zz")
    await hands.sees("2 hidden by the filter")
    await hands.press("down", "x")
    await hands.sees("2 of them are hidden by the filter")
    await hands.press("enter")
    await hands.sees("2 of the marked accounts are hidden by the filter")


async def test_people_can_be_marked_when_somebody_else_renewed_the_mirror(hands: Hands, desk: Desk) -> None:
    before = hands.table.rows
    await asyncio.to_thread(lambda: desk.sync(lambda _progress: None, Event(), is_full=True))
    await hands.until(lambda: hands.table.rows != before, "the list made anew")
    await hands.press("space")
    await hands.sees("1 marked")
    assert hands.table.rows


async def test_what_is_no_search_finds_nobody_to_mark(hands: Hands) -> None:
    await hands.press("/")
    await hands.write("quota>abc")
    await hands.until(lambda: not hands.table.rows, "an empty list")
    await hands.press("enter", "*")
    await hands.misses("marked")
