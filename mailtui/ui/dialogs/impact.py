"""What would break without accounts."""

from collections.abc import Sequence
from functools import partial

from textual.app import ComposeResult
from textual.screen import ModalScreen

from mailtui.domain.plan import Caution
from mailtui.texts import _
from mailtui.ui import keys, plan_lines
from mailtui.ui.asking import close
from mailtui.ui.dialogs.box import Box
from mailtui.ui.widgets.key_bar import KeyBar
from mailtui.ui.widgets.lines import Lines
from mailtui.ui.widgets.prose import Prose


class ImpactDialog(ModalScreen[None]):
    """The cautions that disabling or deleting them would bring, before anybody asks for it."""

    BINDINGS = keys.bindings(keys.CLOSE)

    def __init__(self, who: str, cautions: Sequence[Caution], notes: Sequence[str] = ()) -> None:
        """Make it; `notes` are said above the cautions."""
        super().__init__()
        self._who, self._cautions, self._notes = who, cautions, notes

    def compose(self) -> ComposeResult:
        """The cautions, or that there are none."""
        with Box(_("Impact: {who}").format(who=self._who), classes="tall"):
            for note in self._notes:
                yield Prose(note, "warning")
            if self._cautions:
                yield Prose(_("If they were disabled or deleted:"), "muted")
            else:
                yield Prose(_("Nothing rests on them, as far as the mirror knows."))
                looked = _("Looked at: protection, groups owned and joined, seats, forwards to and from, reports.")
                yield Prose(looked, "muted")
            yield Lines(partial(plan_lines.of_cautions, self._cautions), id="cautions")
            yield KeyBar()

    def action_close(self) -> None:
        """Close without an answer."""
        close(self)
