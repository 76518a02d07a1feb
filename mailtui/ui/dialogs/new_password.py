"""Somebody's new password, typed twice."""

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.screen import ModalScreen
from typing_extensions import override

from mailtui.domain.passwords import check_typed
from mailtui.domain.plan import PlanRow
from mailtui.domain.policy import Policy
from mailtui.domain.secret import Secret
from mailtui.errors import Refused
from mailtui.texts import _
from mailtui.ui import keys
from mailtui.ui.asking import close
from mailtui.ui.dialogs.box import Box
from mailtui.ui.widgets.fields import Field, PasswordField
from mailtui.ui.widgets.key_bar import KeyBar
from mailtui.ui.widgets.prose import Prose


class NewPasswordDialog(ModalScreen[Secret | None]):
    """Takes a password that was typed twice and that policy allows; None when the operator gives none."""

    AUTO_FOCUS = "#first"
    BINDINGS = keys.bindings(keys.FORM)

    def __init__(self, row: PlanRow, policy: Policy) -> None:
        super().__init__()
        self._row, self._length = row, policy.password_length
        self._first, self._again = PasswordField(id="first"), PasswordField(id="again")
        self._state = Prose("", "bad", id="state")

    @override
    def compose(self) -> ComposeResult:
        with Box(_("New password")):
            yield Prose(self._row.name, "strong")
            yield Prose(_("{n} characters or more; it is not shown.").format(n=self._length), "muted")
            with Horizontal(classes="question"):
                yield Prose(_("Password"), "muted")
                yield self._first
            with Horizontal(classes="question"):
                yield Prose(_("Once more"), "muted")
                yield self._again
            yield self._state
            yield KeyBar()

    @on(Field.Submitted, "#first")
    def go_on(self) -> None:
        """Go on to the second."""
        self.set_focus(self._again)

    @on(Field.Submitted, "#again")
    def give(self) -> None:
        """Hand the password over, or say why it cannot be taken; nothing of it is kept here."""
        first, again = Secret(self._first.value), Secret(self._again.value)
        self._first.clear()
        self._again.clear()
        try:
            check_typed(first, again, (self._row.login, self._row.name), self._length)
        except Refused as refused:
            self._state.span = f"{refused.message}. {refused.hint}", "bad"
            self.set_focus(self._first)
        else:
            close(self, first)

    def action_close(self) -> None:
        """Close without an answer."""
        close(self)
