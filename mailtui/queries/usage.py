"""How full mailboxes were: the reading SQL over the history, for one account and for all at once.

Only `sqlite3`, and read-only, as in `connection`; where nothing was ever sampled, nothing is known.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from urllib.parse import quote

from mailtui.domain.growth import WEEK, WEEKS, picked
from mailtui.domain.usage import LatestUse, Point, Weekly
from mailtui.errors import StoreError
from mailtui.history.damage import broken
from mailtui.history.pages import ACCOUNTS, SCHEMA_VERSION, figure_of, newest_first, pick, unpack_day
from mailtui.history.weeks import ordinals, week_of
from mailtui.texts import _

_BUSY_S = 10.0
_ONE = "SELECT number, last_login FROM account WHERE id = ?"
_ANY = "SELECT 1 FROM page LIMIT 1"
_ALL = "SELECT id, number, last_login FROM account ORDER BY number"
_SERIES = "SELECT week, days, used, messages, limits FROM page WHERE chunk = ? AND week >= ? ORDER BY week"
_NEWEST = "SELECT week, days, used, messages, limits FROM page WHERE chunk = ? AND week >= ? ORDER BY week DESC"
_SAMPLED = "SELECT DISTINCT week, days FROM page WHERE week >= ?"
_USED = "SELECT week, days, used FROM page WHERE chunk = ? AND week >= ?"


class UsageHistory:
    """The history of one directory, opened for reading; every question sees one state of it.

    Used by one thread at a time. Every method raises StoreError when the file cannot be read.
    """

    def __init__(self, path: Path) -> None:
        """Open a history; one that is not there yet knows nothing.

        Raises:
            StoreError: It cannot be opened, or is of another version of mailtui.
        """
        self._path = path
        self._connection = _opened(path)

    def close(self) -> None:
        """Let go of the file."""
        if self._connection:
            self._connection.close()

    @property
    def is_empty(self) -> bool:
        """Whether nothing was ever sampled."""
        with self._asking() as connection:
            return connection is None or connection.execute(_ANY).fetchone() is None

    def series(self, account: str, since: date = date.min) -> tuple[Point, ...]:
        """Give what is known of an account from a day's week on, by day, ascending; days without its use are absent."""
        with self._asking() as connection:
            found = connection and connection.execute(_ONE, (account,)).fetchone()
            if not connection or not found:
                return ()
            chunk, place = divmod(found[0], ACCOUNTS)
            rows = connection.execute(_SERIES, (chunk, week_of(since.toordinal())))
            return tuple(point for row in rows for point in _points(row, place))

    def latest(self, since: date) -> dict[str, LatestUse]:
        """Give the last that is known of every account; of its use, what was sampled in or after the week of a day."""
        latest: dict[str, LatestUse] = {}
        with self._asking() as connection:
            for chunk, accounts in _chunks(connection):
                assert connection
                points = _newest(connection, chunk, {number for _id, number, _login in accounts}, since)
                for account, number, login in accounts:
                    latest[account] = LatestUse(points.get(number), _moment(login))
        return latest

    def weekly(self, today: date) -> Weekly:
        """Give the use of every account, one point a week of those that tell of its growth; see `domain.growth`."""
        first = week_of(today.toordinal() - WEEK * WEEKS) - 1
        used: dict[str, tuple[int | None, ...]] = {}
        chosen: Sequence[int] = ()
        with self._asking() as connection:
            if connection:
                sampled = connection.execute(_SAMPLED, (first,))
                days = sorted(
                    {day for week, bits in sampled for day in ordinals(week, bits) if day <= today.toordinal()}
                )
                chosen = [days[place] for place in picked(days)]
            for chunk, accounts in _chunks(connection):
                assert connection
                columns = _columns(connection, chunk, first, chosen)
                rows = list(zip(*columns, strict=True)) if columns else [()] * ACCOUNTS
                used.update((account, rows[number % ACCOUNTS]) for account, number, _login in accounts)
        return Weekly(tuple(chosen), used)

    @contextmanager
    def _asking(self) -> Iterator[sqlite3.Connection | None]:
        # Somebody may have begun it meanwhile.
        self._connection = connection = self._connection or _opened(self._path)
        if not connection:
            yield None
            return
        try:
            connection.execute("BEGIN")
            yield connection
        except (sqlite3.Error, ValueError) as error:
            raise broken(self._path, error) from error
        finally:
            connection.rollback()


def _opened(path: Path) -> sqlite3.Connection | None:
    if not path.exists():
        return None
    file = f"file:{quote(str(path))}?mode=ro"
    try:
        connection = sqlite3.connect(file, uri=True, timeout=_BUSY_S, check_same_thread=False, isolation_level=None)
        try:
            version = connection.execute("PRAGMA user_version").fetchone()[0]
        except sqlite3.Error:
            connection.close()
            raise
    except sqlite3.Error as error:
        raise broken(path, error) from error
    if version == SCHEMA_VERSION:
        return connection
    connection.close()
    if not version:  # it is just being made
        return None
    raise StoreError(
        _("The history {path} is of another version of mailtui").format(path=path),
        hint=_("Run `mailtui sync`: it brings an older one up to date. For a newer one, update mailtui."),
    )


_Account = tuple[str, int, int | None]
_Row = tuple[int, int, bytes, bytes, bytes]


def _chunks(connection: sqlite3.Connection | None) -> Iterator[tuple[int, list[_Account]]]:
    chunks: dict[int, list[_Account]] = {}
    for account in connection.execute(_ALL) if connection else ():
        chunks.setdefault(account[1] // ACCOUNTS, []).append(account)
    yield from chunks.items()


def _points(row: _Row, place: int) -> Iterator[Point]:
    week, bits, *strips = row
    days = ordinals(week, bits)
    figures = zip(*(pick(strip, len(days), place) for strip in strips), strict=True)
    for day, (used, messages, limit) in zip(days, figures, strict=True):
        if used:
            yield _point(date.fromordinal(day), used, messages, limit)


def _point(day: date, used: int, messages: int, limit: int) -> Point:
    limit_bytes = figure_of(limit)
    return Point(day, figure_of(used), figure_of(messages), limit_bytes or None, unlimited=limit_bytes == 0)


def _newest(connection: sqlite3.Connection, chunk: int, missing: set[int], since: date) -> dict[int, Point]:
    """Give the newest points with a known use, by number of account."""
    points: dict[int, Point] = {}
    for week, bits, *strips in connection.execute(_NEWEST, (chunk, week_of(since.toordinal()))):
        days = [date.fromordinal(day) for day in reversed(ordinals(week, bits))]
        unpacked = (newest_first(strip, len(days)) for strip in strips)
        for day, used, messages, limits in zip(days, *unpacked, strict=False):
            for number in tuple(missing):
                place = number % ACCOUNTS
                if used[place]:
                    points[number] = _point(day, used[place], messages[place], limits[place])
            missing -= points.keys()
            if not missing:
                return points
    return points


def _columns(connection: sqlite3.Connection, chunk: int, first: int, chosen: Sequence[int]) -> list[list[int | None]]:
    """Give the use by all accounts of a chunk on each of the chosen days."""
    columns: dict[int, list[int | None]] = {}
    for week, bits, strip in connection.execute(_USED, (chunk, first)):
        days = ordinals(week, bits)
        for place, day in enumerate(days):
            if day in chosen:
                numbers = unpack_day(strip, len(days), place)
                columns[day] = [number - 1 if number else None for number in numbers]
    unknown: list[int | None] = [None] * ACCOUNTS
    return [columns.get(day, unknown) for day in chosen]


def _moment(seconds: int | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)
