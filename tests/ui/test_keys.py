"""The tables of keys: every key has a name and a help, and none is one that a terminal keeps for itself."""

from dataclasses import replace

import pytest

from mailtui.desk import Desk
from mailtui.errors import ConfigError
from mailtui.plans.catalogue import TASKS
from mailtui.texts import width
from mailtui.ui import keymap, keys
from mailtui.ui.keys import Key
from mailtui.ui.screens.help import help_lines
from mailtui.ui.task_keys import ALL_KEYS
from tests.ui.conftest import opened
from tests.ui.hands import Hands

TABLES = [table for table in vars(keys).values() if isinstance(table, tuple) and table and isinstance(table[0], Key)]
# Of the design's section 9, up to "Later", but for those that come with a later issue.
DESIGNED = {
    "up", "down", "left", "right", "j", "k", "h", "l", "g", "G", "pageup", "pagedown", "tab", "shift+tab", "1", "2",
    "3", "enter", "escape", "/", "?", "f1", "space", "V", "*", "!", "U", "p", "x", "e", "=", "Q", "o", "O", "b", "u",
    "y", "r", "q", "W", ":", "w", "i",
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
    assert {task.key for task in TASKS if task.key} <= {name for key in ALL_KEYS for name in key.keys}


async def test_a_site_may_move_a_key(desk: Desk) -> None:
    desk.config = replace(desk.config, keys={"task.disable": "f8"})
    async with opened(desk) as hands:
        await hands.until(lambda: bool(hands.table.rows), "accounts")
        await hands.press("x")
        assert len(hands.app.screen_stack) == 1
        await hands.press("f8")
        await hands.sees("Disable: ")


async def test_the_help_and_the_key_bar_show_the_sites_own_keys(desk: Desk) -> None:
    desk.config = replace(desk.config, keys={"task.disable": "f8", "batch.retry": "T", "show.help": "ctrl+x"})
    async with opened(desk) as hands:
        await hands.sees("F8 disable", "Ctrl-X keys")
        await hands.press("ctrl+x", "pagedown")
        await hands.sees("F8      ")
        await hands.press("escape", "b")
        await hands.sees("Nothing was done yet")
        await hands.press("ctrl+x")
        await hands.sees("T       Send the failed rows")
        await hands.press("G")
        await hands.sees("Ctrl-X  All keys")


def test_an_own_key_for_what_is_not_there_is_refused_with_the_nearest_names() -> None:
    with pytest.raises(ConfigError, match=r"task\.disabel is not known") as refused:
        keymap.check({"task.disabel": "f8"}, ALL_KEYS)
    assert "“task.disable”" in refused.value.hint


def test_an_own_key_that_is_none_or_taken_is_refused() -> None:
    for own, why in (
        ({"task.disable": ""}, "task.disable has no key"),
        ({"task.disable": "u"}, "undo.last have one key, u"),
        ({"batch.stop": "p"}, "batch.pause have one key, p"),
    ):
        with pytest.raises(ConfigError, match=why):
            keymap.check(own, ALL_KEYS)


def test_own_keys_may_change_places() -> None:
    keymap.check({"task.disable": "u", "undo.last": "x", "batch.stop": "p,X", "batch.pause": "s"}, ALL_KEYS)
    keymap.check({key.id: key.keys[0] for table in (*TABLES, ALL_KEYS) for key in table}, ALL_KEYS)


async def test_the_help_lists_them_all(hands: Hands) -> None:
    await hands.press("?")
    await hands.sees("Move", "One line up")
    await hands.press("G")
    await hands.sees("asks while marks or a batch are open")
    await hands.press("escape")
    await hands.misses("Keys")


def test_a_help_that_is_longer_than_the_line_goes_on_below() -> None:
    key = keys.MAIN[0]
    first, *rest = ["".join(text for text, _tone in line) for line in help_lines((key,), frozenset(), 30)[1:]]
    assert first.startswith(key.shown)
    assert rest
    assert all(width(line) <= 30 for line in (first, *rest))
    assert " ".join(" ".join((first, *rest)).split()) == f"{key.shown} {key.help}"


async def test_the_key_bar_leaves_out_keys_that_a_field_takes_as_letters(hands: Hands) -> None:
    await hands.sees("x disable")
    await hands.press("/")
    await hands.misses("x disable")
    await hands.sees("Enter to the list")


async def test_texts_that_name_keys_name_the_sites_own(desk: Desk) -> None:
    own = {"mark.toggle": "f7", "leave.back": "f9", "pane.tree": "4", "plan.confirm": "n", "passwords.close": "f6"}
    desk.config = replace(desk.config, keys=own)
    async with opened(desk) as hands:
        await hands.until(lambda: bool(hands.table.rows), "accounts")
        await hands.sees("4 Units", "2 Accounts")
        await hands.press("V", "down")
        await hands.sees("F7 marks it, F9 drops it")
        await hands.press("f9", "e")
        await hands.sees("Ticket")
        await hands.press("escape", "P")
        await hands.sees("Ticket")
        await hands.press("enter")
        await hands.sees("Press n to do it")
