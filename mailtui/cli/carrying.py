"""A batch watched from the command line: how far it is, Ctrl-C to cancel it between rows, and what it came to."""

import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from time import monotonic
from typing import Any, TextIO

from mailtui.cli import output, passwords, shapes
from mailtui.cli.context import Options, notice, with_password
from mailtui.desk import Desk
from mailtui.domain.batch import Batch, BatchRow, BatchState, RowState
from mailtui.domain.plan import Plan, PlanRow
from mailtui.errors import CredentialsRefused, Refused, Unreachable
from mailtui.runner.front import Runner
from mailtui.texts import _, clean, fit, width

_TICK_S = 0.2
_WIDEST = 30


Greeting = Callable[[Sequence[passwords.Made]], None]


def carry_out(
    options: Options, desk: Desk, plan: Plan, *, to_file: Path | None = None, greet: Greeting | None = None
) -> int:
    """Carry a plan out, print what became of it, and give the exit code; new passwords go to a file, or are printed.

    `greet` hears of them too. One that the plan asks for is typed first, and not printed.
    """
    runner = Runner(desk)
    typed = passwords.typed(plan, desk.policy)
    batch = with_password(desk, lambda: runner.start(plan, typed))
    return watch(options, runner, batch, to_file=to_file, greet=greet)


def watch(
    options: Options, runner: Runner, batch: str, *, to_file: Path | None = None, greet: Greeting | None = None
) -> int:
    """Wait for a batch with its progress shown, print it, and give the exit code."""
    await_end(runner, batch)
    done = runner.result(batch)
    made = runner.take_passwords(batch)
    print_batch(options, done, passwords.handed_over(made, to_file))
    if greet:
        greet(made)
    failure = runner.failure(batch)
    if failure:
        notice(clean(failure.message))
    if done.state is BatchState.INTERRUPTED:
        notice(_("`mailtui resume {batch}` goes on, `mailtui undo {batch}` takes it back").format(batch=batch))
    if failure:
        return failure.exit_code if isinstance(failure, Unreachable | CredentialsRefused) else 1
    return 0 if done.state is BatchState.DONE else 1


def await_end(runner: Runner, batch: str) -> None:
    """Wait until nobody works on a batch; Ctrl-C has it cancelled between rows."""
    begun, at_first = monotonic(), runner.summary(batch).open_rows
    while True:
        try:
            if runner.wait(batch, _TICK_S):
                _show("")
                return
            _show(_progress(runner.summary(batch), at_first, monotonic() - begun))
        except KeyboardInterrupt:
            with suppress(Refused):
                runner.cancel(batch)


def _progress(batch: Batch, at_first: int, seconds: float) -> str:
    if batch.is_paused:
        return _("{batch}: {states}; paused, `mailtui resume {batch}` goes on").format(
            batch=batch.id, states=_states(dict(batch.counts))
        )
    done = at_first - batch.open_rows
    left = _("{n} s left").format(n=round(seconds / done * batch.open_rows)) if done > 0 else _("begun")
    return _("{batch}: {states}; {left}; Ctrl-C stops between rows").format(
        batch=batch.id, states=_states(dict(batch.counts)), left=left
    )


def _show(text: str) -> None:
    if sys.stderr.isatty():
        print(f"\r{text}\x1b[K", end="", file=sys.stderr, flush=True)


def _states(counts: object) -> str:
    held = dict(counts) if isinstance(counts, dict) else {}
    return ", ".join(f"{held[state]} {state.value}" for state in RowState if held.get(state))


def print_batch(options: Options, batch: Batch, made: Sequence[passwords.Made] = ()) -> None:
    """Print a batch with a line a row."""
    if options.json:
        output.print_json({**shapes.batch(batch), **passwords.shape(made)})
        return
    passwords.show(made)
    for text in batch.warnings:
        print(f"! {clean(text)}")
    print_rows(batch.rows, lambda row: row.state.value)
    said = "".join(f"  {clean(text)}" for text in (batch.ticket, batch.reason) if text)
    print(f"{batch.id}  {batch.task}  {state_of(batch)}{said}  {_states(dict(batch.counts))}")


def state_of(batch: Batch) -> str:
    """Name the state of a batch; one that waits between rows until it is resumed is paused."""
    return _("paused") if batch.is_paused else batch.state.value


def print_rows(rows: Sequence[BatchRow | PlanRow], state: Callable[[Any], str], to: TextIO | None = None) -> None:
    """Print what became of rows, or what is to become of them: a line a row, and each change on a line below it."""
    names = [_fit_within(row.name, _WIDEST) for row in rows]
    logins = [_fit_within(row.login, _WIDEST) for row in rows]
    rooms = [max((width(text) for text in texts), default=0) for texts in (names, logins)]
    for row, name, login in zip(rows, names, logins, strict=True):
        print(f"{fit(name, rooms[0])}  {fit(login, rooms[1])}  {state(row)}", file=to)
        for line in _what(row):
            print(f"    {clean(line)}", file=to)


def _fit_within(text: str, cells: int) -> str:
    """Give a clean text, cut where it is wider than so many cells."""
    text = clean(text)
    return text if width(text) <= cells else fit(text, cells)


def _what(row: BatchRow | PlanRow) -> list[str]:
    said = row.detail if isinstance(row, BatchRow) else row.skip or row.conflict
    return [*filter(None, (said, row.headline)), *(change.described() for change in row.shown)]
