"""One errand of creating accounts: the form, what comes of it, and the batch that is begun with it.

Dialogs are imported where they are opened: the first frame does not wait for them.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from textual.screen import Screen
from textual.widget import Widget

from mailtui.desk import Desk
from mailtui.desk.creating import Course, Prepared
from mailtui.desk.private_files import at_home, check_new
from mailtui.domain.account import Kind
from mailtui.errors import Refused, Stopped, UsageError
from mailtui.plans.friction import check_policy
from mailtui.plans.newcomer_questions import TABLE, newcomer_of
from mailtui.runner.front import Runner
from mailtui.texts import _
from mailtui.ui.asking import ask
from mailtui.ui.handing_over import HandingOver
from mailtui.ui.newcomer_wording import said
from mailtui.ui.pace import Pace
from mailtui.ui.reporting import reporting, with_password

if TYPE_CHECKING:
    from mailtui.domain.newcomer import Newcomer
    from mailtui.domain.plan import Answer, Plan
    from mailtui.ui.dialogs.form import Wish
    from mailtui.ui.dialogs.newcomer import NewcomerForm
    from mailtui.ui.dialogs.table import TableDialog

Tell = Callable[[str], None]


class Hiring:
    """Asks, prepares, has it confirmed and begins; what was filled in stays until a batch has begun."""

    def __init__(self, desk: Desk, runner: Runner, pace: Pace) -> None:
        self._desk, self._runner, self._pace = desk, runner, pace
        self._form: NewcomerForm
        self._pasted = ""
        self._prepared: Prepared | None = None
        self._file: Path | None = None
        self._batch: str | None = None

    async def hire(self, widget: Widget, given: Mapping[str, Answer]) -> tuple[str, HandingOver] | None:
        """Have somebody told of, and created; gives the batch and what is done with its passwords.

        Must be awaited in a worker.
        """
        from mailtui.ui.completing import Completing
        from mailtui.ui.dialogs.newcomer import NewcomerForm

        completing, sketching = Completing(self._desk.mirror), self._desk.creating.sketching()
        self._form = NewcomerForm(
            self._desk.policy, sketching.sketch, self._prepare, self._begin, given, completing
        )  # fmt: skip
        await ask(widget, self._form)
        if self._batch is None or self._prepared is None:
            return None
        accounts = tuple(draft.account for draft in self._prepared.drafts)
        return self._batch, HandingOver(accounts, self._file)

    async def _prepare(self, wish: Wish) -> Plan:
        """Make the plan.

        Raises:
            Refused: It cannot be made as told.
            Stopped: The operator thought better of it.
        """
        is_many = wish.answers["kind"] == TABLE
        prepared = await (self._many(wish) if is_many else self._one(wish))
        if prepared is None or prepared.plan is None:
            raise Stopped(_("Nothing was created"))
        self._prepared = prepared
        return prepared.plan

    async def _one(self, wish: Wish) -> Prepared:
        self._file = None
        newcomer = newcomer_of(wish.answers)
        prepared = await self._look_at([newcomer], wish, self._form)
        if prepared.problems:
            raise Refused(" ".join(map(said, prepared.problems)).removesuffix("."))
        return prepared

    async def _many(self, wish: Wish) -> Prepared | None:
        self._file = at_home(str(wish.answers["passwords_file"]))
        await asyncio.to_thread(check_new, self._file)
        path = str(wish.answers.get("file") or "")
        if path:
            return await self._previewed(await asyncio.to_thread(_content, path), wish, self._form, self._form.tell)
        from mailtui.ui.dialogs.table import TableDialog

        async def prepare(dialog: TableDialog, text: str) -> Prepared | None:
            self._pasted = text
            return await self._previewed(text.encode(), wish, dialog, dialog.tell)

        return await ask(self._form, TableDialog(self._pasted, prepare))

    async def _previewed(self, data: bytes, wish: Wish, screen: Screen[Any], tell: Tell) -> Prepared | None:
        """Give what becomes of a table, once the operator has seen it; None where it is to be mended."""
        from mailtui.queries.newcomer_lists import read_newcomers
        from mailtui.ui.dialogs.preview import PreviewDialog

        newcomers = await asyncio.to_thread(read_newcomers, data)
        if not newcomers:
            raise UsageError(_("The list names nobody"), hint=_("Below the headings each line names one."))
        home = str(wish.answers.get("home") or "")
        newcomers = [
            replace(one, department=home) if one.kind is Kind.PERSON and not one.department else one
            for one in newcomers
        ]
        prepared = await self._look_at(newcomers, wish, screen, tell)
        return prepared if await ask(screen, PreviewDialog(prepared, self._pace)) else None

    async def _look_at(
        self, newcomers: Sequence[Newcomer], wish: Wish, screen: Screen[Any], tell: Tell | None = None
    ) -> Prepared:
        """Have the desk prepare it in a thread, which says how far it is and ends when it is not wanted any more."""
        loop, total = asyncio.get_running_loop(), len(newcomers)

        def is_at(done: int) -> None:
            if tell is not None:
                text = _("{done} of {total} lines looked at…").format(done=f"{done:,}", total=f"{total:,}")
                loop.call_soon_threadsafe(tell, text)

        course, has_passwords = Course(is_at), wish.answers.get("has_password") is not False
        prepare = partial(
            self._desk.creating.prepare_new, newcomers, has_passwords=has_passwords, ticket=wish.ticket,
            reason=wish.reason, course=course,
        )  # fmt: skip
        try:
            prepared = await with_password(screen, self._desk, prepare)
        finally:
            course.stop.set()
        if prepared.plan is not None:
            check_policy(prepared.plan, self._desk.policy)
        return prepared

    async def _begin(self, plan: Plan) -> bool:
        """Have a plan confirmed, and begin; tells whether a batch has begun."""
        from mailtui.ui.dialogs.plan import PlanDialog

        if await ask(self._form, PlanDialog(plan, 0, self._pace)) is not True:
            return False
        with reporting(self._form):
            self._batch = await with_password(self._form, self._desk, partial(self._runner.start, plan))
        return self._batch is not None


def _content(path: str) -> bytes:
    """Read a table.

    Raises:
        UsageError: It cannot be read.
    """
    from mailtui.queries.listtext import MOST_BYTES

    file = at_home(path)
    try:
        with file.open("rb") as stream:
            # One byte more than is accepted: enough to refuse it, whatever follows.
            return stream.read(MOST_BYTES + 1)
    except OSError as error:
        raise UsageError(
            _("Cannot read {file}: {reason}").format(file=file, reason=error.strerror), hint=_("Check the path.")
        ) from error
