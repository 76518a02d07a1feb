"""What a front end does about batches: start, resume, pause, cancel, settle; and how far they are.

Batches go on when whoever started them is gone, and can be seen and steered from any other terminal.
"""

from __future__ import annotations

from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from time import monotonic, sleep
from typing import TYPE_CHECKING

from mailtui import paths
from mailtui.domain.batch import BatchState, RowState, Wish
from mailtui.domain.entries import Act
from mailtui.errors import MailtuiError, Refused
from mailtui.plans.friction import check_policy, check_writing
from mailtui.runner import rows
from mailtui.runner.passwords import Passwords, lacking, made_for
from mailtui.runner.spawning import COMMAND, Spawned, spawn
from mailtui.texts import _

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from mailtui.apply.batches import How
    from mailtui.desk import Desk
    from mailtui.domain.batch import Batch, BatchRow
    from mailtui.domain.plan import Plan
    from mailtui.domain.secret import Secret

_LOOK_S = 0.1


class Runner:
    """Begins batches and steers them, from any thread; `command` is what the process that carries them out is."""

    def __init__(self, desk: Desk, command: Sequence[str] = COMMAND) -> None:
        self._desk, self._command = desk, tuple(command)
        self._spawned: dict[str, Spawned] = {}
        self._passwords = Passwords()

    def start(self, plan: Plan, typed: Secret | None = None) -> str:
        """Journal a plan and begin to carry it out; gives the batch's id.

        Each row that sets a password gets `typed`, or else one that is made here, for `take_passwords`.

        Raises:
            Refused: Policy forbids it.
            Unreachable: The directory is; nothing was begun.
        """
        from mailtui.apply.batches import How

        check_policy(plan, self._desk.policy)
        self.settle()
        password = self._desk.log_in_to_write()
        batch = self.save(plan)
        numbers = [number for number, row in enumerate(plan.rows, 1) if row.act is Act.PASSWORD]
        try:
            self._begin(batch, How.GO_ON, password, numbers, typed)
        except MailtuiError:
            # Nobody has heard of it yet; whoever wants it sent later saves it.
            with suppress(Refused):
                self.cancel(batch)
            raise
        return batch

    @property
    def having_passwords(self) -> tuple[str, ...]:
        """The batches begun here whose passwords nobody has taken yet."""
        return self._passwords.batches

    def take_passwords(self, batch_id: str) -> list[tuple[BatchRow, Secret]]:
        """Give the passwords that a batch begun here has set, with their rows: once, then they are forgotten."""
        if batch_id not in self._passwords.batches or self.is_running(batch_id):
            return []
        return self._passwords.take(self.result(batch_id))

    def save(self, plan: Plan) -> str:
        """Journal a plan as a batch that waits until somebody resumes it; gives its id.

        Raises:
            Refused: Policy forbids it.
        """
        check_policy(plan, self._desk.policy)
        with closing(self._desk.journal()) as journal:
            return journal.open_batch(plan, self._desk.operator(), datetime.now(UTC))

    def resume(self, batch_id: str) -> bool:
        """Go on with a batch: with one that is paused, or with the open rows of one that was cut short.

        Where somebody else has just begun to, that is enough. Gives whether there was anything to go on with.

        Raises:
            Refused: There is no such batch, or nothing may be changed.
            Unreachable: The directory is; the batch is as it was.
        """
        from mailtui.apply.batches import How

        check_writing(self._desk.policy)
        batch = self._desk.batch_summary(batch_id)
        self._desk.permits.check_batch(batch)
        if batch.state is BatchState.RUNNING:
            if batch.is_paused:
                self._wish(batch.id, Wish.GO_ON)
            return True
        if not batch.open_rows:
            return False
        self._begin(batch.id, How.GO_ON, self._desk.log_in_to_write(), lacking(self.result(batch.id)))
        return True

    def resume_planned(self, batch_id: str, plan: Plan) -> None:
        """Begin with the rows of a batch that are planned, as they were planned again and confirmed just now.

        Raises:
            Refused: There is no such batch, or policy forbids it.
            Unreachable: The directory is; the batch is as it was.
        """
        check_policy(plan, self._desk.policy)
        self._desk.log_in_to_write()
        with self._unless_others_do(batch_id), closing(self._desk.journal()) as journal:
            rows.plan_anew(journal, batch_id, plan)
        self.resume(batch_id)

    def keep_theirs(self, batch_id: str) -> int:
        """End the rows of a batch that are in conflict: what others made of them stays. Gives how many there were.

        Raises:
            Refused: There is no such batch, or somebody works on it.
        """
        check_writing(self._desk.policy)
        with closing(self._desk.journal()) as journal:
            return rows.keep_theirs(journal, batch_id)

    def refer(self, batch_id: str, to: str) -> int:
        """End the rows of a batch that are in conflict and that another batch was begun for. Gives how many there were.

        Raises:
            Refused: There is no such batch, or somebody works on it.
        """
        with closing(self._desk.journal()) as journal:
            return rows.refer(journal, batch_id, to)

    def retry(self, batch_id: str) -> int:
        """Begin to send the failed rows of a batch again, under its own ticket; gives how many there are.

        Rows whose entries were changed since they were planned become conflicts.

        Raises:
            Refused: There is no such batch, it is being carried out, or nothing may be changed.
            Unreachable: The directory is; the batch is as it was.
        """
        from mailtui.apply.batches import How

        check_writing(self._desk.policy)
        batch = self._desk.batch_summary(batch_id)
        self._desk.permits.check_batch(batch)
        failed = batch.counts.get(RowState.FAILED, 0)
        if failed:
            self._begin(batch.id, How.RETRY, self._desk.log_in_to_write(), lacking(self.result(batch.id)))
        return failed

    def _begin(
        self, batch: str, how: How, password: Secret | None, numbers: Sequence[int], typed: Secret | None = None
    ) -> None:
        """Start the process; rows by these numbers are given passwords, which the journal never knows."""
        from mailtui.runner.job import Job

        desk = self._desk
        made = dict.fromkeys(numbers, typed) if typed else made_for(numbers, desk.policy)
        job = Job(desk.config, desk.files, paths.log_file(), desk.operator(), password, batch, how, made)
        with self._unless_others_do(batch):
            self._spawned[batch] = spawn(job, self._command)
            if not typed:
                self._passwords.hold(batch, made)

    @contextmanager
    def _unless_others_do(self, batch: str) -> Iterator[None]:
        """Leave a batch to whoever was faster to work on it: what was wanted is being done, or was."""
        try:
            yield
        except Refused:
            if not self.is_running(batch) and self.summary(batch).open_rows:
                raise

    def pause(self, batch_id: str) -> None:
        """Have a batch stop between rows until it is resumed.

        Raises:
            Refused: It is not being carried out.
        """
        self._wish(self._running(batch_id).id, Wish.PAUSE)

    def cancel(self, batch_id: str) -> None:
        """End a batch between rows; the rest stays as it is. One that nobody carries out is ended at once.

        Rows of which nobody knows what became stay so, until they are settled.

        Raises:
            Refused: There is no such batch, or it has come to its end.
        """
        batch = self._desk.batch_summary(batch_id)
        if batch.state is BatchState.RUNNING:
            self._wish(batch.id, Wish.CANCEL)
        elif not batch.counts.get(RowState.PLANNED) and not batch.counts.get(RowState.SENT):
            hint = _("What it did can be undone: `mailtui undo {batch}`.").format(batch=batch.id)
            raise Refused(_("Batch {batch} has come to its end").format(batch=batch.id), hint=hint)
        elif batch.state is not BatchState.CANCELLED:
            with closing(self._desk.journal()) as journal, journal.batch_lock(batch.id):
                journal.close_batch(batch.id, datetime.now(UTC), cancelled=True)

    def _running(self, batch_id: str) -> Batch:
        batch = self._desk.batch_summary(batch_id)
        if batch.state is not BatchState.RUNNING:
            hint = _("`mailtui batch {batch}` shows what became of it.").format(batch=batch.id)
            raise Refused(_("Batch {batch} is not being carried out").format(batch=batch.id), hint=hint)
        return batch

    def _wish(self, batch: str, wish: Wish) -> None:
        with closing(self._desk.journal()) as journal:
            journal.wish(batch, wish, self._desk.operator(), datetime.now(UTC))

    def settle(self) -> list[Batch]:
        """Find out what became of rows that a crash left open, in every batch; gives the batches that had any.

        Raises:
            Unreachable: The directory is; the rows stay open.
        """
        with closing(self._desk.journal()) as journal:
            names = journal.unsettled()
            if not names:
                return []
            from mailtui.apply.settling import settle_all

            with self._desk.connected() as directory:
                return settle_all(names, self._desk.means(journal, directory, self._desk.operator()))

    def is_running(self, batch: str) -> bool:
        """Tell whether somebody carries a batch out."""
        with closing(self._desk.journal()) as journal:
            return journal.is_held(batch)

    @property
    def running(self) -> tuple[str, ...]:
        """The batches that are being carried out, by whomever."""
        with closing(self._desk.journal()) as journal:
            return journal.held()

    def wait(self, batch: str, timeout_s: float | None = None) -> bool:
        """Wait for a batch to end; False where it had not when the time was up."""
        deadline = None if timeout_s is None else monotonic() + timeout_s
        with closing(self._desk.journal()) as journal:
            while journal.is_held(batch):
                if deadline is not None and monotonic() > deadline:
                    return False
                sleep(_LOOK_S)
        return True

    def failure(self, batch: str) -> MailtuiError | None:
        """Tell why a batch that was begun from here was cut short, if it was."""
        spawned = self._spawned.get(batch)
        return spawned.failure() if spawned else None

    def summary(self, batch: str) -> Batch:
        """Give a batch as the journal has it now, without its rows."""
        return self._desk.batch_summary(batch)

    def result(self, batch: str) -> Batch:
        """Give a batch as the journal has it."""
        return self._desk.batch(batch)
