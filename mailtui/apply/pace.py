"""How many requests are under way at a time: few where each takes long, so that a stop is heeded soon."""

from collections.abc import Callable
from time import monotonic

MOST = 64
_FIRST = 4
_QUICK_S, _SLOW_S = 0.25, 1.0


class Pace:
    """The size of the window of requests, which grows and shrinks with the answers.

    At most 64 rows are under way, so at most as many are left to be settled by a crash.
    """

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self.window = _FIRST
        self._clock = clock
        self._since = clock()

    @property
    def low(self) -> int:
        """At how few requests under way the next are sent: the server never waits for us."""
        return self.window // 2

    def begin(self) -> None:
        """Take note that some were sent."""
        self._since = self._clock()

    def end(self) -> None:
        """Take note that as many were answered as are waited for."""
        took_s = self._clock() - self._since
        if took_s < _QUICK_S:
            self.window = min(MOST, self.window * 2)
        elif took_s > _SLOW_S:
            self.window = max(1, self.window // 2)
