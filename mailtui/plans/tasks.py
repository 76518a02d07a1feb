"""What a task and its questions are: the one declaration that verbs, dialogs, keys and the README are made from."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from mailtui.domain.address import is_address
from mailtui.domain.plan import Answer, Facts, Plan, Target
from mailtui.domain.policy import Policy
from mailtui.errors import UsageError
from mailtui.texts import _

if TYPE_CHECKING:
    from mailtui.domain.schema import Schema

Answers = Mapping[str, Answer]
Planner = Callable[[Sequence[Target], Answers, Facts, "Schema", Policy], Plan]


class AnswerKind(StrEnum):
    """What kind of answer a question takes."""

    CHOICE = "choice"
    FLAG = "flag"
    ADDRESS = "address"
    SIZE = "size"


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the answers to a question."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Question:
    """Something a task must know.

    `name` is a Python identifier; the command's option is `--` and the name with dashes. `only_when` names another
    question and the answers to it with which this one is asked. An answer is needed where `default` is None.
    """

    name: str
    kind: AnswerKind
    label: str
    help: str
    choices: tuple[Choice, ...] = ()
    default: Answer = None
    only_when: tuple[str, tuple[str, ...]] | None = None

    @property
    def option(self) -> str:
        """The option that answers it on the command line."""
        return "--" + self.name.replace("_", "-")

    def is_asked(self, answers: Answers) -> bool:
        """Tell whether it is asked, given the answers to those before it."""
        return self.only_when is None or answers.get(self.only_when[0]) in self.only_when[1]

    def checked(self, answer: Answer) -> Answer:
        """Give the answer, or the default where there is none.

        Raises:
            UsageError: An answer is needed, or this is none.
        """
        if answer is None or answer == "":
            answer = self.default
        if answer is None:
            raise UsageError(_("{option} is needed").format(option=self.option), hint=self.help)
        if self.kind is AnswerKind.CHOICE and answer not in {choice.value for choice in self.choices}:
            known = ", ".join(choice.value for choice in self.choices)
            raise UsageError(
                _("{option} cannot be “{answer}”").format(option=self.option, answer=answer),
                hint=_("It is one of: {known}").format(known=known),
            )
        if self.kind is AnswerKind.ADDRESS and not is_address(str(answer)):
            raise UsageError(_("“{answer}” is not an address").format(answer=answer), hint=self.help)
        return answer


@dataclass(frozen=True, slots=True)
class Task:
    """A thing that staff can do to accounts; `key` is its key in the console, `summary` its one line of help."""

    name: str
    title: str
    summary: str
    key: str
    questions: tuple[Question, ...]
    planner: Planner
    undoable: bool = True

    def answered(self, answers: Answers) -> dict[str, Answer]:
        """Give an answer to every question that is asked, defaults filled in.

        Raises:
            UsageError: An answer is missing, wrong, or to a question that is not asked.
        """
        full: dict[str, Answer] = {}
        for question in self.questions:
            given = answers.get(question.name)
            if question.is_asked(full):
                full[question.name] = question.checked(given)
            elif given not in {None, "", False}:
                other, values = question.only_when or ("", ())
                raise UsageError(
                    _("{option} goes only with {other}").format(
                        option=question.option, other=f"--{other.replace('_', '-')} {'|'.join(values)}"
                    )
                )
        return full

    def plan(self, targets: Sequence[Target], answers: Answers, facts: Facts, schema: Schema, policy: Policy) -> Plan:
        """Plan the task for accounts.

        Raises:
            UsageError: An answer is missing or wrong.
            Refused: The directory cannot hold it, or the task cannot be done to these accounts.
        """
        full = self.answered(answers)
        return replace(self.planner(targets, full, facts, schema, policy), answers=full)
