"""Verbs for what was done, and for what was cut short."""

from contextlib import suppress
from typing import Annotated

import typer

from mailtui.cli import output, shapes
from mailtui.cli.carrying import await_end, print_batch, state_of, watch
from mailtui.cli.context import notice, options_of, with_password
from mailtui.cli.passwords import check_file
from mailtui.cli.reading import CsvOption
from mailtui.cli.tasks import (
    DryRunOption,
    ExpectOption,
    ReasonOption,
    TicketOption,
    ToFileOption,
    YesOption,
    agreed,
    settle,
)
from mailtui.domain.batch import Batch, BatchState, RowState
from mailtui.errors import Refused
from mailtui.runner.front import Runner
from mailtui.texts import _

BatchArgument = Annotated[str, typer.Argument(metavar="ID", help=_("A batch, such as B17."))]


def add_to(app: typer.Typer) -> None:
    """Add these verbs to the command line."""
    app.command("batches", help=_("What was done, newest first."))(batches)
    app.command("batch", help=_("One batch, whole."))(batch)
    app.command("undo", help=_("Reverse a batch."))(undo)
    app.command("resume", help=_("Go on with a batch that was cut short, paused or saved."))(resume)
    app.command("retry", help=_("Send the failed rows of a batch again."))(retry)
    app.command("pause", help=_("Have a batch wait between rows."))(pause)
    app.command("cancel", help=_("End a batch between rows."))(cancel)
    app.command("settle", help=_("Find out what became of rows that a crash left open."))(settle_open)
    app.command("keep", help=_("Leave the accounts of a batch that are in conflict as others made them."))(keep)
    app.command("replan", help=_("Plan the conflicts of a batch again, from what others made of them."))(replan)


def batches(context: typer.Context, csv: CsvOption = False) -> None:
    """Print the batches."""
    found = options_of(context).desk().batches()
    if options_of(context).json:
        output.print_json([shapes.batch(batch, rows=False) for batch in found])
    elif csv:
        header = ("batch", "state", "task", "ticket", "operator", "started", "ended", *RowState)
        output.print_csv(header, [_csv_row(batch) for batch in found])
    else:
        header = (
            _("Batch"),
            _("Started"),
            _("Task"),
            _("State"),
            _("Ticket"),
            _("Operator"),
            _("Rows"),
            _("Undone by"),
        )
        output.print_table(header, [_row(batch) for batch in found], right=(6,))


def _row(batch: Batch) -> tuple[str, ...]:
    task = f"{batch.task} {batch.undoes}" if batch.undoes else batch.task
    return (
        batch.id, output.local(batch.started), task, state_of(batch), batch.ticket, batch.operator,
        str(batch.total), batch.undone_by or "",
    )  # fmt: skip


def _csv_row(batch: Batch) -> tuple[object, ...]:
    return (
        batch.id, batch.state, batch.task, batch.ticket, batch.operator, shapes.moment(batch.started),
        shapes.moment(batch.ended), *(batch.counts.get(state, 0) for state in RowState),
    )  # fmt: skip


def batch(context: typer.Context, batch_id: BatchArgument) -> None:
    """Print one batch."""
    print_batch(options_of(context), options_of(context).desk().batch(batch_id))


def undo(
    context: typer.Context,
    batch_id: BatchArgument,
    ticket: TicketOption = "",
    reason: ReasonOption = "",
    dry_run: DryRunOption = False,
    yes: YesOption = False,
    expect: ExpectOption = None,
) -> int:
    """Give every entry of a batch its own prior values again; what changed since is reported, not overwritten."""
    options = options_of(context)
    desk = options.mirrored_desk()
    _await_others(Runner(desk), desk.batch_summary(batch_id).id)
    plan = with_password(desk, lambda: desk.plans.prepare_undo(batch_id, ticket=ticket, reason=reason))
    return settle(options, desk, plan, dry_run=dry_run, yes=yes, expect=expect)


