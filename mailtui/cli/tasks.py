"""Every task of the catalogue as a verb: whom, what, shown, confirmed, carried out."""

import inspect
import sys
from collections.abc import Callable, Mapping
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer

from mailtui.cli import output, shapes
from mailtui.cli.asking import confirm
from mailtui.cli.carrying import carry_out, print_batch, print_rows
from mailtui.cli.context import Options, options_of, with_password
from mailtui.cli.naming import accepted, check_unmoved, read_naming
from mailtui.cli.passwords import check_file
from mailtui.desk import Desk
from mailtui.domain.plan import Friction, Plan, PlanRow
from mailtui.errors import Refused, Unreachable
from mailtui.plans.catalogue import TASKS
from mailtui.plans.friction import check_policy
from mailtui.plans.tasks import About, AnswerKind, Question, Task
from mailtui.runner.front import Runner
from mailtui.texts import _, clean, ngettext

AccountsArgument = Annotated[
    list[str] | None, typer.Argument(metavar="ACCOUNT...", help=_("Addresses, log-ins or employee numbers."))
]
FromOption = Annotated[
    list[Path] | None,
    typer.Option("--from", metavar="FILE", help=_("A CSV, a list or a mail that names them; - is standard input.")),
]
SkipOption = Annotated[bool, typer.Option("--skip-unmatched", help=_("Leave out what is not matched exactly."))]
TicketOption = Annotated[str, typer.Option("--ticket", metavar="T", help=_("The ticket it is done for."))]
ReasonOption = Annotated[str, typer.Option("--reason", metavar="R", help=_("Why it is done."))]
DryRunOption = Annotated[bool, typer.Option("--dry-run", help=_("Show what would change; change nothing."))]
YesOption = Annotated[bool, typer.Option("--yes", help=_("Do not ask."))]
LaterOption = Annotated[
    bool, typer.Option("--later", help=_("Save it, from what the mirror knows; `resume` looks again and sends it."))
]
ToFileOption = Annotated[
    Path | None,
    typer.Option("--to-file", metavar="FILE", help=_("Write the passwords there, readable by you alone.")),
]
ExpectOption = Annotated[
    int | None, typer.Option("--expect", metavar="N", help=_("Stop unless N accounts would change."))
]
_ASKED_OF_ALL: dict[str, tuple[Any, Any]] = {
    "ticket": (TicketOption, ""),
    "reason": (ReasonOption, ""),
    "dry_run": (DryRunOption, False),
    "yes": (YesOption, False),
    "expect": (ExpectOption, None),
}


def add_to(app: typer.Typer) -> None:
    """Add a verb for each task."""
    for task in TASKS:
        if task.about is About.ACCOUNTS:
            app.command(task.name, help=task.summary)(_verb(task))
        elif task.subject:
            app.command(task.name, help=task.summary)(_entry_verb(task))


def _entry_verb(task: Task) -> Any:
    """Make the function for a task that is done to one unit or one group, which is named in place of accounts."""

    def run(**given: Any) -> int:
        options = options_of(given["context"])
        answers = task.answered({question.name: given[question.name] for question in task.questions})
        desk = options.mirrored_desk()
        asked = partial(desk.plans.prepare, task.name, (), answers, ticket=given["ticket"], reason=given["reason"])
        plan = with_password(desk, asked)
        return settle(options, desk, plan, **{name: given[name] for name in ("dry_run", "yes", "expect")})

    subject, *questions = task.questions
    named = Annotated[str, typer.Argument(metavar=subject.name.upper(), help=subject.help)]
    return _signed(
        run,
        {
            "context": (typer.Context, inspect.Parameter.empty),
            subject.name: (named, inspect.Parameter.empty),
            **{question.name: _option(question) for question in questions},
            **_ASKED_OF_ALL,
        },
    )


def _verb(task: Task) -> Any:
    """Make the function that Typer reads a task's options from."""

    def run(**given: Any) -> int:
        options = options_of(given["context"])
        check_file(given.get("to_file"))
        answers = task.answered({question.name: given[question.name] for question in task.questions})
        desk = options.mirrored_desk()
        naming = read_naming(given["accounts"] or [], given["from_files"] or [])
        chosen = naming.resolve(desk)
        ids = accepted(chosen, skip_unmatched=given["skip_unmatched"])
        asked = partial(desk.plans.prepare_unread if given["later"] else desk.plans.prepare, task.name, ids, answers)
        plan = _prepared(desk, partial(asked, ticket=given["ticket"], reason=given["reason"]))
        # The plan was made from entries just read: their keys must still be those that were named.
        check_unmoved(chosen, naming.resolve(desk))
        said = {name: given[name] for name in ("dry_run", "yes", "expect")}
        if given["later"]:
            return _saved(options, desk, plan, **said)
        return settle(options, desk, plan, **said, to_file=given.get("to_file"))

    parameters = {
        "context": (typer.Context, inspect.Parameter.empty),
        "accounts": (AccountsArgument, None),
        "from_files": (FromOption, None),
        **{question.name: _option(question) for question in task.questions},
        **_ASKED_OF_ALL,
        "skip_unmatched": (SkipOption, False),
        "later": (LaterOption, False),
        **({"to_file": (ToFileOption, None)} if task.makes_passwords else {}),
    }  # fmt: skip
    return _signed(run, parameters)


