"""Opening the cache file: made private, rebuilt where it is of another version or broken, never asked twice."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from sqlalchemy import Connection, Engine, NullPool, create_engine, event, text
from sqlalchemy.exc import DatabaseError, OperationalError

from mailtui.cache import readings
from mailtui.cache.layout import CREATE_SEARCH, SCHEMA_VERSION, UNLIMITED
from mailtui.cache.tables import CacheTable
from mailtui.cache.using import PERCENT
from mailtui.domain.quota import percent
from mailtui.errors import StoreError
from mailtui.paths import make_private
from mailtui.texts import _

_BUSY_S = 60.0


def open_engine(path: Path, mode: int = 0o600) -> tuple[Engine, bool]:
    """Open the cache for writing, making it where there is none; tell whether one was there but had to be rebuilt.

    Args:
        path: The file; its folder is made as well.
        mode: Who may read and write a file that is made.

    Raises:
        StoreError: The file or its folder cannot be written.
    """
    with explained(path):
        make_private(path.parent)
        was_there = path.exists() and path.stat().st_size > 0
        was_usable = was_there and _is_usable(path)
        if was_there and not was_usable:
            _remove(path)
        _make(path, mode)
        engine = _engine(path)
        if not was_usable:
            _create(engine, path)
    return engine, was_there and not was_usable


def _is_usable(path: Path) -> bool:
    try:
        with _engine(path).connect() as connection:
            version = connection.execute(text("PRAGMA user_version")).scalar()
            state = connection.execute(text("SELECT readings FROM sync_state")).scalar()
            connection.execute(text("SELECT count(*) FROM (SELECT 1 FROM account LIMIT 1)"))
    except OperationalError as error:
        if _code(error) in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY}:
            raise
        return False
    except (DatabaseError, sqlite3.DatabaseError):
        return False
    return version == SCHEMA_VERSION and state == readings.source()


def _make(path: Path, mode: int) -> None:
    # Only where there is none: to close a file lets go of every lock that this process has on it (POSIX), and SQLite
    # would take one that a reader here has open for one that nobody uses.
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR | os.O_CLOEXEC, mode))


def _remove(path: Path) -> None:
    for suffix in ("", "-wal", "-shm", "-journal"):
        with suppress(FileNotFoundError):
            path.with_name(path.name + suffix).unlink()


def _create(engine: Engine, path: Path) -> None:
    with closing(sqlite3.connect(path, timeout=_BUSY_S)) as connection:
        # Not within a transaction, and the first connection of SQLAlchemy would be in one.
        connection.execute("PRAGMA journal_mode = WAL")
    with engine.begin() as connection:
        CacheTable.metadata.create_all(connection)
        connection.exec_driver_sql(CREATE_SEARCH)
        # Larger pieces at a time: a full load then leaves few segments to merge while somebody searches.
        connection.exec_driver_sql("INSERT INTO search(search, rank) VALUES ('hashsize', 2000000)")
        connection.exec_driver_sql(
            "INSERT INTO sync_state(row, readings, generation, epoch, next_row, ordered_until, accounts, base, cursor,"
            " failure, usage_failure) VALUES (1, ?, 0, 0, 1, 0, 0, '', '', '', '')",
            (readings.source(),),
        )
        connection.exec_driver_sql(f"PRAGMA user_version = {SCHEMA_VERSION}")


def _engine(path: Path) -> Engine:
    engine = create_engine(
        f"sqlite:///{path}", poolclass=NullPool, connect_args={"timeout": _BUSY_S, "isolation_level": None}
    )
    event.listen(engine, "connect", _configure)
    event.listen(engine, "begin", _begin)
    return engine


def _configure(connection: sqlite3.Connection, _record: object) -> None:
    # The mirror can be made again, so a lost last commit is no loss; a torn file would be, and WAL prevents it.
    for pragma in ("synchronous = NORMAL", "cache_size = -16384", "temp_store = FILE", "journal_size_limit = 16777216"):
        connection.execute(f"PRAGMA {pragma}")
    connection.create_function(PERCENT, 2, _percent, deterministic=True)


def _percent(used: int | None, limit: int | None) -> float | None:
    return None if limit == UNLIMITED else percent(used, limit)


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN")


@contextmanager
def writing(connection: Connection) -> Iterator[None]:
    """Hold the write lock for one transaction, waiting for it first: what is then read cannot be outdated."""
    with connection.begin():
        connection.exec_driver_sql("UPDATE sync_state SET row = row")
        yield


def _code(error: Exception) -> int:
    code: int = getattr(getattr(error, "orig", error), "sqlite_errorcode", None) or 0
    return code & 0xFF  # the rest tells apart what is one thing to a person


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn what SQLite and the system say into a StoreError that says what to do."""
    try:
        yield
    except OSError as error:
        message = _("The cache {path} cannot be opened: {reason}").format(path=path, reason=error.strerror)
        raise StoreError(message, hint=_("See to it that its folder can be written.")) from error
    except (DatabaseError, sqlite3.Error) as error:
        message = _("The cache {path} cannot be written: {reason}").format(
            path=path, reason=getattr(error, "orig", error)
        )
        raise StoreError(message, hint=_hint(_code(error))) from error


def _hint(code: int) -> str:
    if code == sqlite3.SQLITE_FULL:
        return _("The disk is full: make room and sync again. What was there before still holds.")
    if code in {sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM}:
        return _("See to it that the file and its folder can be written.")
    if code == sqlite3.SQLITE_BUSY:
        return _("Another mailtui is writing it: try again in a minute.")
    return _("Delete the file and run `mailtui sync`: it only mirrors the directory.")
