"""The console's first screen: what is seen and marked, and the keys by which something is done about it.

What comes after the first frame is imported where it is first used.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from textual import on, work
from textual.app import ComposeResult
from textual.screen import Screen
from typing_extensions import override

from mailtui.desk import Desk
from mailtui.plans.catalogue import TASKS, by_name
from mailtui.plans.tasks import About, AnswerKind, Question, Task
from mailtui.runner.front import Runner
from mailtui.texts import _, clean
from mailtui.ui import keymap, keys
from mailtui.ui.asking import ask, begin
from mailtui.ui.errands import Errands
from mailtui.ui.insight import Insight
from mailtui.ui.keys import Key
from mailtui.ui.looking import Looking
from mailtui.ui.pace import Pace
from mailtui.ui.permitted import Permitted
from mailtui.ui.reporting import reporting
from mailtui.ui.screens.marking import Marking
from mailtui.ui.widgets.key_bar import KeyBar
from mailtui.ui.widgets.mirror_age import MirrorAge
from mailtui.ui.widgets.spans import Line

if TYPE_CHECKING:
    from mailtui.domain.batch import Batch
    from mailtui.domain.plan import Answer

TASK_KEYS = tuple(
    Key(
        f"task.{task.name}",
        (task.key,),
        f"task('{task.name}')",
        task.title.lower(),
        task.summary,
        keys.DO,
        bar=4 if task.in_bar else 0,
    )
    for task in TASKS
    if task.key
)
ALL_KEYS = (*keys.TABLE, *keys.PANES, *keys.SEE, *keys.MARKS, *TASK_KEYS, *keys.MAIN)
_RECENT = 20


class MainScreen(Screen[None]):
    """The desk. `leave` ends the console, `copy` puts a text on the operator's clipboard."""

    BINDINGS = keys.bindings((*TASK_KEYS, *keys.MAIN))

    def __init__(
        self,
        desk: Desk,
        runner: Runner,
        errands: Errands,
        pace: Pace,
        leave: Callable[[], None],
        copy: Callable[[str], None],
    ) -> None:
        super().__init__()
        self._desk, self._runner, self._pace = desk, runner, pace
        self._leave, self._copy = leave, copy
        self._looking = Looking(desk)
        self._errands = errands
        self._insight = Insight(desk, errands)
        self._permitted = Permitted(desk, self._looking)
        self._last: Batch | None = None
        self._marking = Marking(desk, self._looking, self._where())

    def compose(self) -> ComposeResult:
        """The view with its marks, the keys."""
        yield self._marking
        yield KeyBar()

    def _where(self) -> Line:
        where = (clean(self._desk.directory_config.base), "muted")
        why_not = self._errands.writing.why_not
        return ((why_not, "warning"), (" · ", "muted"), where) if why_not else (where,)

    def on_mount(self) -> None:
        """Begin; what is typed meanwhile waits."""
        begin(self, self.open_desk)

    async def open_desk(self) -> None:
        """Show the mirror once the frame stands; read what there is to undo; mirror what never was."""
        painted = asyncio.Event()
        self.call_after_refresh(painted.set)
        await painted.wait()
        await self._permitted.look_again()
        await self._marking.open_desk()
        self._marking.age.begin()
        self.tell_unfinished(may_settle=not self._desk.renews_mirror)

    def on_unmount(self) -> None:
        """Let go of the mirror."""
        self._looking.close()

    @on(MirrorAge.Synced)
    def show_mirror(self) -> None:
        """Show what the sync brought; the file may be another."""
        self._looking.close()
        self._marking.age.show_age()
        self._marking.view.catch_up()
        self.read_rights()

    @work(group="rights", exclusive=True)
    async def read_rights(self) -> None:
        """Read anew what the operator may do: the mirror says who is in which group."""
        await self._permitted.look_again()
        self.refresh_bindings()

    @on(MirrorAge.Reached)
    def settle(self) -> None:
        """Find out what became of rows that a crash left open, now that the directory can be asked."""
        self.tell_unfinished(may_settle=True)

    @work(group="unfinished", exclusive=True)
    async def tell_unfinished(self, *, may_settle: bool) -> None:
        """Say which batches have not come to their end."""
        from mailtui.ui import unfinished

        with reporting(self):
            can_settle = may_settle and self._errands.can_write
            settled = await asyncio.to_thread(unfinished.settle, self._runner) if can_settle else []
            news = await asyncio.to_thread(unfinished.news, self._desk, settled)
            if news:
                self._marking.say(news, stays=True)
            self.find_last()

    @on(Marking.Changed)
    def grey(self) -> None:
        """Grey what cannot be done now."""
        self.refresh_bindings()

    @override
    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Grey what cannot be done now."""
        if not self.is_mounted or action not in {"task", "undo", "copy", "read_only", "why", "impact"}:
            return True
        if action in {"why", "impact"}:
            is_there = self._marking.has_chosen if action == "impact" else self._marking.view.account is not None
            return True if is_there else None
        if action == "read_only":
            return True if self._errands.writing.can_turn else None
        if action == "copy":
            account = self._marking.view.account
            return True if account and account.mail else None
        if not self._errands.can_write:
            return False
        if action == "task":
            return True if self._can(by_name(str(parameters[0]))) else None
        return True if self._last and self._errands.batches.may_change(self._last) else None

    def _can(self, task: Task) -> bool:
        if task.about is not About.ACCOUNTS:
            return self._permitted.may(task.name, None)
        account = None if self._marking.marks else self._marking.view.account
        return self._marking.has_chosen and self._permitted.may(task.name, account.id if account else None)

    @work(group="last", exclusive=True)
    async def find_last(self) -> None:
        """Find the newest batch that can be undone."""
        from mailtui.plans.undo import UNDO
        from mailtui.ui.possible import can_undo

        with reporting(self):
            batches = await asyncio.to_thread(self._desk.batches, _RECENT)
            self._last = next((batch for batch in batches if batch.task != UNDO and can_undo(batch)), None)
            self.refresh_bindings()

    async def do_task(self, name: str) -> None:
        """Do a task to the accounts that are chosen, or to the unit at hand."""
        marking, task = self._marking, by_name(name)
        if task.about is About.ACCOUNTS and marking.has_chosen:
            choose, who, given = marking.choose(), marking.who, self._given(task)
            await self._after(await self._errands.task(self, task, choose, who, marking.hidden, given))
        elif task.subject:
            await self._after(await self._errands.entry_task(self, task, self._at_hand(task.subject)))

    def _at_hand(self, subject: Question) -> dict[str, Answer]:
        """Give the unit that the operator is at, where that is what a question asks for."""
        unit = self._marking.view.unit
        return {subject.name: self._looking.unit_name(unit.dn)} if unit and subject.kind is AnswerKind.UNIT else {}

    def _given(self, task: Task) -> dict[str, Answer]:
        """Give what is proposed for marked accounts: the unit that the operator has gone to since."""
        unit = self._marking.view.unit if self._marking.marks else None
        asked = [question.name for question in task.questions if question.kind is AnswerKind.UNIT]
        return dict.fromkeys(asked, self._looking.unit_name(unit.dn)) if unit and asked else {}

    async def explain(self) -> None:
        """Say why the account at hand does not work."""
        line = self._marking.view.account
        account = self._looking.account(line.id) if line else None
        if account is not None:
            with reporting(self):
                await self._after(await self._insight.why(self, account))

    async def show_impact(self) -> None:
        """Say what rests on the accounts that are chosen."""
        marking = self._marking
        if marking.has_chosen:
            choose, who = marking.choose(), marking.who
            with reporting(self):
                await self._insight.impact(self, await choose(), who, marking.hidden)

    async def undo(self) -> None:
        """Reverse the last batch."""
        if self._last:
            await self._after(await self._errands.batches.undo(self, self._last))

    async def turn_read_only(self) -> None:
        """Let nothing be changed from now on, or let it be again after asking."""
        with reporting(self):
            self._marking.say(await self._errands.writing.turn(self))
        self._marking.view.where.line = self._where()
        self.refresh_bindings()

    async def show_batches(self) -> None:
        """Show what was done."""
        from mailtui.ui.screens.batches import BatchesScreen

        await ask(self, BatchesScreen(self._desk, self._errands.batches))
        await self._after(None)

    async def _after(self, batch: Batch | None) -> None:
        """Show accounts as they are now, and take the marks from those that a batch is done with."""
        if batch is not None:
            from mailtui.domain.batch import RowState

            done = (RowState.VERIFIED, RowState.SKIPPED)
            await self._marking.unmark([row.account_id for row in batch.rows if row.state in done])
        self._marking.view.catch_up()
        # Whoever logged in for the task may have made it possible.
        self._marking.age.begin()
        self.find_last()

    def leave(self, *, always_ask: bool) -> None:
        """Leave, after asking where something would be lost from sight."""
        begin(self, partial(self._ask_to_leave, always_ask=always_ask))

    async def _ask_to_leave(self, *, always_ask: bool) -> None:
        from mailtui.ui import leaving

        desk, runner, marks = self._desk, self._runner, len(self._marking.marks)
        if await leaving.is_meant(self, desk, runner, self._pace, marks, always_ask=always_ask):
            self._leave()

    async def choose_command(self) -> None:
        """Have one of all commands chosen, and do it as its key would."""
        from mailtui.ui.commanding import Commanding

        async def leave() -> None:
            await self._ask_to_leave(always_ask=True)

        with reporting(self):
            commanding = Commanding(self, self._desk, self._pace, leave, can_write=self._errands.can_write)
            line = None if self._marking.marks else self._marking.view.account
            account = self._looking.account(line.id) if line else None
            await commanding.choose(self._marking.number, account, ALL_KEYS, has_mirror=bool(self._looking.mirror))

    def copy_address(self) -> None:
        """Copy the address of the account at hand, and show it."""
        account = self._marking.view.account
        if account and account.mail:
            self._copy(account.mail)
            self._marking.say(_("Copied: {address}").format(address=account.mail))

    def show_help(self) -> None:
        """Show all keys."""
        from mailtui.ui.screens.help import HelpScreen

        idle = [
            active.binding.id for active in self.active_bindings.values() if not active.enabled and active.binding.id
        ]
        self.app.push_screen(HelpScreen(keymap.moved(ALL_KEYS, self._desk.config.keys), idle))

    def action_task(self, name: str) -> None:
        """Do a task."""
        begin(self, partial(self.do_task, name))

    def action_why(self) -> None:
        """Say why it does not work."""
        begin(self, self.explain)

    def action_impact(self) -> None:
        """Say what rests on them."""
        begin(self, self.show_impact)

    def action_palette(self) -> None:
        """Have a command chosen."""
        begin(self, self.choose_command)

    def action_undo(self) -> None:
        """Reverse the batch."""
        begin(self, self.undo)

    def action_read_only(self) -> None:
        """Turn read-only on, or off after asking."""
        begin(self, self.turn_read_only)

    def action_batches(self) -> None:
        """Show what was done."""
        begin(self, self.show_batches)

    def action_refresh(self) -> None:
        """Begin or stop a sync."""
        self._marking.age.toggle()

    def action_copy(self) -> None:
        """Copy the address."""
        self.copy_address()

    def action_help(self) -> None:
        """Show all keys."""
        self.show_help()

    def action_quit(self) -> None:
        """Leave."""
        self.leave(always_ask=False)
