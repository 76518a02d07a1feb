"""What goes over the line is the same picture that Textual would paint, in a fraction of the bytes."""

import random
from typing import Any

import pyte
import pytest
from textual._compositor import ChopsUpdate, LayoutUpdate

from mailtui.desk import Desk
from mailtui.runner.front import Runner
from mailtui.ui.console import Console
from mailtui.ui.terminal.painting import Painting
from mailtui.ui.terminal.shadow import Patch, Shadow
from tests.ui.hands import Hands

KEYS = (
    "down", "up", "pagedown", "pageup", "g", "G", "tab", "shift+tab", "1", "2", "3", "/", "escape", "enter", "space",
    "*", "U", "o", "O", "Q", "x", "=", "i", "w", "b", ":", "question_mark", "j", "k", "h", "l", "z", "a", "n", "T",
    "ctrl+l", *["escape"] * 12,
)  # fmt: skip


class Twice(Console):
    """A console that paints each update on two terminals: as Textual does it, and as we do."""

    def watch_over(self, width: int, height: int, term: str) -> None:
        """Begin."""
        self.stock, self.ours = pyte.Screen(width, height), pyte.Screen(width, height)
        self._stock_line, self._our_line = pyte.Stream(self.stock), pyte.Stream(self.ours)
        self.our_painting = Painting("256", term)
        self.frames, self.stock_bytes, self.our_bytes = 0, 0, 0
        self.differences: list[str] = []

    def _display(self, screen: Any, renderable: Any) -> None:
        if isinstance(renderable, LayoutUpdate | ChopsUpdate) and not self._batch_count:
            frame = self.our_painting.frame(renderable, self.screen.outer_size, self.cursor_position)
            sent = renderable.render_segments(self.console)
            self._stock_line.feed(sent.replace("\n", "\r\n"))
            self._our_line.feed(frame)
            self.frames += 1
            self.stock_bytes += len(sent.encode())
            self.our_bytes += len(frame.encode())
            self._compare()
        super()._display(screen, renderable)

    def _compare(self) -> None:
        for row, (stock, ours) in enumerate(zip(_rows(self.stock), _rows(self.ours), strict=True)):
            if stock != ours and len(self.differences) < 5:
                self.differences.append(f"frame {self.frames}, row {row}:\n{stock}\n{ours}")


def _rows(screen: pyte.Screen) -> list[list[tuple[str, ...]]]:
    return [[_cell(screen.buffer[row][column]) for column in range(screen.columns)] for row in range(screen.lines)]


def _cell(char: Any) -> tuple[str, ...]:
    looks = (char.bg, str(char.reverse), str(char.underscore))
    # Of a blank nobody sees its colour, nor whether it is bold.
    return (char.data, *looks) if not char.data.strip() else (char.data, char.fg, str(char.bold), *looks)


@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=["80x24", "120x40"])
async def test_random_keys_paint_the_same_cells_as_textual_in_a_fifth_of_the_bytes(
    desk: Desk, size: tuple[int, int]
) -> None:
    console = Twice(desk, Runner(desk), read_only=True)
    console.watch_over(*size, "xterm-256color" if size[0] == 80 else "vt100")
    dice = random.Random(7)
    async with console.run_test(size=size) as pilot:
        hands = Hands(pilot)
        await hands.until(lambda: bool(hands.table.rows), "accounts in the table")
        for _number in range(120):
            await hands.press(dice.choice(KEYS))
            await pilot.pause()
    assert not console.differences, "\n".join(console.differences)
    assert console.frames > 50
    assert console.our_bytes < console.stock_bytes / 5


def test_what_stands_there_already_is_not_sent() -> None:
    shadow = Shadow(10, 2)
    assert shadow.draw([Patch(0, 0, [("abc", "1"), ("       ", "39;49")])]) == "\x1b[1H\x1b[1mabc\x1b[m\x1b[K"
    assert shadow.draw([Patch(0, 0, [("abc", "1"), ("  ", "31")])]) == ""
    assert shadow.draw([Patch(0, 1, [("x", "1")])]) == "\x1b[1;2H\x1b[1mx\x1b[m"


def test_a_wide_character_is_sent_whole_and_what_follows_put_in_its_place() -> None:
    shadow = Shadow(6, 1)
    shadow.draw([Patch(0, 0, [("陈静ab", "")])])
    assert shadow.draw([Patch(0, 0, [("陈静xb", "")])]) == "\x1b[1;5Hx"
    assert shadow.draw([Patch(0, 0, [("陈a xb", "")])]) == "\x1b[1;3Ha "
    assert shadow.draw([Patch(0, 0, [("陈", "7"), ("a xb", "")])]) == "\x1b[1H\x1b[7m陈\x1b[m"
    assert shadow.draw([Patch(0, 0, [("陈静", "7"), ("xb", "")])]) == "\x1b[1;3H\x1b[7m静\x1b[m"


def test_a_colour_of_many_is_not_taken_for_what_it_is_made_of() -> None:
    shadow = Shadow(4, 1)
    assert shadow.draw(
        [Patch(0, 0, [("a", "38;5;39"), (" ", "38;5;1;48;5;39"), (" ", "38;2;1;4;9"), ("b", "4;39")])]
    ) == ("\x1b[1H\x1b[38;5;39ma\x1b[0;48;5;39m \x1b[m \x1b[4mb\x1b[m")


def test_nothing_that_steers_a_terminal_goes_over_the_line() -> None:
    hostile = "a\x1b[31mb\x07\x9b31m\u202ec\x00\n\u2028d"
    drawn = Shadow(20, 1).draw([Patch(0, 0, [(hostile, "")])])
    assert "\x1b[31m" not in drawn
    assert not {"\x07", "\x9b", "\u202e", "\x00", "\n", "\u2028"} & set(drawn)


def test_many_blanks_are_one_word_but_for_a_terminal_that_may_not_know_it() -> None:
    was, now = [("x" * 20 + "|", "")], [(" " * 20 + "|", "")]
    shadow, basic = Shadow(30, 1), Shadow(30, 1, is_basic=True)
    for each in (shadow, basic):
        each.draw([Patch(0, 2, was)])
    assert shadow.draw([Patch(0, 2, now)]) == "\x1b[1;3H\x1b[20X"
    assert basic.draw([Patch(0, 2, now)]) == "\x1b[1;3H" + " " * 20
    assert shadow.draw([Patch(0, 2, [("y" * 20 + "!", "")])]) == "\x1b[1;3H" + "y" * 20 + "!"
    assert shadow.draw([Patch(0, 2, [(" " * 20 + "?", "")])]) == "\x1b[1;3H\x1b[20X\x1b[23G?"
