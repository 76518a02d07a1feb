"""Answers that are chosen, not typed."""

from collections.abc import Sequence
from dataclasses import dataclass

from textual import on
from textual.events import Blur, Focus
from textual.geometry import Size
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip
from typing_extensions import override

from mailtui.ui import keys
from mailtui.ui.widgets.spans import Toned


class Choices(Toned, can_focus=True):
    """One of several answers; the arrows choose."""

    BINDINGS = keys.bindings(keys.CHOICE)

    chosen: reactive[int] = reactive(0)
    """Which answer, counted from 0."""

    @dataclass
    class Changed(Message):
        """Another answer was chosen."""

        choices: "Choices | Flag"

    @dataclass
    class Done(Message):
        """The answer stands; what comes next?"""

        choices: "Choices | Flag"

    def __init__(self, words: Sequence[str], chosen: int = 0, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._words = words
        self.set_reactive(Choices.chosen, chosen)

    @override
    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Be a line high for each answer."""
        return len(self._words)

    def validate_chosen(self, chosen: int) -> int:
        """Keep to the answers there are."""
        return max(0, min(chosen, len(self._words) - 1))

    def watch_chosen(self) -> None:
        """Tell of the answer."""
        self.post_message(self.Changed(self))

    @on(Focus)
    @on(Blur)
    def show_focus(self) -> None:
        """Show whether the focus is here."""
        self.refresh()

    @override
    def render_line(self, y: int) -> Strip:
        """Give one of the answers."""
        is_chosen = y == self.chosen
        over = "cursor" if is_chosen and self.has_focus else "strong" if is_chosen else ""
        sign = "(•) " if is_chosen else "( ) "
        return self.strip(((sign + self._words[y] + " ", over or "muted"),), self.size.width)

    def action_turn(self, by: int) -> None:
        """Turn the choice."""
        self.chosen += by

    def action_done(self) -> None:
        """Go on."""
        self.post_message(self.Done(self))


class Flag(Toned, can_focus=True):
    """Yes or no; Space turns it over."""

    BINDINGS = keys.bindings(keys.FLAG)

    is_set: reactive[bool] = reactive(False)
    """The answer."""

    def __init__(self, words: str, is_set: bool, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._words = words
        self.set_reactive(Flag.is_set, is_set)

    @override
    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Be one line high."""
        return 1

    def watch_is_set(self) -> None:
        """Tell of the answer."""
        self.post_message(Choices.Changed(self))

    @on(Focus)
    @on(Blur)
    def show_focus(self) -> None:
        """Show whether the focus is here."""
        self.refresh()

    @override
    def render_line(self, y: int) -> Strip:
        """Give the answer."""
        sign = "[x] " if self.is_set else "[ ] "
        return self.strip(((sign + self._words + " ", "cursor" if self.has_focus else ""),), self.size.width)

    def action_turn(self) -> None:
        """Turn the choice."""
        self.is_set = not self.is_set

    def action_done(self) -> None:
        """Go on."""
        self.post_message(Choices.Done(self))
