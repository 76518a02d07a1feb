"""What can be done about a batch that is there: stop, pause, go on, try again, reverse, settle, and its conflicts.

Screens are imported where they are opened: the first frame does not wait for them.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from textual.widget import Widget

from mailtui.desk import Desk
from mailtui.domain.batch import Batch, BatchState, RowState
from mailtui.errors import Refused
from mailtui.runner.front import Runner
from mailtui.texts import _, ngettext
from mailtui.ui import batch_wording, possible, since_saved
from mailtui.ui.asking import ask
from mailtui.ui.carrying import Carrying, Making, Request
from mailtui.ui.reporting import Answer, reporting, with_password

if TYPE_CHECKING:
    from mailtui.ui.dialogs.form import Wish
    from mailtui.ui.handing_over import Made

HandOver = Callable[[Widget, Sequence["Made"]], Awaitable[None]]


class BatchErrands:
    """What can be done about batches, whoever carries them out. Each method must be awaited in a worker."""

    def __init__(self, desk: Desk, runner: Runner, carrying: Carrying) -> None:
        self._desk, self._runner, self._carrying = desk, runner, carrying
        self._ways: dict[str, HandOver] = {}

    @property
    def can_write(self) -> bool:
        """Whether anything may be changed."""
        return not self._desk.policy.read_only

    def may_change(self, batch: Batch) -> bool:
        """Tell whether the operator may do somewhere what a batch does; its accounts are looked at when it is done."""
        return bool(batch.undoes) or not self._desk.permits.known.may_anywhere(batch.task)

    @property
    def keymap(self) -> Mapping[str, str]:
        """The site's own keys."""
        return self._desk.config.keys

    async def watch(self, widget: Widget, batch_id: str) -> Batch:
        """Show a batch, while it runs and after; gives what it was when the screen was left."""
        from mailtui.ui.screens.batch import BatchScreen

        batch = await asyncio.to_thread(self._desk.batch, batch_id)
        await ask(widget, BatchScreen(batch, self._desk, self._runner, self))
        return await asyncio.to_thread(self._desk.batch, batch_id)

    def hand_over_by(self, batch_id: str, way: HandOver) -> None:
        """Have the passwords of a batch handed over in another way than shown."""
        self._ways[batch_id] = way

    async def show_passwords(self, widget: Widget, batch_id: str) -> None:
        """Show the passwords that a batch begun here has set, once it has ended; nothing where it set none."""
        made = await asyncio.to_thread(self._runner.take_passwords, batch_id)
        if made and batch_id in self._ways:
            await self._ways[batch_id](widget, made)
        elif made:
            from mailtui.ui.dialogs.passwords import PasswordsDialog

            await ask(widget, PasswordsDialog(made, widget.app.copy_to_clipboard))

    async def show_all_passwords(self, widget: Widget) -> None:
        """Show those of every batch begun here that has ended and whose passwords nobody has seen yet."""
        for batch_id in self._runner.having_passwords:
            await self.show_passwords(widget, batch_id)

    async def stop(self, widget: Widget, batch: Batch) -> None:
        """End it between rows."""
        await self._steer(widget, batch, self._runner.cancel)

    async def pause(self, widget: Widget, batch: Batch) -> None:
        """Have it wait between rows, or go on where it does."""
        await self._steer(widget, batch, self._runner.resume if batch.is_paused else self._runner.pause)

    async def _steer(self, widget: Widget, batch: Batch, wish: Callable[[str], object]) -> None:
        with reporting(widget):
            try:
                await asyncio.to_thread(wish, batch.id)
            except Refused:
                # It may have come to its end while the key was on its way: then the screen says all there is.
                now = await asyncio.to_thread(self._desk.batch_summary, batch.id)
                if batch.state is not BatchState.RUNNING or now.state is BatchState.RUNNING:
                    raise

    async def resume(self, widget: Widget, batch: Batch) -> None:
        """Go on with it; one that was only saved is planned again and confirmed first."""
        with reporting(widget):
            if batch.is_paused:
                await asyncio.to_thread(self._runner.resume, batch.id)
            elif possible.is_unsent(batch):
                await self._send_saved(widget, batch)
            elif await self._carrying.is_meant(widget, _("Go on with {batch}").format(batch=batch.id), _rest(batch)):
                await self._bound(widget, partial(self._runner.resume, batch.id))

    async def _send_saved(self, widget: Widget, batch: Batch) -> None:
        plan = await self._bound(widget, partial(self._desk.plans.prepare_again, batch.id))
        saved = await asyncio.to_thread(self._desk.batch, batch.id)
        news = since_saved.news(saved, plan, self._desk.schema)
        # Where nothing is left to change there is nothing to confirm: it comes to its end.
        if not plan.changing or await self._carrying.is_confirmed(widget, plan, news=news):
            await self._bound(widget, partial(self._runner.resume_planned, batch.id, plan))

    async def retry(self, widget: Widget, batch: Batch) -> None:
        """Send its failed rows again, under its own ticket."""
        failed = batch.counts.get(RowState.FAILED, 0)
        question = ngettext(
            "Send {number} failed row of {batch} again, under its own ticket?",
            "Send {number} failed rows of {batch} again, under its own ticket?",
            failed,
        ).format(number=failed, batch=batch.id)
        with reporting(widget):
            if await self._carrying.is_meant(widget, _("Try again"), question):
                await self._bound(widget, partial(self._runner.retry, batch.id))

    async def undo(self, widget: Widget, batch: Batch) -> Batch | None:
        """Reverse it; gives the batch that does so."""
        about = ngettext(
            "Give {number} account the values again that it had before batch {batch} ({task}).",
            "Give {number} accounts the values again that they had before batch {batch} ({task}).",
            batch.total,
        ).format(number=f"{batch.total:,}", batch=batch.id, task=batch_wording.task(batch.task))
        if not batch_wording.is_about_accounts(batch.task):
            about = _("Put all back as it was before batch {batch} ({task}).")
            about = about.format(batch=batch.id, task=batch_wording.task(batch.task))

        async def prepare(wish: Wish) -> Making:
            return lambda: self._desk.plans.prepare_undo(batch.id, ticket=wish.ticket, reason=wish.reason)

        request = Request(_("Undo {batch}").format(batch=batch.id), (about,), prepare)
        batch_id = await self._carrying.carry_out(widget, request)
        return await self.watch(widget, batch_id) if batch_id else None

    async def keep(self, widget: Widget, batch: Batch) -> None:
        """Leave what is in conflict as others made it."""
        number = batch.counts.get(RowState.CONFLICT, 0)
        question = ngettext(
            "Leave {number} account of {batch} as others made it? The row is closed with that.",
            "Leave {number} accounts of {batch} as others made them? The rows are closed with that.",
            number,
        ).format(number=number, batch=batch.id)
        with reporting(widget):
            if await self._carrying.is_meant(widget, _("Keep theirs"), question):
                await asyncio.to_thread(self._runner.keep_theirs, batch.id)

    async def replan(self, widget: Widget, batch: Batch) -> None:
        """Plan what is in conflict again, from what others made of it; that is a batch of its own."""
        batch_id = None
        with reporting(widget):
            plan = await self._bound(widget, partial(self._desk.plans.prepare_again, batch.id, conflicts=True))
            if await self._carrying.is_confirmed(widget, plan):
                batch_id = await self._carrying.start(widget, plan)
            if batch_id:
                await asyncio.to_thread(self._runner.refer, batch.id, batch_id)
        if batch_id:
            await self.watch(widget, batch_id)

    async def settle(self, widget: Widget, _batch: Batch) -> None:
        """Find out what became of rows that a crash left open, of whichever batch."""
        with reporting(widget):
            await self._bound(widget, self._runner.settle)

    async def _bound(self, widget: Widget, call: Callable[[], Answer]) -> Answer:
        return await with_password(widget, self._desk, call)


def _rest(batch: Batch) -> str:
    return ngettext(
        "{number} row of {batch} is still open. What became of it is looked up; if nothing did, it is sent. Go on?",
        "{number} rows of {batch} are still open. What became of them is looked up; what was not done is sent. Go on?",
        batch.open_rows,
    ).format(number=f"{batch.open_rows:,}", batch=batch.id)
