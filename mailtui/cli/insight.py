"""Verbs that explain: why somebody cannot log in or gets no mail, and what would break without an account."""

from contextlib import closing
from pathlib import Path
from typing import Annotated

import typer

from mailtui.cli import output
from mailtui.cli.context import options_of
from mailtui.cli.naming import accepted, read_naming
from mailtui.cli.one_account import the_account
from mailtui.cli.shapes import Shape
from mailtui.domain.plan import Caution
from mailtui.plans.impact import of_disabling, protected
from mailtui.plans.keeping import held
from mailtui.queries.causes import Cause, looked_at
from mailtui.queries.impact import impact as impact_of
from mailtui.texts import _, clean


def add_to(app: typer.Typer) -> None:
    """Add these verbs to the command line."""
    app.command("why", help=_("Why somebody cannot log in or gets no mail, and what mends it."))(why)
    app.command("impact", help=_("What would break if accounts were disabled or deleted."))(impact)


def why(
    context: typer.Context, account: Annotated[str, typer.Argument(help=_("An address, log-in or employee number."))]
) -> None:
    """Print the causes, the worst first."""
    desk = options_of(context).mirrored_desk()
    with closing(desk.mirror()) as mirror:
        found = the_account(mirror, account)
    known = desk.causes(found)
    if options_of(context).json:
        listed = [_cause(cause) for cause in known]
        output.print_json({"id": found.id, "login": found.login, "causes": listed})
        return
    if not known:
        print(_("Nothing found. Looked at: {what}.").format(what=looked_at()))
    for cause in known:
        mends = _command(cause, found.login) if cause.task else cause.advice
        print(clean(f"{cause.text}  ({cause.basis})" + (f"  → {mends}" if mends else "")))


def _cause(cause: Cause) -> Shape:
    return {
        "kind": cause.kind.value, "text": cause.text, "basis": cause.basis, "task": cause.task,
        "answers": dict(cause.answers), "advice": cause.advice,
    }  # fmt: skip


def _command(cause: Cause, login: str) -> str:
    """Give the command that mends it."""
    options = [
        f"--{name.replace('_', '-')}" if answer is True else f"--{name.replace('_', '-')} {answer}"
        for name, answer in cause.answers.items()
    ]
    return " ".join(["mailtui", str(cause.task), login, *options])


def impact(
    context: typer.Context,
    accounts: Annotated[
        list[str] | None, typer.Argument(metavar="ACCOUNT...", help=_("Addresses, log-ins or employee numbers."))
    ] = None,
    from_files: Annotated[
        list[Path] | None,
        typer.Option("--from", metavar="FILE", help=_("A CSV, a list or a mail that names them; - is standard input.")),
    ] = None,
) -> None:
    """Print what rests on the accounts."""
    desk = options_of(context).mirrored_desk()
    ids = accepted(read_naming(accounts or [], from_files or []).resolve(desk), skip_unmatched=False)
    with closing(desk.mirror()) as mirror:
        found, facts = mirror.by_ids(ids), impact_of(mirror, ids)
    cautions = [
        *protected(found, desk.protection(ids), desk.policy),
        *held(found, desk.holds(ids), desk.policy),
        *of_disabling(found, facts),
    ]
    if options_of(context).json:
        named = [{"id": one.id, "login": one.login, "name": one.name} for one in found]
        output.print_json({"accounts": named, "cautions": list(map(_caution, cautions))})
        return
    if not cautions:
        print(_("Nothing rests on them, as far as the mirror knows."))
    for caution in cautions:
        print(clean(f"! {caution.text}  ({caution.basis})"))


def _caution(caution: Caution) -> Shape:
    return {"kind": caution.kind, "text": caution.text, "basis": caution.basis, "account": caution.account_id}