def _signed(run: Callable[..., int], parameters: Mapping[str, tuple[Any, Any]]) -> Any:
    """Give a function the parameters, each with its annotation and its default, that Typer reads."""
    keyword = inspect.Parameter.KEYWORD_ONLY
    run.__annotations__ = {name: annotation for name, (annotation, _default) in parameters.items()}
    run.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
        [inspect.Parameter(n, keyword, annotation=a, default=d) for n, (a, d) in parameters.items()]
    )
    return run


def _prepared(desk: Desk, prepare: Callable[[], Plan]) -> Plan:
    try:
        return with_password(desk, prepare)
    except Unreachable as error:
        hint = _("{hint} Or save it with --later: it is sent when you resume it.").format(hint=error.hint)
        raise Unreachable(error.message, hint=hint) from error


def _saved(options: Options, desk: Desk, plan: Plan, *, dry_run: bool, yes: bool, expect: int | None) -> int:
    if agreed(options, desk, plan, dry_run=dry_run, yes=yes, expect=expect):
        runner = Runner(desk)
        print_batch(options, runner.result(runner.save(plan)))
    return 0


def _option(question: Question) -> tuple[Any, Any]:
    if question.kind is AnswerKind.FLAG:
        default = bool(question.default)
        name = f"--no-{question.option[2:]}" if default else question.option
        switch = f"{question.option}/{name}" if default else name
        return Annotated[bool, typer.Option(switch, help=question.help)], default
    if question.kind is AnswerKind.CHOICE:
        choices = StrEnum(question.name, {choice.value: choice.value for choice in question.choices})  # type: ignore[misc]
        chosen = choices(str(question.default)) if question.default else None
        return Annotated[choices, typer.Option(question.option, help=question.help)], chosen
    metavar = question.kind.value.upper()
    return Annotated[str | None, typer.Option(question.option, metavar=metavar, help=question.help)], question.default


def settle(
    options: Options,
    desk: Desk,
    plan: Plan,
    *,
    dry_run: bool,
    yes: bool,
    expect: int | None,
    to_file: Path | None = None,
) -> int:
    """Show a plan, have it confirmed, carry it out; gives the exit code.

    Raises:
        Refused: Policy forbids it, it would change another number of accounts than expected, or nobody confirmed it.
    """
    if not agreed(options, desk, plan, dry_run=dry_run, yes=yes, expect=expect):
        return 0
    return carry_out(options, desk, plan, to_file=to_file)


def agreed(options: Options, desk: Desk, plan: Plan, *, dry_run: bool, yes: bool, expect: int | None) -> bool:
    """Show a plan and have it confirmed; False after a dry run.

    Raises:
        Refused: Policy forbids it, it would change another number of accounts than expected, or nobody confirmed it.
    """
    if dry_run:
        show_plan(options, desk, plan)
        return False
    check_policy(plan, desk.policy)
    _check_expected(plan, yes=yes, expect=expect)
    if plan.changing and not yes:
        show_plan(Options(), desk, plan, to_notices=True)
        confirm(plan)
    return True


def _check_expected(plan: Plan, *, yes: bool, expect: int | None) -> None:
    count = plan.size
    said = ngettext("{n} account would change", "{n} accounts would change", count).format(n=count)
    if expect is not None and expect != count:
        raise Refused(_("{said}, not {expect}; nothing was changed").format(said=said, expect=expect))
    if yes and expect is None and plan.friction is Friction.GUARDED and plan.changing:
        raise Refused(
            _("{said}, protected ones or very many among them; nothing was changed").format(said=said),
            hint=_("Look at it with --dry-run, then add --expect {n}.").format(n=count),
        )


def show_plan(options: Options, desk: Desk, plan: Plan, *, to_notices: bool = False) -> None:
    """Print a plan: its cautions first, then what would change, attribute by attribute."""
    if options.json:
        output.print_json(shapes.plan(plan, desk.operator().name))
        return
    to = sys.stderr if to_notices else sys.stdout
    print(clean(plan.title), file=to)
    for caution in plan.warnings:
        print(f"! {clean(caution.text)}", file=to)
    print_rows(plan.rows, _intent, to)


def _intent(row: PlanRow) -> str:
    return _("unchanged") if row.skip else _("conflict") if row.conflict else _("planned")
