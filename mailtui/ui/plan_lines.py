"""A plan and a batch as lines to read."""

from collections.abc import Callable, Iterator, Sequence

from mailtui.domain.batch import Batch, BatchRow, RowState
from mailtui.domain.entries import EntryKind
from mailtui.domain.plan import Caution, Plan, PlanRow
from mailtui.domain.rules import Rule
from mailtui.texts import clean, fit, ngettext, width
from mailtui.ui import batch_wording, conflicts
from mailtui.ui.widgets.spans import Line, wrap

RuleOf = Callable[[str], Rule]
_NAME, _LOGIN, _STATE = 26, 16, 12
_TROUBLE = frozenset({RowState.FAILED, RowState.CONFLICT, RowState.DRIFTED})


def of_plan(plan: Plan, news: Sequence[str], cells: int) -> list[Line]:
    """Lay a plan out: news and cautions, then each account with what changes, then those that nothing changes for."""
    lines = [line for text in news for line in _caution(text, "", cells)]
    lines += of_cautions(plan.warnings, cells)
    if lines:
        lines.append(())
    for row in plan.changing:
        lines += [_who(row), *((("    ", ""), *line) for line in batch_wording.changes(row))]
    idle = [row for row in plan.rows if row.is_idle]
    if idle:
        title = ngettext("Nothing to do for {number} account", "Nothing to do for {number} accounts", len(idle))
        if any(row.kind is not EntryKind.ACCOUNT for row in idle):
            title = ngettext("Nothing to do for {number} entry", "Nothing to do for {number} entries", len(idle))
        lines += [(), ((title.format(number=len(idle)), "strong"),), *(_skipped(row) for row in idle)]
    return lines


def of_cautions(cautions: Sequence[Caution], cells: int) -> list[Line]:
    """Lay cautions out, each with what it rests on."""
    return [line for caution in cautions for line in _caution(caution.text, caution.basis, cells)]


def _caution(text: str, basis: str, cells: int) -> Iterator[Line]:
    first, *rest = wrap(text, cells - 2)
    if not rest and width(first) + width(clean(basis)) + 4 <= cells:
        yield (("! ", "warning"), (first, ""), (f"  {basis}", "muted"))
        return
    yield (("! ", "warning"), (first, ""))
    yield from ((("  ", ""), (piece, "")) for piece in rest)
    yield from ((("  ", ""), (piece, "muted")) for piece in wrap(basis, cells - 2) if piece)


def _who(row: PlanRow) -> Line:
    return ((fit(row.name, _NAME) + "  ", "strong"), (row.login, "muted"))


def _skipped(row: PlanRow) -> Line:
    return (
        (fit(row.name, _NAME) + "  ", ""),
        (fit(row.login, _LOGIN) + "  ", "muted"),
        (row.skip or row.conflict, "muted"),
    )


def of_rows(rows: Sequence[BatchRow], opened: int | None, rule: RuleOf, cells: int) -> tuple[list[Line], list[int]]:
    """Lay the rows of a batch out, one of them opened; with each line the number of the row it belongs to.

    `rule` gives the rule by which an attribute's values compare.
    """
    lines: list[Line] = []
    owners: list[int] = []
    for row in rows:
        block = [_row(row)]
        if row.number == opened or row.state in _TROUBLE:
            block += _below(row.detail, cells)
        if row.number == opened:
            block += _below(row.dn, cells)
            if row.state is RowState.CONFLICT:
                block += conflicts.sides(row, rule, _STATE, cells)
            else:
                block += [((" " * _STATE, ""), *line) for line in batch_wording.changes(row)]
        lines += block
        owners += [row.number] * len(block)
    return lines, owners


def _row(row: BatchRow) -> Line:
    word, tone = batch_wording.row_state(row.state)
    detail = "" if row.state in _TROUBLE else row.detail
    return (
        (fit(word, _STATE), tone),
        (fit(row.name, _NAME) + "  ", ""),
        *(((fit(row.login, _LOGIN) + "  ", "muted"), (detail, "muted")) if detail else ((row.login, "muted"),)),
    )


def _below(text: str, cells: int) -> Iterator[Line]:
    """Give a text as lines below a row; none where there is none."""
    if text:
        yield from (((" " * _STATE, ""), (piece, "muted")) for piece in wrap(text, max(20, cells - _STATE)))


def counts(batch: Batch) -> Line:
    """Give how many rows came to which end, those first that somebody must look at."""
    order = (
        RowState.FAILED, RowState.CONFLICT, RowState.DRIFTED, RowState.VERIFIED, RowState.SKIPPED, RowState.SENT,
        RowState.PLANNED,
    )  # fmt: skip
    spans: list[tuple[str, str]] = []
    for state in order:
        number = batch.counts.get(state, 0)
        if number:
            word, tone = batch_wording.row_state(state)
            spans += [(f"{word} {number:,}", tone), ("   ", "")]
    return tuple(spans)
