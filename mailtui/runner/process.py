"""The process that carries a batch out: it takes a job from its pipe, and writes what it does into the journal."""

import os
import signal
import sys
from contextlib import closing, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from threading import Event
from types import TracebackType

from mailtui import log as logs
from mailtui.apply.batches import carry_out
from mailtui.desk import OPERATOR, Desk
from mailtui.errors import MailtuiError
from mailtui.journal.log import Journal
from mailtui.log import log
from mailtui.runner.job import BEGUN, FAILED, Job, Word


def main() -> int:
    """Do the job that comes through the pipe; the exit code says whether it came to its end."""
    stop = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    # Whoever started us may go: we have no terminal, and no use for one.
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    sys.excepthook = _log
    job = Job.take_over(sys.stdin.buffer)
    logs.start(job.log_file)
    try:
        _do(job, stop)
    except MailtuiError as error:
        log.warning("batch %s was cut short: %s", job.batch, error.code)
        _say(Word(FAILED, error))
        return error.exit_code or 1
    return 0


def _do(job: Job, stop: Event) -> None:
    desk = Desk(job.config, files=job.files)
    if job.password is not None:
        desk.give_password(OPERATOR, job.password)
    with desk.connected() as directory, closing(desk.journal()) as journal:
        means = replace(desk.means(journal, directory, job.operator), secrets=job.secrets)
        carry_out(job.batch, means, how=job.how, pid=os.getpid(), stop=stop, begun=lambda: _say(Word(BEGUN)))
        _purge(journal, desk.policy.journal_days)


def _purge(journal: Journal, days: int) -> None:
    if days:
        now = datetime.now(UTC)
        journal.purge(now - timedelta(days=days), now)


def _say(word: Word) -> None:
    with suppress(BrokenPipeError):
        sys.stdout.buffer.write(word.line())
        sys.stdout.buffer.flush()


def _log(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    log.critical("the runner failed", exc_info=(kind, error, trace))
