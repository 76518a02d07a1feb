"""The verb `create`: a person, a shared mailbox or a service account; one, or many by a table."""

import inspect
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer

from mailtui.cli.carrying import carry_out
from mailtui.cli.context import notice, options_of, with_password
from mailtui.cli.naming import read_file, row_text
from mailtui.cli.passwords import check_file
from mailtui.cli.tasks import (
    DryRunOption,
    ExpectOption,
    ReasonOption,
    SkipOption,
    TicketOption,
    ToFileOption,
    YesOption,
    agreed,
)
from mailtui.cli.welcoming import greeting
from mailtui.desk.creating import Prepared
from mailtui.domain.account import Kind
from mailtui.domain.newcomer import Newcomer, Problem
from mailtui.domain.plan import Plan
from mailtui.errors import Refused, UsageError
from mailtui.plans.creating import CREATE
from mailtui.plans.passwords import ASK
from mailtui.queries.newcomer_lists import read_newcomers
from mailtui.texts import _, clean, ngettext

# What can be said of a newcomer: the option's placeholder and its help, by the name of the field.
_SAID = {
    "given": ("NAME", _("The given name.")),
    "surname": ("NAME", _("The surname.")),
    "name": ("NAME", _("The whole name, as it is shown.")),
    "department": ("UNIT", _("The name, path or DN of an org unit.")),
    "title": ("TITLE", _("The position; the profile follows from it.")),
    "login": ("LOGIN", _("The log-in; without it one is made of the name.")),
    "address": ("ADDRESS", _("The address; without it one is made of the log-in.")),
    "employee_number": ("NUMBER", _("An employee number that nobody has.")),
    "phone": ("PHONE", _("A telephone number.")),
    "manager": ("ACCOUNT", _("Whom a person reports to.")),
    "owner": ("ACCOUNT", _("Who answers for a shared mailbox or a service.")),
    "profile": ("NAME", _("Another profile than the one that fits.")),
    "quota": ("SIZE", _("Such as 10GiB; unlimited, default or profile.")),
    "expires": ("DATE", _("The last day: 2026-12-31, +30d, or never.")),
}
_OF_ALL = ("kind", "department", "title", "manager", "owner", "profile", "quota", "expires", "seats")
KindOption = Annotated[Kind, typer.Option("--kind", help=_("Whom it is for."))]
SeatOption = Annotated[
    list[str] | None,
    typer.Option("--seat", metavar="ACCOUNT", help=_("Who works a shared mailbox; once more for each.")),
]
TableOption = Annotated[
    Path | None,
    typer.Option("--from", metavar="FILE", help=_("A table of many, headings in its first line; - is standard input.")),
]
WelcomeOption = Annotated[
    Path | None,
    typer.Option("--welcome", metavar="FILE", help=_("Write a welcome text with the password there; - prints it.")),
]
AskOption = Annotated[bool, typer.Option("--ask", help=_("The password is typed twice, not made; for one account."))]
NoPasswordOption = Annotated[bool, typer.Option("--no-password", help=_("Set no password."))]


class Unready(Refused):
    """Some newcomers cannot get accounts as told; `rows` says which lines, and why."""

    code = "unready"

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.rows = [_row(problem) for problem in problems if problem.newcomer.line]
        count = len({row["line"] for row in self.rows})
        if not count:
            super().__init__("; ".join(problem.text for problem in problems), hint=problems[0].hint)
            return
        super().__init__(
            ngettext("{n} line cannot be done as it stands; nothing was changed",
                     "{n} lines cannot be done as they stand; nothing was changed", count).format(n=count),
            hint=_("Correct them, or add --skip-unmatched to go on with the rest."),
        )  # fmt: skip


def add_to(app: typer.Typer) -> None:
    """Add the verb."""
    app.command(CREATE.name, help=CREATE.summary)(_verb())


