"""What can be done now about a batch, by what the journal says of it alone."""

from collections.abc import Callable, Mapping

from mailtui.domain.batch import Batch, BatchState, RowState

_UNDOABLE = (RowState.VERIFIED, RowState.DRIFTED, RowState.SENT)
# They change no account: even where nothing may be changed, a batch can be stopped.
_HARMLESS = frozenset({"stop"})


def can(deed: str, batch: Batch, *, can_write: bool) -> bool:
    """Tell whether a deed, by the name of its action, can be done to a batch."""
    return (can_write or deed in _HARMLESS) and _DEEDS[deed](batch)


def is_deed(action: str) -> bool:
    """Tell whether an action is something that is done to a batch."""
    return action in _DEEDS


def can_undo(batch: Batch) -> bool:
    """Tell whether there is something to take back that was not taken back yet."""
    return batch.undone_by is None and not _is_running(batch) and any(map(batch.counts.get, _UNDOABLE))


def is_unsent(batch: Batch) -> bool:
    """Tell whether a batch was only ever saved: it is planned again before it is sent."""
    was_dropped = batch.state is BatchState.CANCELLED and batch.counts.get(RowState.PLANNED) == batch.total
    return batch.state is BatchState.PLANNED or was_dropped


def _is_running(batch: Batch) -> bool:
    return batch.state is BatchState.RUNNING


def _can_stop(batch: Batch) -> bool:
    return _is_running(batch) or (bool(batch.open_rows) and batch.state is not BatchState.CANCELLED)


def _can_resume(batch: Batch) -> bool:
    return batch.is_paused if _is_running(batch) else bool(batch.open_rows)


def _has(state: RowState) -> Callable[[Batch], bool]:
    return lambda batch: not _is_running(batch) and bool(batch.counts.get(state))


_DEEDS: Mapping[str, Callable[[Batch], bool]] = {
    "stop": _can_stop,
    "pause": _is_running,
    "resume": _can_resume,
    "retry": _has(RowState.FAILED),
    "undo": can_undo,
    "keep": _has(RowState.CONFLICT),
    "replan": _has(RowState.CONFLICT),
    "settle": _has(RowState.SENT),
}
