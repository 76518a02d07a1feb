"""Lines made of toned pieces of text: the one place where text becomes what a terminal is sent."""

from collections.abc import Iterable
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip
from textual.widget import Widget

from mailtui.texts import clean, fit, width

Span = tuple[str, str]
"""A piece of text and its tone: "" or one of TONES."""
Line = tuple[Span, ...]

TONES = ("muted", "strong", "title", "key", "good", "warning", "bad", "cursor", "cursor-blurred", "range")


class Toned(Widget):
    """A widget that draws its lines itself, in tones that the style sheets define (`.tone--bad` and so on)."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {f"tone--{tone}" for tone in TONES}
    ALLOW_SELECT = False

    def tone(self, name: str) -> Style:
        """Give the style of a tone, on this widget's own."""
        return (
            self.rich_style + self.get_component_rich_style(f"tone--{name}", partial=True) if name else self.rich_style
        )

    def strip(self, line: Iterable[Span], cells: int, over: str = "") -> Strip:
        """Give a line of exactly so many cells; where there is a tone `over` it, that is the only one."""
        segments, room = [], cells
        for text, tone in line:
            text = clean(text)
            used = width(text)
            if used > room:
                text, used = fit(text, room), room
            if used:
                segments.append(Segment(text, self.tone(over or tone)))
            room -= used
        if room:
            segments.append(Segment(" " * room, self.tone(over)))
        return Strip(segments, cells)


def wrap(text: str, cells: int) -> list[str]:
    """Break a text into lines of at most so many cells, at blanks where there are some."""
    lines, line = [], ""
    for word in clean(text).split(" "):
        joined = f"{line} {word}" if line else word
        if width(joined) <= cells:
            line = joined
            continue
        if line:
            lines.append(line)
        line = word
        while width(line) > cells > 0:
            head = _head(line, cells)
            lines.append(head)
            line = line[len(head) :]
    return [*lines, line]


def _head(text: str, cells: int) -> str:
    """Give as much of a clean text as fits, at least one character."""
    used = 0
    for position, character in enumerate(text):
        used += width(character)
        if used > cells:
            return text[: max(1, position)]
    return text
