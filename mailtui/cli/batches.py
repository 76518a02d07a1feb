"""Verbs for what was done: batches, batch, undo, retry."""

from typing import Annotated

import typer

from mailtui.cli import output, shapes
from mailtui.cli.carrying import print_batch, watch
from mailtui.cli.context import options_of, with_password
from mailtui.cli.reading import CsvOption
from mailtui.cli.tasks import DryRunOption, ExpectOption, ReasonOption, TicketOption, YesOption, settle
from mailtui.domain.batch import Batch, RowState
from mailtui.runner import Runner
from mailtui.texts import _

BatchArgument = Annotated[str, typer.Argument(metavar="ID", help=_("A batch, such as B17."))]


def add_to(app: typer.Typer) -> None:
    """Add these verbs to the command line."""
    app.command("batches", help=_("What was done, newest first."))(batches)
    app.command("batch", help=_("One batch, whole."))(batch)
    app.command("undo", help=_("Reverse a batch."))(undo)
    app.command("retry", help=_("Send the failed rows of a batch again."))(retry)


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
        batch.id, output.local(batch.started), task, batch.state.value, batch.ticket, batch.operator,
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
    plan = with_password(desk, lambda: desk.prepare_undo(batch_id, ticket=ticket, reason=reason))
    return settle(options, desk, plan, dry_run=dry_run, yes=yes, expect=expect)


def retry(context: typer.Context, batch_id: BatchArgument) -> int:
    """Send the failed rows of a batch again, under its own ticket."""
    options = options_of(context)
    desk = options.mirrored_desk()
    runner = Runner(desk)
    name = desk.batch(batch_id).id
    with_password(desk, lambda: runner.retry(name))
    return watch(options, runner, name)
