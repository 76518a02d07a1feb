"""The addresses of one account, with what can be done about each; the tasks themselves do it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from textual import on
from textual.app import ComposeResult
from textual.screen import ModalScreen
from typing_extensions import override

from mailtui.domain.plan import Answer
from mailtui.plans.catalogue import by_name
from mailtui.queries.address_book import Listed, Role
from mailtui.texts import _, clean, width
from mailtui.ui import keys
from mailtui.ui.asking import close
from mailtui.ui.dialogs.box import Box
from mailtui.ui.widgets.blocks import Blocks
from mailtui.ui.widgets.key_bar import KeyBar
from mailtui.ui.widgets.lines import Lines
from mailtui.ui.widgets.prose import Prose
from mailtui.ui.widgets.spans import Line, wrap

ADDRESS_TASKS = ("add-alias", "remove-alias", "make-primary", "forward", "stop-forward")
"""What is done from here."""
_HEADS = {Role.MAIN: _("Main address"), Role.ALIAS: _("Aliases"), Role.FORWARD: _("Forwards to")}
_INDENT = 2
_GAP = "  "


@dataclass(frozen=True, slots=True)
class Deed:
    """A task of `ADDRESS_TASKS`, and answers to begin it with."""

    task: str
    answers: Mapping[str, Answer] = field(default_factory=dict)


class AddressesDialog(ModalScreen[Deed | None]):
    """Lists addresses; gives what is to be done, and does nothing itself.

    `why_not` says of tasks why they cannot be done to the account; those that can are absent or empty there.
    """

    AUTO_FOCUS = ""
    BINDINGS = keys.bindings(keys.ADDRESSES)

    def __init__(self, name: str, listed: Sequence[Listed], why_not: Mapping[str, str]) -> None:
        super().__init__()
        self._name, self._listed, self._why_not = name, listed, why_not
        self._list = Blocks(len(listed), self._set_block, id="addresses")

    def compose(self) -> ComposeResult:
        """The addresses, then what cannot be done and why."""
        with Box(_("Addresses: {name}").format(name=self._name), classes="tall"):
            if not self._listed:
                yield Prose(_("The account has no address, and forwards to none."))
            yield self._list
            if any(self._why_not.values()):
                yield Lines(self._reasons, id="reasons")
            yield KeyBar()

    def _reasons(self, cells: int) -> list[Line]:
        titles: dict[str, list[str]] = {}
        for task in ADDRESS_TASKS:
            if self._why_not.get(task):
                titles.setdefault(self._why_not[task], []).append(by_name(task).title)
        texts = (f"{', '.join(names)}: {why}" for why, names in titles.items())
        return [((piece, "muted"),) for text in texts for piece in wrap(text, cells)]

    def _set_block(self, place: int, is_chosen: bool, cells: int) -> list[Line]:
        one = self._listed[place]
        lines: list[Line] = []
        if not place or self._listed[place - 1].role is not one.role:
            lines = [*([()] if place else []), ((" " * _INDENT + _HEADS[one.role], "muted"),)]
        head, blank = ("▸ " if is_chosen else " " * _INDENT, "key"), (" " * _INDENT, "")
        tone, note_tone = "strong" if is_chosen else "", "warning" if one.is_trouble else "muted"
        *pieces, last = wrap(one.address, cells - _INDENT)
        lines += [(head if not number else blank, (piece, tone)) for number, piece in enumerate(pieces)]
        end: Line = (blank if pieces else head, (last, tone))
        note = clean(one.note)
        if _INDENT + width(last) + len(_GAP) + width(note) <= cells:
            return [*lines, (*end, (_GAP + note, note_tone))]
        return [*lines, end, *((blank, (_GAP + piece, note_tone)) for piece in wrap(note, cells - _INDENT - len(_GAP)))]

    @property
    def _chosen(self) -> Listed | None:
        return self._listed[self._list.chosen] if self._listed else None

    @on(Blocks.Chosen)
    def follow(self) -> None:
        """Grey what cannot be done to the address at the cursor."""
        self.refresh_bindings()

    def _deed(self, action: str) -> Deed | None:
        """Give what an action would do; None where it can do nothing."""
        one, forwards = self._chosen, [listed for listed in self._listed if listed.role is Role.FORWARD]
        deed: Deed | None = None
        if action == "add":
            deed = Deed("add-alias")
        elif action == "forward":
            deed = Deed("forward", _as_now(one, forwards))
        elif action == "primary" and one and one.role is Role.ALIAS:
            deed = Deed("make-primary", {"address": one.address})
        elif action == "remove" and one and one.role is Role.ALIAS:
            deed = Deed("remove-alias", {"address": one.address})
        elif forwards and (action == "stop" or (action == "remove" and forwards == [one])):
            deed = Deed("stop-forward")
        return None if deed is None or self._why_not.get(deed.task) else deed

    @override
    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Grey what cannot be done now."""
        if action != "do":
            return True
        return True if self._deed(str(parameters[0])) else None

    def action_do(self, action: str) -> None:
        """Give what is to be done."""
        deed = self._deed(action)
        if deed is not None:
            close(self, deed)

    def action_move(self, by: int) -> None:
        """Move by addresses."""
        self._list.step(by)

    def action_page(self, direction: int) -> None:
        """Turn pages."""
        self._list.page(direction)

    def action_edge(self, direction: int) -> None:
        """Move to the first address or the last."""
        self._list.jump(direction)

    def action_close(self) -> None:
        """Close without an answer."""
        close(self)


def _as_now(one: Listed | None, forwards: Sequence[Listed]) -> dict[str, Answer]:
    """Give the forward at the cursor, to be changed: mail goes to it already, with or without a copy kept."""
    if one is None or one.role is not Role.FORWARD or one.is_own:
        return {}
    return {"to": one.address, "keep_copy": any(listed.is_own for listed in forwards)}
