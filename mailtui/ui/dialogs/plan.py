"""A plan, shown before it is done; how much confirming it takes is the plan's own friction."""

from collections.abc import Sequence
from functools import partial
from time import monotonic

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.screen import ModalScreen
from typing_extensions import override

from mailtui.domain.plan import Friction, Plan
from mailtui.texts import _, clean, ngettext
from mailtui.ui import keymap, keys, plan_lines
from mailtui.ui.asking import close
from mailtui.ui.dialogs.box import Box
from mailtui.ui.pace import Pace
from mailtui.ui.widgets.fields import Field
from mailtui.ui.widgets.key_bar import KeyBar
from mailtui.ui.widgets.lines import Lines
from mailtui.ui.widgets.prose import Prose
from mailtui.ui.widgets.push_button import PushButton

_AROUND = 12


class PlanDialog(ModalScreen[bool]):
    """Shows what would change and takes the confirmation.

    One account takes `y`; more take their number, typed. Cancel has the focus. A key that was typed ahead of the
    dialog, or comes in a burst, confirms nothing.
    """

    AUTO_FOCUS = "#cancel"
    BINDINGS = keys.bindings((*keys.PLAN, *keys.CLOSE))

    def __init__(
        self, plan: Plan, hidden: int, pace: Pace, news: Sequence[str] = (), *, is_to_save: bool = False
    ) -> None:
        """Make it.

        `news` is what somebody who knew of the plan before should know about it now; a plan that `is_to_save` is only
        kept when it is confirmed.
        """
        super().__init__()
        self._plan, self._hidden, self._pace = plan, hidden, pace
        self._is_to_save = is_to_save
        self._shown_at = float("inf")
        self._list = Lines(partial(plan_lines.of_plan, plan, news), id="plan")
        self._number_field = Field(id="number")
        self._state = Prose(id="state")

    @property
    def _number(self) -> int:
        return self._plan.size

    @property
    def _takes_y(self) -> bool:
        return self._plan.friction is Friction.LIGHT and self._number == 1

    def compose(self) -> ComposeResult:
        """Show the plan above, the confirmation below."""
        with Box(self._plan.title, classes="tall"):
            yield Prose(self._about(), "muted")
            if self._hidden:
                text = ngettext(
                    "{number} of the marked accounts is hidden by the filter.",
                    "{number} of the marked accounts are hidden by the filter.",
                    self._hidden,
                )
                yield Prose(text.format(number=self._hidden), "warning")
            yield self._list
            with Horizontal(id="confirm"):
                yield Prose(self._request(), "strong")
                if self._number and not self._takes_y:
                    yield self._number_field
                yield PushButton(_("Cancel") if self._number else _("Back"), id="cancel")
            yield self._state
            yield KeyBar()

    def _about(self) -> str:
        plan = self._plan
        ticket = _("Ticket {ticket}").format(ticket=plan.ticket) if plan.ticket else _("No ticket")
        return " · ".join(filter(None, (ticket, plan.reason)))

    def _request(self) -> str:
        if not self._number:
            return _("There is nothing to change.")
        if self._takes_y:
            name = clean(self._plan.changing[0].name)
            text = _("Press {plan.confirm} to save it: {name}")
            text = text if self._is_to_save else _("Press {plan.confirm} to do it: {name}")
            return keymap.here(self, text).replace("{name}", name)
        text = _("Type {number} and {field.done} to save it:")
        text = text if self._is_to_save else _("Type {number} and {field.done} to do it:")
        return keymap.here(self, text).replace("{number}", str(self._number))

    def on_mount(self) -> None:
        """Begin to listen once the plan is in sight."""
        self.watch(self._list, "length", self._fit)
        self.call_after_refresh(self._begin)

    @on(events.Resize)
    def _fit(self) -> None:
        """Be as high as the plan, or as the terminal where the plan is longer."""
        self.set_class(self._list.length + _AROUND > self.size.height, "-long")
        self.call_after_refresh(self.refresh_bindings)

    @override
    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer to turn pages where there is more than one."""
        return action != "page" or self._list.max_scroll_y > 0

    def _begin(self) -> None:
        self._shown_at = monotonic()

    def type_digit(self, digit: str) -> None:
        """Begin the number with its first digit, wherever the focus is."""
        field = self._number_field
        if not field.is_attached:
            return
        if self._pace.begins_answer(self._shown_at):
            self.set_focus(field)
            field.insert_text_at_cursor(digit)
        else:
            self._say_too_quick()

    def _say_too_quick(self) -> None:
        self._say(_("That came too quickly to be an answer: once more, please."), "warning")

    def _say(self, text: str, tone: str) -> None:
        self._state.span = (text, tone)

    @on(Field.Submitted)
    def check_number(self, event: Field.Submitted) -> None:
        """Carry the plan out when the number is right."""
        if event.value.strip() == str(self._number):
            close(self, True)
        else:
            self._say(_("That is not the number; nothing was changed."), "bad")
            event.input.clear()

    def confirm(self) -> None:
        """Take `y` for one account."""
        if not self._takes_y:
            return
        if self._pace.is_answer(self._shown_at):
            close(self, True)
        else:
            self._say_too_quick()

    @on(PushButton.Pressed)
    def action_close(self) -> None:
        """Go back without doing it."""
        close(self, False)

    def action_digit(self, digit: str) -> None:
        """Begin the number."""
        self.type_digit(digit)

    def action_confirm(self) -> None:
        """Take `y`."""
        self.confirm()

    def action_move(self, by: int) -> None:
        """Move by lines."""
        self._list.move(by)

    def action_page(self, direction: int) -> None:
        """Move by pages."""
        self._list.page(direction)

    def action_edge(self, direction: int) -> None:
        """Move to an end."""
        self._list.edge(direction)
