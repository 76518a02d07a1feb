"""Why somebody cannot log in or gets no mail, with what mends it."""

from collections.abc import Sequence

from textual import on
from textual.app import ComposeResult
from textual.screen import ModalScreen
from typing_extensions import override

from mailtui.plans.catalogue import by_name
from mailtui.queries.causes import Cause, looked_at
from mailtui.texts import _
from mailtui.ui import keys
from mailtui.ui.asking import close
from mailtui.ui.dialogs.box import Box
from mailtui.ui.widgets.blocks import Blocks
from mailtui.ui.widgets.key_bar import KeyBar
from mailtui.ui.widgets.prose import Prose
from mailtui.ui.widgets.spans import Line, wrap

_INDENT = 4
_ARROW = "→ "


def _mending(cause: Cause) -> str:
    """Say what mends a cause: its task with the answers, or what else is advised; empty where nothing is known."""
    if not cause.task:
        return cause.advice
    answers = (str(one) for one in cause.answers.values() if not isinstance(one, bool))
    return " ".join((by_name(cause.task).title, *answers))


class WhyDialog(ModalScreen[Cause | None]):
    """The causes, the worst first; gives the one that is to be mended, and mends nothing itself."""

    AUTO_FOCUS = ""
    BINDINGS = keys.bindings(keys.WHY)

    def __init__(self, name: str, causes: Sequence[Cause], *, can_write: bool) -> None:
        super().__init__()
        self._name, self._causes, self._can_write = name, causes, can_write
        self._list = Blocks(len(causes), self._block, id="causes")

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

    def _block(self, place: int, is_chosen: bool, cells: int) -> list[Line]:
        cause = self._causes[place]
        head = f"{'▸' if is_chosen else ' '}{place + 1:>2} "
        first, *rest = wrap(cause.text, cells - _INDENT)
        blank = (" " * _INDENT, "")
        lines: list[Line] = [((head, "key" if self._mends(place) else "muted"), (first, "strong" if is_chosen else ""))]
        lines += [(blank, (piece, "strong" if is_chosen else "")) for piece in rest]
        lines += [(blank, (piece, "muted")) for piece in wrap(cause.basis, cells - _INDENT)]
        mends = wrap(_mending(cause), cells - _INDENT - len(_ARROW))
        for arrow, piece in zip((_ARROW, *[" " * len(_ARROW)] * len(mends)), filter(None, mends), strict=False):
            lines.append((blank, (arrow, "key"), (piece, "")))
        return lines

    @on(Blocks.Chosen)
    def follow(self) -> None:
        """Grey what nothing is there for."""
        self.refresh_bindings()

    def _mends(self, place: int) -> bool:
        return self._can_write and place < len(self._causes) and self._causes[place].task is not None

    @override
    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Grey what nothing is there for."""
        if action != "mend":
            return True
        number = parameters[0] if parameters else None
        return True if self._mends(number - 1 if isinstance(number, int) else self._list.chosen) else None

    def action_mend(self, number: int | None = None) -> None:
        """Give the cause of a number, or the one at the cursor, to be mended."""
        place = self._list.chosen if number is None else number - 1
        if self._mends(place):
            close(self, self._causes[place])

    def action_move(self, by: int) -> None:
        """Move by causes."""
        self._list.step(by)

    def action_page(self, direction: int) -> None:
        """Turn pages."""
        self._list.page(direction)

    def action_edge(self, direction: int) -> None:
        """Move to the first cause or the last."""
        self._list.jump(direction)

    def action_close(self) -> None:
        """Close without an answer."""
        close(self)
