"""Something to read, and nothing to decide."""

from textual import on
from textual.app import ComposeResult
from textual.screen import ModalScreen

from mailtui.texts import _
from mailtui.ui import keys
from mailtui.ui.asking import close
from mailtui.ui.dialogs.box import Box
from mailtui.ui.widgets.prose import Prose
from mailtui.ui.widgets.push_button import PushButton


class NoticeDialog(ModalScreen[None]):
    """Says what happened and what to do about it."""

    BINDINGS = keys.bindings(keys.CLOSE)

    def __init__(self, title: str, message: str, hint: str = "") -> None:
        super().__init__()
        self._title, self._message, self._hint = title, message, hint

    def compose(self) -> ComposeResult:
        """Show the message, then the hint."""
        with Box(self._title):
            yield Prose(self._message)
            if self._hint:
                yield Prose()
                yield Prose(self._hint, "muted")
            yield PushButton(_("Close"), id="close")

    @on(PushButton.Pressed)
    def action_close(self) -> None:
        """Go back."""
        close(self)
