"""The verb `create`: a person, a shared mailbox or a service account, one or many by a table."""

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer

from mailtui.cli.context import notice, options_of, with_password
from mailtui.cli.naming import read_file, row_text
from mailtui.cli.passwords import check_file
from mailtui.cli.tasks import (
    DryRunOption,
    ExpectOption,
    ReasonOption,
    TicketOption,
    ToFileOption,
    YesOption,
    settle,
)
from mailtui.desk.creating import Prepared
from mailtui.domain.account import Kind
from mailtui.domain.newcomer import Newcomer, Problem
from mailtui.errors import Refused, UsageError
from mailtui.queries.newcomer_lists import read_newcomers
from mailtui.texts import _, clean, ngettext


class Unready(Refused):
    """Some newcomers cannot get accounts as they were told; `rows` says which and why."""

    code = "unready"

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        self.rows = [_row(problem) for problem in problems if problem.newcomer.line]
        if not self.rows:
            first = problems[0]
            super().__init__("; ".join(problem.text for problem in problems), hint=first.hint)
            return
        count = len({row["line"] for row in self.rows})
        super().__init__(
            ngettext("{n} line cannot be done as it stands; nothing was changed",
                     "{n} lines cannot be done as they stand; nothing was changed", count).format(n=count),
            hint=_("Correct them, or add --skip-unmatched to go on with the rest."),
        )  # fmt: skip


def _row(problem: Problem) -> dict[str, Any]:
    newcomer = problem.newcomer
    return {
        "line": newcomer.line, "name": newcomer.said, "problem": problem.text, "hint": problem.hint,
        "verdict": newcomer.said, "text": problem.text, "candidates": [],
    }  # fmt: skip


def _text(name: str, help_: str, metavar: str = "TEXT") -> Any:
    return typer.Option(name, metavar=metavar, help=help_)


def add_to(app: typer.Typer) -> None:
    """Add the verb."""
    app.command("create", help=_("Create accounts: people, shared mailboxes, services; one, or many from a table."))(
        create
    )


def create(
    context: typer.Context,
    given: Annotated[str, _text("--given", _("The given name."))] = "",
    surname: Annotated[str, _text("--surname", _("The surname."))] = "",
    name: Annotated[str, _text("--name", _("The whole name, as it is shown."))] = "",
    kind: Annotated[Kind, typer.Option("--kind", help=_("Whom it is for."))] = Kind.PERSON,
    department: Annotated[str, _text("--department", _("The name, path or DN of an org unit."), "UNIT")] = "",
    title: Annotated[str, _text("--title", _("The position; it decides on the profile."))] = "",
    login: Annotated[str, _text("--login", _("The log-in; without it one is made of the name."), "LOGIN")] = "",
    address: Annotated[str, _text("--address", _("The address; without it one is made of the log-in."), "A")] = "",
    employee_number: Annotated[str, _text("--employee-number", _("One that nobody has."), "N")] = "",
    phone: Annotated[str, _text("--phone", _("A telephone number."), "P")] = "",
    manager: Annotated[str, _text("--manager", _("Whom a person reports to."), "ACCOUNT")] = "",
    owner: Annotated[str, _text("--owner", _("Who answers for a shared mailbox or a service."), "ACCOUNT")] = "",
    seat: Annotated[list[str] | None, _text("--seat", _("Who works a shared mailbox; again for more."), "ACCOUNT")] = None,
    profile: Annotated[str, _text("--profile", _("A profile other than the one that fits."), "NAME")] = "",
    quota: Annotated[str, _text("--quota", _("10GiB, unlimited, default or profile."), "SIZE")] = "",
    expires: Annotated[str, _text("--expires", _("The last day: 2026-12-31, +30d, or never."), "DATE")] = "",
    from_file: Annotated[
        Path | None, _text("--from", _("A table of people, its columns named in the first line; - is standard input."), "FILE")
    ] = None,
    skip_unmatched: Annotated[bool, typer.Option("--skip-unmatched", help=_("Leave out lines with problems."))] = False,
    no_password: Annotated[bool, typer.Option("--no-password", help=_("Set no password."))] = False,
    to_file: ToFileOption = None,
    ticket: TicketOption = "",
    reason: ReasonOption = "",
    dry_run: DryRunOption = False,
    yes: YesOption = False,
    expect: ExpectOption = None,
) -> int:
    """Create accounts."""
    options = options_of(context)
    check_file(to_file)
    told = Newcomer(
        0, kind, given, surname, name, department, title, login, address, employee_number, phone, manager, owner,
        profile, quota, expires, tuple(seat or ()),
    )  # fmt: skip
    newcomers = _listed(from_file, told) if from_file else [_checked(told)]
    desk = options.mirrored_desk()
    prepare = partial(
        desk.creating.prepare_new, newcomers, has_passwords=not no_password, ticket=ticket, reason=reason
    )
    prepared = with_password(desk, prepare)
    plan = _accepted(prepared, skip_unmatched=skip_unmatched)
    return settle(options, desk, plan, dry_run=dry_run, yes=yes, expect=expect, to_file=to_file)
