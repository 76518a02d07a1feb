"""A list of people, pasted as it came, and what of it was found."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from textual import on
from textual.app import ComposeResult
from textual.screen import ModalScreen

from mailtui.queries.lists import ListMatch
from mailtui.texts import _
from mailtui.ui import keys
from mailtui.ui.asking import ask, begin, close
from mailtui.ui.dialogs.box import Box
from mailtui.ui.dialogs.resolve import ResolveDialog
from mailtui.ui.reporting import reporting
from mailtui.ui.widgets.key_bar import KeyBar
from mailtui.ui.widgets.list_field import ListField
from mailtui.ui.widgets.prose import Prose
from mailtui.ui.widgets.push_button import PushButton


@dataclass(frozen=True, slots=True)
class Picked:
    """The ids of the accounts to mark, and how many rows of the list are not among them."""

    ids: tuple[str, ...]
    left_out: int


class PasteDialog(ModalScreen[Picked | None]):
    """Takes a pasted list and gives the accounts to mark; None when the operator thought better of it."""

    AUTO_FOCUS = "#list"
    BINDINGS = keys.bindings(keys.CLOSE)

    def __init__(self, match: Callable[[str], Awaitable[ListMatch]]) -> None:
        super().__init__()
        self._match = match
        self._list = ListField(id="list")
        self._button = PushButton(_("Find them"), id="find")

    def compose(self) -> ComposeResult:
        """A field for the text, and a button."""
        with Box(_("Paste a list"), classes="tall"):
            yield Prose(
                _("Paste the mail or table as it is: addresses, log-ins, employee numbers, names. Then press Enter."),
                "muted",
            )
            yield self._list
            yield self._button
            yield KeyBar()

    @on(ListField.Pasted)
    def go_to_button(self) -> None:
        """After a paste, Enter is what comes next."""
        self.set_focus(self._button)

    @on(PushButton.Pressed)
    def press(self) -> None:
        """Begin to look for them."""
        begin(self, self.find)

    async def find(self) -> None:
        """Match the list, and have what is not certain resolved."""
        with reporting(self):
            match = await self._match(self._list.text)
            chosen = await ask(self, ResolveDialog(match))
            if chosen is not None:
                close(self, Picked(tuple(chosen), len(match.rows) - len(chosen)))

    def action_close(self) -> None:
        """Close without an answer."""
        close(self)
