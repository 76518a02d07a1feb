"""The life of a batch, as those of its events tell it that are not about a row."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from mailtui.domain.batch import OPEN_STATES, BatchState, RowState, Wish
from mailtui.journal.records import ENDED, NOTE, STARTED, WISH

Counts = Mapping[RowState, int]


@dataclass(slots=True)
class Life:
    """What the events of a batch, apart from its rows, say."""

    opened: Mapping[str, Any]
    started: datetime
    texts: list[str]
    answers: Mapping[str, Any]
    ended: datetime | None = None
    was_started: bool = False
    was_cancelled: bool = False
    is_paused: bool = False
    pid: int | None = None

    def take(self, kind: str, at: datetime, body: Mapping[str, Any], private: Mapping[str, Any] | None) -> None:
        """Take in the next event."""
        if kind == STARTED:
            self.was_started, self.was_cancelled, self.is_paused, self.ended = True, False, False, None
            self.pid = body.get("pid")
        elif kind == ENDED:
            self.was_cancelled, self.ended = bool(body.get("cancelled")), at
        elif kind == WISH and body["wish"] != Wish.CANCEL:
            self.is_paused = body["wish"] == Wish.PAUSE
        elif kind == NOTE and private:
            self.texts.append(private["text"])

    @property
    def has_begun(self) -> bool:
        """Whether a runner took it up and did not end it."""
        return self.was_started and self.ended is None

    def state(self, counts: Counts, is_held: bool) -> BatchState:
        """Tell what became of the batch; `is_held` says that a runner holds its lock."""
        if is_held and self.has_begun:
            return BatchState.RUNNING
        if any(counts.get(state) for state in OPEN_STATES):
            if self.was_cancelled:
                return BatchState.CANCELLED
            return BatchState.INTERRUPTED if self.was_started else BatchState.PLANNED
        bad = (RowState.DRIFTED, RowState.CONFLICT, RowState.FAILED)
        return BatchState.PARTIAL if any(counts.get(state) for state in bad) else BatchState.DONE
