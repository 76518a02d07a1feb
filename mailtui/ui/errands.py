"""From a wish to a batch: questions, plan, confirmation, runner; what every screen that changes something uses.

Dialogs are imported where they are opened: the first frame does not wait for them.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from textual.widget import Widget

from mailtui.desk import Desk
from mailtui.plans.friction import check_policy
from mailtui.plans.tasks import Question, Task
from mailtui.runner.front import Runner
from mailtui.texts import _, ngettext
from mailtui.ui.asking import ask
from mailtui.ui.pace import Pace
from mailtui.ui.reporting import reporting, with_password
from mailtui.ui.writing import Writing

if TYPE_CHECKING:
    from mailtui.domain.batch import Batch
    from mailtui.domain.plan import Plan
    from mailtui.ui.dialogs.form import Wish


class Errands:
    """What the operator can have done. Each must be awaited in a worker, and gives the batch or None."""

    def __init__(self, desk: Desk, runner: Runner, pace: Pace, *, read_only: bool) -> None:
        self._desk, self._runner, self._pace = desk, runner, pace
        self.writing = Writing(desk, pace, read_only=read_only)
        """The read-only switch."""

    @property
    def can_write(self) -> bool:
        """Whether anything may be changed."""
        return self.writing.is_on

    async def task(
        self, widget: Widget, task: Task, choose: Callable[[], Awaitable[Sequence[str]]], who: str, hidden: int
    ) -> Batch | None:
        """Do a task to the accounts that `choose` gives the ids of.

        `who` names them, `hidden` counts those that the filter hides.
        """
        title = f"{task.title}: {who}"

        async def prepare(wish: Wish) -> Callable[[], Plan]:
            ids = await choose()
            return lambda: self._desk.prepare(task.name, ids, wish.answers, ticket=wish.ticket, reason=wish.reason)

        return await self._asked(
            widget,
            title,
            (task.summary, *_hidden_words(hidden)),
            task.questions,
            prepare,
            hidden,
        )

    async def undo(self, widget: Widget, batch: Batch) -> Batch | None:
        """Reverse a batch."""
        about = ngettext(
            "Give {number} account back what batch {batch} ({task}) took away.",
            "Give {number} accounts back what batch {batch} ({task}) took away.",
            batch.total,
        ).format(number=batch.total, batch=batch.id, task=batch.task)

        async def prepare(wish: Wish) -> Callable[[], Plan]:
            return lambda: self._desk.prepare_undo(batch.id, ticket=wish.ticket, reason=wish.reason)

        return await self._asked(
            widget,
            _("Undo {batch}").format(batch=batch.id),
            (about,),
            (),
            prepare,
        )

    async def retry(self, widget: Widget, batch: Batch) -> bool:
        """Send the failed rows of a batch again, under its own ticket; tells whether that was begun."""
        from mailtui.domain.batch import RowState
        from mailtui.ui.dialogs.question import YesNoDialog

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
        prepare: Callable[[Wish], Awaitable[Callable[[], Plan]]],
        hidden: int = 0,
    ) -> Batch | None:
        from mailtui.ui.dialogs.form import FormDialog

        async def make(wish: Wish) -> Plan:
            plan = await with_password(widget, self._desk, await prepare(wish))
            check_policy(plan, self._desk.policy)
            return plan

        form = FormDialog(
            title, about, questions, self._desk.policy, make, partial(self._confirmed, widget, hidden=hidden)
        )
        plan = await ask(widget, form)
        return await self._carry_out(widget, plan) if plan is not None else None

    async def _confirmed(self, widget: Widget, plan: Plan, hidden: int) -> bool:
        from mailtui.ui.dialogs.plan import PlanDialog

        return await ask(widget, PlanDialog(plan, hidden, self._pace)) is True

    async def _carry_out(self, widget: Widget, plan: Plan) -> Batch | None:
        with reporting(widget):
            batch_id = await with_password(widget, self._desk, partial(self._runner.start, plan))
            return await self.watch(widget, batch_id)
        return None

    async def watch(self, widget: Widget, batch_id: str) -> Batch | None:
        """Show a batch, while it runs and after; gives what it was when the screen was left."""
        from mailtui.ui.screens.batch import BatchScreen

        batch = await asyncio.to_thread(self._desk.batch, batch_id)
        await ask(widget, BatchScreen(batch, self._desk, self._runner, self))
        return await asyncio.to_thread(self._desk.batch, batch_id)


def _hidden_words(hidden: int) -> tuple[str, ...]:
    if not hidden:
        return ()
    text = ngettext("{number} of them is hidden by the filter.", "{number} of them are hidden by the filter.", hidden)
    return (text.format(number=hidden),)
