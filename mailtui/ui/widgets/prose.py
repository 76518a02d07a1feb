"""A paragraph of text, broken to the width there is."""

from textual.geometry import Size
from textual.reactive import reactive
from textual.strip import Strip
from typing_extensions import override

from mailtui.texts import clean
from mailtui.texts import width as cells_of
from mailtui.ui.widgets.spans import Span, Toned, wrap


class Prose(Toned):
    """One text in one tone; it takes as many lines as it needs, and none when it is empty."""

    span: reactive[Span] = reactive(("", ""), layout=True)
    """The text and its tone."""

    def __init__(self, text: str = "", tone: str = "", *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self.set_reactive(Prose.span, (text, tone))

    @override
    def get_content_width(self, container: Size, viewport: Size) -> int:
        """Be as wide as the unbroken text."""
        return cells_of(clean(self.span[0]))

    @override
    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Be as high as the broken text."""
        return len(wrap(self.span[0], max(1, width))) if self.span[0] else 0

    @override
    def render_line(self, y: int) -> Strip:
        """Give one of the lines."""
        text, tone = self.span
        lines = wrap(text, max(1, self.size.width))
        return self.strip(((lines[y], tone),) if y < len(lines) else (), self.size.width)
