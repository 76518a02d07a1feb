"""A batch: a plan carried out, its rows and what became of each."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from mailtui.domain.change import Change, Values


class RowState(StrEnum):
    """What became of a row; the last five are final."""

    PLANNED = "planned"
    SENT = "sent"
    VERIFIED = "verified"
    DRIFTED = "drifted"
    CONFLICT = "conflict"
    FAILED = "failed"
    SKIPPED = "skipped"


OPEN_STATES = (RowState.PLANNED, RowState.SENT)


class BatchState(StrEnum):
    """What became of a batch."""

    PLANNED = "planned"
    RUNNING = "running"
    DONE = "done"
    PARTIAL = "partial"
    INTERRUPTED = "interrupted"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class BatchRow:
    """One entry of a batch; `number` counts from 1 in the order of the plan.

    `before` is None once it was purged. `found` is what the directory held when the row was closed, of the attributes
    that the row touches; empty where nothing was read.
    """

    number: int
    account_id: str
    login: str
    name: str
    dn: str
    state: RowState
    detail: str = ""
    changes: tuple[Change, ...] = ()
    before: tuple[Values, ...] | None = ()
    found: tuple[Values, ...] = ()


@dataclass(frozen=True, slots=True)
class Closing:
    """How a row ends: its final state, why, and what the directory was found to hold."""

    number: int
    state: RowState
    detail: str = ""
    found: tuple[Values, ...] = ()


@dataclass(frozen=True, slots=True)
class Batch:
    """A batch; `rows` is empty where only the summary was asked for, `counts` never is."""

    id: str
    state: BatchState
    task: str
    ticket: str
    reason: str
    operator: str
    started: datetime
    counts: Mapping[RowState, int]
    ended: datetime | None = None
    undoes: str | None = None
    undone_by: str | None = None
    runner_pid: int | None = None
    rows: tuple[BatchRow, ...] = ()
    warnings: tuple[str, ...] = ()

    @property
    def total(self) -> int:
        """How many rows there are."""
        return sum(self.counts.values())

    @property
    def is_clean(self) -> bool:
        """Whether every row is verified or had nothing to do."""
        return self.counts.get(RowState.VERIFIED, 0) + self.counts.get(RowState.SKIPPED, 0) == self.total
