"""One sync: a delta where there is a cursor to go on from, else a full load by the best means the server offers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum, auto
from threading import Event
from typing import TYPE_CHECKING, Protocol

from mailtui.directory.port import Rung
from mailtui.domain.mirror import SyncCounts
from mailtui.errors import ConfigError, CredentialsRefused, DirectoryError, Unreachable
from mailtui.log import log
from mailtui.sync import cursor as cursors
from mailtui.sync.delta import bring_up
from mailtui.sync.full import load
from mailtui.sync.gathering import TooMuch
from mailtui.sync.mapping import account_attributes, group_attributes
from mailtui.sync.reading import Progress, Reading
from mailtui.texts import _

if TYPE_CHECKING:
    from mailtui.cache.writing import Cache
    from mailtui.directory.port import Directory
    from mailtui.domain.schema import Schema
    from mailtui.sync.searches import Scheme

FULL, DELTA = "full", "delta"
_LISTING = timedelta(hours=1)
_FEW = 50


@dataclass(frozen=True, slots=True)
class SyncReport:
    """What a sync did; `mode` is full or delta, `cursor` the means by which the next delta goes on.

    `unknown` are attributes of our schema that the directory does not know: what they would tell stays unknown. Unless
    it `can_go_on`, the next sync is a full load too.
    """

    mode: str
    cursor: str
    counts: SyncCounts
    seconds: float
    unknown: tuple[str, ...] = ()
    can_go_on: bool = True


class Wish(Enum):
    """How to sync.

    `CHANGES` asks for what changed alone; `USUAL` lists all entries too where it takes that to see what is gone, or
    where that was not done for an hour; `FULL` reads everything anew, and believes even that nobody is left.
    """

    CHANGES = auto()
    USUAL = auto()
    FULL = auto()


class Line(Protocol):
    """A way to the directory: a bound connection, and another one after it was hung up."""

    @property
    def directory(self) -> Directory:
        """The connection."""

    def hang_up(self) -> None:
        """Close it: a search that was given up has left it unusable."""


def go_on(
    directory: Directory, cache: Cache, scheme: Scheme, wish: Wish, progress: Progress, stop: Event
) -> SyncReport | None:
    """Bring the mirror up to date from where the last sync left off; None where everything must be read.

    The connection may be closed then. The caller sees to it that nobody else syncs at the same time.

    Raises:
        Stopped: `stop` was set; the mirror is as it was.
        Unreachable: The line was lost; the mirror is as it was.
    """
    held = cache.position()
    cursor = None if wish is Wish.FULL else cursors.parse(held.cursor)
    if cursor is None or not cursor.goes_on(scheme.fingerprint):
        return None
    reading = Reading(held.accounts, progress, stop)
    # Only syncrepl tells what is gone, and it does not tell everything: a container that is no unit may be renamed.
    is_due = cursor.rung is not Rung.SYNCREPL or datetime.now(UTC) - cursor.listed_at > _LISTING
    lists_all = wish is Wish.USUAL and is_due
    try:
        counts = bring_up(directory, cache, scheme, cursor, reading, lists_all=lists_all)
        return SyncReport(DELTA, cursor.name, counts, reading.seconds)
    except TooMuch:
        log.info("too much is new for a delta")
    except (Unreachable, CredentialsRefused):
        raise
    except DirectoryError as error:
        # The cursor is from the future, too old, or of another server: everything that it stands for is in doubt.
        log.info("the cursor is of no use any more: result %s", error.result_code)
    return None


def read_anew(line: Line, cache: Cache, scheme: Scheme, wish: Wish, progress: Progress, stop: Event) -> SyncReport:
    """Read everything into the mirror, by the best means that the server offers; as `go_on`.

    Raises:
        Stopped: `stop` was set; the mirror is as it was.
        DirectoryError: The read failed, was cut short, or found nobody any more; the mirror is as it was.
    """
    held = cache.position().accounts
    reading = Reading(held, progress, stop)
    unknown = unknown_attributes(line.directory, scheme.schema)
    counts, rung = _load(line, cache, scheme, reading, must_find=wish is not Wish.FULL and held > _FEW)
    reached = cursors.parse(cache.position().cursor)
    can_go_on = reached is not None and reached.goes_on(scheme.fingerprint)
    return SyncReport(FULL, rung or Rung.TIMESTAMP, counts, reading.seconds, unknown, can_go_on)


def _load(
    line: Line, cache: Cache, scheme: Scheme, reading: Reading, *, must_find: bool
) -> tuple[SyncCounts, Rung | None]:
    *better, last = _means(line.directory, scheme)
    for rung in better:
        try:
            return load(line.directory, cache, scheme, rung, reading, must_find=must_find), rung
        except (Unreachable, CredentialsRefused):
            raise
        except DirectoryError as error:
            # Offered by the server, but not here, not to us, or only within limits.
            log.info("%s is refused: result %s", rung, error.result_code)
            line.hang_up()
    return load(line.directory, cache, scheme, last, reading, must_find=must_find), last


def _means(directory: Directory, scheme: Scheme) -> tuple[Rung | None, ...]:
    rungs = directory.rungs()
    if scheme.schema.id.lower() != "entryuuid":
        # Syncrepl names what is gone by entryUUID alone.
        rungs = tuple(rung for rung in rungs if rung is not Rung.SYNCREPL)
    # What cannot be polled can still be read.
    return rungs if rungs and rungs[-1] is not Rung.SYNCREPL else (*rungs, None)


def unknown_attributes(directory: Directory, schema: Schema) -> tuple[str, ...]:
    """Name the attributes of our schema that the directory does not know, but for those that many do without.

    Raises:
        ConfigError: One is unknown without which there are no accounts.
    """
    account = schema.account
    dispensable = {account.lock, *account.last_login, *(rule.attribute for rule in account.kinds)}
    wanted = dict.fromkeys((*account_attributes(schema), *group_attributes(schema)))
    unknown = directory.unknown([name for name in wanted if name not in dispensable])
    for name in (schema.id, account.login):
        if name in unknown:
            raise ConfigError(
                _("The directory knows no attribute “{name}”, by which the schema finds accounts").format(name=name),
                hint=_("Choose another schema, or mend the schema file."),
            )
    return unknown
