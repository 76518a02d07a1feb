"""Marking: the view with the marks on it, and the line that counts them."""

from collections.abc import Sequence

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.message import Message
from typing_extensions import override

from mailtui.desk import Desk
from mailtui.queries.views import Hits
from mailtui.texts import _, ngettext
from mailtui.ui import keys
from mailtui.ui.asking import ask, begin
from mailtui.ui.dialogs.paste import PasteDialog
from mailtui.ui.looking import Looking
from mailtui.ui.marks import Marks
from mailtui.ui.reporting import reporting
from mailtui.ui.screens.view import DeskView
from mailtui.ui.widgets.account_table import AccountTable
from mailtui.ui.widgets.mirror_age import MirrorAge
from mailtui.ui.widgets.status_line import StatusLine


class Marking(Vertical):
    """The accounts that the next task is for: the marked ones, or else the one at hand."""

    BINDINGS = keys.bindings(keys.MARKS)

    class Changed(Message):
        """Other accounts are marked, or another is at hand: other tasks may be possible."""

    def __init__(self, desk: Desk, looking: Looking, where: str) -> None:
        super().__init__()
        self._looking = looking
        self.marks = Marks()
        self.view = DeskView(looking, self.marks, where)
        self.age = MirrorAge(desk, looking.state)
        self._status = StatusLine()

    def compose(self) -> ComposeResult:
        """The view above, the status below."""
        yield self.view
        with Horizontal(id="status"):
            yield self._status
            yield self.age

    @property
    def chosen(self) -> tuple[str, ...]:
        """The ids of the accounts that the next task is for."""
        account = self.view.account
        return tuple(self.marks) or ((account.id,) if account else ())

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

    def say(self, text: str) -> None:
        """Give news; they stand until the next move."""
        self._status.notice = text

    @on(DeskView.Shown)
    def count_shown(self, event: DeskView.Shown) -> None:
        """Say how many accounts are shown."""
        self._status.shown = _shown(event.hits, self._looking.state().accounts)
        self._marks_changed()

    @on(DeskView.Misread)
    def say_why(self, event: DeskView.Misread) -> None:
        """Say what is wrong with the search."""
        self.say(event.why)

    @on(AccountTable.Moved)
    def forget_news(self, event: AccountTable.Moved) -> None:
        """News are old once the cursor moves; a range says how it is ended."""
        in_range = event.table.range_start is not None
        self.say(_("A range was begun: Space marks it, Esc drops it.") if in_range else "")
        self.post_message(self.Changed())

    @on(AccountTable.Marked)
    async def mark(self, event: AccountTable.Marked) -> None:
        """Mark what was pointed at."""
        with reporting(self.screen):
            ids = [line.id for line in self._looking.lines(event.rows)]
            if len(ids) < len(event.rows):
                # Another process has just renewed the mirror: what was pointed at stands in other rows by now.
                self.age.look_again()
                self.say(_("The mirror was renewed meanwhile; look, and mark again."))
                return
            if event.is_range:
                self.marks.add(ids)
            else:
                self.marks.invert(ids)
            self._marks_changed()

    @work(group="mark")
    async def mark_shown(self, *, invert: bool) -> None:
        """Mark all that the filter shows, or turn their marks."""
        hits = self.view.hits
        with reporting(self.screen):
            ids = await self._looking.ids(hits.rows if hits else ())
            if invert:
                self.marks.invert(ids)
            else:
                self.marks.add(ids)
            self._marks_changed()

    async def mark_list(self) -> None:
        """Mark the accounts of a pasted list."""
        picked = await ask(self, PasteDialog(self._looking.match))
        if picked:
            self.marks.add(picked.ids)
            self._marks_changed()
            if picked.left_out:
                self.say(_("{marked} marked, {left} left out").format(marked=len(picked.ids), left=picked.left_out))

    def unmark(self, ids: Sequence[str]) -> None:
        """Take the marks away from accounts that are done."""
        self.marks.discard(ids)
        self._marks_changed()

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
        with reporting(self.screen):
            hits = self.view.hits
            self._status.hidden = await self._looking.hidden(tuple(self.marks), hits.rows if hits else ())

    @override
    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Grey what there are no accounts for."""
        if action == "mark_clear":
            return True if self.marks.can_clear else None
        return True

    def action_mark_all(self) -> None:
        """Mark all that is shown."""
        self.mark_shown(invert=False)

    def action_mark_invert(self) -> None:
        """Turn the marks of all that is shown."""
        self.mark_shown(invert=True)

    def action_mark_clear(self) -> None:
        """Clear the marks, or bring them back."""
        self.clear()

    def action_paste_list(self) -> None:
        """Mark a pasted list."""
        begin(self, self.mark_list)


def _shown(hits: Hits, accounts: int) -> str:
    number = f"{len(hits.rows):,}" + ("+" if hits.more else "")
    if len(hits.rows) == accounts and not hits.more:
        return ngettext("{number} account", "{number} accounts", accounts).format(number=number)
    return _("{number} of {total}").format(number=number, total=f"{accounts:,}")
