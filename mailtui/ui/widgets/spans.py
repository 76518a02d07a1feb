"""Lines made of toned pieces of text: the one place where text becomes what a terminal is sent."""

from collections.abc import Iterable

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip
from textual.widget import Widget
from typing_extensions import override

from mailtui.texts import clean, fit, width

Span = tuple[str, str]
"""A piece of text and its tone: "" or one of TONES, without `tone--`."""
Line = tuple[Span, ...]

TONES = frozenset(
    f"tone--{name}"
    for name in (
        "muted",
        "strong",
        "title",
        "key",
        "good",
        "warning",
        "bad",
        "cursor",
        "cursor-blurred",
        "range",
        "drawn",
    )
)
"""The classes by which the style sheets define tones; the app declares them."""


class Toned(Widget):
    """A widget that draws its lines itself, in tones that the style sheets define (`.tone--bad` and so on)."""

    ALLOW_SELECT = False

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002
        self._tones: dict[str, Style] = {}
        super().__init__(id=id)

    def tone(self, name: str) -> Style:
        """Give the style of a tone, on this widget's own."""
        if name not in self._tones:
            # Of the app, which has them once: matching a set for each widget would double the time of a start.
            tone = self.app.get_component_styles(f"tone--{name}").partial_rich_style if name else Style()
            self._tones[name] = self.rich_style + tone
        return self._tones[name]

    @override
    def notify_style_update(self) -> None:
        super().notify_style_update()
        self._tones.clear()

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
