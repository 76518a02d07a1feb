"""A question with yes and no for answers."""

from time import monotonic

from textual import on
from textual.app import ComposeResult
from textual.screen import ModalScreen

from mailtui.texts import _
from mailtui.ui import keys
from mailtui.ui.asking import close
from mailtui.ui.dialogs.box import Box
from mailtui.ui.pace import Pace
from mailtui.ui.widgets.prose import Prose
from mailtui.ui.widgets.push_button import PushButton


class YesNoDialog(ModalScreen[bool]):
    """Asks before something that cannot be taken back; No has the focus."""

    AUTO_FOCUS = "#no"
    BINDINGS = keys.bindings(keys.ANSWER)

    def __init__(self, title: str, question: str, pace: Pace) -> None:
        super().__init__()
        self._title, self._question, self._pace = title, question, pace
        self._shown_at = float("inf")

    def compose(self) -> ComposeResult:
        """Show the question and its answers."""
        with Box(self._title):
            yield Prose(self._question)
            yield Prose(_("y  yes      n  no"), "muted", id="answers")
            yield PushButton(_("No"), id="no")

    def on_mount(self) -> None:
        """Begin to listen once the question is in sight."""
        self.call_after_refresh(self._begin)

    def _begin(self) -> None:
        self._shown_at = monotonic()

    @on(PushButton.Pressed)
    def action_no(self) -> None:
        """Answer no."""
        close(self, False)

    def action_yes(self) -> None:
        """Answer yes, unless the key was on its way before the question."""
        if self._pace.is_answer(self._shown_at):
            close(self, True)
