"""All keys, by what they are for."""

from collections.abc import Iterable
from functools import partial

from textual.app import ComposeResult
from textual.screen import ModalScreen

from mailtui.texts import _, fit, width
from mailtui.ui import keys
from mailtui.ui.asking import close
from mailtui.ui.dialogs.box import Box
from mailtui.ui.keys import Key
from mailtui.ui.widgets.key_bar import KeyBar
from mailtui.ui.widgets.lines import Lines
from mailtui.ui.widgets.spans import Line, wrap


class HelpScreen(ModalScreen[None]):
    """The keys that hold where it was asked, those greyed that cannot be used now."""

    BINDINGS = keys.bindings(keys.CLOSE)

    def __init__(self, table: Iterable[Key], idle: Iterable[str]) -> None:
        super().__init__()
        self._table, self._idle = tuple(table), frozenset(idle)

    def compose(self) -> ComposeResult:
        """One list, by groups."""
        with Box(_("Keys"), classes="tall"):
            yield Lines(partial(help_lines, self._table, self._idle), id="keys")
            yield KeyBar()

    def action_close(self) -> None:
        """Close without an answer."""
        close(self)


def help_lines(table: tuple[Key, ...], idle: frozenset[str], cells: int) -> list[Line]:
    """Lay a table of keys out by groups, for so many cells; `idle` are the ids of those that can do nothing now."""
    room = max(width(key.shown) for key in table) + 2
    lines: list[Line] = []
    for group in (group for group in keys.GROUPS if any(key.group == group for key in table)):
        lines += [(), ((group, "title"),)] if lines else [((group, "title"),)]
        for key in (key for key in table if key.group == group):
            tones = ("muted", "muted") if key.id in idle else ("key", "")
            pressed = [key.shown]
            for piece in wrap(key.help, cells - room):
                lines.append(((fit("".join(pressed), room), tones[0]), (piece, tones[1])))
                pressed.clear()
    return lines
