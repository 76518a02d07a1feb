"""The welcome letters of a batch: to be read, copied, or saved to a file that the operator alone can read."""

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.reactive import reactive
from textual.screen import ModalScreen
from typing_extensions import override

from mailtui.desk.private_files import at_home, check_new, spoken, write_privately
from mailtui.errors import UsageError
from mailtui.texts import _, clean, width
from mailtui.ui import keys
from mailtui.ui.asking import close
from mailtui.ui.dialogs.box import Box
from mailtui.ui.widgets.fields import Field
from mailtui.ui.widgets.key_bar import KeyBar
from mailtui.ui.widgets.lines import Lines
from mailtui.ui.widgets.prose import Prose
from mailtui.ui.widgets.spans import Line, wrap


class WelcomeDialog(ModalScreen[None]):
    """Letters in one or more languages, the usual one first; what they hold is kept nowhere else."""

    AUTO_FOCUS = ""
    BINDINGS = keys.bindings(keys.WELCOME)

    language: reactive[int] = reactive(0, init=False)
    """Which of the texts is shown, counted from 0."""

    def __init__(self, title: str, texts: Sequence[str], file: Path, copy: Callable[[str], None] | None) -> None:
        """Make it: `texts` say the same in several languages, `file` is proposed; without `copy` nothing is copied."""
        super().__init__()
        self._title, self._texts, self._copy = title, texts, copy
        self._list = Lines(self._lay_out, id="letter")
        self._list.can_focus = False
        self._file = Field(spoken(file), id="file")
        self._state = Prose(_("It holds the password: nothing shows it again."), "muted", id="state")

    @property
    def text(self) -> str:
        """The letter that is shown."""
        return self._texts[self.language]

    def compose(self) -> ComposeResult:
        """The letter, where it is saved, the keys."""
        with Box(self._title, classes="tall"):
            yield self._list
            with Horizontal(id="saving"):
                yield Prose(_("Save to"), "muted")
                yield self._file
            yield self._state
            yield KeyBar()

    def _lay_out(self, cells: int) -> list[Line]:
        # What fits keeps its blanks.
        broken = ([line] if width(clean(line)) <= cells else wrap(line, cells) for line in self.text.splitlines())
        return [((piece, ""),) for pieces in broken for piece in pieces]

    def watch_language(self) -> None:
        """Show the letter."""
        self._list.lay_out()

    @override
    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer what there is; while the file is named, nothing but that."""
        if self.has_class("-saving"):
            return action == "close"
        return {"copy": self._copy is not None, "turn": len(self._texts) > 1}.get(action, True)

    def name_file(self, *, is_on: bool) -> None:
        """Begin or end to name the file."""
        self.set_class(is_on, "-saving")
        self.set_focus(self._file if is_on else None)
        self.refresh_bindings()

    @on(Field.Submitted)
    async def save(self) -> None:
        """Save the letter."""
        file = at_home(self._file.value)
        try:
            await asyncio.to_thread(check_new, file)
            await asyncio.to_thread(write_privately, file, self.text)
        except UsageError as error:
            self._say(f"{error.message}. {error.hint}", "bad")
        except OSError as error:
            self._say(_("{file} cannot be written: {reason}").format(file=spoken(file), reason=error.strerror), "bad")
        else:
            self.name_file(is_on=False)
            self._say(_("{file} holds passwords: hand them over, then delete it").format(file=spoken(file)), "good")

    def _say(self, text: str, tone: str) -> None:
        self._state.span = (text, tone)

    def action_save(self) -> None:
        """Name the file."""
        self.name_file(is_on=True)

    def action_copy(self) -> None:
        """Copy the letter."""
        if self._copy is not None:
            self._copy(self.text)
            self._say(_("Copied: the letter, with the password in it"), "")

    def action_turn(self) -> None:
        """Show the letter in the next language."""
        self.language = (self.language + 1) % len(self._texts)

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
        """Go back: first from the file, then from the letter."""
        if self.has_class("-saving"):
            self.name_file(is_on=False)
        else:
            close(self)
