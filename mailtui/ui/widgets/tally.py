"""One line of toned pieces."""

from textual.geometry import Size
from textual.reactive import reactive
from textual.strip import Strip
from typing_extensions import override

from mailtui.texts import clean, width
from mailtui.ui.widgets.spans import Line, Toned


class Tally(Toned):
    """One line, set whole."""

    line: reactive[Line] = reactive((), layout=True)
    """What it shows."""

    def __init__(self, line: Line = (), *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self.set_reactive(Tally.line, line)

    @override
    def render_line(self, y: int) -> Strip:
        """Give the line."""
        return self.strip(self.line if y == 0 else (), self.size.width)

    @override
    def get_content_width(self, container: Size, viewport: Size) -> int:
        """Be as wide as the text."""
        return sum(width(clean(text)) for text, _tone in self.line)
