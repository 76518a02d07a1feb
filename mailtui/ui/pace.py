"""Tells a key that somebody pressed after reading from one that was typed ahead, pasted, or still in flight."""

_PAUSE_S = 0.3
_READING_S = 0.5


class Pace:
    """The rhythm of the keys; a confirmation counts only after a pause."""

    def __init__(self) -> None:
        self._before = self._latest = float("-inf")
        self._is_followed = False

    def note(self, at: float, *, is_followed: bool) -> None:
        """Take down a key that is about to act: when it was pressed, and whether more wait behind it.

        The time is of a monotonic clock, in seconds.
        """
        self._before, self._latest, self._is_followed = self._latest, at, is_followed

    def begins_answer(self, since: float) -> bool:
        """Tell whether the key came after a pause, and long enough after a question stood there to be read."""
        return self._latest - self._before >= _PAUSE_S and self._latest - since >= _READING_S

    def is_answer(self, since: float) -> bool:
        """Tell whether, besides, the key came alone: a text that arrives whole is pasted, whatever it begins with."""
        return self.begins_answer(since) and not self._is_followed
