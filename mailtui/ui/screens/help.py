"""All keys, by what they are for."""

from collections.abc import Iterable

from textual.app import ComposeResult
from textual.screen import ModalScreen

from mailtui.texts import _, fit, width
from mailtui.ui import keys
from mailtui.ui.asking import close
from mailtui.ui.dialogs.box import Box
from mailtui.ui.keys import Key
from mailtui.ui.widgets.key_bar import KeyBar
from mailtui.ui.widgets.lines import Lines
from mailtui.ui.widgets.spans import Line


class HelpScreen(ModalScreen[None]):
    """The keys that hold where it was asked, those greyed that cannot be used now."""

    BINDINGS = keys.bindings(keys.CLOSE)

    def __init__(self, table: Iterable[Key], idle: Iterable[str]) -> None:
        super().__init__()
        self._table, self._idle = tuple(table), frozenset(idle)

    def compose(self) -> ComposeResult:
        """One list, by groups."""
        with Box(_("Keys"), classes="tall"):
            yield Lines(lambda _cells: _lines(self._table, self._idle), id="keys")
            yield KeyBar()

    def action_close(self) -> None:
        """Close without an answer."""
        close(self)


def _lines(table: tuple[Key, ...], idle: frozenset[str]) -> list[Line]:
    room = max(width(key.shown) for key in table) + 2
    lines: list[Line] = []
    for group in (group for group in keys.GROUPS if any(key.group == group for key in table)):
        lines += [(), ((group, "title"),)] if lines else [((group, "title"),)]
        for key in (key for key in table if key.group == group):
            is_idle = key.id in idle
            lines.append(
                ((fit(key.shown, room), "muted" if is_idle else "key"), (key.help, "muted" if is_idle else ""))
            )
    return lines
