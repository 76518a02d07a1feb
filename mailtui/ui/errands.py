"""From a wish to a batch: questions, plan, confirmation, runner; what every screen that changes something uses."""

import asyncio
from collections.abc import Callable, Sequence
from functools import partial

from textual.widget import Widget

from mailtui.desk import Desk
from mailtui.domain.batch import Batch, RowState
from mailtui.domain.plan import Plan
from mailtui.plans.friction import check_policy
from mailtui.plans.tasks import Question, Task
from mailtui.runner import Runner
from mailtui.texts import _, ngettext
from mailtui.ui.asking import ask
from mailtui.ui.dialogs.form import FormDialog, Wish
from mailtui.ui.dialogs.plan import PlanDialog
from mailtui.ui.dialogs.question import YesNoDialog
from mailtui.ui.pace import Pace
from mailtui.ui.reporting import reporting, with_password
from mailtui.ui.screens.batch import BatchScreen


class Errands:
    """What the operator can have done. Each must be awaited in a worker, and gives the batch or None."""

    def __init__(self, desk: Desk, runner: Runner, pace: Pace, *, read_only: bool) -> None:
        self._desk, self._runner, self._pace = desk, runner, pace
        self.can_write = not (read_only or desk.policy.read_only)

    async def task(self, widget: Widget, task: Task, ids: Sequence[str], who: str, hidden: int) -> Batch | None:
        """Do a task to accounts; `who` names them, `hidden` counts those that the filter hides."""
        title = f"{task.title}: {who}"
        return await self._asked(
            widget,
            title,
            (task.summary, *_hidden_words(hidden)),
            task.questions,
            lambda wish: self._desk.prepare(task.name, ids, wish.answers, ticket=wish.ticket, reason=wish.reason),
            hidden,
        )

    async def undo(self, widget: Widget, batch: Batch) -> Batch | None:
        """Reverse a batch."""
        about = ngettext(
            "Give {number} account back what batch {batch} ({task}) took away.",
            "Give {number} accounts back what batch {batch} ({task}) took away.",
            batch.total,
        ).format(number=batch.total, batch=batch.id, task=batch.task)
        return await self._asked(
            widget,
            _("Undo {batch}").format(batch=batch.id),
            (about,),
            (),
            lambda wish: self._desk.prepare_undo(batch.id, ticket=wish.ticket, reason=wish.reason),
        )

    async def retry(self, widget: Widget, batch: Batch) -> bool:
        """Send the failed rows of a batch again, under its own ticket; tells whether that was begun."""
        failed = batch.counts.get(RowState.FAILED, 0)
        question = ngettext(
            "Send {number} failed row of {batch} again, under its own ticket?",
            "Send {number} failed rows of {batch} again, under its own ticket?",
            failed,
        ).format(number=failed, batch=batch.id)
        if not await ask(widget, YesNoDialog(_("Try again"), question, self._pace)):
            return False
        with reporting(widget):
            await with_password(widget, self._desk, partial(self._runner.retry, batch.id))
            return True
        return False

    async def _asked(
        self,
        widget: Widget,
        title: str,
        about: Sequence[str],
        questions: Sequence[Question],
        prepare: Callable[[Wish], Plan],
        hidden: int = 0,
    ) -> Batch | None:
        async def make(wish: Wish) -> Plan:
            plan = await with_password(widget, self._desk, partial(prepare, wish))
            check_policy(plan, self._desk.policy)
            return plan

        form = FormDialog(
            title, about, questions, self._desk.policy, make, partial(self._confirmed, widget, hidden=hidden)
        )
        plan = await ask(widget, form)
        return await self._carry_out(widget, plan) if plan is not None else None

    async def _confirmed(self, widget: Widget, plan: Plan, hidden: int) -> bool:
        return await ask(widget, PlanDialog(plan, hidden, self._pace)) is True

    async def _carry_out(self, widget: Widget, plan: Plan) -> Batch | None:
        with reporting(widget):
            batch_id = await with_password(widget, self._desk, partial(self._runner.start, plan))
            return await self.watch(widget, batch_id)
        return None

    async def watch(self, widget: Widget, batch_id: str) -> Batch | None:
        """Show a batch, while it runs and after; gives what it was when the screen was left."""
        batch = await asyncio.to_thread(self._desk.batch, batch_id)
        await ask(widget, BatchScreen(batch, self._desk, self._runner, self))
        return await asyncio.to_thread(self._desk.batch, batch_id)


def _hidden_words(hidden: int) -> tuple[str, ...]:
    if not hidden:
        return ()
    text = ngettext("{number} of them is hidden by the filter.", "{number} of them are hidden by the filter.", hidden)
    return (text.format(number=hidden),)
