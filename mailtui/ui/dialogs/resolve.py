"""What was found of a list: the certain, the uncertain with its candidates, the unknown."""

from collections.abc import Iterator, Sequence

from textual.app import ComposeResult
from textual.reactive import reactive
from textual.screen import ModalScreen

from mailtui.queries.lists import ListMatch, Matched, Verdict
from mailtui.texts import _, fit, ngettext
from mailtui.ui import keys
from mailtui.ui.asking import close
from mailtui.ui.dialogs.box import Box
from mailtui.ui.widgets.key_bar import KeyBar
from mailtui.ui.widgets.lines import Lines
from mailtui.ui.widgets.spans import Line
from mailtui.ui.widgets.tally import Tally

_ORDER = (Verdict.AMBIGUOUS, Verdict.PROBABLE, Verdict.UNKNOWN, Verdict.EXACT)
_SIGNS = {
    Verdict.EXACT: ("✓", "good", _("exact")),
    Verdict.PROBABLE: ("~", "warning", _("probable")),
    Verdict.AMBIGUOUS: ("?", "warning", _("ambiguous")),
    Verdict.UNKNOWN: ("✗", "bad", _("unknown")),
}


class ResolveDialog(ModalScreen[list[str] | None]):
    """Lets the operator choose for each uncertain row, or pass it over; gives the ids of the accounts to mark."""

    BINDINGS = keys.bindings(keys.RESOLVE)

    chosen: reactive[dict[int, int]] = reactive({}, init=False)
    """Which candidate was chosen, counted from 0, by the place of the row."""

    def __init__(self, match: ListMatch) -> None:
        super().__init__()
        self._rows = sorted(match.rows, key=lambda row: _ORDER.index(row.verdict))
        self._list = Lines(self._lay_out, has_cursor=True, id="rows")
        self._result = Tally(id="result")

    def compose(self) -> ComposeResult:
        """How many of each, the rows, the keys."""
        with Box(_("Found of the list"), classes="tall"):
            yield Tally(tuple(_counts(self._rows)), id="counts")
            yield self._list
            yield self._result
            yield KeyBar()

    def on_mount(self) -> None:
        """Begin with the exact ones chosen."""
        self.chosen = {place: 0 for place, row in enumerate(self._rows) if row.verdict is Verdict.EXACT}

    def _lay_out(self, cells: int) -> list[Line]:
        return [_line(row, self.chosen.get(place), cells) for place, row in enumerate(self._rows)]

    def watch_chosen(self) -> None:
        """Show what is chosen."""
        self._list.lay_out()
        number = len(self._ids)
        text = ngettext("{number} account will be marked", "{number} accounts will be marked", number)
        self._result.line = ((text.format(number=number), "strong"),)

    @property
    def _ids(self) -> list[str]:
        return list(dict.fromkeys(self._rows[place].candidates[number].id for place, number in self.chosen.items()))

    def turn(self) -> None:
        """Choose the next candidate of the row at the cursor; after the last, none."""
        place = self._list.cursor
        row = self._rows[place] if place < len(self._rows) else None
        if row is None or not row.candidates:
            return
        number = self.chosen.get(place, -1) + 1
        others = {key: value for key, value in self.chosen.items() if key != place}
        self.chosen = {**others, place: number} if number < len(row.candidates) else others

    def action_turn(self) -> None:
        """Turn the choice."""
        self.turn()

    def action_accept(self) -> None:
        """Give what is chosen."""
        close(self, self._ids)

    def action_close(self) -> None:
        """Close without an answer."""
        close(self)


def _counts(rows: Sequence[Matched]) -> Iterator[tuple[str, str]]:
    for verdict in reversed(_ORDER):
        number = sum(row.verdict is verdict for row in rows)
        if number:
            sign, tone, word = _SIGNS[verdict]
            yield f"{sign} {word} {number}", tone
            yield "   ", ""


def _line(row: Matched, chosen: int | None, cells: int) -> Line:
    sign, tone, word = _SIGNS[row.verdict]
    text = fit(row.text, max(12, (cells - 20) * 2 // 5))
    if chosen is not None:
        account = row.candidates[chosen]
        place = f" {chosen + 1}/{len(row.candidates)}" if len(row.candidates) > 1 else ""
        found = (
            ("→ ", "key"),
            (f"{account.name}  ", "strong"),
            (f"{account.login} {account.department or ''}{place}", "muted"),
        )
    elif row.candidates:
        names = ", ".join(f"{one.name} ({one.login})" for one in row.candidates)
        found = (("  ", ""), (f"{len(row.candidates)}: {names}", "muted"), ("", ""))
    else:
        found = (("  ", ""), (_("nobody"), "muted"), ("", ""))
    return ((fit(f"{sign} {word}", 12), tone), (text + "  ", ""), *found)
