"""From Textual's updates to bytes: what a screen shows now is compared with what stands on the terminal.

`MAILTUI_FRAMEDIFF=0` has all sent as Textual does it, should a terminal show what it should not.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from rich.color import ColorSystem
from rich.console import COLOR_SYSTEMS
from textual._compositor import ChopsUpdate, LayoutUpdate
from textual.geometry import Offset, Size
from textual.strip import Strip

from mailtui.ui.terminal.shadow import Patch, Shadow, Span

SWITCH = "MAILTUI_FRAMEDIFF"
Update = LayoutUpdate | ChopsUpdate
_ABLE = (
    "xterm", "tmux", "screen", "linux", "rxvt", "alacritty", "foot", "kitty", "konsole", "putty", "st-", "vte",
    "wezterm", "ghostty", "iterm", "gnome", "contour", "mintty",
)  # fmt: skip
"""How the names of terminals begin that know more than a VT100."""


def painting(colours: str | None, environment: Mapping[str, str]) -> Painting | None:
    """Give what paints on the terminal of an environment; None where Textual is to do it."""
    return None if environment.get(SWITCH) == "0" else Painting(colours, environment.get("TERM", ""))


class Painting:
    """The picture on one terminal, in the colours that it has."""

    def __init__(self, colours: str | None, terminal: str = "") -> None:
        """Make it; `colours` are by the name that Rich has for them, `terminal` is what TERM says."""
        self._is_basic = not terminal.startswith(_ABLE)
        self._colours = COLOR_SYSTEMS.get(colours or "", ColorSystem.TRUECOLOR)
        self._shadow = Shadow(0, 0)
        self._cursor = Offset(-1, -1)

    def forget(self) -> None:
        """Take the terminal for one that may show anything, as after another program has had it."""
        self._shadow = Shadow(0, 0)

    def frame(self, update: Update, size: Size, cursor: Offset) -> str:
        """Give what makes a terminal of a size show an update, and its cursor stand where it should.

        Empty where it does already.
        """
        if self._shadow.size != tuple(size):
            self._shadow, self._cursor = Shadow(*size, is_basic=self._is_basic), Offset(-1, -1)
        drawn = self._shadow.draw(list(self._patches(update)))
        if not drawn and cursor == self._cursor:
            return ""
        self._cursor = cursor
        return f"{drawn}\x1b[{cursor.y + 1};{cursor.x + 1}H"

    def _patches(self, update: Update) -> Iterator[Patch]:
        if isinstance(update, LayoutUpdate):
            for row, line in enumerate(update.strips, update.region.y):
                spans = [span for strip in line for span in self._spans(strip)]
                yield Patch(row, update.region.x, spans)
            return
        for row, left, right in update.spans:
            for column, strip in _touched(update.chops[row], update.chop_ends[row], left, right):
                yield Patch(row, column, list(self._spans(strip)))

    def _spans(self, strip: Strip) -> Iterator[Span]:
        for text, style, control in strip:
            if not control:
                yield text, Strip.render_ansi(style, self._colours) if style else ""


def _touched(
    line: Mapping[int, Strip | None], ends: Iterable[int], left: int, right: int
) -> Iterator[tuple[int, Strip]]:
    """Give the strips of a line, by their columns, that a span touches; cut where it ends."""
    for end, (column, strip) in zip(ends, line.items(), strict=False):
        if strip is not None and column <= right and end > left:
            yield column, strip if end <= right else strip.crop(0, right - column)
