"""What was read of entries on the way, brought into the cache now and then: many at a time are cheaper."""

from time import monotonic

from mailtui.apply.means import Means, Seen
from mailtui.directory.port import Entry
from mailtui.domain.entries import EntryKind

_EVERY_S = 1.0


class Mirroring:
    """The entries of one batch that the cache does not show yet."""

    def __init__(self, batch: str, means: Means) -> None:
        self._batch, self._means = batch, means
        self._entries: list[Seen] = []
        self._gone: list[str] = []
        self._as_of = means.clock()
        self._next_as_of = self._as_of
        self._last = monotonic()

    def note_reading(self) -> None:
        """Take note that entries which are added later are read from now on."""
        self._next_as_of = self._means.clock()

    def add(self, kind: EntryKind, entry: Entry) -> None:
        """Take an entry as it was read back, or found."""
        self._entries.append((kind, entry))

    def add_gone(self, account_id: str) -> None:
        """Take note of an entry that is there no longer."""
        self._gone.append(account_id)

    def go_on(self) -> None:
        """Bring the cache up to date if it was not for a while."""
        if monotonic() - self._last > _EVERY_S:
            self.finish()

    def finish(self) -> None:
        """Bring the cache up to date."""
        entries, self._entries = self._entries, []
        gone, self._gone = self._gone, []
        self._means.mirror(self._batch, entries, self._as_of, gone)
        self._as_of, self._last = self._next_as_of, monotonic()