def _verb() -> Any:
    """Make the function that Typer reads the options from."""
    options: dict[str, tuple[Any, Any]] = {
        "context": (typer.Context, inspect.Parameter.empty),
        "kind": (KindOption, Kind.PERSON),
        **{field: (_option(field, *said), "") for field, said in _SAID.items()},
        "seats": (SeatOption, None),
        "table": (TableOption, None),
        "skip_unmatched": (SkipOption, False),
        "no_password": (NoPasswordOption, False),
        "ask": (AskOption, False),
        "to_file": (ToFileOption, None),
        "welcome": (WelcomeOption, None),
        "ticket": (TicketOption, ""),
        "reason": (ReasonOption, ""),
        "dry_run": (DryRunOption, False),
        "yes": (YesOption, False),
        "expect": (ExpectOption, None),
    }

    def run(**given: Any) -> int:
        return _create(given)

    keyword = inspect.Parameter.KEYWORD_ONLY
    run.__annotations__ = {name: annotation for name, (annotation, _default) in options.items()}
    run.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
        [inspect.Parameter(n, keyword, annotation=a, default=d) for n, (a, d) in options.items()]
    )
    return run


def _option(field: str, metavar: str, said: str) -> Any:
    return Annotated[str, typer.Option("--" + field.replace("_", "-"), metavar=metavar, help=said)]


def _create(given: dict[str, Any]) -> int:
    options = options_of(given["context"])
    check_file(given["to_file"])
    if given["ask"]:
        _check_asking(given)
    if options.json and str(given["welcome"]) == "-":
        raise UsageError(_("A welcome text is no JSON"), hint=_("Name a file for --welcome."))
    fields = {field: given[field].strip() for field in _SAID}
    told = Newcomer(kind=given["kind"], seats=tuple(given["seats"] or ()), **fields)
    newcomers = _listed(given["table"], told) if given["table"] else [told]
    desk = options.mirrored_desk()
    prepare = partial(desk.creating.prepare_new, newcomers, has_passwords=not given["no_password"])
    prepared = with_password(desk, partial(prepare, ticket=given["ticket"], reason=given["reason"]))
    plan = _accepted(prepared, skip_unmatched=given["skip_unmatched"])
    plan = replace(plan, answers={ASK: True}) if given["ask"] else plan
    greet = None
    if given["welcome"] and not given["dry_run"]:
        greet = greeting(given["welcome"], [draft.account for draft in prepared.drafts])
    if not agreed(options, desk, plan, **{name: given[name] for name in ("dry_run", "yes", "expect")}):
        return 0
    return carry_out(options, desk, plan, to_file=given["to_file"], greet=greet)


def _check_asking(given: dict[str, Any]) -> None:
    """See whether a password can be typed.

    Raises:
        UsageError: There is none, there are several, or a welcome text would have to name it.
    """
    if given["table"] or given["welcome"] or given["no_password"] or given["kind"] is Kind.SHARED:
        raise UsageError(
            _("--ask goes for one account that gets a password, and without a welcome text"),
            hint=_("Leave --ask out: then passwords are made."),
        )


def _listed(table: Path, told: Newcomer) -> list[Newcomer]:
    """Give the newcomers of a table; what was told beside it goes for those of whom it says nothing of the kind.

    Raises:
        UsageError: It names nobody, or something was told that cannot go for many.
    """
    single = [field for field in _SAID if field not in _OF_ALL and getattr(told, field)]
    if single:
        raise UsageError(
            _("{option} goes for one account, not for a list").format(option="--" + single[0].replace("_", "-")),
            hint=_("Make it a column of the list."),
        )
    found = read_newcomers(read_file(table), told.kind)
    if not found:
        raise UsageError(_("The list names nobody"), hint=_("Check the file."))
    return [
        replace(one, **{field: getattr(one, field) or getattr(told, field) for field in _OF_ALL[1:]}) for one in found
    ]


def _accepted(prepared: Prepared, *, skip_unmatched: bool) -> Plan:
    """Give the plan to go on with; says what is left out.

    Raises:
        Unready: Something is not clear, and is not to be skipped.
    """
    if prepared.problems and not (skip_unmatched and prepared.plan):
        raise Unready(prepared.problems)
    for problem in prepared.problems:
        notice(_("left out: {row}").format(row=clean(row_text(_row(problem)))))
    assert prepared.plan is not None
    return prepared.plan


def _row(problem: Problem) -> dict[str, Any]:
    newcomer = problem.newcomer
    return {
        "line": newcomer.line, "name": newcomer.said, "problem": problem.text, "hint": problem.hint,
        "verdict": newcomer.said, "text": problem.text, "candidates": [],
    }  # fmt: skip
