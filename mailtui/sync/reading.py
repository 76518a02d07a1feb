"""A reading under way: how far it is, and whether it shall go on."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from threading import Event
from time import monotonic
from typing import TypeVar

from mailtui.errors import Stopped
from mailtui.texts import _

_STEP = 500

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class SyncProgress:
    """How far a sync is: entries read, and how many there were the last time (0: nobody knows).

    While another process syncs, this one `is_waiting`.
    """

    read: int
    expected: int
    seconds: float
    is_waiting: bool = False

    @property
    def seconds_left(self) -> float | None:
        """An estimate of the time left; None where there is nothing to rest it on."""
        if not self.expected or not self.read or self.seconds < 1:
            return None
        return max(0.0, (self.expected - self.read) * self.seconds / self.read)


Progress = Callable[[SyncProgress], None]


class Reading:
    """Counts what is read, tells of it, and ends the reading when it is told to."""

    def __init__(self, expected: int, progress: Progress, stop: Event) -> None:
        self._expected, self._progress, self._stop = expected, progress, stop
        self._begun = monotonic()
        self.read = 0

    @property
    def seconds(self) -> float:
        """How long it has taken so far."""
        return monotonic() - self._begun

    def tell(self) -> None:
        """Say how far it is."""
        expected = max(self._expected, self.read) if self._expected else 0
        self._progress(SyncProgress(self.read, expected, self.seconds))

    def watch(self, items: Iterable[Item]) -> Iterator[Item]:
        """Let items through.

        Raises:
            Stopped: A person stopped it.
        """
        for item in items:
            if self._stop.is_set():
                raise Stopped(_("The sync was stopped; the mirror is as it was"))
            self.read += 1
            if self.read % _STEP == 0:
                self.tell()
            yield item
