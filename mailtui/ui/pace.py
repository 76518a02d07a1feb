"""Tells a key that somebody pressed after reading from one that was typed ahead, pasted, or still in flight."""

_PAUSE_S = 0.3
_READING_S = 0.5


class Pace:
    """The rhythm of the keys; a confirmation counts only after a pause."""

    def __init__(self) -> None:
        self._latest = self._before = float("-inf")

    def note(self, at: float) -> None:
        """Take down when a key was pressed, in seconds of a monotonic clock."""
        self._before, self._latest = self._latest, at

    def is_deliberate(self, since: float) -> bool:
        """Tell whether the latest key came after a pause, and long enough after a question stood there to be read."""
        return self._latest - self._before >= _PAUSE_S and self._latest - since >= _READING_S
