"""Marking: the view with the marks on it, and the line that counts them."""

from collections.abc import Awaitable, Callable, Sequence
from functools import partial

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.message import Message
from typing_extensions import override

from mailtui.desk import Desk
from mailtui.texts import _, ngettext
from mailtui.ui import keymap, keys
from mailtui.ui.asking import ask, begin
from mailtui.ui.looking import Looking
from mailtui.ui.marks import Marks
from mailtui.ui.row_set import RowSet
from mailtui.ui.screens.account_list import AccountList
from mailtui.ui.screens.view import DeskView
from mailtui.ui.widgets.account_table import AccountTable
from mailtui.ui.widgets.mirror_age import MirrorAge
from mailtui.ui.widgets.spans import Line
from mailtui.ui.widgets.status_line import StatusLine

_NEWS_S = 6.0


class Marking(Vertical):
    """The accounts that the next task is for: the marked ones, or else the one at hand."""

    BINDINGS = keys.bindings(keys.MARKS)

    class Changed(Message):
        """Other accounts are marked, or another is at hand: other tasks may be possible."""

    def __init__(self, desk: Desk, looking: Looking, where: Line) -> None:
        super().__init__()
        self._looking = looking
        self.marks = Marks()
        self.view = DeskView(looking, self.marks, where)
        self._desk = desk
        self._status = StatusLine()
        self._is_misread = False

    def compose(self) -> ComposeResult:
        """The view above, the status below."""
        yield self.view
        with Horizontal(id="status"):
            yield self._status

    async def open_desk(self) -> None:
        """Show the mirror and its age; ends when there are accounts in sight, if there are any."""
        self.age = MirrorAge(self._desk, self._looking.state)
        self.query_one("#status").mount(self.age)
        self.view.catch_up()
        await self.view.list.has_begun.wait()

    @property
    def number(self) -> int:
        """How many accounts the next task is for."""
        return len(self.marks) or int(self.view.account is not None)

    @property
    def has_chosen(self) -> bool:
        """Whether there is an account that the next task could be for."""
        return bool(self.marks) or self.view.account is not None

    def choose(self) -> Callable[[], Awaitable[list[str]]]:
        """Settle whom the next task is for; gives what gives their ids, once those are needed."""
        account = None if self.marks else self.view.account

        async def ids() -> list[str]:
            if account is not None:
                return [account.id]
            await self.view.list.settle(self._looking.state())
            return await self._looking.ids(self.marks.rows)

        return ids

    @property
    def who(self) -> str:
        """A name for them: the person's, or how many."""
        account = self.view.account
        if not self.marks and account:
            return account.name
        return ngettext("{number} marked account", "{number} marked accounts", len(self.marks)).format(
            number=len(self.marks)
        )

    @property
    def hidden(self) -> int:
        """How many of the marked ones the filter hides."""
        return self._status.hidden

    def say(self, text: str, *, stays: bool = False) -> None:
        """Give news; they stand until the next move, or, unless they stay, for some seconds."""
        self._status.notice = text
        if text and not stays:
            self.set_timer(_NEWS_S, partial(self._forget, text))

    def _forget(self, text: str) -> None:
        if self._status.notice == text:
            self._status.notice = ""

    @on(AccountList.Shown)
    def count_shown(self, event: AccountList.Shown) -> None:
        """Say how many accounts are shown."""
        self.say("" if self._is_misread else self._status.notice)
        self._is_misread = False
        self._status.shown = _shown(event, self._looking.state().accounts)
        self.count_hidden()
        self.post_message(self.Changed())

    @on(AccountList.Misread)
    def say_why(self, event: AccountList.Misread) -> None:
        """Say what is wrong with the search."""
        self.say(event.why)
        self._is_misread = True

    @on(AccountList.Lost)
    def say_lost(self, event: AccountList.Lost) -> None:
        """Say that marks went with the accounts they were on."""
        text = ngettext("{number} marked account is gone", "{number} marked accounts are gone", event.number)
        self.say(text.format(number=f"{event.number:,}"))
        self._marks_changed()

    @on(MirrorAge.Answered)
    def say_what_came(self, event: MirrorAge.Answered) -> None:
        """Say what a sync brought that was asked for, and by which means."""
        counts = event.report.counts
        self.say(
            _("{added} added, {changed} changed, {gone} gone (by {means})").format(
                added=counts.added, changed=counts.changed, gone=counts.gone, means=event.report.cursor
            )
        )

    @on(AccountTable.Moved)
    def forget_news(self, event: AccountTable.Moved) -> None:
        """News are old once the cursor moves; a range says how it is ended."""
        if event.by_hand:
            in_range = event.table.range_start is not None
            text = _("A range was begun: {mark.toggle} marks it, {leave.back} drops it.")
            self.say(keymap.here(self, text) if in_range else "")
        self.post_message(self.Changed())

    @on(AccountTable.Marked)
    def mark(self, event: AccountTable.Marked) -> None:
        """Mark what was pointed at."""
        rows = RowSet.of(event.rows)
        if event.is_range:
            self.marks.add(rows)
        else:
            self.marks.invert(rows)
        self._marks_changed()

    async def mark_shown(self, *, invert: bool) -> None:
        """Mark all that the filter shows, or turn their marks."""
        rows = await self.view.list.row_set()
        if invert:
            self.marks.invert(rows)
        else:
            self.marks.add(rows)
        self._marks_changed()

    async def mark_list(self) -> None:
        """Mark the accounts of a pasted list."""
        from mailtui.ui.dialogs.paste import PasteDialog

        picked = await ask(self, PasteDialog(self._looking.match))
        if picked:
            self.marks.add(await self._rows_of(picked.ids))
            self._marks_changed()
            if picked.left_out:
                self.say(_("{marked} marked, {left} left out").format(marked=len(picked.ids), left=picked.left_out))

    async def unmark(self, ids: Sequence[str]) -> None:
        """Take the marks away from accounts that are done."""
        self.marks.discard(await self._rows_of(ids))
        self._marks_changed()

    async def _rows_of(self, ids: Sequence[str]) -> RowSet:
        # Rows of today do not go with marks of an epoch before.
        await self.view.list.settle(self._looking.state())
        return await self._looking.rows(ids)

    def clear(self) -> None:
        """Clear the marks, or bring them back."""
        self.marks.clear()
        self._marks_changed()

    def _marks_changed(self) -> None:
        self.view.refresh_marks()
        self._status.marked = len(self.marks)
        self.count_hidden()
        self.post_message(self.Changed())

    @work(group="hidden", exclusive=True)
    async def count_hidden(self) -> None:
        """Count the marked accounts that the filter hides."""
        if not self.marks:
            self._status.hidden = 0
            return
        shown = await self.view.list.row_set()
        self._status.hidden = len(self.marks.rows - shown)

    @override
    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Grey what there are no accounts for."""
        if action == "mark_clear":
            return True if self.marks.can_clear else None
        return True

    def action_mark_all(self) -> None:
        """Mark all that is shown."""
        begin(self, partial(self.mark_shown, invert=False))

    def action_mark_invert(self) -> None:
        """Turn the marks of all that is shown."""
        begin(self, partial(self.mark_shown, invert=True))

    def action_mark_clear(self) -> None:
        """Clear the marks, or bring them back."""
        self.clear()

    def action_paste_list(self) -> None:
        """Mark a pasted list."""
        begin(self, self.mark_list)


def _shown(event: AccountList.Shown, accounts: int) -> str:
    rows, more = event.hits.rows, event.hits.more
    if event.is_whole and len(rows) == accounts and not more:
        return ngettext("{number} account", "{number} accounts", accounts).format(number=f"{accounts:,}")
    number = f"{len(rows):,}" + ("+" if more else "") if event.is_whole else "…"
    return _("{number} of {total}").format(number=number, total=f"{accounts:,}")
