"""A conflict as lines to read: what the plan started from, what others made of it, and what was wanted."""

from collections.abc import Callable, Iterator

from mailtui.domain.batch import BatchRow
from mailtui.domain.change import Values, applied
from mailtui.domain.rules import Rule, decode_text
from mailtui.texts import _, fit, width
from mailtui.ui.widgets.spans import Line, wrap

_LEAST = 20


def sides(row: BatchRow, rule: Callable[[str], Rule], indent: int, cells: int) -> list[Line]:
    """Give, for each attribute that a row touches, a line for each side, so far to the right."""
    started, theirs = _by_name(row.before), _by_name(row.found)
    names = {change.attribute.lower(): change.attribute for change in row.changes}
    names |= {key: values.attribute for key, values in (started | theirs).items()}
    lines: list[Line] = []
    for key, name in names.items():
        before = started.get(key)
        mine = applied(row.changes, before, rule(name)) if before else None
        lines.append(((" " * indent, ""), (name, "strong")))
        lines += _side(_("planned from"), before, "muted", indent, cells)
        lines += _side(_("theirs"), theirs.get(key), "warning", indent, cells)
        lines += _side(_("mine"), mine, "good", indent, cells)
    return lines


def _by_name(values: tuple[Values, ...] | None) -> dict[str, Values]:
    return {one.attribute.lower(): one for one in values or ()}


def _side(title: str, values: Values | None, tone: str, indent: int, cells: int) -> Iterator[Line]:
    """Give a side; what is unknown (nothing was read, or it is not kept any more) is `?`."""
    room = 2 + max(width(side) for side in (_("planned from"), _("theirs"), _("mine")))
    text = "?" if values is None else ", ".join(map(decode_text, values.values)) or _("absent")
    for number, piece in enumerate(wrap(text, max(_LEAST, cells - indent - room - 2))):
        yield ((" " * (indent + 2), ""), (fit(title if not number else "", room), "muted"), (piece, tone))
