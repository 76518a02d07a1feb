"""What is handed to a runner through its pipe, and what it says through the other."""

from __future__ import annotations

import json
import pickle
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from mailtui import errors
from mailtui.apply.batches import How
from mailtui.config import Config
from mailtui.domain.operator import Operator
from mailtui.domain.secret import Secret
from mailtui.errors import MailtuiError
from mailtui.paths import StorePaths

BEGUN, FAILED = "begun", "failed"


@dataclass(frozen=True, slots=True)
class Job:
    """One batch to work on: where, as whom, and what is to be done about it."""

    config: Config
    files: StorePaths
    log_file: Path
    operator: Operator
    password: Secret | None
    batch: str
    how: How
    secrets: Mapping[int, Secret] = field(default_factory=dict)

    def hand_over(self, pipe: IO[bytes]) -> None:
        """Write it into a pipe that nobody but its reader can see."""
        pickle.dump(self, pipe)

    @staticmethod
    def take_over(pipe: IO[bytes]) -> Job:
        """Read what the process that made this one, and nobody else, wrote."""
        job = pickle.load(pipe)  # noqa: S301
        assert isinstance(job, Job)
        return job


@dataclass(frozen=True, slots=True)
class Word:
    """What a runner says: that it has begun, or why it failed."""

    what: str
    failure: MailtuiError | None = None

    def line(self) -> bytes:
        """Write it as a line."""
        error = self.failure
        told = {"kind": type(error).__name__, "message": error.message, "hint": error.hint} if error else {}
        return json.dumps({"what": self.what, **told}).encode() + b"\n"

    @staticmethod
    def read(line: bytes) -> Word:
        """Read a line."""
        said = json.loads(line)
        if said["what"] != FAILED:
            return Word(said["what"])
        kind = getattr(errors, said["kind"], MailtuiError)
        return Word(FAILED, kind(said["message"], hint=said["hint"]))
