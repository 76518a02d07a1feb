"""Three panes side by side, folded and unfolded by the room there is, and the way of the focus through them."""

from textual import events, on
from textual.containers import Horizontal
from textual.reactive import reactive
from textual.widget import Widget

from mailtui.ui import keys

TREE, TABLE, DETAIL = "tree", "table", "detail"
ORDER = (TREE, TABLE, DETAIL)
_ROOM_FOR_BOTH, _LARGE = 118, 170


class Panes(Horizontal):
    """Tree, table and detail; the table always shows, and where room is short only the latest of the others."""

    BINDINGS = keys.bindings(keys.PANES)

    wanted: reactive[tuple[str, ...]] = reactive((DETAIL, TREE), init=False)
    """The side panes that are wanted, the latest asked for at the end."""

    @property
    def shown(self) -> tuple[str, ...]:
        """The panes in sight, left to right."""
        room = 2 if self._width >= _ROOM_FOR_BOTH else 1
        return tuple(name for name in ORDER if name == TABLE or name in self.wanted[-room:])

    @property
    def _width(self) -> int:
        # The terminal's, for it is known before the first layout: the first frame is the right one.
        return self.app.size.width

    def on_mount(self) -> None:
        """Show no more panes than there is room for from the start."""
        self.watch_wanted()

    @on(events.Resize)
    def watch_wanted(self) -> None:
        """Show the panes that there is room for."""
        shown = self.shown
        self.set_class(TREE not in shown, "-no-tree")
        self.set_class(DETAIL not in shown, "-no-detail")
        self.set_class(self._width >= _LARGE, "-large")

    @property
    def current(self) -> str | None:
        """The pane that has the focus."""
        return next((name for name in ORDER if self.screen.focused is self._pane(name)), None)

    def _pane(self, name: str) -> Widget:
        return self.get_child_by_id(name)

    def go_to(self, name: str) -> None:
        """Put the focus on a pane, unfolding it where need be."""
        if name != TABLE and name not in self.shown:
            self.wanted = (*(one for one in self.wanted if one != name), name)
        # At once: what is typed behind is for this pane.
        self.screen.set_focus(self._pane(name))

    def fold(self, name: str) -> None:
        """Fold a side pane; the focus goes to the table."""
        self.wanted = tuple(one for one in self.wanted if one != name)
        self.go_to(TABLE)

    def send_back(self, name: str) -> None:
        """Go from a side pane to the table; where there is room for one, the other side pane comes back."""
        self.wanted = (name, *(one for one in self.wanted if one != name))
        self.go_to(TABLE)

    def toggle(self, name: str) -> None:
        """Go to a pane, or fold it where the focus is there already."""
        if name != TABLE and self.current == name:
            self.fold(name)
        else:
            self.go_to(name)

    def go_on(self, by: int) -> None:
        """Go to the next pane, or the one before, round the end."""
        self.go_to(ORDER[(ORDER.index(self.current or TREE) + by) % len(ORDER)])

    def go_beside(self, by: int) -> None:
        """Go to the pane beside, where there is one."""
        place = ORDER.index(self.current or TABLE) + by
        if 0 <= place < len(ORDER):
            self.go_to(ORDER[place])

    def action_pane(self, name: str) -> None:
        """Go to a pane, or fold it."""
        self.toggle(name)

    def action_next_pane(self, by: int) -> None:
        """Go round the panes."""
        self.go_on(by)

    def action_beside(self, by: int) -> None:
        """Go to the pane beside."""
        self.go_beside(by)
