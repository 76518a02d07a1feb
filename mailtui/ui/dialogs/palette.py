"""Commands, found by typing."""

from collections.abc import Sequence

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.screen import ModalScreen

from mailtui.texts import _, fit
from mailtui.ui import commands, keys
from mailtui.ui.asking import close
from mailtui.ui.commands import Command
from mailtui.ui.dialogs.box import Box
from mailtui.ui.widgets.fields import Field
from mailtui.ui.widgets.key_bar import KeyBar
from mailtui.ui.widgets.lines import Lines
from mailtui.ui.widgets.prose import Prose
from mailtui.ui.widgets.spans import Line
from mailtui.ui.widgets.tally import Tally

_KEY, _TITLE = 6, 18


class PaletteDialog(ModalScreen[Command | None]):
    """All that can be done, narrowed by what is typed; gives what was chosen. What cannot be done now says why."""

    AUTO_FOCUS = "#query"
    BINDINGS = keys.bindings(keys.PALETTE)

    def __init__(self, table: Sequence[Command]) -> None:
        super().__init__()
        self._table = table
        self._query, self._found = "", list(table)
        self._field = Field(placeholder=_("disable, join a group, batches, help…"), id="query")
        self._list = Lines(self._lay_out, has_cursor=True, id="commands")
        self._list.can_focus = False
        self._state = Prose(id="state")

    def compose(self) -> ComposeResult:
        """What is typed, what it may mean, the keys."""
        with Box(_("Commands"), classes="tall"):
            with Horizontal(id="typed"):
                yield Tally(((":", "key"),), id="prompt")
                yield self._field
            yield self._list
            yield self._state
            yield KeyBar()

    def _lay_out(self, _cells: int) -> list[Line]:
        return [_line(command) for command in self._found]

    @on(Field.Changed)
    def narrow(self) -> None:
        """Show what the text may mean."""
        if self._field.value == self._query:
            return
        self._query = self._field.value
        self._found = commands.found(self._table, self._query)
        self._list.lay_out()
        self._list.cursor = 0
        self._say("" if self._found else _("There is no such command."))

    def _say(self, text: str) -> None:
        self._state.span = (text, "warning")

    @on(Field.Submitted)
    def choose(self) -> None:
        """Give the command at the cursor, or say why it cannot be done."""
        self.narrow()
        if self._list.cursor >= len(self._found):
            return
        command = self._found[self._list.cursor]
        if command.why_not:
            self._say(_("{command}: {why}.").format(command=command.title, why=command.why_not))
        else:
            close(self, command)

    def move(self, by: int) -> None:
        """Move through what was found."""
        self.narrow()
        self._list.move(by)

    def action_move(self, by: int) -> None:
        """Move by lines."""
        self.move(by)

    def action_page(self, direction: int) -> None:
        """Move by pages."""
        self._list.page(direction)

    def action_close(self) -> None:
        """Close without an answer."""
        close(self)


def _line(command: Command) -> Line:
    if command.why_not:
        told = f"{command.why_not} · {command.summary}"
        return (
            (fit(command.key, _KEY), "muted"),
            (fit(command.title, _TITLE) + " ", "muted"),
            (told, "muted"),
        )
    return ((fit(command.key, _KEY), "key"), (fit(command.title, _TITLE) + " ", "strong"), (command.summary, ""))
