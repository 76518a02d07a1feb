"""The history's file: opened so that only its owner reads it, made or migrated where needed."""

import os
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, NullPool, create_engine, event
from sqlalchemy.exc import DBAPIError

from mailtui.errors import StoreError
from mailtui.history.damage import broken, what_to_do
from mailtui.history.pages import SCHEMA_VERSION
from mailtui.history.tables import HistoryTable
from mailtui.paths import make_private
from mailtui.texts import _

# The statements that lead from one version to the next, by the version they start from.
MIGRATIONS: Mapping[int, Sequence[str]] = {}
_BUSY_S = 30.0


def open_engine(path: Path) -> Engine:
    """Open the history for writing, made (0600, in a folder 0700) or migrated where needed.

    Raises:
        StoreError: It cannot be opened, is no history, or was written by a newer version.
    """
    with explained(path):
        make_private(path.parent)
        # Only where there is none: to close a file lets go of every lock that this process has on it (POSIX).
        with suppress(FileExistsError):
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR | os.O_CLOEXEC, 0o600))
        with closing(sqlite3.connect(path, timeout=_BUSY_S)) as connection:
            # Not within a transaction, and the first connection of SQLAlchemy would be in one.
            connection.execute("PRAGMA journal_mode = WAL")
        engine = create_engine(
            URL.create("sqlite", database=str(path)),
            poolclass=NullPool,
            connect_args={"timeout": _BUSY_S, "isolation_level": None},
        )
        event.listen(engine, "connect", _configure)
        event.listen(engine, "begin", _begin)
        _prepare(engine, path)
    return engine


def _configure(connection: sqlite3.Connection, _record: object) -> None:
    # A sample that a power cut takes is taken again the same day.
    for pragma in ("synchronous = NORMAL", "journal_size_limit = 16777216"):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    # What is read is then written anew: nobody else may write in between.
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _prepare(engine: Engine, path: Path) -> None:
    with engine.begin() as connection:
        version = connection.exec_driver_sql("PRAGMA user_version").scalar_one()
        if version > SCHEMA_VERSION:
            raise StoreError(
                _("The history {path} was written by a newer version of mailtui").format(path=path),
                hint=_("Update mailtui; an older version never touches a newer history."),
            )
        if version == SCHEMA_VERSION:
            return
        if version == 0:
            HistoryTable.metadata.create_all(connection)
        for older in range(version or SCHEMA_VERSION, SCHEMA_VERSION):
            for statement in MIGRATIONS[older]:
                connection.exec_driver_sql(statement)
        connection.exec_driver_sql(f"PRAGMA user_version={SCHEMA_VERSION}")


@contextmanager
def writing(engine: Engine, path: Path) -> Iterator[Connection]:
    """Write in one transaction, alone; a reader is not kept waiting.

    Raises:
        StoreError: It cannot be written; then nothing of it is.
    """
    with explained(path), engine.begin() as connection:
        yield connection


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn what SQLite and the system say into a StoreError that says what to do."""
    try:
        yield
    except OSError as error:
        message = _("The history {path} cannot be opened: {reason}").format(path=path, reason=error.strerror)
        raise StoreError(message, hint=_("See to it that its folder can be written.")) from error
    except (DBAPIError, sqlite3.Error) as error:
        reason = getattr(error, "orig", error)
        message = _("The history {path} cannot be written: {reason}").format(path=path, reason=reason)
        raise StoreError(message, hint=_hint(reason)) from error
    except ValueError as error:
        raise broken(path, error) from error


def _hint(reason: object) -> str:
    code = (getattr(reason, "sqlite_errorcode", None) or 0) & 0xFF
    if code == sqlite3.SQLITE_FULL:
        return _("The disk is full: make room. What was there before still holds.")
    if code == sqlite3.SQLITE_BUSY:
        return _("Another mailtui is writing it: try again in a minute.")
    if code in {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}:
        return what_to_do()
    return _("See to it that the file and its folder can be written.")
