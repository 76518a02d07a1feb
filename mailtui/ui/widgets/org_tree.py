"""The org tree: units with how many accounts are in them and below, read when they are unfolded."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from textual.message import Message
from textual.reactive import reactive
from typing_extensions import override

from mailtui.queries.views import UnitLine
from mailtui.texts import _, clean, fit
from mailtui.ui import keys
from mailtui.ui.task_keys import UNIT_KEYS
from mailtui.ui.widgets.lines import Lines
from mailtui.ui.widgets.spans import Line

_LEVEL_LIMIT = 500
_INDENT = 2
_FEW = 3


@dataclass(frozen=True, slots=True)
class Branch:
    """A line of the tree: a unit, or all accounts; a note has neither."""

    name: str
    depth: int
    unit: UnitLine | None = None
    accounts: int | None = None
    is_open: bool = False
    is_note: bool = False

    @property
    def can_open(self) -> bool:
        """Whether there is something below."""
        return self.unit is not None and self.unit.has_children


class OrgTree(Lines):
    """The units; the one at the cursor is the one whose accounts are asked for."""

    BINDINGS = keys.bindings((*keys.TREE, *UNIT_KEYS))

    branches: reactive[tuple[Branch, ...]] = reactive((), init=False)
    """The lines, top to bottom; what is folded is not among them."""

    @dataclass
    class Chosen(Message):
        """Another unit is at the cursor; None for all accounts."""

        tree: "OrgTree"
        unit: UnitLine | None

    @dataclass
    class Opened(Message):
        """The accounts of the unit at the cursor are asked for, with the focus."""

        tree: "OrgTree"

    def __init__(self, children: Callable[[str | None], list[UnitLine]], *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(has_cursor=True, id=id)
        self._children_of = children

    @property
    def branch(self) -> Branch | None:
        """The line at the cursor."""
        return self.branches[self.cursor] if self.cursor < len(self.branches) else None

    def load(self, accounts: int, path: Sequence[str] = ()) -> None:
        """Read the units again; what was unfolded stays so, and the cursor stays on its unit.

        It goes to the last of a path of units, by their ids from the top down, where there is one.
        """
        at = path[-1] if path else self.branch.unit.id if self.branch and self.branch.unit else ""
        opened = {branch.unit.id for branch in self.branches if branch.unit and branch.is_open}
        if not self.branches:
            # Above the departments there is often a unit or two that says nothing.
            tops = self._children_of(None)
            opened = {unit.id for unit in tops} if len(tops) <= _FEW else set()
        top = Branch(_("All accounts"), 0, accounts=accounts)
        self.branches = (top, *self._below(None, 1, opened | set(path[:-1])))
        places = [place for place, branch in enumerate(self.branches) if branch.unit and branch.unit.id == at]
        self.cursor = places[0] if places else 0

    def _below(self, unit_id: str | None, depth: int, opened: set[str]) -> Iterator[Branch]:
        units = self._children_of(unit_id)
        for unit in units[:_LEVEL_LIMIT]:
            is_open = unit.id in opened and unit.has_children
            yield Branch(unit.name, depth, unit, unit.accounts, is_open)
            if is_open:
                yield from self._below(unit.id, depth + 1, opened)
        if len(units) > _LEVEL_LIMIT:
            more = _("… {number} more: search instead").format(number=len(units) - _LEVEL_LIMIT)
            yield Branch(more, depth, is_note=True)

    def watch_branches(self) -> None:
        """Show the lines."""
        self.lay_out()

    def lay_out(self) -> None:
        """Set the lines out for the width there is."""
        self.lines = [_line(branch, self.room) for branch in self.branches]

    @override
    def cursor_moved(self) -> None:
        branch = self.branch
        if branch is not None and not branch.is_note:
            self.post_message(self.Chosen(self, branch.unit))

    def unfold(self) -> None:
        """Read what is below the unit at the cursor and show it; go there where it is shown already."""
        branch, place = self.branch, self.cursor
        if branch is None or branch.unit is None or not branch.can_open:
            return
        if branch.is_open:
            self.cursor += 1
            return
        below = self._below(branch.unit.id, branch.depth + 1, set())
        before, after = self.branches[:place], self.branches[place + 1 :]
        self.branches = (*before, replace(branch, is_open=True), *below, *after)

    def fold(self) -> None:
        """Fold the unit at the cursor, or go to the one above."""
        branch, place = self.branch, self.cursor
        if branch is None:
            return
        if branch.is_open:
            end = self._end_of(place)
            before, after = self.branches[:place], self.branches[end:]
            self.branches = (*before, replace(branch, is_open=False), *after)
        else:
            above = [number for number in range(place) if self.branches[number].depth < branch.depth]
            self.cursor = above[-1] if above else 0

    def _end_of(self, place: int) -> int:
        depth = self.branches[place].depth
        deeper = range(place + 1, len(self.branches))
        return next((number for number in deeper if self.branches[number].depth <= depth), len(self.branches))

    def action_expand(self) -> None:
        """Unfold the unit."""
        self.unfold()

    def action_collapse(self) -> None:
        """Fold the unit."""
        self.fold()

    def action_open(self) -> None:
        """Ask for the accounts."""
        self.post_message(self.Opened(self))


def _line(branch: Branch, cells: int) -> Line:
    icon = ("▾ " if branch.is_open else "▸ ") if branch.can_open else "  "
    head = " " * (_INDENT * max(0, branch.depth - 1)) + (icon if branch.depth else "")
    number = "" if branch.accounts is None else f" {branch.accounts:,}"
    room = max(1, cells - len(head) - len(number))
    return ((head, "muted"), (fit(clean(branch.name), room), "muted" if branch.is_note else ""), (number, "muted"))
