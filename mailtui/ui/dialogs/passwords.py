"""New passwords, shown once: whoever closes it has handed them over."""

from collections.abc import Callable, Sequence

from textual.app import ComposeResult
from textual.screen import ModalScreen
from typing_extensions import override

from mailtui.domain.batch import BatchRow
from mailtui.domain.secret import Secret
from mailtui.texts import _, clean, fit, width
from mailtui.ui import keymap, keys
from mailtui.ui.asking import close
from mailtui.ui.dialogs.box import Box
from mailtui.ui.widgets.key_bar import KeyBar
from mailtui.ui.widgets.lines import Lines
from mailtui.ui.widgets.prose import Prose

_WIDEST = 30


class PasswordsDialog(ModalScreen[None]):
    """Log-ins and passwords; it takes two keys to close it, since nothing shows them again."""

    AUTO_FOCUS = "#passwords"
    BINDINGS = keys.bindings(keys.PASSWORDS)

    def __init__(self, made: Sequence[tuple[BatchRow, Secret]], copy: Callable[[str], None]) -> None:
        super().__init__()
        self._made, self._copy = made, copy
        self._list = Lines(has_cursor=True, id="passwords")
        self._note = Prose(_("They are shown once: nothing keeps them."), "muted")
        self._is_warned = False

    @override
    def compose(self) -> ComposeResult:
        with Box(_("New passwords")):
            yield self._list
            yield self._note
            yield KeyBar()

    def on_mount(self) -> None:
        """Show them."""
        room = min(_WIDEST, max(width(clean(row.login)) for row, _secret in self._made))
        self._list.lines = [
            ((fit(clean(row.login), room), ""), ("  ", ""), (secret.reveal(), "strong")) for row, secret in self._made
        ]

    def action_copy(self) -> None:
        """Copy the password at the cursor."""
        row, secret = self._made[self._list.cursor]
        self._copy(secret.reveal())
        self._note.span = _("Copied: the password of {login}").format(login=clean(row.login)), ""

    def action_close(self) -> None:
        """Go back, once that was said twice."""
        if self._is_warned:
            close(self)
            return
        self._is_warned = True
        text = _("{passwords.close} once more closes it, and nothing shows them again.")
        self._note.span = keymap.here(self, text), "warning"
