"""The tables of keys: every key has a name and a help, and none is one that a terminal keeps for itself."""

from dataclasses import replace

from mailtui.desk import Desk
from mailtui.plans.catalogue import TASKS
from mailtui.ui import keys
from mailtui.ui.keys import Key
from mailtui.ui.screens.main import ALL_KEYS
from tests.ui.conftest import opened
from tests.ui.hands import Hands

TABLES = [table for table in vars(keys).values() if isinstance(table, tuple) and table and isinstance(table[0], Key)]
# Of the design's section 9, up to "Later", but for those that come with a later issue.
DESIGNED = {
    "up", "down", "left", "right", "j", "k", "h", "l", "g", "G", "pageup", "pagedown", "tab", "shift+tab", "1", "2",
    "3", "enter", "escape", "/", "?", "f1", "space", "V", "*", "!", "U", "p", "x", "e", "=", "Q", "o", "O", "b", "u",
    "y", "r", "q", "W",
}  # fmt: skip


def test_the_console_binds_what_the_design_names() -> None:
    assert {name for key in (*ALL_KEYS, *keys.TREE) for name in key.keys} >= DESIGNED


def test_every_key_has_a_name_a_word_and_a_help() -> None:
    for key in [key for table in TABLES for key in table] + list(ALL_KEYS):
        assert key.id
        assert key.title
        assert key.help
        binding = key.binding
        assert (binding.id, binding.tooltip) == (key.id, key.help)


def test_no_key_is_one_that_a_terminal_keeps() -> None:
    taken = {f"ctrl+{letter}" for letter in "sqzab"} | {"ctrl+space", "~"}
    assert not taken & {name for table in TABLES for key in table for name in key.keys}


def test_no_two_things_have_one_key_on_the_main_screen() -> None:
    names = [name for key in ALL_KEYS for name in key.keys]
    assert len(names) == len(set(names))


def test_every_function_key_has_a_letter_beside_it() -> None:
    for table in TABLES:
        for key in table:
            assert not any(name.startswith("f") and name[1:].isdigit() for name in key.keys) or len(key.keys) > 1


def test_tasks_bring_their_own_keys() -> None:
    assert {task.key for task in TASKS} <= {name for key in ALL_KEYS for name in key.keys}


async def test_a_site_may_move_a_key(desk: Desk) -> None:
    desk.config = replace(desk.config, keys={"task.disable": "f8"})
    async with opened(desk) as hands:
        await hands.until(lambda: bool(hands.table.rows), "accounts")
        await hands.press("x")
        assert len(hands.app.screen_stack) == 1
        await hands.press("f8")
        await hands.sees("Disable: ")


async def test_the_help_lists_them_all(hands: Hands) -> None:
    await hands.press("?")
    await hands.sees("Move", "One line up")
    await hands.press("G")
    await hands.sees("asks while marks or a batch are open")
    await hands.press("escape")
    await hands.misses("Keys")


async def test_the_key_bar_leaves_out_keys_that_a_field_takes_as_letters(hands: Hands) -> None:
    await hands.sees("x disable")
    await hands.press("/")
    await hands.misses("x disable")
    await hands.sees("Enter to the list")
