"""What a runner heeds between rows: wishes in the journal, batches that go before, and being told to end."""

from collections.abc import Callable
from threading import Event
from time import monotonic

from mailtui.apply.means import Means
from mailtui.domain.batch import Wish
from mailtui.texts import _

_LOOK_S = 0.2


class Heeding:
    """Whether one batch may go on."""

    def __init__(self, batch: str, means: Means, stop: Event) -> None:
        self._batch, self._journal, self._clock = batch, means.journal, means.clock
        self._stop = stop
        self.is_cancelled = False
        self._next_look = 0.0

    @property
    def is_told_to_end(self) -> bool:
        """Whether this process is to end; the batch is not cancelled by that."""
        return self._stop.is_set()

    def may_go_on(self, settle_down: Callable[[], None]) -> bool:
        """Tell whether to send more; first call `settle_down` and wait, as long as the batch is paused."""
        if self._is_time_to_look() and self._heard() is Wish.PAUSE:
            settle_down()
            while self._heard() is Wish.PAUSE and not self._stop.wait(_LOOK_S):
                pass
        return not (self.is_cancelled or self._stop.is_set())

    def _is_time_to_look(self) -> bool:
        if monotonic() < self._next_look:
            return False
        self._next_look = monotonic() + _LOOK_S / 2
        return True

    def _heard(self) -> Wish | None:
        wish = self._journal.wish_of(self._batch)
        self.is_cancelled = self.is_cancelled or wish is Wish.CANCEL
        return wish

    def await_others(self) -> None:
        """Wait for the batches that were begun before and have open rows for the same accounts."""
        awaited: set[str] = set()
        while not (self._stop.is_set() or self._heard() is Wish.CANCEL):
            others = self._journal.in_the_way(self._batch)
            if not others:
                return
            for other in sorted(set(others) - awaited):
                text = _("It waits for {batch}, which works on some of the same accounts").format(batch=other)
                self._journal.note(self._batch, text, self._clock())
            awaited.update(others)
            self._stop.wait(_LOOK_S)
