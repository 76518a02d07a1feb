"""Verbs that prove and write out the journal."""

import json
import os
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Annotated, TextIO

import typer

from mailtui.cli import output
from mailtui.cli.context import options_of
from mailtui.errors import UsageError
from mailtui.texts import _

HeadsOption = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE", help=_("Lines of this machine's syslog, or -: checks the heads of the chain that are in it.")
    ),
]
OutOption = Annotated[Path | None, typer.Option(metavar="FILE", help=_("A new file, yours alone, not the output."))]


def add_to(app: typer.Typer) -> None:
    """Add these verbs to the command line."""
    journal = typer.Typer(help=_("The record of every batch."), rich_markup_mode=None)
    journal.command("verify", help=_("Prove that no record was changed, dropped, added or swapped."))(verify)
    journal.command("export", help=_("Write every record as a line of JSON; it holds personal data."))(export)
    app.add_typer(journal, name="journal")


def verify(context: typer.Context, heads: HeadsOption = None) -> int:
    """Check the chain of records; exit 1 where it is broken."""
    options = options_of(context)
    with closing(options.desk().journal()) as journal:
        report = journal.verify(_lines(heads))
    if options.json:
        output.print_json(
            {
                "ok": report.ok,
                "records": report.records,
                "first_broken": report.first_broken,
                "message": report.message,
                "heads": report.heads,
                "untouched_to": report.untouched_to,
            }
        )
        return 0 if report.ok else 1
    print(report.message)
    if heads and not report.heads:
        print(_("There is no head of this journal in {file}.").format(file=heads), file=sys.stderr)
    return 0 if report.ok else 1


def _lines(file: Path | None) -> Iterator[str]:
    if file is None:
        return
    try:
        # The lines of others may hold anything.
        with open(0 if str(file) == "-" else file, encoding="utf-8", errors="replace") as lines:  # noqa: PTH123
            yield from lines
    except OSError as error:
        raise UsageError(_("{file} cannot be read: {reason}").format(file=file, reason=error.strerror)) from error


def export(context: typer.Context, out: OutOption = None) -> int:
    """Write out the journal, a record a line; nothing of it is held in memory."""
    with closing(options_of(context).desk().journal()) as journal, _target(out) as target:
        for event in journal.export():
            # JSON leaves DEL as it is; every other control, and all beyond ASCII, it escapes.
            target.write(json.dumps(event).replace("\x7f", "\\u007f") + "\n")
    return 0


@contextmanager
def _target(out: Path | None) -> Iterator[TextIO]:
    if out is None:
        yield sys.stdout
        return
    try:
        handle = os.open(out, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise UsageError(
            _("{file} cannot be made: {reason}").format(file=out, reason=error.strerror),
            hint=_("Name a file that does not exist, in a folder that you may write."),
        ) from error
    is_whole = False
    try:
        with open(handle, "w", encoding="ascii") as target:  # noqa: PTH123
            yield target
        is_whole = True
    finally:
        if not is_whole:
            # Half of it would pass for all of it.
            out.unlink(missing_ok=True)
