"""Hands on the console: keys pressed, screens read, and waiting for what a screen is to show."""

import asyncio
import time
from collections.abc import Callable
from typing import TypeVar

from textual.pilot import Pilot
from textual.widget import Widget

from mailtui.ui.screens.account_list import AccountList
from mailtui.ui.screens.main import MainScreen
from mailtui.ui.screens.marking import Marking
from mailtui.ui.widgets.account_table import AccountTable

Kind = TypeVar("Kind", bound=Widget)
_PATIENCE_S = 20.0
_PAUSE_S = 1.0


class Hands:
    """Someone at the console."""

    def __init__(self, pilot: Pilot[None]) -> None:
        self.pilot = pilot
        self.app = pilot.app

    async def press(self, *keys: str) -> None:
        """Press keys, one after the other."""
        await self.pilot.press(*keys)

    async def write(self, text: str) -> None:
        """Type a text."""
        await self.pilot.press(*text)

    async def answer(self, *keys: str) -> None:
        """Press keys after the pause that a confirmation asks for."""
        await self.pilot.pause(_PAUSE_S)
        await self.pilot.press(*keys)

    async def until(self, is_so: Callable[[], bool], what: str) -> None:
        """Wait for something to become true."""
        deadline = time.monotonic() + _PATIENCE_S
        while not is_so():
            assert time.monotonic() < deadline, f"waited for {what}; the screen:\n{self.screen()}"
            await asyncio.sleep(0.005)

    async def sees(self, *texts: str) -> None:
        """Wait for texts to stand on the screen."""
        await self.until(lambda: all(text in self.screen() for text in texts), " and ".join(texts))

    async def misses(self, text: str) -> None:
        """Wait for a text to be gone from the screen."""
        await self.until(lambda: text not in self.screen(), f"no {text}")

    def screen(self) -> str:
        """Read what is on the screen."""
        width, height = self.app.size
        strips = self.app.screen._compositor.render_strips()[:height]
        return "\n".join(strip.text[:width].rstrip() for strip in strips)

    def is_there(self) -> bool:
        """Tell whether the desk is open: accounts are in sight, or there are none."""
        screens = self.app.screen_stack
        return bool(screens) and screens[0].is_mounted and self.find(AccountList).has_begun.is_set()

    @property
    def main(self) -> MainScreen:
        """The first screen."""
        screen = self.app.screen_stack[0]
        assert isinstance(screen, MainScreen)
        return screen

    def find(self, kind: type[Kind]) -> Kind:
        """Give the widget of a kind on the first screen."""
        return self.main.query_one(kind)

    @property
    def table(self) -> AccountTable:
        """The table of accounts."""
        return self.find(AccountTable)

    @property
    def marked(self) -> tuple[str, ...]:
        """The ids of the marked accounts."""
        return tuple(line.id for line in self.main._looking.lines(self.find(Marking).marks.rows.rows))

    async def shows(self, number: int) -> None:
        """Wait for the table to hold so many accounts."""
        await self.until(lambda: len(self.table.rows) == number, f"{number} accounts in the table")
