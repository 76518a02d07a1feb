"""A button of one line."""

from dataclasses import dataclass

from textual import on
from textual.events import Blur, Click, Focus
from textual.geometry import Size
from textual.message import Message
from textual.strip import Strip
from typing_extensions import override

from mailtui.texts import width
from mailtui.ui import keys
from mailtui.ui.widgets.spans import Toned


class PushButton(Toned, can_focus=True):
    """A word in brackets; Enter or a click presses it."""

    BINDINGS = keys.bindings(keys.PRESS)

    @dataclass
    class Pressed(Message):
        """The button was pressed."""

        button: "PushButton"

        @property
        def control(self) -> "PushButton":
            """The button it was."""
            return self.button

    def __init__(self, word: str, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self.word = f"[ {word} ]"

    @override
    def get_content_width(self, container: Size, viewport: Size) -> int:
        """Be as wide as the word."""
        return width(self.word)

    @override
    def render_line(self, y: int) -> Strip:
        """Give the word, reversed while the focus is here."""
        return self.strip(((self.word, ""),), self.size.width, "cursor" if self.has_focus else "")

    @on(Focus)
    @on(Blur)
    def show_focus(self) -> None:
        """Show whether the focus is here."""
        self.refresh()

    @on(Click)
    def press(self) -> None:
        """Say that it was pressed."""
        self.post_message(self.Pressed(self))

    def action_press(self) -> None:
        """Press it."""
        self.press()
