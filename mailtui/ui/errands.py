"""What the operator can have done: tasks, what is done about batches, and the read-only switch."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from textual.widget import Widget

from mailtui.desk import Desk
from mailtui.plans.tasks import Task
from mailtui.runner.front import Runner
from mailtui.texts import ngettext
from mailtui.ui.batch_errands import BatchErrands
from mailtui.ui.carrying import Carrying, Making, Request
from mailtui.ui.creating import Creating
from mailtui.ui.pace import Pace
from mailtui.ui.writing import Writing

if TYPE_CHECKING:
    from mailtui.domain.batch import Batch
    from mailtui.domain.plan import Answer
    from mailtui.ui.dialogs.form import Wish


class Errands:
    """What every screen that changes something uses. A task must be awaited in a worker."""

    def __init__(self, desk: Desk, runner: Runner, pace: Pace, *, read_only: bool) -> None:
        self._desk = desk
        self._carrying = Carrying(desk, runner, pace)
        self.writing = Writing(desk, pace, read_only=read_only)
        """The read-only switch."""
        self.batches = BatchErrands(desk, runner, self._carrying)
        """What can be done about batches."""
        self.creating = Creating(desk, runner, pace, self.batches)
        """What gives newcomers accounts."""

    @property
    def can_write(self) -> bool:
        """Whether anything may be changed."""
        return self.writing.is_on

    async def task(
        self,
        widget: Widget,
        task: Task,
        choose: Callable[[], Awaitable[Sequence[str]]],
        who: str,
        hidden: int = 0,
        given: Mapping[str, Answer] | None = None,
    ) -> Batch | None:
        """Do a task to the accounts that `choose` gives the ids of; gives the batch, None where there is none.

        `who` names them, `hidden` counts those that the filter hides; `given` are answers to begin with.
        """

        async def prepare(wish: Wish) -> Making:
            ids = await choose()
            return lambda: self._desk.plans.prepare(
                task.name, ids, wish.answers, ticket=wish.ticket, reason=wish.reason
            )

        async def unread(wish: Wish) -> Making:
            ids = await choose()
            return lambda: self._desk.plans.prepare_unread(
                task.name, ids, wish.answers, ticket=wish.ticket, reason=wish.reason
            )

        about = (task.summary, *hidden_words(hidden))
        questions = [question.under(self._desk.policy) for question in task.questions]
        request = Request(f"{task.title}: {who}", about, prepare, questions, unread, hidden, given or {})
        batch_id = await self._carrying.carry_out(widget, request)
        return await self.batches.watch(widget, batch_id) if batch_id else None

    async def entry_task(self, widget: Widget, task: Task, given: Mapping[str, Answer]) -> Batch | None:
        """Do a task to the unit or the group that its first question names; gives the batch, None where there is none.

        `given` are answers to begin with.
        """

        async def prepare(wish: Wish) -> Making:
            return lambda: self._desk.plans.prepare(task.name, (), wish.answers, ticket=wish.ticket, reason=wish.reason)

        request = Request(task.title, (task.summary,), prepare, task.questions, given=given)
        batch_id = await self._carrying.carry_out(widget, request)
        return await self.batches.watch(widget, batch_id) if batch_id else None


def hidden_words(hidden: int) -> tuple[str, ...]:
    """Say how many of the accounts that something is about the filter hides; nothing where it hides none."""
    if not hidden:
        return ()
    text = ngettext("{number} of them is hidden by the filter.", "{number} of them are hidden by the filter.", hidden)
    return (text.format(number=hidden),)
