"""What a front end itself writes about the rows of a batch: planned anew, or in conflict and ended."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from mailtui.domain.batch import Closing, RowState
from mailtui.texts import _

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mailtui.domain.batch import BatchRow
    from mailtui.domain.plan import Plan, PlanRow
    from mailtui.journal.log import Journal


def plan_anew(journal: Journal, batch_id: str, plan: Plan) -> None:
    """Put the rows of a plan in the place of those of a batch that are planned; it ends where none is left to be sent.

    Raises:
        Refused: There is no such batch, or somebody works on it.
    """
    with journal.batch_lock(batch_id):
        planned = [row for row in journal.batch(batch_id).rows if row.state is RowState.PLANNED]
        numbers = {_what(row): row.number for row in planned}
        rows = {numbers[_what(row)]: row for row in plan.rows if _what(row) in numbers}
        journal.replan(batch_id, rows, datetime.now(UTC))
        if rows and not journal.summary(batch_id).open_rows:
            journal.close_batch(batch_id, datetime.now(UTC))


def _what(row: BatchRow | PlanRow) -> tuple[object, ...]:
    """Give what tells a row from the others of its batch, whatever it changes."""
    return row.account_id or row.dn, row.act, row.rests_on


def keep_theirs(journal: Journal, batch_id: str) -> int:
    """End the rows of a batch that are in conflict: what others made of them stays. Gives how many there were.

    Raises:
        Refused: There is no such batch, or somebody works on it.
    """
    with journal.batch_lock(batch_id):
        rows = _in_conflict(journal, batch_id)
        _end(journal, batch_id, rows, _("theirs was kept: {what}"))
    return len(rows)


def refer(journal: Journal, batch_id: str, to: str) -> int:
    """End the rows of a batch that are in conflict and were planned again in another, which says what becomes of them.

    Raises:
        Refused: There is no such batch, or somebody works on it.
    """
    planned = {row.account_id for row in journal.batch(to).rows}
    with journal.batch_lock(batch_id):
        rows = [row for row in _in_conflict(journal, batch_id) if row.account_id in planned]
        _end(journal, batch_id, rows, _("planned again in {batch}: {what}").replace("{batch}", to))
    return len(rows)


def _in_conflict(journal: Journal, batch_id: str) -> list[BatchRow]:
    return [row for row in journal.batch(batch_id).rows if row.state is RowState.CONFLICT]


def _end(journal: Journal, batch_id: str, rows: Iterable[BatchRow], text: str) -> None:
    ends = [Closing(row.number, RowState.SKIPPED, text.format(what=row.detail), row.found) for row in rows]
    journal.advance(batch_id, ends, [], datetime.now(UTC))
