"""What the lines of a table become, and what is wrong with those that cannot be, before anything is done."""

from time import monotonic

from textual.app import ComposeResult
from textual.screen import ModalScreen
from typing_extensions import override

from mailtui.desk.creating import Prepared
from mailtui.texts import _, ngettext
from mailtui.ui import keymap, keys, newcomer_wording
from mailtui.ui.asking import close
from mailtui.ui.dialogs.box import Box
from mailtui.ui.pace import Pace
from mailtui.ui.widgets.key_bar import KeyBar
from mailtui.ui.widgets.lines import Lines
from mailtui.ui.widgets.prose import Prose
from mailtui.ui.widgets.spans import Line
from mailtui.ui.widgets.tally import Tally


class PreviewDialog(ModalScreen[bool]):
    """Every line, the bad ones first; these must be left out, by a key that was not typed ahead, to go on."""

    AUTO_FOCUS = ""
    BINDINGS = keys.bindings(keys.PREVIEW)

    def __init__(self, prepared: Prepared, pace: Pace) -> None:
        super().__init__()
        self._prepared, self._pace = prepared, pace
        self._shown_at = float("inf")
        self._bad = len({problem.newcomer.line for problem in prepared.problems})
        self._list = Lines(self._lay_out, id="lines")
        self._list.can_focus = False
        self._note = Prose(id="note")

    def compose(self) -> ComposeResult:
        """How many of each, the lines, what comes next."""
        self._note.span = (self._question(), "strong")
        with Box(_("What the table becomes"), classes="tall"):
            yield Tally(self._counts(), id="counts")
            yield self._list
            yield self._note
            yield KeyBar()

    def on_mount(self) -> None:
        """Begin to listen once the lines are in sight."""
        self.call_after_refresh(self._begin)

    def _begin(self) -> None:
        self._shown_at = monotonic()
        self.refresh_bindings()

    @property
    def _good(self) -> int:
        return len(self._prepared.drafts)

    def _counts(self) -> Line:
        good, bad = (f"{number:,}" for number in (self._good, self._bad))
        can = (_("✓ can be created: {n}").format(n=good), "good")
        return (can, ("   ", ""), (_("✗ cannot be: {n}").format(n=bad), "bad")) if self._bad else (can,)

    def _question(self) -> str:
        if not self._good:
            return keymap.here(self, _("None of them can be created as they stand. {dialog.close} goes back."))
        if not self._bad:
            return keymap.here(self, _("{preview.accept} goes on to the plan."))
        text = ngettext(
            "{number} line cannot be done. {preview.leave_out} leaves it out; {dialog.close} goes back.",
            "{number} lines cannot be done. {preview.leave_out} leaves them out; {dialog.close} goes back.",
            self._bad,
        )
        return keymap.here(self, text).replace("{number}", f"{self._bad:,}")

    def _lay_out(self, cells: int) -> list[Line]:
        return newcomer_wording.of_lines(self._prepared.drafts, self._prepared.problems, cells)

    @override
    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer the way on that there is."""
        if action == "accept":
            return bool(self._good and not self._bad)
        if action == "leave_out":
            return bool(self._good and self._bad)
        return action != "page" or self._list.max_scroll_y > 0

    def go_on(self) -> None:
        """Go on to the plan, unless the key was on its way before the lines stood there."""
        if self._pace.is_answer(self._shown_at):
            close(self, True)
        else:
            self._note.span = (_("That came too quickly to be an answer: once more, please."), "warning")

    def action_accept(self) -> None:
        """Go on: nothing is wrong."""
        self.go_on()

    def action_leave_out(self) -> None:
        """Go on without the bad lines."""
        self.go_on()

    def action_move(self, by: int) -> None:
        """Move by lines."""
        self._list.move(by)

    def action_page(self, direction: int) -> None:
        """Move by pages."""
        self._list.page(direction)

    def action_edge(self, direction: int) -> None:
        """Move to an end."""
        self._list.edge(direction)

    def action_close(self) -> None:
        """Go back to what was told."""
        close(self, False)
