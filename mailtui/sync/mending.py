"""Single entries of the mirror brought up to what was just read of them, outside any sync."""

import os
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import datetime
from pathlib import Path
from time import monotonic, sleep

from mailtui.cache.rows import digest
from mailtui.cache.writing import Cache
from mailtui.directory.port import Entry
from mailtui.domain.entries import EntryKind
from mailtui.domain.mirror import AccountRecord, Record
from mailtui.errors import Refused
from mailtui.queries.mirror import Mirror
from mailtui.sync.mapping import AccountMapping
from mailtui.sync.searches import Scheme
from mailtui.texts import _

_PATIENCE_S, _PAUSE_S = 15.0, 0.25


Seen = tuple[EntryKind, Entry]


def mend(file: Path, scheme: Scheme, entries: Sequence[Seen], gone: Sequence[str], as_of: datetime) -> None:
    """Write entries as they were read, and forget those that are gone; a mirror of somebody else is left alone.

    Args:
        file: The mirror.
        scheme: What is mirrored, and how.
        entries: What was read.
        gone: Ids of what was not there.
        as_of: When the reading began.
    """
    if os.access(file, os.W_OK):
        with closing(Cache(file)) as cache:
            placed = AccountMapping(scheme.schema, scheme.base).placed
            cache.mend(_records(scheme, entries), as_of, gone, placed)


def await_service(opened: Callable[[], Mirror], scheme: Scheme, entries: Sequence[Seen], gone: Sequence[str]) -> None:
    """Wait until a mirror that a service fills shows accounts as they were just read.

    Raises:
        Refused: It does not come to that.
    """
    records = (record for record in _records(scheme, entries) if isinstance(record, AccountRecord))
    wanted = {record.id: digest(record) for record in records}
    ids = [*wanted, *gone]
    deadline = monotonic() + _PATIENCE_S
    while not _shows(opened, ids, wanted):
        if monotonic() > deadline:
            raise Refused(
                _("The shared mirror does not show what the directory holds"),
                hint=_("See to it that the service which fills it runs, and reads all that operators may read."),
            )
        sleep(_PAUSE_S)


def _records(scheme: Scheme, entries: Sequence[Seen]) -> list[Record]:
    of_kind = {search.kind: search.record for search in scheme.searches}
    return [of_kind[kind](entry) for kind, entry in entries]


def _shows(opened: Callable[[], Mirror], ids: Sequence[str], wanted: dict[str, bytes]) -> bool:
    with closing(opened()) as mirror:
        return mirror.digests(ids) == wanted
