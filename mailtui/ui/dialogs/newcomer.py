"""Who or what is to get an account; while that is told, what the rules would give is said below."""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress

from textual import events, on, work
from textual.widget import Widget
from typing_extensions import override

from mailtui.domain.newcomer import Newcomer, Sketch
from mailtui.domain.plan import Answer
from mailtui.domain.policy import Policy
from mailtui.errors import MailtuiError
from mailtui.plans.creating import CREATE
from mailtui.plans.newcomer_questions import TABLE, newcomer_of
from mailtui.texts import _
from mailtui.ui import newcomer_wording
from mailtui.ui.completing import Completing, is_completed
from mailtui.ui.dialogs.form import Confirming, FormDialog, Preparing
from mailtui.ui.widgets.choices import Choices
from mailtui.ui.widgets.fields import Field
from mailtui.ui.widgets.prose import Prose

_REST_S = 0.15
_HEIGHTS = [(0, "-low"), (36, "-high")]


class NewcomerForm(FormDialog):
    """Asks what each kind of account asks for; `sketch` tells, in a thread, what would come of it."""

    VERTICAL_BREAKPOINTS = _HEIGHTS

    def __init__(
        self,
        policy: Policy,
        sketch: Callable[[Newcomer], Sketch],
        prepare: Preparing,
        confirm: Confirming,
        given: Mapping[str, Answer],
        completing: Completing,
    ) -> None:
        super().__init__(CREATE.title, (), CREATE.questions, policy, prepare, confirm, given, completing)
        self._sketch, self._names = sketch, completing
        self._known, self._given, self._against = Prose(id="known"), Prose(id="given"), Prose(id="against")

    @override
    def below(self) -> Iterable[Widget]:
        return (self._known, self._given, self._against)

    @override
    def first(self) -> Widget:
        """Begin with what it is to be, which all else follows from."""
        return self._fields[0].field

    @on(events.Mount)
    def follow(self) -> None:
        """Look at what would come of it whenever something was told, or the focus goes on."""
        for one in self._fields:
            self.watch(one.field, "value" if isinstance(one.field, Field) else _chosen(one.field), self.look)
        self.watch(self, "focused", self.look, init=False)
        self.watch(self._state, "span", self.hush, init=False)

    @on(Choices.Done)
    def go_to_next(self, event: Choices.Done) -> None:
        """Of what it is to be, go on to what that asks for; of all else, to the plan."""
        if event.choices is self._fields[0].field:
            event.prevent_default()
            self.focus_next()

    def tell(self, text: str) -> None:
        """Say how far it is with what takes long."""
        self._say(text, "muted")

    def look(self) -> None:
        """Look again at what would come of it, once the keys rest; what was refused before is being mended."""
        if self._was_refused:
            self.tell("")
        self.propose()

    @property
    def _was_refused(self) -> bool:
        return self._state.span[1] == "bad"

    def hush(self) -> None:
        """Say but once what speaks against it, where it was refused for that."""
        if self._was_refused:
            self._against.span = ("", "")

    @work(group="proposal", exclusive=True)
    async def propose(self) -> None:
        """Say what the rules would give, and what speaks against it."""
        await asyncio.sleep(_REST_S)
        answers = await self._whole_answers()
        sketch = None
        if answers.get("kind") != TABLE:
            # Without a mirror nothing is proposed; the plan says why there is none.
            with suppress(MailtuiError):
                sketch = await asyncio.to_thread(self._sketch, newcomer_of(answers))
        self._show(sketch)

    async def _whole_answers(self) -> dict[str, Answer]:
        """Give the answers, but for the one that is being typed, where it names nothing yet."""
        answers: dict[str, Answer] = dict(self._answers)
        for field in self._fields:
            is_named = field.field.has_focus and is_completed(field.question) and field.question.name in answers
            if is_named and await self._names.problem(field.question, field.answer):
                answers[field.question.name] = ""
        return answers

    def _show(self, sketch: Sketch | None) -> None:
        known = given = against = namesakes = ""
        proposed: Mapping[str, str] = {}
        if sketch is not None:
            against, namesakes = newcomer_wording.against(sketch), newcomer_wording.namesakes(sketch)
        if sketch is not None and sketch.account.login:
            known = f"→ {newcomer_wording.known_by(sketch.account)}"
            given = newcomer_wording.given(sketch.account, sketch.allotted)
            proposed = newcomer_wording.proposed(sketch)
        self._known.span, self._given.span = (known, "strong"), (given, "muted")
        self._against.span = (against, "bad") if against else (namesakes, "warning")
        self.hush()
        for field in self._fields:
            if isinstance(field.field, Field) and field.question.default == "":
                field.field.placeholder = proposed.get(field.question.name) or _("optional")


def _chosen(field: Widget) -> str:
    return "chosen" if isinstance(field, Choices) else "is_set"
