"""What a batch is carried out and settled with."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from mailtui.directory.port import Directory, Entry
from mailtui.domain.entries import EntryKind
from mailtui.domain.operator import Operator
from mailtui.domain.schema import Schema
from mailtui.domain.secret import Secret
from mailtui.errors import StoreError
from mailtui.journal.log import Journal
from mailtui.texts import _

Seen = tuple[EntryKind, Entry]


@dataclass(frozen=True, slots=True)
class Means:
    """The stores, and who works with them.

    `operator` is who carries it out, in a retry perhaps not who began it; `reading` names the attributes that `mend`
    needs of an entry of each kind to bring the cache up to date with it, as it was read after a moment.
    """

    journal: Journal
    directory: Directory
    schema: Schema
    reading: Mapping[EntryKind, tuple[str, ...]]
    mend: Callable[[Sequence[Seen], datetime, Sequence[str]], None]
    operator: Operator
    secrets: Mapping[int, Secret] = field(default_factory=dict)
    """New passwords by row number; nothing else knows them."""
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)

    def mirror(self, batch: str, entries: Sequence[Seen], as_of: datetime, gone: Sequence[str] = ()) -> None:
        """Bring the cache up to date; it can be read anew at any time, so its failure does not end the batch."""
        if not entries and not gone:
            return
        try:
            self.mend(entries, as_of, gone)
        except StoreError as error:
            text = _("The cache was not brought up to date: {reason}").format(reason=error.message)
            self.journal.note(batch, text, self.clock())
