"""All that can be done is found by typing, and done as its key would."""

from collections.abc import AsyncIterator

import pytest
from textual import events

from mailtui.desk import Desk
from mailtui.texts import width
from mailtui.ui.dialogs.form import FormDialog
from mailtui.ui.dialogs.palette import PaletteDialog
from mailtui.ui.screens.batches import BatchesScreen
from mailtui.ui.screens.help import HelpScreen
from tests.ui.conftest import opened
from tests.ui.hands import Hands


@pytest.fixture(params=[(80, 24), (120, 40)], ids=["80x24", "120x40"])
async def hands(desk: Desk, request: pytest.FixtureRequest) -> AsyncIterator[Hands]:
    """Hands on a console of two sizes, the accounts shown."""
    async with opened(desk, request.param) as hands:
        await hands.until(lambda: bool(hands.table.rows), "accounts in the table")
        yield hands


async def test_a_task_without_a_key_is_done_by_its_name(hands: Hands, desk: Desk) -> None:
    await hands.press(":")
    await hands.sees("Commands", "Disable", "Take away the log-in")
    await hands.write("unlock")
    await hands.press("enter")
    await hands.sees("Unlock: ", "Administrative", "Ticket")
    await hands.press("enter")
    await hands.sees("There is nothing to change")
    assert desk.batches() == []


async def test_arrows_choose_and_esc_closes(hands: Hands) -> None:
    await hands.press(":", "down", "down", "up", "enter")
    await hands.sees("Enable: ")
    await hands.press("escape")
    await hands.misses("Enable: ")
    await hands.press(":", "pagedown")
    await hands.sees("Commands")
    await hands.press("escape")
    await hands.misses("Commands")
    assert len(hands.app.screen_stack) == 1


async def test_screens_are_opened_as_by_their_keys(hands: Hands) -> None:
    for typed, screen in (("help", HelpScreen), ("batches", BatchesScreen)):
        await hands.press(":", *typed, "enter")
        await hands.until(lambda screen=screen: isinstance(hands.app.screen, screen), typed)  # type: ignore[misc]
        await hands.press("escape")
        await hands.until(lambda: hands.app.screen is hands.main, "the first screen")
    await hands.press(":", *"search", "enter")
    await hands.until(lambda: hands.app.focused is not None and hands.app.focused.id == "search", "the search box")
    await hands.press("enter", ":", *"mark all", "enter")
    await hands.until(lambda: len(hands.marked) == len(hands.table.rows), "all marked")
    await hands.press(":", *"quotas", "enter")
    await hands.sees("2 Quotas")


async def test_what_cannot_be_done_stays_and_says_why(hands: Hands) -> None:
    await hands.press("space", "space", ":", *"main addr")
    await hands.sees("one account at a time, 2 are marked")
    await hands.press("enter")
    await hands.sees("Main address: one account at a time, 2 are marked.")
    assert isinstance(hands.app.screen, PaletteDialog)
    await hands.press(*["backspace"] * 9, *"undo", "enter")
    await hands.sees("Undo: there is nothing that you may undo.")
    await hands.press(*"xyzzy", "enter")
    await hands.sees("There is no such command.")


async def test_nothing_is_cut_without_an_ellipsis(hands: Hands) -> None:
    await hands.press(":")
    await hands.sees("Commands")
    screen = hands.screen().splitlines()
    assert all(width(line) <= hands.app.size.width for line in screen)
    palette = hands.app.screen
    assert isinstance(palette, PaletteDialog)
    shown = [line for line in screen if any(f" {command.title} " in line for command in palette._table)]
    assert len(shown) > 10
    for line in shown:
        whole = any(command.summary in line for command in palette._table)
        assert whole or line.strip("│ ▁▂▃▄▅▆▇█").endswith("…"), line


async def test_leaving_and_read_only_are_asked_about(hands: Hands) -> None:
    await hands.press(":", *"quit", "enter")
    await hands.sees("Leave mailtui?")
    await hands.answer("n")
    await hands.press(":", *"read-only", "enter")
    await hands.sees("Let nothing be changed from now on?")
    await hands.answer("n")
    await hands.misses("from now on?")
    assert hands.main._errands.can_write
    await hands.press(":", *"read-only", "enter")
    await hands.sees("Let nothing be changed from now on?")
    await hands.answer("y")
    await hands.until(lambda: not hands.main._errands.can_write, "read-only")
    await hands.press(":", *"disable", "enter")
    await hands.sees("Disable: read-only.")


async def test_what_is_typed_ahead_goes_to_the_form_and_confirms_nothing(hands: Hands, desk: Desk) -> None:
    await hands.press(":", *"disable", "enter", *"HD-1", "enter", "y", "enter")
    await hands.until(lambda: not hands.app._typed, "the keys to be taken")  # type: ignore[attr-defined]
    await hands.sees("Disable: ")
    assert desk.batches() == []


async def test_a_pasted_text_is_only_searched_for(hands: Hands) -> None:
    await hands.press(":")
    await hands.sees("Commands")
    hands.app.post_message(events.Paste("delete\ny\n"))
    await hands.sees(": delete")
    await hands.pilot.pause()
    assert isinstance(hands.app.screen, PaletteDialog)
    await hands.press("enter")
    await hands.until(lambda: isinstance(hands.app.screen, FormDialog), "the form")
