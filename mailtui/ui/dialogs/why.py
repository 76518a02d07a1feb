"""Why somebody cannot log in or gets no mail, with what mends it."""

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.reactive import reactive
from textual.screen import ModalScreen
from typing_extensions import override

from mailtui.plans.catalogue import by_name
from mailtui.queries.causes import Cause, looked_at
from mailtui.texts import _
from mailtui.ui import keys
from mailtui.ui.asking import close
from mailtui.ui.dialogs.box import Box
from mailtui.ui.widgets.key_bar import KeyBar
from mailtui.ui.widgets.lines import Lines
from mailtui.ui.widgets.prose import Prose
from mailtui.ui.widgets.spans import Line, wrap

_INDENT = 4


class WhyDialog(ModalScreen[Cause | None]):
    """The causes, the worst first; gives the one that is to be mended, and mends nothing itself."""

    AUTO_FOCUS = ""
    BINDINGS = keys.bindings(keys.WHY)

    chosen: reactive[int] = reactive(0, init=False)
    """The cause at the cursor, counted from 0."""

    def __init__(self, name: str, causes: Sequence[Cause], *, can_write: bool) -> None:
        super().__init__()
        self._name, self._causes, self._can_write = name, causes, can_write
        self._starts: list[int] = []
        self._list = Lines(self._lay_out, id="causes")
        self._list.can_focus = False

    def compose(self) -> ComposeResult:
        """The causes, or what was looked at."""
        with Box(_("Why: {name}").format(name=self._name), classes="tall"):
            if self._causes:
                yield Prose(_("What keeps them from logging in or getting mail, the worst first:"), "muted")
            else:
                yield Prose(_("Nothing found that keeps them from logging in or getting mail."))
                yield Prose(_("Looked at, in the mirror: {what}.").format(what=looked_at()), "muted")
            yield self._list
            yield KeyBar()

    def _lay_out(self, cells: int) -> list[Line]:
        lines: list[Line] = []
        self._starts = []
        for place, cause in enumerate(self._causes):
            self._starts.append(len(lines))
            lines += self._block(place, cause, cells)
        return lines

    def _block(self, place: int, cause: Cause, cells: int) -> list[Line]:
        is_chosen = place == self.chosen
        head = f"{'▸' if is_chosen else ' '}{place + 1:>2} "
        first, *rest = wrap(cause.text, cells - _INDENT)
        blank = (" " * _INDENT, "")
        lines: list[Line] = [((head, "key" if self._mends(place) else "muted"), (first, "strong" if is_chosen else ""))]
        lines += [(blank, (piece, "strong" if is_chosen else "")) for piece in rest]
        lines += [(blank, (piece, "muted")) for piece in wrap(cause.basis, cells - _INDENT)]
        if cause.task:
            said = [
                by_name(cause.task).title,
                *(str(one) for one in cause.answers.values() if not isinstance(one, bool)),
            ]
            lines.append((blank, ("→ ", "key"), (" ".join(said), "")))
        return lines

    def watch_chosen(self) -> None:
        """Show which one is chosen, and keep it in sight."""
        self._list.lay_out()
        if self.chosen < len(self._starts):
            end = [*self._starts[1:], len(self._list.lines)][self.chosen]
            start = self._starts[self.chosen]
            top, height = self._list.scroll_offset.y, self._list.size.height
            if start < top:
                self._list.move(start - top)
            elif end > top + height:
                self._list.move(min(start - top, end - top - height))
        self.refresh_bindings()

    def validate_chosen(self, chosen: int) -> int:
        """Keep to the causes there are."""
        return max(0, min(chosen, len(self._causes) - 1))

    def _mends(self, place: int) -> bool:
        return self._can_write and place < len(self._causes) and self._causes[place].task is not None

    @override
    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Grey what nothing is there for."""
        if action != "mend":
            return True
        number = parameters[0] if parameters else None
        return True if self._mends(number - 1 if isinstance(number, int) else self.chosen) else None

    def action_mend(self, number: int | None = None) -> None:
        """Give the cause of a number, or the one at the cursor, to be mended."""
        place = self.chosen if number is None else number - 1
        if self._mends(place):
            close(self, self._causes[place])

    def action_move(self, by: int) -> None:
        """Move by causes."""
        self.chosen += by

    def action_page(self, direction: int) -> None:
        """Turn pages."""
        self._list.page(direction)

    def action_edge(self, direction: int) -> None:
        """Move to the first cause or the last."""
        self.chosen += direction * len(self._causes)

    def action_close(self) -> None:
        """Close without an answer."""
        close(self)
