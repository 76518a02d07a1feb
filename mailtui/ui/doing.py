"""What the operator does at the first screen: tasks for what is chosen, undo, explanations; and what comes after."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING

from textual.widget import Widget

from mailtui.desk import Desk
from mailtui.domain import dn
from mailtui.domain.entries import EntryKind
from mailtui.plans.catalogue import by_name
from mailtui.plans.tasks import About, AnswerKind, Task
from mailtui.ui.errands import Errands
from mailtui.ui.insight import Insight
from mailtui.ui.looking import Looking
from mailtui.ui.permitted import Permitted
from mailtui.ui.reporting import reporting
from mailtui.ui.screens.marking import Marking

if TYPE_CHECKING:
    from mailtui.domain.batch import Batch
    from mailtui.domain.plan import Answer

_RECENT = 20


class Doing:
    """Does it to the accounts that are marked, the one at hand, or the unit at hand.

    `settled` is told when it may have changed what can be done. What is a coroutine must be awaited in a worker.
    """

    def __init__(
        self,
        widget: Widget,
        desk: Desk,
        errands: Errands,
        looking: Looking,
        marking: Marking,
        settled: Callable[[], object],
    ) -> None:
        self._widget, self._desk, self._errands = widget, desk, errands
        self._looking, self._marking, self._settled = looking, marking, settled
        self._insight = Insight(desk, errands)
        self.permitted = Permitted(desk, looking)
        """What the operator may do."""
        self._last: Batch | None = None
        self.recent: list[Batch] = []
        """The newest batches, as they were last looked at, the newest first."""

    def can(self, name: str) -> bool:
        """Tell whether a task can be done now."""
        task = by_name(name)
        if task.about is not About.ACCOUNTS:
            return self.permitted.may(task.name, None)
        account = None if self._marking.marks else self._marking.view.account
        return self._marking.has_chosen and self.permitted.may(task.name, account.id if account else None)

    def can_at_unit(self, name: str) -> bool:
        """Tell whether a task can be done to the unit at the cursor, or below it."""
        task, unit = by_name(name), self._marking.view.unit
        is_to_it = task.subject is not None and task.subject.kind is AnswerKind.UNIT
        if unit is None:
            return not is_to_it and self.permitted.may(task.name, None)
        return self.permitted.may_at(task.name, unit.dn if is_to_it else dn.join("cn", "any", unit.dn))

    @property
    def can_undo(self) -> bool:
        """Whether there is a batch that can be taken back."""
        return self._last is not None and self._errands.batches.may_change(self._last)

    async def find_last(self) -> None:
        """Find the newest batch that can be undone."""
        from mailtui.plans.undo import UNDO
        from mailtui.ui.possible import can_undo

        with reporting(self._widget):
            self.recent = await asyncio.to_thread(self._desk.batches, _RECENT)
            self._last = next((batch for batch in self.recent if batch.task != UNDO and can_undo(batch)), None)

    async def task(self, name: str) -> None:
        """Do a task to the accounts that are chosen, or to the unit at hand."""
        marking, task = self._marking, by_name(name)
        if task.about is About.ACCOUNTS and marking.has_chosen:
            choose, who, given = marking.choose(), marking.who, self._given(task)
            await self.after(await self._errands.task(self._widget, task, choose, who, marking.hidden, given))
        elif task.subject:
            batch = await self._errands.entry_task(self._widget, task, self._at_hand(task))
            await self.after(batch)
            self._show_unit(batch)
        elif task.about is About.NEWCOMERS:
            await self.after(await self._errands.creating.create(self._widget, self._unit_dn))

    @property
    def _unit_dn(self) -> str:
        """The DN of the unit at hand, or else of that which the account at hand is in; empty for none."""
        unit, line = self._marking.view.unit, self._marking.view.account
        account = self._looking.account(line.id) if line and not unit else None
        return unit.dn if unit else dn.parent(account.dn) if account else ""

    def _given(self, task: Task) -> dict[str, Answer]:
        """Give what is proposed for marked accounts: the unit that the operator has gone to since."""
        unit = self._marking.view.unit if self._marking.marks else None
        asked = [question.name for question in task.questions if question.kind is AnswerKind.UNIT]
        return dict.fromkeys(asked, self._looking.unit_name(unit.dn)) if unit and asked else {}

    def _at_hand(self, task: Task) -> dict[str, Answer]:
        """Give the unit that the operator is at as the answer to the first question that asks for one."""
        unit = self._marking.view.unit
        asked = [question.name for question in task.questions[:2] if question.kind is AnswerKind.UNIT]
        return {asked[0]: self._looking.unit_name(unit.dn)} if unit and asked else {}

    def _show_unit(self, batch: Batch | None) -> None:
        """Put the cursor of the org tree on the unit that a batch was about, where it is now."""
        changed = [row.account_id for row in batch.rows if row.kind is EntryKind.UNIT] if batch else []
        if any(changed):
            self._marking.view.show_unit(next(filter(None, changed)))

    async def explain(self) -> None:
        """Say why the account at hand does not work."""
        line = self._marking.view.account
        account = self._looking.account(line.id) if line else None
        if account is not None:
            with reporting(self._widget):
                await self.after(await self._insight.why(self._widget, account))

    async def show_addresses(self) -> None:
        """Show the addresses of the account that is chosen, to change them."""
        line = None if self._marking.marks else self._marking.view.account
        account = self._looking.account(line.id) if line else None
        if account is not None:
            with reporting(self._widget):
                await self.after(await self._insight.addresses(self._widget, account))

    async def show_group(self) -> None:
        """Show a group, those of the account at hand first."""
        line = self._marking.view.account
        with reporting(self._widget):
            await self._insight.group(self._widget, self._looking.account(line.id) if line else None)

    async def show_impact(self) -> None:
        """Say what rests on the accounts that are chosen."""
        marking = self._marking
        if marking.has_chosen:
            choose, who = marking.choose(), marking.who
            with reporting(self._widget):
                await self._insight.impact(self._widget, await choose(), who, marking.hidden)

    async def undo(self) -> None:
        """Reverse the last batch."""
        if self._last:
            is_at_units = self._marking.view.is_at_units
            undone = await self._errands.batches.undo(self._widget, self._last)
            await self.after(undone)
            if is_at_units:
                self._show_unit(undone)

    async def after(self, batch: Batch | None) -> None:
        """Show accounts as they are now, and take the marks from those that a batch is done with."""
        if batch is not None:
            from mailtui.domain.batch import RowState

            done = (RowState.VERIFIED, RowState.SKIPPED)
            await self._marking.unmark([row.account_id for row in batch.rows if row.state in done])
        self._marking.view.catch_up()
        # Whoever logged in for the task may have made it possible.
        self._marking.age.begin()
        self._settled()
