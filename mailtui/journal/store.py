"""The journal's file: opened so that only its owner or its group reads it, every commit on the disk, and up to date."""

import contextlib
import os
import re
import shutil
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError

from mailtui import locks
from mailtui.errors import MailtuiError, StoreError
from mailtui.journal import site
from mailtui.journal.damage import what_to_do
from mailtui.journal.tables import JournalTable
from mailtui.log import log
from mailtui.paths import make_private, open_file
from mailtui.texts import _

SCHEMA_VERSION = 1
# The statements that lead from one version to the next, by the version they start from; they never drop an event.
MIGRATIONS: Mapping[int, Sequence[str]] = {}
_BUSY_MS = 30_000
_OVERWRITE_MS = 1_000
# SQLite's index of the write-ahead log grows by as much at a time.
_LEAST_ROOM = 32 << 10


def open_engine(path: Path, *, is_shared: bool = False) -> Engine:
    """Open the journal, made (0600, in a folder 0700; 0660 where it is shared) or migrated where needed.

    Raises:
        StoreError: It cannot be opened, is no journal, or was written by a newer version.
        Refused: It is shared, and its folder or its files are not as a shared journal needs them.
    """
    if is_shared:
        site.check(path)
    _make_file(path, is_shared)
    engine = create_engine(URL.create("sqlite", database=str(path)))
    event.listen(engine, "connect", _on_connect)
    event.listen(engine, "begin", _on_begin)
    opening = path.with_name(path.name + ".opening.lock")
    refusal = _("The journal is being opened elsewhere.")
    try:
        with translated(path):
            # As a rule it is prepared and somebody has it open: no lock then, which a process that is stopped in the
            # middle of this would keep from everybody else.
            if path.with_name(path.name + "-shm").exists() and _version(engine) == SCHEMA_VERSION:
                if is_shared:
                    site.check_beside(path)
                return engine
            # SQLite makes its own two files here, under the lock: nobody meets them before they have their mode.
            with locks.hold(opening, refusal, _BUSY_MS / 1000, is_shared=is_shared):
                if is_shared:
                    site.check_beside(path)
                _prepare(engine, path)
    except MailtuiError:
        engine.dispose()
        raise
    return engine


def _make_file(path: Path, is_shared: bool) -> None:
    try:
        if not is_shared:
            make_private(path.parent)
        # Only where there is none: to close a file lets go of every lock that this process has on it (POSIX), also of
        # those by which SQLite keeps another thread's transaction apart.
        if not path.exists():
            os.close(open_file(path, is_shared=is_shared))
    except OSError as error:
        raise StoreError(
            _("The journal {path} cannot be opened: {reason}").format(path=path, reason=error.strerror),
            hint=_("Nothing is changed without a journal: make its folder writable."),
        ) from error


def _on_connect(raw: sqlite3.Connection, _record: object) -> None:
    # Transactions are begun by _on_begin, not by the driver, which would begin them too late and unlocked.
    raw.isolation_level = None
    raw.execute(f"PRAGMA busy_timeout={_BUSY_MS}")
    raw.execute("PRAGMA synchronous=FULL")
    # What is purged is overwritten, not only given free.
    raw.execute("PRAGMA secure_delete=ON")


def _on_begin(connection: Connection) -> None:
    # The head of the chain is read and written under one lock, or two writers would fork it.
    connection.exec_driver_sql("BEGIN IMMEDIATE" if connection.get_execution_options().get("writes") else "BEGIN")


def _version(engine: Engine) -> int:
    with engine.begin() as connection:
        return int(connection.exec_driver_sql("PRAGMA user_version").scalar_one())


