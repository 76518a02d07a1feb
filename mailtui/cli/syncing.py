"""The verb that brings the mirror up to date."""

import sys
from threading import Event
from typing import TYPE_CHECKING, Annotated

import typer

from mailtui.cli import output, shapes
from mailtui.cli.context import notice, options_of, with_password
from mailtui.desk import Desk
from mailtui.desk.store_warning import store_warning
from mailtui.errors import MailtuiError
from mailtui.sync.reading import SyncProgress
from mailtui.sync.syncing import FULL, SyncReport
from mailtui.texts import _

if TYPE_CHECKING:
    # It loads what writes, which looking something up does without.
    from mailtui.sync.sampling import SampleReport


def add_to(app: typer.Typer) -> None:
    """Add this verb to the command line."""
    app.command("sync", help=_("Bring the mirror up to date with the directory."))(sync)


def sync(
    context: typer.Context,
    full: Annotated[bool, typer.Option("--full", help=_("Read everything anew."))] = False,
    usage: Annotated[
        bool, typer.Option("--usage", help=_("Ask the mail store how full mailboxes are, even if it was asked today."))
    ] = False,
    follow: Annotated[bool, typer.Option("--follow", help=_("Go on until it is stopped."))] = False,
) -> None:
    """Bring the mirror up to date and say what changed; with `--follow`, whenever something does.

    Once a day, the mail store is asked how full the mailboxes are.
    """
    desk = options_of(context).desk()
    if usage:
        desk.required_mailstore()
    _print(context, run_sync(desk, is_full=full), sampled(desk, even_if_done=usage))
    if warning := store_warning(desk):
        notice(warning)
    if follow:
        with_password(desk, lambda: _follow(context, desk))


def _follow(context: typer.Context, desk: Desk) -> None:
    from mailtui.sync.following import Following

    said = ""

    def told(news: SyncReport | MailtuiError) -> None:
        nonlocal said
        if isinstance(news, MailtuiError):
            if news.message != said:
                notice(" ".join([news.message, *([news.hint] if news.hint else [])]))
            # The mirror is as it was and says how old it is; the directory may be back at the next turn.
            said = news.message
            return
        said = ""
        if news.mode == FULL or news.counts.added or news.counts.changed or news.counts.gone:
            _print(context, news)

    def sampled(news: "SampleReport | MailtuiError") -> None:
        if isinstance(news, MailtuiError):
            _say_unsampled(news)
        elif options_of(context).json:
            output.print_json({"usage": _usage(news)})
        else:
            print(_usage_text(news))
        sys.stdout.flush()

    desk.keeper().follow(Following(), lambda _progress: None, told, sampled)


def sampled(desk: Desk, *, even_if_done: bool = False) -> "SampleReport | None":
    """Ask the mail store how full the mailboxes are, where there is one and nobody did so today.

    The mirror of the directory is up to date even if that fails, which is then said.
    """
    sampler = desk.sampler
    try:
        if sampler and (even_if_done or sampler.is_due()):
            return sampler.sample(lambda _progress: None, Event())
    except MailtuiError as error:
        _say_unsampled(error)
    return None


def _say_unsampled(error: MailtuiError) -> None:
    notice(" ".join([_("how full mailboxes are was not asked: {why}").format(why=error.message), error.hint or ""]))


def _usage(report: "SampleReport") -> shapes.Shape:
    return {
        "accounts": report.accounts, "unknown": report.unknown, "without_account": report.without_account,
        "seconds": round(report.seconds, 3),
    }  # fmt: skip


def _usage_text(report: "SampleReport") -> str:
    return _(
        "the use of {accounts} mailboxes is known, of {unknown} unknown, {strangers} belong to no account;"
        " in {seconds:.1f} s"
    ).format(accounts=report.accounts, unknown=report.unknown, strangers=report.without_account, seconds=report.seconds)


def _print(context: typer.Context, report: SyncReport, usage: "SampleReport | None" = None) -> None:
    counts = report.counts
    if report.unknown:
        names = ", ".join(report.unknown)
        notice(_("the directory does not know {names}: what they would tell stays unknown").format(names=names))
    if options_of(context).json:
        output.print_json(
            {"mode": report.mode, "cursor": report.cursor, "added": counts.added, "changed": counts.changed,
             "gone": counts.gone, "total": counts.total, "seconds": round(report.seconds, 3),
             "usage": _usage(usage) if usage else None}
        )  # fmt: skip
    else:
        print(
            _("{total} accounts: {added} added, {changed} changed, {gone} gone, in {seconds:.1f} s by {cursor}").format(
                total=counts.total,
                added=counts.added,
                changed=counts.changed,
                gone=counts.gone,
                seconds=report.seconds,
                cursor=report.cursor,
            )
        )
        if usage:
            print(_usage_text(usage))
    sys.stdout.flush()


def first_sync(desk: Desk) -> None:
    """Fill the mirror before the first look-up."""
    notice(_("there is no mirror of this directory yet; reading it"))
    run_sync(desk)
    sampled(desk)


def run_sync(desk: Desk, *, is_full: bool = False) -> SyncReport:
    """Sync, with progress on a terminal; the mirror stays as it was when it is interrupted."""
    shown = sys.stderr.isatty()

    def show(progress: SyncProgress) -> None:
        if shown:
            print(f"\r{progress_text(progress)}\x1b[K", end="", file=sys.stderr, flush=True)

    try:
        return with_password(desk, lambda: desk.sync(show, Event(), is_full=is_full))
    finally:
        if shown:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)


def progress_text(progress: SyncProgress) -> str:
    """Say how far a sync is, how fast it goes, and when it will be done."""
    if progress.is_waiting:
        return _("another mailtui is syncing this mirror; waiting")
    rate = progress.read / progress.seconds if progress.seconds else 0
    text = _("{n} entries read, {rate:.0f} a second").format(n=progress.read, rate=rate)
    if progress.seconds_left is None:
        return text
    return text + _(", {seconds:.0f} s left").format(seconds=progress.seconds_left)
