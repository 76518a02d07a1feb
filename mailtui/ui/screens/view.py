"""Seeing: the search box and the three panes, and what of the mirror they show."""

from dataclasses import dataclass

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive

from mailtui.queries.views import AccountLine, UnitLine
from mailtui.texts import _, clean
from mailtui.ui import keymap, keys
from mailtui.ui.listing import Listing
from mailtui.ui.looking import Looking
from mailtui.ui.marks import Marks
from mailtui.ui.screens.account_list import AccountList
from mailtui.ui.screens.panes import DETAIL, TABLE, TREE, Panes
from mailtui.ui.widgets.account_table import AccountTable
from mailtui.ui.widgets.detail import Detail
from mailtui.ui.widgets.fields import Field
from mailtui.ui.widgets.org_tree import OrgTree
from mailtui.ui.widgets.search_box import SearchBox
from mailtui.ui.widgets.spans import Line
from mailtui.ui.widgets.tally import Tally


class DeskView(Vertical):
    """The accounts below a unit that match a search, in an order, and the one at hand in full."""

    BINDINGS = keys.bindings(keys.SEE)

    listing: reactive[Listing] = reactive(Listing(), init=False)
    """What the list is to show."""

    @dataclass
    class Asked(Message):
        """It is asked how full a mailbox is now."""

        view: "DeskView"
        account: AccountLine

    def __init__(self, looking: Looking, marks: Marks, where: Line) -> None:
        super().__init__()
        self._looking = looking
        self.where = Tally(where, id="where")
        """Which directory this is, and whether nothing may be changed in it."""
        self._generation = 0
        self._box = SearchBox(id="search")
        self._tree = OrgTree(looking.units, id="tree")
        self.list = AccountList(looking, marks, id="table")
        """The accounts."""
        self._detail = Detail(
            looking.account, looking.allocation, looking.seats, looking.nested, looking.past, id="detail"
        )
        self.panes = Panes(self._tree, self.list, self._detail, id="panes")

    def compose(self) -> ComposeResult:
        """The search above, the panes below."""
        with Horizontal(id="top"):
            yield Tally((("/", "key"),), id="prompt")
            yield self._box
            yield self.where
        yield self.panes

    def on_mount(self) -> None:
        """Name the panes."""
        self._tree.border_title = Content(" " + keymap.here(self, "{pane.tree} ") + _("Units"))
        self._detail.border_title = Content(keymap.here(self, "{pane.detail} ") + _("Detail") + " ")
        self.list.note = keymap.here(self, _("Nothing was mirrored yet; {find.refresh} reads the directory."))
        self.screen.set_focus(self.list)
        self._name_table()

    @property
    def account(self) -> AccountLine | None:
        """The account at hand."""
        return self.list.account

    @property
    def unit(self) -> UnitLine | None:
        """The unit at the cursor, while the focus is on the units."""
        branch = self._tree.branch
        return branch.unit if branch and self.is_at_units else None

    @property
    def is_at_units(self) -> bool:
        """Whether the focus is on the units."""
        return self.panes.current == TREE

    def show_unit(self, unit_id: str) -> None:
        """Put the cursor of the org tree on a unit, wherever it is now, and show its accounts."""
        path = self._looking.path_to(unit_id)
        if path:
            self._tree.load(self._looking.state().accounts, path)
            self.listing = self.listing.below(self._tree.branch.unit if self._tree.branch else None)

    def catch_up(self) -> None:
        """Show the mirror as it is now."""
        state = self._looking.state()
        if state.generation != self._generation:
            self._generation = state.generation
            self._tree.load(state.accounts)
        self._detail.show()
        self.list.catch_up()

    def refresh_marks(self) -> None:
        """Show which accounts are marked now."""
        self.list.refresh()

    def watch_listing(self, before: Listing, now: Listing) -> None:
        """Ask for another list."""
        if now.title != before.title:
            self._name_table()
        self.list.ask(now)

    def _name_table(self) -> None:
        self.list.border_title = Content(keymap.here(self, " {pane.table} ") + clean(self.listing.title) + " ")

    @on(Field.Changed, "#search")
    def narrow(self, event: Field.Changed) -> None:
        """Take another search."""
        self.listing = self.listing.searched(event.value)

    @on(OrgTree.Chosen)
    def take_unit(self, event: OrgTree.Chosen) -> None:
        """Show the accounts of another unit."""
        self.listing = self.listing.below(event.unit)

    @on(OrgTree.Opened)
    def go_to_table(self) -> None:
        """Put the focus on the accounts."""
        self.panes.go_to(TABLE)

    @on(SearchBox.Left)
    def leave_search(self) -> None:
        """Put the focus on the accounts; the only one that the lens shows is the one that is asked about."""
        self.go_to_table()
        if self.listing.is_lens and len(self.list.rows) == 1:
            self.open_account()

    @on(AccountTable.Opened)
    def open_account(self) -> None:
        """Put the focus on the account at hand in full; through the lens, ask how full it is now."""
        if self.listing.is_lens and self.account is not None:
            self.post_message(self.Asked(self, self.account))
        else:
            self.go_to_detail()

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
        if self.list.range_start is not None:
            self.list.range_start = None
        elif self.panes.current == DETAIL:
            self.panes.send_back(DETAIL)
        elif self.listing.view.query:
            self._box.clear()
        elif self.listing.is_lens:
            self.listing = self.listing.through_lens(False)
        else:
            self._tree.cursor = 0
            self.panes.go_to(TABLE)
