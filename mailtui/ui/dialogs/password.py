"""The password of who binds to the directory."""

from textual import on
from textual.app import ComposeResult
from textual.screen import ModalScreen

from mailtui.domain.secret import Secret
from mailtui.texts import _
from mailtui.ui import keymap, keys
from mailtui.ui.asking import close
from mailtui.ui.dialogs.box import Box
from mailtui.ui.widgets.fields import Field, PasswordField
from mailtui.ui.widgets.key_bar import KeyBar
from mailtui.ui.widgets.prose import Prose


class PasswordDialog(ModalScreen[Secret | None]):
    """Asks for a password; None when the operator gives none."""

    BINDINGS = keys.bindings(keys.CLOSE)

    def __init__(self, identity: str, bind_dn: str, refusal: str = "", about: str = "") -> None:
        super().__init__()
        self._about = about or _("The directory asks for the password of")
        self._who = bind_dn or identity
        self._refusal = refusal

    def compose(self) -> ComposeResult:
        """Say whose password it is, what was wrong with the last, and take one."""
        with Box(_("Password")):
            yield Prose(self._about)
            yield Prose(self._who, "strong")
            yield Prose(self._refusal, "bad")
            yield PasswordField(id="password")
            text = _("{field.done} sends it. It is kept in memory only, until you leave.")
            yield Prose(keymap.here(self, text), "muted")
            yield KeyBar()

    @on(Field.Submitted)
    def give(self, event: Field.Submitted) -> None:
        """Hand the password over, and keep nothing of it here."""
        password = event.value
        event.input.clear()
        if password:
            close(self, Secret(password))

    def action_close(self) -> None:
        """Close without an answer."""
        close(self)
