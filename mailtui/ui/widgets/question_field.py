"""A question of a task with the field that answers it; the kinds of answer are the catalogue's, not the tasks'."""

from textual.app import ComposeResult
from textual.containers import Horizontal

from mailtui.domain.plan import Answer
from mailtui.plans.tasks import AnswerKind, Question
from mailtui.ui.widgets.choices import Choices, Flag
from mailtui.ui.widgets.fields import Field
from mailtui.ui.widgets.prose import Prose


class QuestionField(Horizontal):
    """A label, and beside it what takes the answer."""

    def __init__(self, question: Question) -> None:
        super().__init__(classes="question")
        self.question = question
        self.field: Choices | Flag | Field = _field_for(question)
        """What takes the answer."""

    def compose(self) -> ComposeResult:
        """Show the label and the field."""
        yield Prose("" if self.question.kind is AnswerKind.FLAG else self.question.label, "muted")
        yield self.field

    @property
    def answer(self) -> Answer:
        """The answer as it stands; None where nothing was typed."""
        if isinstance(self.field, Choices):
            return self.question.choices[self.field.chosen].value
        if isinstance(self.field, Flag):
            return self.field.is_set
        return self.field.value.strip() or None


def _field_for(question: Question) -> Choices | Flag | Field:
    """Make the field that fits the answer."""
    if question.kind is AnswerKind.CHOICE:
        values = [choice.value for choice in question.choices]
        chosen = values.index(str(question.default)) if question.default in values else 0
        return Choices([choice.label for choice in question.choices], chosen)
    if question.kind is AnswerKind.FLAG:
        return Flag(question.label, bool(question.default))
    return Field(str(question.default or ""), placeholder=question.help)
