"""Whoever falls asleep on the keyboard changes nothing."""

import random
import string
from time import monotonic

from textual import events
from textual.keys import _character_to_key

from mailtui.desk import Desk
from tests.ui.hands import Hands

NUMBER = 20_000
BURST = 40
# What a keyboard repeats at; stalls of the machine that runs the test are no pauses of the sleeper.
REPEAT_S = 0.03
NAMED = (
    "up", "down", "left", "right", "pageup", "pagedown", "home", "end", "enter", "escape", "tab", "shift+tab",
    "space", "backspace", "delete", "f1", "f5", "ctrl+c", "ctrl+q", "ctrl+s", "ctrl+z", "ctrl+a", "ctrl+u", "insert",
)  # fmt: skip
# All that the console binds, but for q, which may leave without asking, and W, after which nothing could be changed.
BOUND = "jkhlgG/*!UVpxe=QoObuyr123?"


def random_key(chance: random.Random) -> events.Key:
    """Give a key: a bound one, a named one, or any that prints."""
    kind = chance.random()
    if kind < 0.35:
        name = chance.choice(NAMED)
        return events.Key(name, {"space": " ", "enter": "\r", "tab": "\t"}.get(name))
    character = chance.choice(BOUND if kind < 0.8 else string.printable[:94].translate(str.maketrans("", "", "qW")))
    return events.Key(_character_to_key(character), character)


def everything(desk: Desk) -> dict[str, dict[str, tuple[bytes, ...]]]:
    """Read the whole directory, operational attributes and all."""
    with desk.connected() as directory:
        entries = directory.search(desk.directory_config.base, "(objectClass=*)", ["*", "+"])
        return {entry.dn: dict(entry.attributes) for entry in entries}


async def test_20000_random_keys_never_change_the_directory(hands: Hands, desk: Desk) -> None:
    before = everything(desk)
    chance = random.Random(20_000)
    screens = set()
    moment = monotonic()
    for _burst in range(NUMBER // BURST):
        for _key in range(BURST):
            key = random_key(chance)
            key.time = moment = moment + REPEAT_S
            hands.app.post_message(key)
        await hands.until(lambda: not hands.app.message_queue_size, "the keys to be taken")
        screens.add(type(hands.app.screen).__name__)
    await hands.until(lambda: hands.app.screen.is_mounted and not hands.app.screen.message_queue_size, "the last keys")
    assert hands.app.is_running, "it ended"
    assert {"MainScreen", "FormDialog", "HelpScreen", "BatchesScreen", "PasteDialog"} <= screens
    assert desk.batches() == []
    after = everything(desk)
    binding = {"authtimestamp", "pwdlastsuccess"}
    assert {dn: {k: v for k, v in e.items() if k not in binding} for dn, e in after.items()} == {
        dn: {k: v for k, v in e.items() if k not in binding} for dn, e in before.items()
    }
