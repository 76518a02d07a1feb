"""Locks between processes: files that are held open under flock, and gone once they are let go."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from mailtui.errors import Refused, StoreError
from mailtui.paths import make_private, open_file
from mailtui.texts import _

_PATIENCE_S = 0.25
_PAUSE_S = 0.01


@contextmanager
def hold(path: Path, refusal: str, patience_s: float = _PATIENCE_S, *, is_shared: bool = False) -> Iterator[None]:
    """Hold a lock for as long as the block lasts; a process that dies lets go of it.

    A shared lock's file is for the group of its folder, any member of which may hold it next.

    Raises:
        Refused: Somebody else holds it for longer than `patience_s`; the message is `refusal`.
    """
    handle = _take(path, refusal, time.monotonic() + patience_s, is_shared)
    try:
        yield
    finally:
        # Unlinked while it is held: whoever opened this file meanwhile sees that it has no name, and opens anew.
        path.unlink(missing_ok=True)
        os.close(handle)


def _take(path: Path, refusal: str, deadline: float, is_shared: bool) -> int:
    while True:
        handle = _open(path, is_shared)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(handle)
            if time.monotonic() > deadline:
                raise Refused(refusal, hint=_("Wait until it has ended, then try again.")) from None
            time.sleep(_PAUSE_S)
            continue
        if os.fstat(handle).st_nlink:
            return handle
        os.close(handle)


def _open(path: Path, is_shared: bool) -> int:
    try:
        if not is_shared:
            make_private(path.parent)
        return open_file(path, is_shared=is_shared)
    except OSError as error:
        raise StoreError(
            _("The lock file {path} cannot be made: {reason}").format(path=path, reason=error.strerror),
            hint=_("The folder must be writable for you."),
        ) from error


def is_held(path: Path) -> bool:
    """Tell whether somebody holds a lock, this process included."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(handle)
    return False