def resume(
    context: typer.Context,
    batch_id: BatchArgument,
    dry_run: DryRunOption = False,
    yes: YesOption = False,
    expect: ExpectOption = None,
    to_file: ToFileOption = None,
) -> int:
    """Go on with a batch, under its own ticket; one saved or cancelled is planned again and confirmed first."""
    options = options_of(context)
    check_file(to_file)
    desk = options.mirrored_desk()
    runner, found = Runner(desk), desk.batch_summary(batch_id)
    if dry_run or found.state in {BatchState.PLANNED, BatchState.CANCELLED}:
        plan = with_password(desk, lambda: desk.plans.prepare_again(found.id))
        if not agreed(options, desk, plan, dry_run=dry_run, yes=yes, expect=expect):
            return 0
        with_password(desk, lambda: runner.resume_planned(found.id, plan))
    else:
        if not with_password(desk, lambda: runner.resume(found.id)):
            notice(_("{batch} has nothing left to be sent").format(batch=found.id))
    return watch(options, runner, found.id, to_file=to_file)


def retry(context: typer.Context, batch_id: BatchArgument, to_file: ToFileOption = None) -> int:
    """Send the failed rows of a batch again, under its own ticket."""
    options = options_of(context)
    check_file(to_file)
    desk = options.mirrored_desk()
    runner = Runner(desk)
    name = desk.batch_summary(batch_id).id
    _await_others(runner, name)
    if not with_password(desk, lambda: runner.retry(name)):
        notice(_("Nothing in {batch} has failed").format(batch=name))
    return watch(options, runner, name, to_file=to_file)


def pause(context: typer.Context, batch_id: BatchArgument) -> None:
    """Have a batch wait between rows; `resume` goes on."""
    desk = options_of(context).desk()
    Runner(desk).pause(batch_id)
    print_batch(options_of(context), desk.batch(batch_id))


def cancel(context: typer.Context, batch_id: BatchArgument) -> None:
    """End a batch between rows, and print it once nobody works on it any more."""
    desk = options_of(context).desk()
    runner, name = Runner(desk), desk.batch_summary(batch_id).id
    runner.cancel(name)
    runner.wait(name)
    print_batch(options_of(context), desk.batch(name))


def _await_others(runner: Runner, name: str) -> None:
    """Wait until nobody works on a batch, saying so; one that is paused may be so for ever.

    Raises:
        Refused: It is paused.
    """
    found = runner.summary(name)
    if found.is_paused:
        hint = _("`mailtui resume {batch}` goes on, `mailtui cancel {batch}` ends it.").format(batch=name)
        raise Refused(_("{batch} is paused").format(batch=name), hint=hint)
    if found.state is BatchState.RUNNING:
        notice(_("{batch} is being carried out: waiting for its end").format(batch=name))
    await_end(runner, name)


def settle_open(context: typer.Context) -> int:
    """Find out what became of rows that a crash left open, in every batch, and print those batches."""
    options = options_of(context)
    desk = options.mirrored_desk()
    found = with_password(desk, Runner(desk).settle)
    if options.json:
        output.print_json([shapes.batch(batch) for batch in found])
        return 0
    for batch in found:
        print_batch(options, batch)
    if not found:
        print(_("Nothing was left open."))
    return 0


def keep(context: typer.Context, batch_id: BatchArgument) -> None:
    """End the conflicts of a batch: what others made of the accounts stays."""
    desk = options_of(context).desk()
    name = desk.batch_summary(batch_id).id
    if not Runner(desk).keep_theirs(name):
        notice(_("Nothing in {batch} is in conflict").format(batch=name))
    print_batch(options_of(context), desk.batch(name))


def replan(
    context: typer.Context,
    batch_id: BatchArgument,
    dry_run: DryRunOption = False,
    yes: YesOption = False,
    expect: ExpectOption = None,
) -> int:
    """Do what a batch could not do to the accounts that others had changed, starting from what they made of them."""
    options = options_of(context)
    desk = options.mirrored_desk()
    name = desk.batch_summary(batch_id).id
    plan = with_password(desk, lambda: desk.plans.prepare_again(name, conflicts=True))
    if not agreed(options, desk, plan, dry_run=dry_run, yes=yes, expect=expect):
        return 0
    runner = Runner(desk)
    begun = with_password(desk, lambda: runner.start(plan))
    # Where somebody is at work on it, its conflicts stay as they are.
    with suppress(Refused):
        runner.refer(name, begun)
    return watch(options, runner, begun)
