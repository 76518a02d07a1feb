"""What a task must know before it can be planned: its own questions, a ticket, a reason."""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Horizontal, VerticalScroll
from textual.screen import ModalScreen
from textual.widget import Widget

from mailtui.domain.plan import Answer, Plan
from mailtui.domain.policy import Policy
from mailtui.errors import MailtuiError, Stopped
from mailtui.plans.tasks import Answers, Question
from mailtui.texts import _
from mailtui.ui import keys
from mailtui.ui.asking import close
from mailtui.ui.completing import Completing
from mailtui.ui.dialogs.box import Box
from mailtui.ui.widgets.choices import Choices
from mailtui.ui.widgets.fields import Field
from mailtui.ui.widgets.key_bar import KeyBar
from mailtui.ui.widgets.prose import Prose
from mailtui.ui.widgets.question_field import QuestionField


@dataclass(frozen=True, slots=True)
class Wish:
    """What the operator filled in."""

    answers: Answers
    ticket: str
    reason: str


Preparing = Callable[[Wish], Awaitable[Plan]]
Confirming = Callable[[Plan], Awaitable[bool]]


class FormDialog(ModalScreen[Plan | None]):
    """Asks, makes the plan and has it confirmed; what was filled in stays until then."""

    BINDINGS = keys.bindings(keys.FORM)

    def __init__(
        self,
        title: str,
        about: Sequence[str],
        questions: Sequence[Question],
        policy: Policy,
        prepare: Preparing,
        confirm: Confirming,
        given: Mapping[str, Answer] | None = None,
        completing: Completing | None = None,
    ) -> None:
        """Make it; `given` are answers to begin with, `completing` helps with others."""
        super().__init__()
        self._title, self._about = title, about
        self._prepare, self._confirm = prepare, confirm
        known = given or {}
        self._fields = [QuestionField(question, known.get(question.name), completing) for question in questions]
        self._ticket = Field(placeholder=_("required") if policy.ticket_required else "", id="ticket")
        self._reason = Field(id="reason")
        self._state = Prose(id="state")
        self._is_busy = False

    def compose(self) -> ComposeResult:
        """Lay the questions out, then ticket and reason."""
        with Box(self._title):
            for text in self._about:
                yield Prose(text, "muted")
            with VerticalScroll(classes="fields", can_focus=False):
                yield from self._fields
                with Horizontal(classes="question"):
                    yield Prose(_("Ticket"), "muted")
                    yield self._ticket
                with Horizontal(classes="question"):
                    yield Prose(_("Reason"), "muted")
                    yield self._reason
            yield from self.below()
            yield self._state
            yield KeyBar()

    def below(self) -> Iterable[Widget]:
        """Give what else stands below the questions."""
        return ()

    def on_mount(self) -> None:
        """Begin at the first thing that must be answered, or that nothing is assumed of."""
        self._show_asked()
        self.set_focus(self.first())

    def first(self) -> Widget:
        """Give what to begin at."""
        unanswered = (field for field in self._fields if field.question.default in {None, ""} and field.answer is None)
        field = next(unanswered, None)
        return field.field if field is not None and field.display else self._ticket

    @property
    def _answers(self) -> dict[str, str | bool | None]:
        answers: dict[str, str | bool | None] = {}
        for field in self._fields:
            if field.question.is_asked(answers):
                answers[field.question.name] = field.answer
        return answers

    @on(Choices.Changed)
    def _show_asked(self) -> None:
        answers = self._answers
        for field in self._fields:
            field.display = field.question.is_asked(answers)

    @on(Field.Submitted)
    @on(Choices.Done)
    def go_on(self) -> None:
        """Go on to the preview."""
        if not self._is_busy:
            self.make_plan()

    @work(group="plan")
    async def make_plan(self) -> None:
        """Make the plan and have it confirmed; a refusal is shown here, where it can be mended."""
        self._is_busy = True
        # What is typed from now on is not what Enter was pressed for.
        wish = self._wish()
        try:
            if not await self._is_answered():
                return
            self._say(_("Reading the accounts from the directory…"), "muted")
            plan = await self._prepare(wish)
        except MailtuiError as error:
            tone = "muted" if isinstance(error, Stopped) else "bad"
            self._say(" ".join(filter(None, (f"{error.message}.", error.hint))), tone)
        else:
            self._say("", "")
            # Esc may have closed the form while the plan was made.
            if self.app.screen is self and await self._confirm(plan):
                close(self, plan)
        finally:
            self._is_busy = False

    async def _is_answered(self) -> bool:
        """Tell whether every answer can be used; the focus goes to the first that cannot, where it says why."""
        self._say("", "")
        answers = self._answers
        for field in self._fields:
            if field.question.is_asked(answers) and not await field.check():
                self.set_focus(field.field)
                return False
        return True

    def _wish(self) -> Wish:
        return Wish(
            self._answers,
            self._ticket.value.strip(),
            self._reason.value.strip(),
        )

    def _say(self, text: str, tone: str) -> None:
        self._state.span = (text, tone)

    def action_close(self) -> None:
        """Close without an answer."""
        close(self)
