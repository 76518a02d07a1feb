"""From a wish to a batch: questions, plan, confirmation, runner; or kept for later, while the directory is down.

Dialogs are imported where they are opened: the first frame does not wait for them.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from textual.widget import Widget

from mailtui.desk import Desk
from mailtui.errors import Stopped, Unreachable
from mailtui.plans.friction import check_policy
from mailtui.plans.passwords import asks_for_password
from mailtui.plans.tasks import Question
from mailtui.runner.front import Runner
from mailtui.texts import _
from mailtui.ui.asking import ask
from mailtui.ui.pace import Pace
from mailtui.ui.reporting import reporting, with_password

if TYPE_CHECKING:
    from mailtui.domain.plan import Answer, Plan
    from mailtui.domain.secret import Secret
    from mailtui.ui.dialogs.form import Wish

Making = Callable[[], "Plan"]


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked of the operator before something is changed.

    `prepare` gives what makes the plan by what was filled in; `unread` what makes it without the directory, where that
    can be done. `hidden` counts the accounts that the filter hides, `given` are answers to begin with.
    """

    title: str
    about: Sequence[str]
    prepare: Callable[[Wish], Awaitable[Making]]
    questions: Sequence[Question] = ()
    unread: Callable[[Wish], Awaitable[Making]] | None = None
    hidden: int = 0
    given: Mapping[str, Answer] = field(default_factory=dict)


class Carrying:
    """Has plans made, confirmed and carried out. Each method must be awaited in a worker."""

    def __init__(self, desk: Desk, runner: Runner, pace: Pace) -> None:
        self._desk, self._runner, self._pace = desk, runner, pace

    async def carry_out(self, widget: Widget, request: Request) -> str | None:
        """Ask, plan, confirm and begin; gives the batch's id, None where nothing was begun or saved."""
        from mailtui.ui.completing import Completing
        from mailtui.ui.dialogs.form import FormDialog

        is_unread = False

        async def make(wish: Wish) -> Plan:
            nonlocal is_unread
            plan, is_unread = await self._made(widget, request, wish)
            check_policy(plan, self._desk.policy)
            return plan

        async def confirm(plan: Plan) -> bool:
            news = (_("The directory was not read. The plan is shown again, as it is then, before it is sent."),)
            return await self.is_confirmed(
                widget, plan, request.hidden, news if is_unread else (), is_to_save=is_unread
            )

        form = FormDialog(
            request.title,
            request.about,
            request.questions,
            self._desk.policy,
            make,
            confirm,
            request.given,
            Completing(self._desk.mirror),
        )
        plan = await ask(widget, form)
        if plan is None:
            return None
        return await (self._save(widget, plan) if is_unread else self.start(widget, plan))

    async def _made(self, widget: Widget, request: Request, wish: Wish) -> tuple[Plan, bool]:
        """Make the plan, from the mirror where the directory is not there; tells whether it was."""
        try:
            return await with_password(widget, self._desk, await request.prepare(wish)), False
        except Unreachable:
            if request.unread is None or not await self._wants_to_save(widget):
                raise
            return await asyncio.to_thread(await request.unread(wish)), True

    async def is_confirmed(
        self, widget: Widget, plan: Plan, hidden: int = 0, news: Sequence[str] = (), *, is_to_save: bool = False
    ) -> bool:
        """Show a plan and have it confirmed, with what its own friction asks for."""
        from mailtui.ui.dialogs.plan import PlanDialog

        return await ask(widget, PlanDialog(plan, hidden, self._pace, news, is_to_save=is_to_save)) is True

    async def is_meant(self, widget: Widget, title: str, question: str) -> bool:
        """Have a question answered with yes."""
        from mailtui.ui.dialogs.question import YesNoDialog

        return await ask(widget, YesNoDialog(title, question, self._pace)) is True

    async def start(self, widget: Widget, plan: Plan) -> str | None:
        """Begin to carry a confirmed plan out, or save it where the directory is not there; gives the batch's id."""
        with reporting(widget):
            typed = await self._typed(widget, plan)
            try:
                return await with_password(widget, self._desk, partial(self._runner.start, plan, typed))
            except Unreachable:
                if not await self._wants_to_save(widget):
                    raise
                return await asyncio.to_thread(self._runner.save, plan)
        return None

    async def _typed(self, widget: Widget, plan: Plan) -> Secret | None:
        """Have the password typed that a plan asks for; None where it asks for none.

        Raises:
            Stopped: The operator gave none.
        """
        row = asks_for_password(plan)
        if row is None:
            return None
        from mailtui.ui.dialogs.new_password import NewPasswordDialog

        typed = await ask(widget, NewPasswordDialog(row, self._desk.policy))
        if typed is None:
            raise Stopped(_("No password was given"), hint=_("Nothing was changed."))
        return typed

    async def _save(self, widget: Widget, plan: Plan) -> str | None:
        with reporting(widget):
            return await asyncio.to_thread(self._runner.save, plan)
        return None

    async def _wants_to_save(self, widget: Widget) -> bool:
        return await self.is_meant(
            widget,
            _("Directory unreachable"),
            _("The directory cannot be reached. Save it to be sent later? It is never sent by itself."),
        )
