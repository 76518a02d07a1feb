"""The verb that shows mailtui on the embedded directory: console, tour, or the directory alone."""

import json
import sys
from threading import Event
from typing import Annotated

import typer

from mailtui.cli.context import demo_desk, options_of
from mailtui.cli.syncing import run_sync
from mailtui.errors import UsageError
from mailtui.texts import _

_PEOPLE, _SEED = 2000, 1


def add_to(app: typer.Typer) -> None:
    """Add this verb to the command line."""
    app.command("demo", help=_("Try everything on a sample company; no server needed."))(demo)


def demo(
    context: typer.Context,
    people: Annotated[
        int | None, typer.Option(min=0, max=1_000_000, help=_("How many people the company has (2000)."))
    ] = None,
    seed: Annotated[int | None, typer.Option(min=0, help=_("Another number makes another company."))] = None,
    tour: Annotated[
        bool, typer.Option("--tour", help=_("The main job without a keyboard, each step printed."))
    ] = False,
    serve: Annotated[bool, typer.Option("--serve", help=_("Only the directory, in the foreground."))] = False,
    port: Annotated[
        int | None, typer.Option(min=1, max=65535, help=_("The port for --serve; any free one without."))
    ] = None,
) -> int:
    """Open the console on the embedded directory, or show it in another way."""
    if port is not None and not serve:
        raise UsageError(_("--port goes with --serve"))
    if serve:
        return _serve(_PEOPLE if people is None else people, _SEED if seed is None else seed, port or 0)
    if tour or not _has_terminal():
        from mailtui.cli.tour import run_tour

        return run_tour(options_of(context), _PEOPLE if people is None else people, _SEED if seed is None else seed)
    options = options_of(context)
    desk = demo_desk(options, people, seed)
    # The company may be another than the one that was mirrored.
    run_sync(desk)
    from mailtui.cli.console import open_console

    return open_console(options, desk)


def _has_terminal() -> bool:
    return sys.stdin.isatty() and sys.stdout.isatty() and sys.stderr.isatty()


def _serve(people: int, seed: int, port: int) -> int:
    from mailtui.demo import service
    from mailtui.demo.address import DemoAddress

    def ready(address: DemoAddress) -> None:
        line = {
            "url": address.url, "base": address.base, "bind_dn": address.bind_dn,
            "password": address.password.reveal(),
        }  # fmt: skip
        if address.mailstore:
            line |= {"mailstore_url": address.mailstore.url, "mailstore_key": address.mailstore.key.reveal()}
        print(json.dumps(line), flush=True)

    service.serve(people, seed, port, ready, Event())
    return 0
