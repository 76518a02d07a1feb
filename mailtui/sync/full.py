"""A full load: everything is read, staged, and swapped in at once when it was read to its end."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from threading import Event
from time import monotonic
from typing import TYPE_CHECKING

from mailtui.domain.mirror import SyncCounts
from mailtui.errors import ConfigError, Stopped
from mailtui.sync.mapping import account_attributes, account_record, group_record, unit_record
from mailtui.texts import _

if TYPE_CHECKING:
    from mailtui.cache.writing import Cache
    from mailtui.directory.port import Directory, Entry
    from mailtui.domain.schema import Schema

_STEP = 500


@dataclass(frozen=True, slots=True)
class SyncProgress:
    """How far a sync is: entries read, and how many there were the last time (0: nobody knows)."""

    read: int
    expected: int
    seconds: float

    @property
    def seconds_left(self) -> float | None:
        """An estimate of the time left; None where there is nothing to rest it on."""
        if not self.expected or not self.read or self.seconds < 1:
            return None
        return max(0.0, (self.expected - self.read) * self.seconds / self.read)


@dataclass(frozen=True, slots=True)
class SyncReport:
    """What a sync did; `mode` is full or delta, `cursor` the kind of cursor it left.

    `unknown` are attributes of our schema that the directory does not know: what they would tell stays unknown.
    """

    mode: str
    cursor: str
    counts: SyncCounts
    seconds: float
    unknown: tuple[str, ...] = ()


Progress = Callable[[SyncProgress], None]


class _Reading:
    """Counts the entries of a load that goes by, tells of them, and ends it when it is told to."""

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
        self._progress(SyncProgress(self.read, max(self._expected, self.read), self.seconds))

    def watch(self, entries: Iterator[Entry]) -> Iterator[Entry]:
        """Let entries through."""
        for entry in entries:
            if self._stop.is_set():
                raise Stopped(_("The sync was stopped; the mirror is as it was"))
            self.read += 1
            if self.read % _STEP == 0:
                self.tell()
            yield entry


def load(
    directory: Directory, cache: Cache, schema: Schema, base: str, *, expected: int, progress: Progress, stop: Event
) -> SyncReport:
    """Read the whole directory into the cache.

    Nothing of the mirror changes until all of it was read without an error; then all of it changes at once.
    `expected` is how many entries to expect, 0 where nobody knows.

    Raises:
        Stopped: `stop` was set; the mirror is as it was.
        DirectoryError: The read failed or was cut short; the mirror is as it was.
    """
    unknown = unknown_attributes(directory, schema)
    reading = _Reading(expected, progress, stop)
    # Taken before the first entry: what changes during the read is then newer than the mirror, never missed.
    as_of = datetime.now(UTC)

    def entries(matching: str, attributes: Iterable[str]) -> Iterator[Entry]:
        return reading.watch(directory.search(base, matching, tuple(attributes)))

    unit, group = schema.unit, schema.group
    with cache.stage() as staging:
        staging.add(unit_record(e, schema) for e in entries(unit.filter, (schema.id, unit.name)))
        staging.add(account_record(e, schema, base) for e in entries(schema.account.filter, account_attributes(schema)))
        wanted = [name for name in (schema.id, group.name, group.member, group.owner) if name]
        staging.add(group_record(e, schema) for e in entries(group.filter, wanted))
        reading.tell()
        counts = staging.commit(as_of=as_of, cursor="timestamp", base=base)
    return SyncReport("full", "timestamp", counts, reading.seconds, unknown)


def unknown_attributes(directory: Directory, schema: Schema) -> tuple[str, ...]:
    """Name the attributes of our schema that the directory does not know, but for those that many do without.

    Raises:
        ConfigError: One is unknown without which there are no accounts.
    """
    account = schema.account
    dispensable = {account.lock, *account.last_login, *(rule.attribute for rule in account.kinds)}
    unknown = directory.unknown([name for name in account_attributes(schema) if name not in dispensable])
    for name in (schema.id, account.login):
        if name in unknown:
            raise ConfigError(
                _("The directory knows no attribute “{name}”, by which the schema finds accounts").format(name=name),
                hint=_("Choose another schema, or mend the schema file."),
            )
    return unknown
