"""A question of a task with the field that answers it; the kinds of answer are the catalogue's, not the tasks'."""

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.events import DescendantBlur
from typing_extensions import override

from mailtui.domain.plan import Answer
from mailtui.errors import UsageError
from mailtui.plans.tasks import AnswerKind, Question
from mailtui.queries.completions import Completion
from mailtui.texts import _
from mailtui.ui import keys
from mailtui.ui.completing import Completing, is_completed, standing
from mailtui.ui.widgets.choices import Choices, Flag
from mailtui.ui.widgets.fields import Field
from mailtui.ui.widgets.offers import Offers
from mailtui.ui.widgets.prose import Prose


class QuestionField(Vertical):
    """A label and beside it what takes the answer; below, while the focus is here, the help and what is offered."""

    BINDINGS = keys.bindings(keys.OFFERS)

    def __init__(self, question: Question, given: Answer = None, completing: Completing | None = None) -> None:
        """Make it, answered already where an answer is given."""
        super().__init__()
        self.question = question
        self.field: Choices | Flag | Field = _field_for(question, given)
        """What takes the answer."""
        self._completing = completing
        self._note = Prose(question.help, "muted")
        self._offers = Offers()

    def compose(self) -> ComposeResult:
        """Show the label and the field, then the help."""
        with Horizontal(classes="question"):
            yield Prose("" if self.question.kind is AnswerKind.FLAG else self.question.label, "muted")
            yield self.field
        with Vertical(classes="below"):
            yield self._offers
            yield self._note

    @property
    def answer(self) -> Answer:
        """The answer as it stands; None where nothing was typed."""
        if isinstance(self.field, Choices):
            return self.question.choices[self.field.chosen].value
        if isinstance(self.field, Flag):
            return self.field.is_set
        return self.field.value.strip() or None

    async def check(self) -> bool:
        """Tell whether the answer can be used; says here why not."""
        problem = self._problem()
        if not problem and self._completing is not None:
            problem = await self._completing.problem(self.question, self.answer)
        if problem:
            self._say(problem)
        return not problem

    def _problem(self) -> str:
        if self.answer is None and self.question.default is None:
            return f"{self.question.label}: {self.question.help}"
        try:
            self.question.checked(self.answer)
        except UsageError as error:
            return " ".join(filter(None, (f"{error.message}.", error.hint)))
        return ""

    def _say(self, problem: str) -> None:
        self._note.span = (problem, "bad") if problem else (self.question.help, "muted")
        self.set_class(bool(problem), "-wrong")

    @on(Field.Changed)
    def follow(self, event: Field.Changed) -> None:
        """Offer what the text may come to, and forget what was wrong with it before."""
        event.stop()
        self._say("")
        if is_completed(self.question) and self._completing is not None and event.input.has_focus:
            self.offer(self._completing, event.value)

    @work(group="offers", exclusive=True)
    async def offer(self, completing: Completing, text: str) -> None:
        """Look up what a text may come to."""
        offers = await completing.offers(self.question, text)
        if isinstance(self.field, Field) and self.field.value == text and self.field.has_focus:
            self._show(offers)

    def _show(self, offers: tuple[Completion, ...]) -> None:
        self._offers.offers = offers
        self.refresh_bindings()
        if offers:
            self.call_after_refresh(self.scroll_visible, animate=False)

    @on(DescendantBlur)
    def offer_no_more(self) -> None:
        """Offer nothing."""
        self._show(())

    @on(Field.Submitted)
    def take_chosen(self, event: Field.Submitted) -> None:
        """Take what was chosen of the offers; Enter goes on only where none was."""
        if self._offers.taken is not None:
            event.stop()
            self._take()

    def _take(self) -> None:
        offer = self._offers.taken or self._offers.offers[0]
        if isinstance(self.field, Field):
            self.workers.cancel_group(self, "offers")
            self.field.value = standing(self.question, self.field.value) + offer.value
            self.field.cursor_position = len(self.field.value)
        self.offer_no_more()

    @override
    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return bool(self._offers.offers) if action in {"offer", "take", "no_offers"} else True

    def action_offer(self, by: int) -> None:
        """Choose among the offers."""
        self._offers.move(by)

    def action_take(self) -> None:
        """Take the offer at the cursor, or the first."""
        self._take()

    def action_no_offers(self) -> None:
        """Go on without them."""
        self.offer_no_more()


def _field_for(question: Question, given: Answer) -> Choices | Flag | Field:
    """Make the field that fits the answer."""
    answer = question.default if given is None else given
    if question.kind is AnswerKind.CHOICE:
        values = [choice.value for choice in question.choices]
        chosen = values.index(str(answer)) if answer in values else 0
        return Choices([choice.label for choice in question.choices], chosen)
    if question.kind is AnswerKind.FLAG:
        return Flag(question.label, bool(answer))
    return Field(str(answer or ""), placeholder=_("required") if question.default is None else _("optional"))
