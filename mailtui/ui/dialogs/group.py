"""One group: asked for by name, then shown whole."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Sequence

from textual import on, work
from textual.app import ComposeResult
from textual.screen import ModalScreen

from mailtui.domain.group import Group, Member, MemberKind
from mailtui.errors import MailtuiError
from mailtui.plans.groups import GROUP
from mailtui.texts import _, fit, ngettext
from mailtui.ui import keys
from mailtui.ui.asking import close
from mailtui.ui.completing import Completing
from mailtui.ui.dialogs.box import Box
from mailtui.ui.widgets.fields import Field
from mailtui.ui.widgets.key_bar import KeyBar
from mailtui.ui.widgets.lines import Lines
from mailtui.ui.widgets.question_field import QuestionField
from mailtui.ui.widgets.spans import Line, wrap

_LABEL = 16
_KIND = 9


class GroupDialog(ModalScreen[None]):
    """Asks for a group, and shows it below; Enter in the field shows another."""

    BINDINGS = keys.bindings(keys.GROUP)

    def __init__(self, read: Callable[[str], Group | None], completing: Completing, name: str = "") -> None:
        """Make it; `read` gives a group by name or DN, `name` is that of one to begin with."""
        super().__init__()
        self._read, self._begin_with = read, name
        self._question = QuestionField(GROUP, name, completing)
        self._list = Lines(id="group")

    def compose(self) -> ComposeResult:
        """The question, the group, the keys."""
        with Box(_("Group"), classes="tall"):
            yield self._question
            yield self._list
            yield KeyBar()

    def on_mount(self) -> None:
        """Begin in the field; one to begin with is shown at once."""
        self.set_focus(self._question.field)
        if self._begin_with and isinstance(self._question.field, Field):
            # What is typed takes its place.
            self._question.field.select_all()
            self.show()

    @on(Field.Submitted)
    def take(self) -> None:
        """Show the group that was named."""
        self.show()

    @work(group="group", exclusive=True)
    async def show(self) -> None:
        """Look it up; where there is none, the field says so."""
        if not await self._question.check():
            return
        try:
            group = await asyncio.to_thread(self._read, str(self._question.answer))
        except MailtuiError as error:
            message = error.message
            self._list.source = lambda cells: [((piece, "bad"),) for piece in wrap(message, cells)]
            return
        self._list.source = lambda cells: list(_lines(group, cells)) if group else []
        self._list.scroll_home(animate=False)

    def action_page(self, direction: int) -> None:
        """Turn pages of the group, wherever the focus is."""
        self._list.page(direction)

    def action_close(self) -> None:
        """Close without an answer."""
        close(self)


def _lines(group: Group, cells: int) -> Iterator[Line]:
    yield from ((((piece, "title"),)) for piece in wrap(group.name, cells))
    for label, values in _facts(group):
        yield from _fact(label, values, cells)
    yield ()
    number = len(group.members) + group.unknown
    title = ngettext("{n} member", "{n} members", number).format(n=f"{number:,}")
    yield ((title, "strong"),)
    head = _KIND if any(member.kind is MemberKind.GROUP for member in group.members) else 0
    yield from (_member(member, head, cells) for member in group.members)
    if group.unknown:
        text = ngettext("and {n} whom the mirror does not hold", "and {n} whom the mirror does not hold", group.unknown)
        yield ((text.format(n=f"{group.unknown:,}"), "muted"),)


def _facts(group: Group) -> Iterator[tuple[str, Sequence[str]]]:
    yield _("For"), [group.description]
    yield _("Address"), [group.mail]
    yield _("Aliases"), group.aliases
    yield _("Who can post"), [group.posting or ""]
    yield _("Owners"), [owner.reference.name for owner in group.owners] or [_("nobody")]
    yield _("Seats of"), [group.works.name if group.works else ""]
    through = _("{group} (through {other})")
    nested = [through.format(group=one.group.name, other=one.through.name) for one in group.nested]
    yield _("Is in"), [*(one.name for one in group.groups), *nested]
    yield _("DN"), [group.dn]


def _fact(label: str, values: Sequence[str], cells: int) -> Iterator[Line]:
    head = fit(label, _LABEL)
    for value in filter(None, values):
        for piece in wrap(value, max(8, cells - _LABEL)):
            yield ((head, "muted"), (piece, ""))
            head = " " * _LABEL


def _member(member: Member, head: int, cells: int) -> Line:
    is_group = member.kind is MemberKind.GROUP
    kind = fit(_("group") if is_group else "", head)
    name = fit(member.reference.name, max(8, (cells - head) // 2))
    return ((kind, "key"), (name + " ", "strong" if is_group else ""), (member.mail or member.login, "muted"))
