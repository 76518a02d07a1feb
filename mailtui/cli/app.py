"""The command line as a whole: its global options, its verbs, and how failures end it."""

import io
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Annotated

import typer

from mailtui import __version__, paths
from mailtui import log as logs
from mailtui.cli import batches, demo, journal, naming, output, reading, shapes, syncing, tasks
from mailtui.cli.context import Options
from mailtui.errors import MailtuiError, UsageError
from mailtui.texts import _, clean

_FLAGS = frozenset({"--demo", "--read-only", "--json", "--version"})


def run(arguments: Sequence[str]) -> int:
    """Run one command and give its exit code; whatever failed is said once, here."""
    logs.start(paths.log_file())
    _open_outputs()
    sys.excepthook = _unforeseen
    arguments = hoisted(arguments)
    try:
        return _run(arguments)
    except MailtuiError as error:
        _tell(error, as_json="--json" in arguments)
        return error.exit_code
    except KeyboardInterrupt:
        print(file=sys.stderr)
        return 130
    except BrokenPipeError:
        # Whoever read us has had enough; Python must not complain about it once more at its end.
        _give_up_output()
        return 0
    except OSError as error:
        _give_up_output()
        hint = _("What was done stands: `mailtui batches` lists it.")
        _tell(MailtuiError(_("The output cannot be written: {reason}").format(reason=error.strerror), hint=hint))
        return 1


def _open_outputs() -> None:
    """Let nothing that is printed end the command: not a closed output, nor an encoding that lacks a character."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: PTH123, SIM115
        elif isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _give_up_output() -> None:
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _run(arguments: Sequence[str]) -> int:
    command = typer.main.get_command(application())
    try:
        code = command.main(args=list(arguments), prog_name="mailtui", standalone_mode=False)
    except typer.Abort:
        return 130
    except typer.TyperException as error:
        raise UsageError(error.format_message(), hint=_("`mailtui --help` lists the verbs and options.")) from error
    sys.stdout.flush()
    return code if isinstance(code, int) else 0


def _unforeseen(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """End with one line; the traceback, which names no values, goes to the log."""
    logs.log.error("unforeseen", exc_info=(kind, error, trace))
    print(_("mailtui: a fault of mailtui itself ({kind})").format(kind=kind.__name__), file=sys.stderr)
    print("  " + _("What happened is in {file}.").format(file=paths.log_file()), file=sys.stderr)


def _tell(error: MailtuiError, *, as_json: bool = False) -> None:
    logs.log.info("ended with %s: %s", error.code, type(error).__name__)
    if as_json:
        output.print_json(shapes.refusal(error))
    print(f"mailtui: {clean(error.message)}", file=sys.stderr)
    for row in getattr(error, "rows", []):
        print("  " + clean(naming.row_text(row)), file=sys.stderr)
    if error.hint:
        print(f"  {clean(error.hint)}", file=sys.stderr)


def hoisted(arguments: Sequence[str]) -> list[str]:
    """Put global options before the verb, wherever they were written; what follows `--` is left alone."""
    front: list[str] = []
    rest: list[str] = []
    waiting = iter(arguments)
    for argument in waiting:
        if argument == "--":
            rest += [argument, *waiting]
        elif argument in _FLAGS or argument.startswith("--config="):
            front.append(argument)
        elif argument == "--config":
            front += [argument, *[value for value in [next(waiting, None)] if value is not None]]
        else:
            rest.append(argument)
    return front + rest


def application() -> typer.Typer:
    """Put the command line together."""
    app = typer.Typer(
        name="mailtui", add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False,
        help=_("The help desk's terminal for enterprise mailbox accounts."),
        context_settings={"help_option_names": ["-h", "--help"]},
    )  # fmt: skip
    app.callback(invoke_without_command=True)(_global)
    for group in (demo, syncing, reading, tasks, batches, journal):
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
