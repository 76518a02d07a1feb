"""What a batch is carried out and settled with."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from mailtui.directory.port import Directory, Entry
from mailtui.domain.operator import Operator
from mailtui.domain.schema import Schema
from mailtui.errors import StoreError
from mailtui.journal.log import Journal
from mailtui.texts import _


@dataclass(frozen=True, slots=True)
class Means:
    """The stores, and who works with them.

    `operator` is who carries it out, in a retry perhaps not who began it; `reading` names the attributes that `mend`
    needs of an entry to bring the cache up to date with it, as it was read after a moment.
    """

    journal: Journal
    directory: Directory
    schema: Schema
    reading: tuple[str, ...]
    mend: Callable[[Sequence[Entry], datetime], None]
    operator: Operator
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)

    def mirror(self, batch: str, entries: Sequence[Entry], as_of: datetime) -> None:
        """Bring the cache up to date; it can be read anew at any time, so its failure does not end the batch."""
        if not entries:
            return
        try:
            self.mend(entries, as_of)
        except StoreError as error:
            text = _("The cache was not brought up to date: {reason}").format(reason=error.message)
            self.journal.note(batch, text, self.clock())
