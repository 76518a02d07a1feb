"""A question of a task with the field that answers it; the kinds of answer are the catalogue's, not the tasks'."""

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.widget import Widget

from mailtui.plans.tasks import Answer, AnswerKind, Question
from mailtui.ui.widgets.choices import Choices, Flag
from mailtui.ui.widgets.fields import Field
from mailtui.ui.widgets.prose import Prose


class QuestionField(Horizontal):
    """A label, and beside it what takes the answer."""

    def __init__(self, question: Question) -> None:
        super().__init__(classes="question")
        self.question = question

    def compose(self) -> ComposeResult:
        """Show the label and the field that fits the answer."""
        question = self.question
        yield Prose("" if question.kind is AnswerKind.FLAG else question.label, "muted")
        if question.kind is AnswerKind.CHOICE:
            values = [choice.value for choice in question.choices]
            chosen = values.index(str(question.default)) if question.default in values else 0
            yield Choices([choice.label for choice in question.choices], chosen)
        elif question.kind is AnswerKind.FLAG:
            yield Flag(question.label, bool(question.default))
        else:
            yield Field(str(question.default or ""), placeholder=question.help)

    @property
    def answer(self) -> Answer:
        """The answer as it stands; None where nothing was typed."""
        field = self.field
        if isinstance(field, Choices):
            return self.question.choices[field.chosen].value
        if isinstance(field, Flag):
            return field.is_set
        assert isinstance(field, Field)
        return field.value.strip() or None

    @property
    def field(self) -> Widget:
        """What takes the answer."""
        return self.children[1]