def _prepare(engine: Engine, path: Path) -> None:
    _switch_to_wal(engine)
    with engine.execution_options(writes=True).begin() as connection:
        version = connection.exec_driver_sql("PRAGMA user_version").scalar_one()
        if version > SCHEMA_VERSION:
            raise StoreError(
                _("The journal {path} was written by a newer version of mailtui").format(path=path),
                hint=_("Update mailtui; an older version never touches a newer journal."),
            )
        if version == SCHEMA_VERSION:
            return
        if version == 0:
            JournalTable.metadata.create_all(connection)
        for older in range(version or SCHEMA_VERSION, SCHEMA_VERSION):
            for statement in MIGRATIONS[older]:
                connection.exec_driver_sql(statement)
        connection.exec_driver_sql(f"PRAGMA user_version={SCHEMA_VERSION}")


def _switch_to_wal(engine: Engine) -> None:
    raw = engine.raw_connection()
    try:
        raw.cursor().execute("PRAGMA journal_mode=WAL")
    finally:
        raw.close()


@contextmanager
def reading(engine: Engine, path: Path) -> Iterator[Connection]:
    """Read from one moment of the journal; a writer is not kept waiting."""
    with translated(path), engine.begin() as connection:
        yield connection


@contextmanager
def writing(engine: Engine, path: Path) -> Iterator[Connection]:
    """Write in one transaction, alone; on the disk when the block is left, or not at all."""
    with translated(path), engine.execution_options(writes=True).begin() as connection:
        yield connection


def overwrite(engine: Engine, path: Path) -> None:
    """Bring the write-ahead log into the file and empty it, so that what was deleted is not left in it.

    A reader that stays on an older moment prevents it; then it is done by the next call, or when the last one closes.
    """
    with translated(path), contextlib.closing(engine.raw_connection()) as raw:
        cursor = raw.cursor()
        cursor.execute(f"PRAGMA busy_timeout={_OVERWRITE_MS}")
        (is_busy, *_pages) = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        cursor.execute(f"PRAGMA busy_timeout={_BUSY_MS}")
    if is_busy:
        log.warning("the journal's write-ahead log is in use and could not be emptied")


def name_of(path: Path, *, is_shared: bool = False) -> str:
    """Name a journal as its heads in syslog do: by its directory, and where it is one person's, by who that is."""
    if is_shared:
        return path.name.removesuffix(".journal.db")
    try:
        owner = path.owner()
    except KeyError:
        owner = str(path.stat().st_uid)
    return re.sub(r"[^A-Za-z0-9.=:-]+", "_", f"{path.parent.name}:{owner}")


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """Turn the failures of SQLite into ours."""
    try:
        yield
    except (DBAPIError, sqlite3.Error) as error:
        cause = error.orig if isinstance(error, DBAPIError) else error
        name = getattr(cause, "sqlite_errorname", "")
        if name.startswith("SQLITE_IOERR") and _is_full(path):
            # Where SQLite makes room for its two other files it tells nothing but that it failed.
            name = "SQLITE_FULL"
        is_garbled = str(cause).startswith("Could not decode")
        unknown = (_("a record is no text any more"), what_to_do()) if is_garbled else (str(cause), "")
        reason, hint = next((text for start, text in _reasons() if name.startswith(start)), unknown)
        raise StoreError(_("The journal {path}: {reason}").format(path=path, reason=reason), hint=hint) from error


def _is_full(path: Path) -> bool:
    try:
        return shutil.disk_usage(path.parent).free < _LEAST_ROOM
    except OSError:
        return False


def _reasons() -> tuple[tuple[str, tuple[str, str]], ...]:
    keep = _("Keep the file: put back a copy from your backup beside it, and say so to your administrator.")
    return (
        ("SQLITE_FULL", (_("the disk is full"), _("Make room, then go on: nothing was written in part."))),
        ("SQLITE_READONLY", (_("it may not be written"), _("Make the file and its folder writable."))),
        ("SQLITE_BUSY", (_("another process is writing for too long"), _("Try again when it has ended."))),
        ("SQLITE_NOTADB", (_("this file is no journal"), keep)),
        ("SQLITE_CORRUPT", (_("the file is damaged"), keep)),
        ("SQLITE_IOERR", (_("the disk cannot be read or written"), _("Check the disk, then try again."))),
        ("SQLITE_CANTOPEN", (_("it cannot be opened"), _("Make the file and its folder writable."))),
    )
