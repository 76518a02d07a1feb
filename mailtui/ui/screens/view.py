"""Seeing: the search box and the three panes, and what of the mirror they show."""

from array import array
from dataclasses import dataclass

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive

from mailtui.errors import UsageError
from mailtui.queries.views import AccountLine, Hits
from mailtui.texts import _, clean
from mailtui.ui import keys
from mailtui.ui.listing import Listing
from mailtui.ui.looking import Looking
from mailtui.ui.marks import Marks
from mailtui.ui.reporting import reporting
from mailtui.ui.screens.panes import DETAIL, TABLE, Panes
from mailtui.ui.widgets.account_table import AccountTable
from mailtui.ui.widgets.detail import Detail
from mailtui.ui.widgets.fields import Field
from mailtui.ui.widgets.org_tree import OrgTree
from mailtui.ui.widgets.search_box import SearchBox
from mailtui.ui.widgets.tally import Tally


class DeskView(Vertical):
    """The accounts below a unit that match a search, in an order, and the one at hand in full."""

    BINDINGS = keys.bindings(keys.SEE)

    listing: reactive[Listing] = reactive(Listing(), init=False)
    """What the list is to show."""
    hits: reactive[Hits | None] = reactive(None, init=False)
    """What it shows."""

    @dataclass
    class Shown(Message):
        """The list shows other accounts."""

        hits: Hits

    @dataclass
    class Misread(Message):
        """The search cannot be understood as it stands."""

        why: str

    def __init__(self, looking: Looking, marks: Marks, where: str) -> None:
        super().__init__()
        self._looking, self._where = looking, where
        self._box = SearchBox(id="search")
        self._tree = OrgTree(looking.units, id="tree")
        self._table = AccountTable(looking.lines, marks, id="table")
        self._detail = Detail(looking.account, id="detail")
        self.panes = Panes(self._tree, self._table, self._detail, id="panes")

    def compose(self) -> ComposeResult:
        """The search above, the panes below."""
        with Horizontal(id="top"):
            yield Tally((("/", "key"),), id="prompt")
            yield self._box
            yield Tally(((self._where, "muted"),), id="where")
        yield self.panes

    def on_mount(self) -> None:
        """Show the mirror."""
        self._tree.border_title = Content(" " + _("1 Units"))
        self._detail.border_title = Content(_("3 Detail") + " ")
        self._table.note = _("Nothing was mirrored yet; r reads the directory.")
        self.screen.set_focus(self._table)
        self._name_table()
        self.load()

    @property
    def account(self) -> AccountLine | None:
        """The account at hand."""
        return self._table.account

    def load(self) -> None:
        """Show the mirror as it is now."""
        with reporting(self):
            self._tree.load(self._looking.state().accounts)
            self._detail.show()
            self.look()

    def refresh_marks(self) -> None:
        """Show which accounts are marked now."""
        self._table.refresh()

    @work(group="look", exclusive=True)
    async def look(self) -> None:
        """Make the list; the one that is shown stays until then. What is no search finds nobody."""
        with reporting(self):
            try:
                hits = await self._looking.hits(self.listing.view)
            except UsageError as error:
                # What stands there would not be what was searched for, and could be marked.
                self.hits = Hits(array("I"))
                self.post_message(self.Misread(error.message))
                return
            if hits is not None:
                self.hits = hits

    def watch_listing(self, before: Listing, now: Listing) -> None:
        """Ask for another list; one of other accounts begins at its top."""
        if now.is_other_than(before):
            self._table.cursor = 0
        self._table.columns = now.columns
        self._table.sort, self._table.reverse = now.view.sort, now.view.reverse
        self._name_table()
        self.look()

    def watch_hits(self, hits: Hits) -> None:
        """Show the list, the account at hand the same where it is still there."""
        table = self._table
        row = self._looking.row_of(table.account.id) if table.account and table.cursor else None
        table.rows = hits.rows
        is_narrowed = self.listing.is_narrowed
        table.note = _("Nobody matches. Esc goes back.") if is_narrowed else _("There is no account.")
        table.cursor = hits.rows.index(row) if row is not None and row in hits.rows else 0
        self.post_message(self.Shown(hits))

    def _name_table(self) -> None:
        self._table.border_title = Content(f" {clean(self.listing.title)} ")

    @on(Field.Changed, "#search")
    def narrow(self, event: Field.Changed) -> None:
        """Take another search."""
        self.listing = self.listing.searched(event.value)

    @on(OrgTree.Chosen)
    def take_unit(self, event: OrgTree.Chosen) -> None:
        """Show the accounts of another unit."""
        self.listing = self.listing.below(event.unit)

    @on(OrgTree.Opened)
    @on(SearchBox.Left)
    def go_to_table(self) -> None:
        """Put the focus on the accounts."""
        self.panes.go_to(TABLE)

    @on(AccountTable.Opened)
    def go_to_detail(self) -> None:
        """Put the focus on the account at hand in full."""
        self.panes.go_to(DETAIL)

    @on(AccountTable.Moved)
    def follow(self, event: AccountTable.Moved) -> None:
        """Show the account at hand in full."""
        self._detail.account_id = event.account.id if event.account else None

    def action_search(self) -> None:
        """Put the focus on the search."""
        self.screen.set_focus(self._box)

    def action_sort(self) -> None:
        """Sort by the next column."""
        self.listing = self.listing.sorted_on()

    def action_reverse(self) -> None:
        """Turn the order round."""
        self.listing = self.listing.turned_round()

    def action_lens(self) -> None:
        """Turn the quota lens on, ready for a name in place of what was searched for; or off."""
        self.listing = self.listing.through_lens(not self.listing.is_lens)
        if self.listing.is_lens:
            self.screen.set_focus(self._box)
            self._box.select_all()

    def action_back(self) -> None:
        """Go one level back: a range, the detail, the search, the lens, the unit; never the marks."""
        if self._table.range_start is not None:
            self._table.range_start = None
        elif self.panes.current == DETAIL:
            self.panes.send_back(DETAIL)
        elif self.listing.view.query:
            self._box.clear()
        elif self.listing.is_lens:
            self.listing = self.listing.through_lens(False)
        else:
            self._tree.cursor = 0
            self.panes.go_to(TABLE)
