"""How a mirror is followed: when the next sync is due, and how it is asked for and ended from outside."""

from __future__ import annotations

from threading import Event
from time import monotonic
from typing import TYPE_CHECKING

from mailtui.sync.syncing import FULL, Wish

if TYPE_CHECKING:
    from mailtui.sync.syncing import SyncReport

_PAUSE_S = 2.0
"""Between two deltas: what changes outside is on the screen within five seconds."""

_SHARE = 50
"""A listing or a load is not repeated before so many times as long as it took: in a small directory, at once."""

_LOADING = 10
"""A load takes about so many times as long as a listing."""

_LONGEST_PAUSE_S = 60.0


class Following:
    """What somebody who lets a mirror be kept holds: a way to ask for a sync at once, and a way to end it."""

    def __init__(self) -> None:
        self.stop = Event()
        self._news = Event()
        self._is_asked = False

    def ask(self) -> None:
        """Ask for a sync now."""
        self._is_asked = True
        self._news.set()

    def end(self) -> None:
        """End it, a sync under way as well."""
        self.stop.set()
        self._news.set()

    def pause(self, seconds: float) -> bool:
        """Wait, unless something is asked for; tell whether a sync is."""
        self._news.wait(seconds)
        self._news.clear()
        is_asked, self._is_asked = self._is_asked, False
        return is_asked


class Rhythm:
    """When the next sync is due, and of which kind."""

    def __init__(self) -> None:
        self.pause_s = _PAUSE_S
        self._wish = Wish.USUAL
        # Nobody knows what happened before: the first sync looks for what is gone as well.
        self._listed = float("-inf")
        self._took_s = 0.0

    def wish(self, *, is_asked: bool) -> Wish:
        """Say how to sync now."""
        is_due = monotonic() - self._listed > _SHARE * self._took_s
        self._wish = Wish.USUAL if is_asked or is_due else Wish.CHANGES
        return self._wish

    def note(self, report: SyncReport) -> None:
        """Take down that a sync was done."""
        self.pause_s = _PAUSE_S if report.can_go_on else max(_PAUSE_S, _SHARE * report.seconds)
        if report.mode == FULL:
            self._listed, self._took_s = monotonic(), report.seconds / _LOADING
        elif self._wish is Wish.USUAL:
            self._listed, self._took_s = monotonic(), report.seconds

    def note_failure(self) -> None:
        """Take down that one failed."""
        self.pause_s = min(_LONGEST_PAUSE_S, 2 * self.pause_s)
