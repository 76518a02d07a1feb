"""A full load: everything is read, staged, and swapped in at once when it was read to its end."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from mailtui.directory.port import Entry, Reached
from mailtui.domain.entries import EntryKind
from mailtui.errors import DirectoryError
from mailtui.sync.cursor import SyncCursor
from mailtui.texts import _

if TYPE_CHECKING:
    from mailtui.cache.writing import Cache
    from mailtui.directory.port import Directory, News, Rung
    from mailtui.domain.mirror import Record, SyncCounts
    from mailtui.sync.reading import Reading
    from mailtui.sync.searches import Scheme, Search


def load(
    directory: Directory, cache: Cache, scheme: Scheme, rung: Rung | None, reading: Reading, *, must_find: bool
) -> SyncCounts:
    """Read the whole directory into the cache.

    Nothing of the mirror changes until all of it was read without an error; then all of it changes at once. `rung` is
    the means by which deltas are to go on from there; None where there is none. Where it `must_find` accounts, finding
    none is a failure.

    Raises:
        Stopped: A person stopped it; the mirror is as it was.
        DirectoryError: The read failed or was cut short, or the means is refused; the mirror is as it was.
    """
    # Taken before the first entry: what changes during the read is then newer than the mirror, never missed.
    as_of = datetime.now(UTC)
    reached: dict[EntryKind, str] = {}

    def records(search: Search) -> Iterator[Record]:
        for one in reading.watch(_everything(directory, scheme, rung, search)):
            if isinstance(one, Entry):
                yield search.record(one)
            elif isinstance(one, Reached):
                reached[search.kind] = one.cursor

    with cache.stage() as staging:
        found = {search.kind: staging.add(records(search)) for search in scheme.searches}
        if must_find and not found[EntryKind.ACCOUNT]:
            raise DirectoryError(
                _("The directory shows no account any more"),
                hint=_("Ask its administrator what this identity may read; if it is true, run `mailtui sync --full`."),
            )
        reading.tell()
        cursor = SyncCursor(rung, scheme.fingerprint, reached, listed_at=as_of)
        return staging.commit(as_of=as_of, cursor=cursor.text(), base=scheme.base)


def _everything(directory: Directory, scheme: Scheme, rung: Rung | None, search: Search) -> Iterator[News]:
    if rung is None:
        return directory.search(scheme.base, search.matching, search.attributes)
    return directory.refresh(rung, search.matching, search.attributes)
