"""What a task and its questions are: the one declaration that verbs, dialogs, keys and the README are made from."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING
from unicodedata import category

from mailtui.domain.account import Account
from mailtui.domain.address import is_address
from mailtui.domain.days import day_of
from mailtui.domain.plan import Answer, Facts, Plan, Target
from mailtui.domain.policy import Policy
from mailtui.errors import Refused, UsageError
from mailtui.texts import _

if TYPE_CHECKING:
    from mailtui.domain.schema import Schema

Answers = Mapping[str, Answer]
Planner = Callable[[Sequence[Target], Answers, Facts, "Schema", Policy], Plan]
GroupNames = Callable[[Sequence[Account], Answers, Policy], Collection[str]]
Needs = Callable[["Schema"], str]
Destination = Callable[[Answers, Facts, "Schema"], str]

CLEAR = "-"
"""The answer that takes away what an account has, where a question says so."""


class AnswerKind(StrEnum):
    """What kind of answer a question takes.

    `ACCOUNT` is an address, a log-in or an employee number, `ACCOUNTS` several, with commas between; `NUMBER` is an
    employee number that may be nobody's yet, and `LOGIN` likewise a log-in. `UNIT` is the name, path or DN of an org
    unit, `GROUP` the name or DN of a group, and `MAILBOX` a shared mailbox, which stands for the group of those who
    work it.
    """

    CHOICE = "choice"
    FLAG = "flag"
    ADDRESS = "address"
    SIZE = "size"
    TEXT = "text"
    DATE = "date"
    ACCOUNT = "account"
    ACCOUNTS = "accounts"
    NUMBER = "number"
    LOGIN = "login"
    UNIT = "unit"
    GROUP = "group"
    MAILBOX = "mailbox"


class About(StrEnum):
    """What a task is done to: accounts that are chosen, what its first question names, or nobody who is there yet."""

    ACCOUNTS = "accounts"
    UNIT = "unit"
    GROUP = "group"
    NEWCOMERS = "newcomers"


_LOOKED_UP = (AnswerKind.ADDRESS, AnswerKind.ACCOUNT, AnswerKind.NUMBER, AnswerKind.LOGIN)
_OF_GROUPS = (AnswerKind.GROUP, AnswerKind.MAILBOX)
# Control characters, halves of surrogate pairs (bytes that were no UTF-8), ends of lines and paragraphs.
_UNPRINTED = frozenset({"Cc", "Cs", "Zl", "Zp"})
_ANY_DAY = date(2000, 1, 1)


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the answers to a question."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Question:
    """Something a task must know.

    `name` is a Python identifier; the command's option is `--` and the name with dashes. `only_when` names another
    question and the answers to it with which this one is asked. An answer is needed where `default` is None; where it
    is empty, none need be given.
    """

    name: str
    kind: AnswerKind
    label: str
    help: str
    choices: tuple[Choice, ...] = ()
    default: Answer = None
    only_when: tuple[str, tuple[str, ...]] | None = None
    is_recipient: bool = False
    """Whether it asks for an address that mail is to go to: those of accounts are offered."""
    by_rules: Callable[[Policy], str] | None = None
    """What says, of a choice that may be left open, what the site's rules then make of it; empty where they say nothing
    that would not be so anyway."""

    @property
    def option(self) -> str:
        """The option that answers it on the command line."""
        return "--" + self.name.replace("_", "-")

    def under(self, policy: Policy) -> Question:
        """Give the question as it is put to somebody: that the rules decide is the first choice where they say it."""
        said = self.by_rules(policy) if self.by_rules else ""
        return replace(self, choices=(Choice("", said), *self.choices)) if said else self

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
        if answer != "":
            self._check(answer)
        return answer

    def _check(self, answer: Answer) -> None:
        text = str(answer)
        if self.kind is AnswerKind.CHOICE and answer not in {choice.value for choice in self.choices}:
            known = ", ".join(choice.value for choice in self.choices)
            raise UsageError(
                _("{option} cannot be “{answer}”").format(option=self.option, answer=answer),
                hint=_("It is one of: {known}").format(known=known),
            )
        if self.kind is AnswerKind.ADDRESS and not is_address(text):
            raise UsageError(_("“{answer}” is not an address").format(answer=answer), hint=self.help)
        if self.kind is AnswerKind.DATE:
            day_of(text, _ANY_DAY)
        if not text.strip() or any(category(character) in _UNPRINTED for character in text):
            raise UsageError(_("{option} must be one line of text").format(option=self.option), hint=self.help)


@dataclass(frozen=True, slots=True)
class Task:
    """A thing that staff can do.

    `key` is its key in the console, empty for none; `in_bar` whether the key bar shows it; `summary` its one line of
    help. With `one_account` it is never done to several at once. `needs` gives the attribute, by a schema, that it
    cannot do without: the schema lacks it where that is empty.
    """

    name: str
    title: str
    summary: str
    key: str
    questions: tuple[Question, ...]
    planner: Planner
    about: About = About.ACCOUNTS
    needs: Needs | None = None
    in_bar: bool = False
    one_account: bool = False
    makes_passwords: bool = False
    moves_entries: bool = False
    """Whether entries go, or get other DNs: then what names them in groups and as managers is changed with them."""
    hands_over: bool = False
    """Whether entries stay where they are, and what names them is changed all the same."""
    adds_group: bool = False
    """Whether it adds a group, of the name that its question `name` asks for."""
    groups_named: GroupNames | None = None
    """What names the groups, `facts.groups_named`, that accounts may join or leave by it, whatever is asked."""
    destination: Destination | None = None
    """What tells the DN at which an entry comes to be by it: whether that is taken is looked up, see `Facts.taken`."""
    leaves_groups: bool = False
    """Whether accounts leave some of these: then who else is in them matters."""

    @property
    def subject(self) -> Question | None:
        """The question that names what it is done to, where that is no account."""
        return self.questions[0] if self.about in {About.UNIT, About.GROUP} else None

    def is_held_by(self, schema: Schema) -> bool:
        """Tell whether a schema has what the task changes; the plan itself looks again."""
        return self.needs is None or bool(self.needs(schema))

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
                        option=question.option, other=f"--{other.replace('_', '-')} {'|'.join(filter(None, values))}"
                    )
                )
        return full

    def dated(self, answers: Answers, today: date) -> dict[str, Answer]:
        """Give answers with each day by its date: what `+30d` means must not change while a batch waits."""
        days = {question.name for question in self.questions if question.kind is AnswerKind.DATE}
        return {
            name: day_of(str(answer), today).isoformat() if name in days and answer else answer
            for name, answer in answers.items()
        }

    def looked_up(self, answers: Answers) -> dict[str, str]:
        """Give those answers, by the names of their questions, that accounts are looked up by."""
        return {
            question.name: str(answers[question.name])
            for question in self.questions
            if question.kind in _LOOKED_UP and answers.get(question.name) not in {None, "", CLEAR}
        }

    @property
    def group_question(self) -> Question | None:
        """The question whose answer names the group that is changed, if it is not the accounts that are."""
        return next((one for one in self.questions if one.kind in _OF_GROUPS), None)

    @property
    def concerns_others(self) -> bool:
        """Whether what names accounts elsewhere is changed with them: groups, and those whom they manage."""
        return self.moves_entries or self.hands_over

    @property
    def needs_directory(self) -> bool:
        """Whether it cannot be planned from the mirror alone."""
        concerns_groups = self.adds_group or self.leaves_groups or self.group_question
        return bool(self.concerns_others or self.makes_passwords or concerns_groups)

    def days(self, answers: Answers) -> dict[str, date]:
        """Give the days among dated answers, by the names of their questions."""
        return {
            question.name: date.fromisoformat(str(answers[question.name]))
            for question in self.questions
            if question.kind is AnswerKind.DATE and answers.get(question.name)
        }

    def plan(self, targets: Sequence[Target], answers: Answers, facts: Facts, schema: Schema, policy: Policy) -> Plan:
        """Plan the task for accounts.

        Raises:
            UsageError: An answer is missing or wrong.
            Refused: The directory cannot hold it, or the task cannot be done to these accounts.
        """
        full = self.answered(answers)
        if self.one_account and len(targets) > 1:
            raise Refused(
                _("“{task}” is done to one account at a time, not to {count}").format(
                    task=self.name, count=len(targets)
                ),
                hint=_("Name one of them."),
            )
        return replace(self.planner(targets, full, facts, schema, policy), answers=full)
