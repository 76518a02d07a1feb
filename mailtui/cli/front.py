"""The way in: how a command begins, and how failures end it."""

import io
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType

from mailtui import log as logs
from mailtui import paths
from mailtui.cli.context import Options
from mailtui.errors import MailtuiError
from mailtui.texts import _, clean

_BROKEN_PIPE = 128 + signal.SIGPIPE
"""What shells say of whoever is ended for it, as most tools are."""
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
        return _BROKEN_PIPE
    except OSError as error:
        _give_up_output()
        hint = _("What was done stands: `mailtui batches` lists it.")
        _tell(MailtuiError(_("The output cannot be written: {reason}").format(reason=error.strerror), hint=hint))
        return 1


def _run(arguments: Sequence[str]) -> int:
    """Open the console at once where no verb is named: putting the command line together takes longer than that."""
    options = _without_verb(arguments)
    if options is not None:
        from mailtui.cli.console import open_configured

        return open_configured(options)
    from mailtui.cli.app import run_verb

    return run_verb(arguments)


def _without_verb(arguments: Sequence[str]) -> Options | None:
    """Give the options where there is nothing else; None where there is, or something that takes explaining."""
    options = Options()
    waiting = iter(arguments)
    for argument in waiting:
        name, _equals, value = argument.partition("=")
        match name:
            case "--demo" | "--read-only" | "--json" if argument == name:
                setattr(options, name[2:].replace("-", "_"), True)
            case "--config" if value := value or next(waiting, ""):
                options.config = Path(value)
            case _:
                return None
    return options


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


def _unforeseen(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """End with one line; the traceback, which names no values, goes to the log."""
    logs.log.error("unforeseen", exc_info=(kind, error, trace))
    print(_("mailtui: a fault of mailtui itself ({kind})").format(kind=kind.__name__), file=sys.stderr)
    print("  " + _("What happened is in {file}.").format(file=paths.log_file()), file=sys.stderr)


def _tell(error: MailtuiError, *, as_json: bool = False) -> None:
    from mailtui.cli import naming, output, shapes

    logs.log.info("ended with %s: %s", error.code, type(error).__name__)
    if as_json:
        output.print_json(shapes.refusal(error))
    print(f"mailtui: {clean(error.message)}", file=sys.stderr)
    for row in getattr(error, "rows", []):
        print("  " + clean(naming.row_text(row)), file=sys.stderr)
    if error.hint:
        print(f"  {clean(error.hint)}", file=sys.stderr)
