"""All commands, one of which is chosen by typing, and done as its key would do it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, Any

from textual.screen import Screen

from mailtui.desk import Desk
from mailtui.domain.rights import Rights
from mailtui.texts import _
from mailtui.ui import keymap
from mailtui.ui.asking import ask
from mailtui.ui.commands import Situation, commands
from mailtui.ui.dialogs.palette import PaletteDialog
from mailtui.ui.keys import Key
from mailtui.ui.pace import Pace

if TYPE_CHECKING:
    from mailtui.domain.account import Account
    from mailtui.ui.commands import Command

QUIT, READ_ONLY = "leave.quit", "do.read_only"


class Commanding:
    """Has a command chosen at a screen. Must be awaited in a worker; `leave` asks whether to leave the console."""

    def __init__(
        self, screen: Screen[Any], desk: Desk, pace: Pace, leave: Callable[[], Awaitable[None]], *, can_write: bool
    ) -> None:
        self._screen, self._desk, self._pace, self._leave = screen, desk, pace, leave
        self._can_write = can_write

    async def choose(self, number: int, account: Account | None, table: Sequence[Key], *, has_mirror: bool) -> None:
        """Show the commands of a table of keys, and do the one that is chosen.

        Args:
            number: How many accounts it would be done to.
            account: The one at hand, unless several are marked.
            table: The keys.
            has_mirror: Whether what the operator may do can be told.
        """
        schema = await asyncio.to_thread(lambda: self._desk.schema)
        rights = await asyncio.to_thread(self._desk.permits.rights) if has_mirror else Rights()
        situation = Situation(number, self._can_write, schema, rights, account)
        bound = self._screen.active_bindings.values()
        active = {one.binding.id: (one.node, one.enabled) for one in bound if one.binding.id}
        known = commands(self._screen, active, situation, keymap.moved(table, self._desk.config.keys))
        command = await ask(self._screen, PaletteDialog(known))
        if command is not None:
            await self._obey(command)

    async def _obey(self, command: Command) -> None:
        """Do a command; what would act at once, where it might have been typed for something else, is asked about."""
        if command.id == QUIT:
            await self._leave()
        elif command.id != READ_ONLY or not self._can_write or await self._means_read_only():
            await self._screen.app.run_action(command.action, command.node)

    async def _means_read_only(self) -> bool:
        from mailtui.ui.dialogs.question import YesNoDialog

        question = _("Let nothing be changed from now on?")
        return await ask(self._screen, YesNoDialog(_("Read-only"), question, self._pace)) is True
