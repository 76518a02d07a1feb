"""The cache opened for reading: one snapshot for all that one question asks, and questions that can be abandoned.

Only `sqlite3`, and read-only: what opens fast stays fast, and nothing here can change what a sync wrote.
"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep
from urllib.parse import quote

from mailtui.cache.layout import SCHEMA_VERSION
from mailtui.errors import Stopped, StoreError
from mailtui.texts import _

_BUSY_S = 10.0
_PATIENCE_S, _PAUSE_S = 3.0, 0.02
# So many steps of SQLite's machine take about a millisecond.
_STEPS = 20_000


class Reader(sqlite3.Connection):
    """One reader of the cache; used by one thread at a time, but for `stop`."""

    path: Path
    frozen: tuple[int, ...] | None = None
    """What the file looked like where it was opened as one that nobody writes; None where others may write it."""
    _was_asked = False
    _is_stopped = False

    def stop(self) -> None:
        """Abandon the question that is being answered, from any thread."""
        self._is_stopped = True
        self.interrupt()

    def go_on(self) -> None:
        """To be called now and then in long work between statements.

        Raises:
            Stopped: The question was abandoned.
        """
        if self._is_stopped:
            raise Stopped(_("The search was stopped"))

    @contextmanager
    def asking(self) -> Iterator[None]:
        """Let all that one question asks see one state: a swap in between would renumber rows and units.

        Raises:
            Stopped: The question was abandoned.
            StoreError: The file cannot be read.
        """
        is_outermost = not self.in_transaction
        if is_outermost and self.frozen and self._was_asked and _log_of(self.path).exists():
            # Whoever fills a shared mirror has begun again: only one who opens it now sees what comes.
            raise _renewed()
        try:
            if is_outermost:
                self._is_stopped, self._was_asked = False, True
                self.execute("BEGIN")
            yield
            if is_outermost and self.frozen and self.frozen != _looks(self.path):
                raise _renewed()  # what was read may be torn
        except sqlite3.DatabaseError as error:
            # What is stopped says so in more than one way: while it looks into a list, that the list cannot be made.
            if self._is_stopped:
                raise Stopped(_("The search was stopped")) from error
            raise unreadable(self.path, error) from error
        finally:
            if is_outermost:
                self.rollback()

    def close(self) -> None:
        """Close the file."""
        self.set_progress_handler(None, 0)
        super().close()

    def watch(self) -> None:
        """Look at times, within a statement, whether the question was abandoned.

        To interrupt SQLite reaches only the statement that runs: what comes between two would miss both.
        """
        self.set_progress_handler(lambda: self._is_stopped, _STEPS)


def open_reader(path: Path) -> Reader:
    """Open the cache for reading.

    Raises:
        StoreError: There is no cache yet, or it is not one of this version.
    """
    if not path.exists():
        raise StoreError(_("There is no mirror of the directory yet"), hint=_("Run `mailtui sync` first."))
    reader, version = _opened(path)
    if version != SCHEMA_VERSION:
        reader.close()
        message = _("The mirror was made by another version of mailtui")
        raise StoreError(message, hint=_("Run `mailtui sync`: it makes it anew."))
    return reader


def _opened(path: Path) -> tuple[Reader, int]:
    deadline = monotonic() + _PATIENCE_S
    while True:
        try:
            return _connect(path, "mode=ro")
        except sqlite3.DatabaseError as error:
            if not _is_barred(path, error):
                raise unreadable(path, error) from error
            if not _log_of(path).exists():
                looks = _looks(path)
                reader, version = _connect(path, "mode=ro&immutable=1")
                reader.frozen = looks
                return reader, version
            # Whoever may write it has just begun to, or is about to end: a moment later it is one or the other.
            if monotonic() > deadline:
                raise unreadable(path, error) from error
        sleep(_PAUSE_S)


def _connect(path: Path, how: str) -> tuple[Reader, int]:
    reader = sqlite3.connect(
        f"file:{quote(str(path))}?{how}",
        uri=True,
        timeout=_BUSY_S,
        check_same_thread=False,
        isolation_level=None,
        factory=Reader,
    )
    reader.path, reader.row_factory = path, sqlite3.Row
    reader.watch()
    try:
        return reader, reader.execute("PRAGMA user_version").fetchone()[0]
    except sqlite3.DatabaseError:
        reader.close()
        raise


def _is_barred(path: Path, error: sqlite3.Error) -> bool:
    """Tell whether we may not write beside the file; without a log, nobody else does, and it can be read as it is."""
    is_barred = error.sqlite_errorcode & 0xFF in {sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY}
    return is_barred and not os.access(path.parent, os.W_OK)


def _log_of(path: Path) -> Path:
    return path.with_name(path.name + "-wal")


def _looks(path: Path) -> tuple[int, ...]:
    """Give what changes with every write to the file itself; what is only in the log does not disturb a reader."""
    try:
        seen = path.stat()
    except OSError:
        return ()
    return seen.st_ino, seen.st_size, seen.st_mtime_ns


def _renewed() -> StoreError:
    return StoreError(_("The mirror is being renewed"), hint=_("Try again."))


def unreadable(path: Path, error: sqlite3.Error) -> StoreError:
    """Say in our words why the cache cannot be read."""
    message = _("The mirror {path} cannot be read: {reason}").format(path=path, reason=error)
    if error.sqlite_errorcode & 0xFF in {sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM}:
        return StoreError(message, hint=_("See to it that the file can be read and its folder be written."))
    return StoreError(message, hint=_("Run `mailtui sync`: it makes it anew where it is broken."))
