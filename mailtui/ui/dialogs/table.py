"""A table of newcomers, pasted."""

from collections.abc import Awaitable, Callable

from textual import on
from textual.app import ComposeResult
from textual.screen import ModalScreen

from mailtui.desk.creating import Prepared
from mailtui.errors import MailtuiError
from mailtui.texts import _
from mailtui.ui import keys
from mailtui.ui.asking import begin, close
from mailtui.ui.dialogs.box import Box
from mailtui.ui.widgets.key_bar import KeyBar
from mailtui.ui.widgets.list_field import ListField
from mailtui.ui.widgets.prose import Prose
from mailtui.ui.widgets.push_button import PushButton

Preparing = Callable[["TableDialog", str], Awaitable[Prepared | None]]


class TableDialog(ModalScreen[Prepared | None]):
    """Takes a table as text and gives what was made of it; None when the operator thought better of it."""

    AUTO_FOCUS = "#list"
    BINDINGS = keys.bindings(keys.FORM)

    def __init__(self, text: str, prepare: Preparing) -> None:
        """Make it with the text that was there before; `prepare` gives None where the text is to be mended."""
        super().__init__()
        self._prepare = prepare
        self._list = ListField(id="list")
        self._list.text = text
        self._state = Prose(id="state")
        self._button = PushButton(_("Look at it"), id="look")

    @property
    def text(self) -> str:
        """The table as it stands."""
        return self._list.text

    def compose(self) -> ComposeResult:
        """A field for the text, and a button."""
        with Box(_("Paste a table"), classes="tall"):
            yield Prose(
                _("One a line, below headings such as: given, surname, department, title, kind; or 姓名, 部门, 职位."),
                "muted",
            )
            yield self._list
            yield self._state
            yield self._button
            yield KeyBar()

    @on(ListField.Pasted)
    def go_to_button(self) -> None:
        """After a paste, Enter is what comes next."""
        self.set_focus(self._button)

    @on(PushButton.Pressed)
    def press(self) -> None:
        """Begin to look at it."""
        begin(self, self.look)

    async def look(self) -> None:
        """Have something made of it; what cannot be read is said here, where it can be mended."""
        self.tell("")
        try:
            prepared = await self._prepare(self, self.text)
        except MailtuiError as error:
            self._state.span = (" ".join(filter(None, (f"{error.message}.", error.hint))), "bad")
        else:
            self.tell("")
            if prepared is not None:
                close(self, prepared)

    def tell(self, text: str) -> None:
        """Say how far it is with what takes long."""
        self._state.span = (text, "muted")

    def action_close(self) -> None:
        """Close without an answer."""
        close(self)
