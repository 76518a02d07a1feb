"""Verbs that prove and write out the journal."""

from contextlib import closing

import typer

from mailtui.cli import output
from mailtui.cli.context import options_of
from mailtui.texts import _


def add_to(app: typer.Typer) -> None:
    """Add these verbs to the command line."""
    journal = typer.Typer(help=_("The record of every batch."), rich_markup_mode=None)
    journal.command("verify", help=_("Prove that no record was changed, dropped, added or swapped."))(verify)
    app.add_typer(journal, name="journal")


def verify(context: typer.Context) -> int:
    """Check the chain of records; exit 1 where it is broken."""
    options = options_of(context)
    with closing(options.desk().journal()) as journal:
        report = journal.verify()
    if options.json:
        output.print_json(
            {"ok": report.ok, "records": report.records, "first_broken": report.first_broken, "message": report.message}
        )
    else:
        print(report.message)
    return 0 if report.ok else 1
