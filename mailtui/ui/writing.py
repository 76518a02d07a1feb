"""Whether changes are let through: turned off by a key at once, and on again by who can prove to be the operator."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from textual.widget import Widget

from mailtui.desk import OPERATOR, Desk
from mailtui.errors import CredentialsRefused
from mailtui.texts import _
from mailtui.ui.asking import ask
from mailtui.ui.pace import Pace

if TYPE_CHECKING:
    from mailtui.domain.secret import Secret


class Writing:
    """The console's read-only switch; what the site or an option has set cannot be turned."""

    def __init__(self, desk: Desk, pace: Pace, *, read_only: bool) -> None:
        self._desk, self._pace = desk, pace
        self._is_by_option = read_only
        if read_only:
            desk.stop_writing()

    @property
    def is_on(self) -> bool:
        """Whether changes are let through."""
        return not self._desk.policy.read_only

    @property
    def can_turn(self) -> bool:
        """Whether that can be changed from here."""
        return not (self._is_by_option or self._desk.is_always_read_only)

    @property
    def why_not(self) -> str:
        """What says read-only: policy, the option, or the key; empty where changes are let through."""
        if self.is_on:
            return ""
        if self._desk.config.policy.read_only:
            return _("policy: read-only")
        return _("read-only") if self.can_turn else "--read-only"

    async def turn(self, widget: Widget) -> str:
        """Turn it, after asking where changes are to be let through again; gives what there is to say.

        Must be awaited in a worker.

        Raises:
            Unreachable: The directory is, and cannot tell whether the password is right; it stays read-only.
        """
        if self.is_on:
            self._desk.stop_writing()
            return _("Read-only: nothing can be changed now.")
        allowed = await (self._prove(widget) if self._desk.asks_password_to_write else self._confirm(widget))
        return _("Changes can be made again.") if allowed else _("It stays read-only.")

    async def _confirm(self, widget: Widget) -> bool:
        from mailtui.ui.dialogs.question import YesNoDialog

        dialog = YesNoDialog(_("Read-only"), _("Let changes be made again?"), self._pace)
        if not await ask(widget, dialog):
            return False
        self._desk.allow_writing()
        return True

    async def _prove(self, widget: Widget) -> bool:
        refusal = ""
        while password := await self._asked(widget, refusal):
            try:
                await asyncio.to_thread(self._desk.allow_writing, password)
            except CredentialsRefused as refused:
                refusal = _("That was not accepted: {reason}. It stays read-only.").format(reason=refused.message)
            else:
                return True
        return False

    async def _asked(self, widget: Widget, refusal: str) -> Secret | None:
        from mailtui.ui.dialogs.password import PasswordDialog

        about = _("Changes can be made again once the directory accepts the password of")
        return await ask(widget, PasswordDialog(OPERATOR, self._desk.directory_config.bind_dn, refusal, about))
