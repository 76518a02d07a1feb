"""A batch: a plan carried out, its rows and what became of each."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from mailtui.domain.change import Change, Values, headline
from mailtui.domain.entries import Act, EntryKind
from mailtui.domain.plan import Answer


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


class Wish(StrEnum):
    """What somebody wants of the runner of a batch; it is taken up between rows."""

    PAUSE = "pause"
    GO_ON = "go on"
    CANCEL = "cancel"


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
    that the row touches; empty where nothing was read. `was_sent` tells that its request left once. `account_id` is
    empty until an entry that is added was seen; see `PlanRow` for what else there is.
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
    was_sent: bool = False
    kind: EntryKind = EntryKind.ACCOUNT
    act: Act = Act.MODIFY
    new_dn: str = ""
    rests_on: int = 0

    @property
    def headline(self) -> str:
        """What becomes of the entry as a whole; empty where only values change."""
        return headline(self.act, self.dn, self.new_dn)

    @property
    def shown(self) -> tuple[Change, ...]:
        """The changes that people are shown: not each value of an entry that goes."""
        return () if self.act is Act.DELETE else self.changes


@dataclass(frozen=True, slots=True)
class Closing:
    """How a row ends: its final state, why, and what the directory was found to hold; the id of an entry added."""

    number: int
    state: RowState
    detail: str = ""
    found: tuple[Values, ...] = ()
    entry_id: str = ""


@dataclass(frozen=True, slots=True)
class Batch:
    """A batch; `rows` is empty where only the summary was asked for, `counts` never is.

    `runner_pid` is the process that carries it out, as long as it does; `answers` are those to the task's questions.
    """

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
    answers: Mapping[str, Answer] = field(default_factory=dict)
    is_paused: bool = False

    @property
    def open_rows(self) -> int:
        """How many rows are planned or under way."""
        return sum(self.counts.get(state, 0) for state in OPEN_STATES)

    @property
    def total(self) -> int:
        """How many rows there are."""
        return sum(self.counts.values())

    @property
    def is_clean(self) -> bool:
        """Whether every row is verified or had nothing to do."""
        return self.counts.get(RowState.VERIFIED, 0) + self.counts.get(RowState.SKIPPED, 0) == self.total
