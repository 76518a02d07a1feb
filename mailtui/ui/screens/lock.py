"""The lock: nothing of the directory is on the screen until the operator has proved to be there."""

import asyncio

from textual import on, work
from textual.app import ComposeResult
from textual.screen import Screen

from mailtui.desk import Desk
from mailtui.domain.secret import Secret
from mailtui.errors import MailtuiError
from mailtui.texts import _
from mailtui.ui import keymap, keys
from mailtui.ui.asking import close
from mailtui.ui.dialogs.box import Box
from mailtui.ui.widgets.fields import Field, PasswordField
from mailtui.ui.widgets.key_bar import KeyBar
from mailtui.ui.widgets.prose import Prose


class LockScreen(Screen[None]):
    """Asks for the operator's password and has the directory look at it; closes once that accepts it.

    Where nobody knows a password, as with a client certificate, Enter is enough.
    """

    BINDINGS = keys.bindings(keys.LOCKED)

    def __init__(self, desk: Desk, why: str) -> None:
        super().__init__()
        self._desk, self._why = desk, why
        self._state = Prose(id="state")

    def compose(self) -> ComposeResult:
        """Say what is locked, and take a password."""
        with Box(_("Locked")):
            yield Prose(self._why)
            if self._desk.asks_password_to_write:
                yield Prose(_("It opens once the directory accepts the password of"))
                yield Prose(self._desk.directory_config.bind_dn, "strong")
                yield PasswordField(id="password")
            else:
                yield Field(placeholder=_("Enter opens it"), id="password")
            yield self._state
            about = _("Marks stay, and what runs goes on. {lock.leave} leaves mailtui.")
            yield Prose(keymap.here(self, about), "muted")
            yield KeyBar()

    @on(Field.Submitted)
    def take(self, event: Field.Submitted) -> None:
        """Have the password looked at, and keep nothing of it here."""
        password = Secret(event.value)
        event.input.clear()
        self.look_at(password)

    @work(group="unlock", exclusive=True)
    async def look_at(self, password: Secret) -> None:
        """Open if the directory accepts the password; a refusal is shown, and nothing else."""
        self._state.span = (_("The directory is asked…"), "muted")
        try:
            await asyncio.to_thread(self._desk.unlock, password)
        except MailtuiError as error:
            self._state.span = (" ".join(filter(None, (f"{error.message}.", error.hint))), "bad")
        else:
            close(self)

    def action_leave_locked(self) -> None:
        """Leave; batches go on by themselves."""
        self.app.exit(return_code=0)
