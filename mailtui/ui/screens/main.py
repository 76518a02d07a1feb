"""The console's first screen: what is seen and marked, and the keys by which something is done about it.

What comes after the first frame is imported where it is first used.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial

from textual import on, work
from textual.app import ComposeResult
from textual.screen import Screen
from typing_extensions import override

from mailtui.desk import Desk
from mailtui.domain.account import Account
from mailtui.runner.front import Runner
from mailtui.texts import _, clean
from mailtui.ui import keymap, keys
from mailtui.ui.asking import ask, begin
from mailtui.ui.doing import Doing
from mailtui.ui.errands import Errands
from mailtui.ui.looking import Looking
from mailtui.ui.pace import Pace
from mailtui.ui.reporting import reporting
from mailtui.ui.screens.marking import Marking
from mailtui.ui.screens.view import DeskView
from mailtui.ui.task_keys import ALL_KEYS, TASK_KEYS
from mailtui.ui.tour import Looked, Tour
from mailtui.ui.widgets.key_bar import KeyBar
from mailtui.ui.widgets.mirror_age import MirrorAge
from mailtui.ui.widgets.search_box import SearchBox
from mailtui.ui.widgets.spans import Line
from mailtui.ui.widgets.tour_panel import TourPanel

_GREYED = frozenset({"task", "unit_task", "undo", "copy", "read_only", "why", "impact", "addresses", "tour"})


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
        self._has_asked_store = False
        self._marking = Marking(desk, self._looking, self._where())
        self._tour = TourPanel(Tour())
        self._doing = Doing(self, desk, errands, self._looking, self._marking, self.find_last)

    def compose(self) -> ComposeResult:
        """The view with its marks, the keys."""
        yield self._marking
        yield self._tour
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
        await self._doing.permitted.look_again()
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
        await self._doing.permitted.look_again()
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
            news = news or await asyncio.to_thread(self._warning_of_store)
            if news:
                self._marking.say(news, stays=True)
            self.find_last()

    def _warning_of_store(self) -> str:
        """Say once that the mail store's key could do too much."""
        from mailtui.desk.store_warning import store_warning

        was_asked, self._has_asked_store = self._has_asked_store, True
        return "" if was_asked else store_warning(self._desk)

    @on(Marking.Changed)
    def grey(self) -> None:
        """Grey what cannot be done now."""
        self.refresh_bindings()
        self.look()

    @on(SearchBox.Left)
    def look(self) -> None:
        """Take note of whom the operator has found, once that is no longer being typed."""
        account = self._marking.view.account
        if account and not isinstance(self.focused, SearchBox):
            self._tour.take(Looked(account.login))

    @override
    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Grey what cannot be done now."""
        if not self.is_mounted or action not in _GREYED:
            return True
        if action in {"why", "impact"}:
            is_there = self._marking.has_chosen if action == "impact" else self._marking.view.account is not None
            return True if is_there else None
        if action == "tour":
            return True if self._desk.is_sample else None
        if action == "addresses":
            return True if self._marking.view.account is not None and not self._marking.marks else None
        if action == "read_only":
            return True if self._errands.writing.can_turn else None
        if action == "copy":
            account = self._marking.view.account
            return True if account and account.mail else None
        if not self._errands.can_write:
            return False
        if action == "task":
            return True if self._doing.can(str(parameters[0])) else None
        if action == "unit_task":
            return True if self._doing.can_at_unit(str(parameters[0])) else None
        return True if self._doing.can_undo else None

    @work(group="last", exclusive=True)
    async def find_last(self) -> None:
        """Find the newest batch that can be undone."""
        await self._doing.find_last()
        for batch in reversed(self._doing.recent):
            self._tour.take(batch)
        self.refresh_bindings()

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
        await self._doing.after(None)

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

    @on(DeskView.Asked)
    def ask_store(self, event: DeskView.Asked) -> None:
        """Ask the mail store how full a mailbox is now; without one, show what is known."""
        account = self._looking.account(event.account.id)
        if self._desk.config.mailstore is None or account is None:
            self._marking.view.go_to_detail()
        else:
            self.read_live(account)

    @work(group="live", exclusive=True)
    async def read_live(self, account: Account) -> None:
        """Say how full a mailbox is now; the list and the detail have it, too."""
        from mailtui.ui import live

        self._marking.say(_("Asking the mail store about {name}…").format(name=clean(account.name)), stays=True)
        said = await live.asked(self._desk, account)
        self._marking.view.catch_up()
        self._marking.say(said, stays=True)

    async def explain(self) -> None:
        """Say why the account at hand does not work."""
        account = self._marking.view.account
        if account:
            self._tour.take(Looked(account.login, is_explained=True))
            await self._doing.explain()

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
        begin(self, partial(self._doing.task, name))

    def action_unit_task(self, name: str) -> None:
        """Do a task to the unit at the cursor."""
        self.action_task(name)

    def action_tour(self) -> None:
        """Begin the tour, or put it away."""
        self._tour.turn()

    def action_why(self) -> None:
        """Say why it does not work."""
        begin(self, self.explain)

    def action_addresses(self) -> None:
        """Show the addresses of the account at hand."""
        begin(self, self._doing.show_addresses)

    def action_impact(self) -> None:
        """Say what rests on them."""
        begin(self, self._doing.show_impact)

    def action_group(self) -> None:
        """Show a group."""
        begin(self, self._doing.show_group)

    def action_palette(self) -> None:
        """Have a command chosen."""
        begin(self, self.choose_command)

    def action_undo(self) -> None:
        """Reverse the batch."""
        begin(self, self._doing.undo)

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
