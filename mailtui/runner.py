"""Carries batches out: the only way a front end writes.

A batch runs in a thread of its own and is watched through the journal, which knows more than any thread: what was
committed there is what is true.
"""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from threading import Event, Thread
from time import monotonic
from typing import TYPE_CHECKING

from mailtui.errors import MailtuiError
from mailtui.log import log

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mailtui.desk import Desk
    from mailtui.directory.port import Directory
    from mailtui.domain.batch import Batch, RowState
    from mailtui.domain.plan import Plan


@dataclass
class _Run:
    """One batch on its way."""

    batch: str
    is_retry: bool
    stop: Event = field(default_factory=Event)
    ended: Event = field(default_factory=Event)
    counts: Mapping[RowState, int] = field(default_factory=dict)
    begun: float = field(default_factory=monotonic)
    failure: MailtuiError | None = None

    def count(self, counts: Mapping[RowState, int]) -> None:
        """Take note of how far it is."""
        self.counts = counts


class Runner:
    """Starts batches, tells how far they are, and stops them between rows."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._runs: dict[str, _Run] = {}

    def start(self, plan: Plan) -> str:
        """Journal a plan and begin to carry it out; gives the batch's id.

        Raises:
            Refused: Policy forbids it.
            Unreachable: The directory is; nothing was journalled.
        """
        from mailtui.plans.friction import check_policy

        check_policy(plan, self._desk.policy)
        directory = self._desk.connect()
        try:
            with closing(self._desk.journal()) as journal:
                batch = journal.open_batch(plan, self._desk.operator(), datetime.now(UTC))
        except MailtuiError:
            directory.close()
            raise
        self._begin(batch, directory)
        return batch

    def retry(self, batch_id: str) -> int:
        """Begin to send the failed rows of a batch again, under its own ticket; gives how many there are.

        Rows whose entries were changed since they were planned become conflicts.

        Raises:
            Refused: There is no such batch, or nothing may be changed.
            Unreachable: The directory is; the batch is as it was.
        """
        from mailtui.domain.batch import RowState
        from mailtui.plans.friction import check_writing

        check_writing(self._desk.policy)
        batch = self._desk.batch(batch_id)
        failed = batch.counts.get(RowState.FAILED, 0)
        if failed:
            self._begin(batch.id, self._desk.connect(), retry=True)
        return failed

    def _begin(self, batch: str, directory: Directory, *, retry: bool = False) -> None:
        run = self._runs[batch] = _Run(batch, retry)
        # Not a daemon: a process that ends waits for the row at hand.
        Thread(target=self._carry_out, args=(run, directory), name=f"batch {batch}").start()

    def _carry_out(self, run: _Run, directory: Directory) -> None:
        from mailtui.apply.batches import Means, carry_out

        desk = self._desk
        try:
            with closing(directory), closing(desk.journal()) as journal:
                means = Means(journal, directory, desk.schema, desk.attributes, desk.mend, desk.operator())
                carry_out(run.batch, means, run.stop, run.count, retry=run.is_retry)
        except MailtuiError as error:
            log.warning("batch %s was cut short: %s", run.batch, error.code)
            run.failure = error
        finally:
            run.ended.set()

    def is_running(self, batch: str) -> bool:
        """Tell whether a batch is being carried out here."""
        run = self._runs.get(batch)
        return run is not None and not run.ended.is_set()

    @property
    def running(self) -> tuple[str, ...]:
        """The batches that are being carried out here."""
        return tuple(batch for batch in self._runs if self.is_running(batch))

    def counts(self, batch: str) -> Mapping[RowState, int]:
        """Tell how many rows are in which state, without a look into the journal."""
        return self._runs[batch].counts

    def cancel(self, batch: str) -> None:
        """Stop a batch after the row at hand; the rest stays as it is."""
        if batch in self._runs:
            self._runs[batch].stop.set()

    def wait(self, batch: str, timeout_s: float | None = None) -> bool:
        """Wait for a batch to end; False where it had not when the time was up."""
        return batch not in self._runs or self._runs[batch].ended.wait(timeout_s)

    def failure(self, batch: str) -> MailtuiError | None:
        """Tell why a batch was cut short, if it was."""
        run = self._runs.get(batch)
        return run.failure if run else None

    def result(self, batch: str) -> Batch:
        """Give a batch as the journal has it."""
        return self._desk.batch(batch)
