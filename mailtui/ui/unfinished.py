"""Batches that have not come to their end, for a console that opens or is left."""

from collections.abc import Sequence
from contextlib import suppress

from mailtui.desk import Desk
from mailtui.domain.batch import Batch, BatchState
from mailtui.errors import DirectoryError, Refused, StoreError
from mailtui.runner.front import Runner
from mailtui.texts import _

_ORDER = (BatchState.RUNNING, BatchState.INTERRUPTED, BatchState.PLANNED)


def settle(runner: Runner) -> list[Batch]:
    """Find out what became of rows that a crash left open, and give their batches.

    None where that would take a password, or the directory is away.
    """
    # A password that is needed is a refusal of the directory too.
    with suppress(DirectoryError):
        return runner.settle()
    return []


def news(desk: Desk, settled: Sequence[Batch] = ()) -> str:
    """Say which of the operator's batches is running, was cut short or waits, or was settled just now; else nothing."""
    mine = [batch for batch in desk.batches() if batch.state in _ORDER and _is_of(batch, desk)]
    if not mine:
        return _("{batch} was cut short; b shows what became of it").format(batch=settled[0].id) if settled else ""
    mine.sort(key=lambda batch: _ORDER.index(batch.state))
    first, *others = mine
    more = _(" (and {number} more)").format(number=len(others)) if others else ""
    return _sentence(first) + more


def _sentence(batch: Batch) -> str:
    if batch.state is BatchState.RUNNING:
        return _("{batch} is running: b shows it").format(batch=batch.id)
    if batch.state is BatchState.PLANNED:
        return _("{batch} waits to be sent: b, then c goes on").format(batch=batch.id)
    return _("{batch} was cut short ({open} of {total} open): b, then c goes on").format(
        batch=batch.id, open=f"{batch.open_rows:,}", total=f"{batch.total:,}"
    )


def running(desk: Desk, runner: Runner) -> list[str]:
    """Name the operator's batches that are being carried out; none where the journal cannot tell."""
    with suppress(StoreError, Refused):
        return [name for name in runner.running if _is_of(desk.batch_summary(name), desk)]
    return []


def _is_of(batch: Batch, desk: Desk) -> bool:
    return batch.operator == desk.operator().name
