"""The process of a runner, started so that nothing that happens to whoever starts it reaches it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

import mailtui
from mailtui.errors import MailtuiError, StoreError
from mailtui.texts import _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mailtui.runner.job import Job

COMMAND = (sys.executable, "-m", "mailtui.runner")


class Spawned:
    """A runner that was started from here."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process = process
        self._failure: MailtuiError | None = None
        # Reads what it says to the end, and lets it go: a process that nobody waits for stays as a zombie.
        self._listening = Thread(target=self._listen, name=f"runner {process.pid}", daemon=True)

    def begin(self, job: Job) -> None:
        """Hand the job over, and wait until it stands in the journal that somebody is at work.

        Raises:
            MailtuiError: It failed before.
        """
        from mailtui.runner.job import FAILED, Word

        assert self._process.stdin is not None
        assert self._process.stdout is not None
        try:
            job.hand_over(self._process.stdin)
            self._process.stdin.close()
            line = self._process.stdout.readline()
        except BrokenPipeError:
            line = b""
        word = Word.read(line) if line else Word(FAILED, _ended())
        self._listening.start()
        if word.failure is not None:
            self._listening.join()
            raise word.failure

    def _listen(self) -> None:
        from mailtui.runner.job import Word

        assert self._process.stdout is not None
        with self._process.stdout as said:
            for line in said:
                self._failure = Word.read(line).failure
        code = self._process.wait()
        if code and self._failure is None:
            self._failure = _ended()

    def failure(self) -> MailtuiError | None:
        """Tell why it failed, once it has ended; None while it works, or where it did not fail."""
        return self._failure


def _ended() -> StoreError:
    return StoreError(
        _("The process that carries the batch out ended unexpectedly"),
        hint=_("What it was is in the log; resume the batch: nothing is done twice."),
    )


def spawn(job: Job, command: Sequence[str]) -> Spawned:
    """Start a runner with a job, in a session of its own.

    Raises:
        MailtuiError: It failed before it could begin.
    """
    process = subprocess.Popen(
        command,
        # Wherever we are: the package must be found.
        cwd=Path(mailtui.__file__).parent.parent,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        # No hang-up, no key pressed and no stopped terminal is for it.
        start_new_session=True,
    )
    spawned = Spawned(process)
    spawned.begin(job)
    return spawned
