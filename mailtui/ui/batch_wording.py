"""The words, signs and tones of batches and their rows; a sign and a word always stand beside the colour."""

from mailtui.domain.batch import Batch, BatchRow, BatchState, RowState
from mailtui.domain.entries import Act
from mailtui.domain.plan import PlanRow
from mailtui.domain.rules import decode_text
from mailtui.plans.catalogue import TASKS
from mailtui.plans.tasks import About
from mailtui.plans.undo import UNDO
from mailtui.texts import _
from mailtui.ui.widgets.spans import Span

_ROWS = {
    RowState.PLANNED: ("·", "muted", _("planned")),
    RowState.SENT: ("→", "", _("sent")),
    RowState.VERIFIED: ("✓", "good", _("verified")),
    RowState.DRIFTED: ("≠", "bad", _("drifted")),
    RowState.CONFLICT: ("!", "warning", _("conflict")),
    RowState.FAILED: ("✗", "bad", _("failed")),
    RowState.SKIPPED: ("–", "muted", _("skipped")),
}
_BATCHES = {
    BatchState.PLANNED: ("·", "muted", _("planned")),
    BatchState.RUNNING: ("→", "strong", _("running")),
    BatchState.DONE: ("✓", "good", _("done")),
    BatchState.PARTIAL: ("!", "warning", _("partial")),
    BatchState.INTERRUPTED: ("✗", "bad", _("interrupted")),
    BatchState.CANCELLED: ("–", "warning", _("cancelled")),
}


def row_state(value: RowState) -> Span:
    """Give the sign and word of what became of a row."""
    sign, tone, word = _ROWS[value]
    return f"{sign} {word}", tone


def state_of(batch: Batch) -> Span:
    """Give the sign and word of what became of a batch."""
    sign, tone, word = _BATCHES[batch.state]
    if batch.is_paused:
        word, tone = _("{state} · paused").format(state=word), "warning"
    return f"{sign} {word}", tone


def short_state_of(batch: Batch) -> Span:
    """Give the same in 14 cells."""
    return (_("→ paused"), "warning") if batch.is_paused else state_of(batch)


def what_next(batch: Batch) -> str:
    """Say of a batch that has open rows and no runner what can be done about it; nothing of others."""
    if batch.state is BatchState.PLANNED:
        return _("saved, to be sent later: c goes on")
    if batch.state in (BatchState.INTERRUPTED, BatchState.CANCELLED) and batch.open_rows:
        return _("{open} of {total} open: c goes on").format(open=f"{batch.open_rows:,}", total=f"{batch.total:,}")
    return ""


def changes(row: PlanRow | BatchRow) -> list[tuple[Span, ...]]:
    """Give a line for what becomes of the entry, and one for each value taken from, or given to, an attribute."""
    lines: list[tuple[Span, ...]] = [((row.headline, "strong"),)] if row.headline else []
    if row.act is Act.RENAME:
        # Each on a line of its own: two DNs have no room beside each other.
        lines = [(("- ", "bad"), (row.dn, "bad")), (("+ ", "good"), (row.new_dn, "good"))]
    for change in row.shown:
        for sign, tone, raw in (("-", "bad", change.remove), ("+", "good", change.add)):
            lines += [((f"{sign} ", tone), (f"{change.attribute}: ", "muted"), (decode_text(v), tone)) for v in raw]
    return lines


def is_about_accounts(name: str) -> bool:
    """Tell whether the task of a name is done to accounts, not to a unit or a group."""
    return all(one.about not in {About.UNIT, About.GROUP} for one in TASKS if one.name == name)


def task(name: str) -> str:
    """Give the title of a task by its name; an undo is no task of the catalogue."""
    titles = {one.name: one.title for one in TASKS}
    return titles.get(name, _("Undo") if name == UNDO else name)
