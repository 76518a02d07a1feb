"""The command line as a whole: its global options and its verbs."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from mailtui import __version__
from mailtui.cli import batches, creating, demo, groups, insight, journal, reading, seats, syncing, tasks
from mailtui.cli.context import Options
from mailtui.errors import UsageError
from mailtui.texts import _


def run_verb(arguments: Sequence[str]) -> int:
    """Run the verb that the arguments name, and give its exit code.

    Raises:
        UsageError: There is no such verb or option.
        BrokenPipeError: Whoever reads what is printed has had enough.
    """
    command = typer.main.get_command(application())
    try:
        code = command.main(args=list(arguments), prog_name="mailtui", standalone_mode=False)
    except typer.Abort:
        return 130
    except SystemExit as end:
        # Typer makes a failure of it.
        if isinstance(end.__context__, BrokenPipeError):
            raise end.__context__ from None
        raise
    except typer.TyperException as error:
        raise UsageError(error.format_message(), hint=_("`mailtui --help` lists the verbs and options.")) from error
    sys.stdout.flush()
    return code if isinstance(code, int) else 0


def application() -> typer.Typer:
    """Put the command line together."""
    app = typer.Typer(
        name="mailtui", add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False,
        help=_("The help desk's terminal for enterprise mailbox accounts."),
        context_settings={"help_option_names": ["-h", "--help"]},
    )  # fmt: skip
    app.callback(invoke_without_command=True)(_global)
    for group in (demo, syncing, reading, groups, seats, insight, tasks, creating, batches, journal):
        group.add_to(app)
    return app


def _version(wanted: bool) -> None:
    if wanted:
        print(f"mailtui {__version__}")
        raise typer.Exit


def _global(
    context: typer.Context,
    config: Annotated[
        Path | None, typer.Option("--config", metavar="FILE", help=_("In place of your own config file."))
    ] = None,
    demo_: Annotated[bool, typer.Option("--demo", help=_("Work on the embedded directory."))] = False,
    read_only: Annotated[bool, typer.Option("--read-only", help=_("Change nothing."))] = False,
    json: Annotated[bool, typer.Option("--json", help=_("Print JSON."))] = False,
    _shown: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help=_("Print the version."))
    ] = False,
) -> int:
    """Without a verb: open the console."""
    context.obj = Options(config, demo_, read_only, json)
    if context.invoked_subcommand is None:
        from mailtui.cli.console import open_configured

        return open_configured(context.obj)
    return 0
