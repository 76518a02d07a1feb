"""A scrolling list of lines, with or without a cursor."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from textual import on
from textual.events import Resize
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip
from typing_extensions import override

from mailtui.ui.widgets.cursor import CursorView
from mailtui.ui.widgets.spans import Line

Source = Callable[[int], Sequence[Line]]


class Lines(CursorView):
    """Lines of text, set out for the width there is by a `source`, or as they are."""

    lines: reactive[Sequence[Line]] = reactive((), repaint=False, init=False)
    """What is shown, top to bottom."""
    source: reactive[Source | None] = reactive(None, init=False)
    """Sets the lines out for so many cells, now and whenever the width changes; None where they are set as they are."""

    @dataclass
    class Moved(Message):
        """Another line was chosen."""

        view: "Lines"
        line: int

        @property
        def control(self) -> "Lines":
            """The list it happened in."""
            return self.view

    def __init__(
        self,
        source: Source | None = None,
        *,
        has_cursor: bool = False,
        id: str | None = None,  # noqa: A002
    ) -> None:
        super().__init__(id=id)
        self.has_cursor = has_cursor
        self.set_reactive(Lines.source, source)

    @override
    def cursor_moved(self) -> None:
        self.post_message(self.Moved(self, self.cursor))

    def watch_lines(self) -> None:
        """Show other lines, the cursor on the same place as far as there are so many."""
        self.length = len(self.lines)
        self.refresh()

    def watch_source(self) -> None:
        """Show what another source gives."""
        self.lay_out()

    @on(Resize)
    def fit_width(self) -> None:
        """Set the lines out for another width."""
        # Not lay_out itself: Textual would call this class's, whatever a subclass makes of it.
        self.lay_out()

    def lay_out(self) -> None:
        """Set the lines out anew."""
        if self.source is not None and self.room:
            self.lines = self.source(self.room)

    @override
    def render_line(self, y: int) -> Strip:
        number = self.scroll_offset.y + y
        line = self.lines[number] if number < len(self.lines) else ()
        chosen = self.has_cursor and number == self.cursor and bool(self.lines)
        # What cannot have the focus is led by what has it.
        is_led = self.has_focus or not self.can_focus
        over = ("cursor" if is_led else "cursor-blurred") if chosen else ""
        return self.strip(line, self.room, over)
