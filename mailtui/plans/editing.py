"""Edit: name, title, phone, manager, employee number and notes of accounts; only what is answered is changed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from mailtui.domain import dn
from mailtui.domain.plan import Facts, Plan, PlanRow, Target
from mailtui.domain.policy import Policy
from mailtui.domain.rules import value_key
from mailtui.errors import Refused, UsageError
from mailtui.plans.addresses import refuse_naming
from mailtui.plans.rows import Wanted, count_of, needed, plan_of, skipped, wanting
from mailtui.plans.tasks import CLEAR, AnswerKind, Answers, Question, Task
from mailtui.texts import _, ngettext

if TYPE_CHECKING:
    from mailtui.domain.schema import Schema

# PrintableString (RFC 4517 section 3.3.29), which a telephone number is; slapd refuses all else.
PHONE = re.compile(r"(?=.*\d)[A-Za-z0-9'()+,\-./:?= ]+")
_OF_ONE = ("name", "employee_number")


def plan_edit(targets: Sequence[Target], answers: Answers, facts: Facts, schema: Schema, policy: Policy) -> Plan:
    """Plan to change what is told of accounts.

    Raises:
        UsageError: Nothing is to be changed, or an answer cannot be used.
        Refused: The schema has no such attribute, the manager is no account, somebody has the number, or what only one
            account can have is to be given to several.
    """
    given = {name: str(answer).strip() for name, answer in answers.items() if answer}
    if not given:
        raise UsageError(_("Nothing to change"), hint=_("Say what: {options}.").format(options=_options()))
    _refuse_for_several(targets, given)
    wanted = _wanted(given, facts, schema)
    if "employee_number" in given:
        _refuse_taken(targets, given["employee_number"], facts)
    rows = [_row(target, given.get("name", ""), wanted, facts, schema) for target in targets]
    count = count_of(rows)
    title = ngettext("Edit {count} account", "Edit {count} accounts", count).format(count=count)
    return plan_of("edit", title, targets, rows, facts, policy)


def _options() -> str:
    return ", ".join(question.option for question in EDIT.questions)


def _refuse_for_several(targets: Sequence[Target], given: Answers) -> None:
    for question in EDIT.questions:
        if question.name in _OF_ONE and question.name in given and len(targets) > 1 and given[question.name] != CLEAR:
            raise Refused(
                _("{option} is given to one account, not to {count}").format(option=question.option, count=len(targets))
            )


def _wanted(given: dict[str, str], facts: Facts, schema: Schema) -> Wanted:
    if given.get("name") == CLEAR:
        raise UsageError(_("An account has a name: it cannot be taken away"))
    if given.get("phone", CLEAR) != CLEAR and not PHONE.fullmatch(given["phone"]):
        raise UsageError(
            _("“{text}” is no telephone number").format(text=given["phone"]), hint=_("Write it like +86 10 5555 1234.")
        )
    account = schema.account
    attributes = {
        "title": (account.title, _("a title")),
        "phone": (account.phone, _("a telephone number")),
        "manager": (account.manager, _("a manager")),
        "employee_number": (account.employee_number, _("an employee number")),
        "notes": (account.notes, _("notes")),
    }
    wanted: dict[str, tuple[bytes, ...]] = {}
    for name, (attribute, what) in attributes.items():
        if name in given:
            text = _manager(facts) if name == "manager" and given[name] != CLEAR else given[name]
            wanted[needed(attribute, what, schema)] = () if text == CLEAR else (_raw(text),)
    return wanted


def _raw(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")


def _manager(facts: Facts) -> str:
    found = facts.named.get("manager", ())
    if len(found) != 1:
        said = _("The manager is no account of this directory") if not found else _("Several accounts could be meant")
        raise Refused(said, hint=_("Name one by address, log-in or employee number."))
    return found[0].dn


def _refuse_taken(targets: Sequence[Target], number: str, facts: Facts) -> None:
    ids = {target.account.id for target in targets}
    for account in facts.named.get("employee_number", ()):
        is_theirs = (account.employee_number or "").strip().casefold() == number.casefold()
        if is_theirs and account.id not in ids:
            raise Refused(
                _("{name} ({login}) has the employee number {number}").format(
                    name=account.name, login=account.login, number=number
                )
            )


def _row(target: Target, name: str, wanted: Wanted, facts: Facts, schema: Schema) -> PlanRow:
    managers = facts.named.get("manager", ())
    if schema.account.manager in wanted and target.account.id in {manager.id for manager in managers}:
        return skipped(target, _("nobody is their own manager"))
    every = {**(_renamed(target, name, schema) if name else {}), **wanted}
    # The manager is found, however it was typed.
    typed = every.keys() - {schema.account.manager}
    return wanting(target, every, schema, _("all of it is so already"), typed=typed)


def _renamed(target: Target, name: str, schema: Schema) -> Wanted:
    """Give the attributes that tell the name: the first of the schema's, and of the others what told the same.

    One that is part of the entry's own name in the directory stays: changing it would move the entry.
    """
    first, *others = schema.account.name
    naming = {attribute.casefold() for attribute, _value in dn.parse(target.account.dn)[0]}
    refuse_naming(target, first)
    wanted: dict[str, tuple[bytes, ...]] = {first: (_raw(name),)}
    for attribute in others:
        rule, values = schema.rule(attribute), target.values_of(attribute).values
        old = value_key(rule, _raw(target.account.name))
        if attribute.casefold() not in naming and old in {value_key(rule, value) for value in values}:
            kept = (value for value in values if value_key(rule, value) != old)
            wanted[attribute] = tuple(dict.fromkeys((_raw(name), *kept)))
    return wanted


EDIT = Task(
    name="edit",
    title=_("Edit"),
    summary=_("Change name, title, phone, manager, employee number or notes of accounts."),
    key="E",
    questions=(
        Question("name", AnswerKind.TEXT, _("Name"), _("The name to show, of one account."), default=""),
        Question("title", AnswerKind.TEXT, _("Title"), _("The position; `-` takes it away."), default=""),
        Question("phone", AnswerKind.TEXT, _("Phone"), _("A telephone number; `-` takes it away."), default=""),
        Question(
            "manager",
            AnswerKind.ACCOUNT,
            _("Manager"),
            _("An address, log-in or number; `-` for none."),
            default="",
        ),
        Question(
            "employee_number",
            AnswerKind.NUMBER,
            _("Employee number"),
            _("One that nobody else has; `-` takes it away."),
            default="",
        ),
        Question("notes", AnswerKind.TEXT, _("Notes"), _("What else is to be known; `-` takes it away."), default=""),
    ),
    planner=plan_edit,
)
