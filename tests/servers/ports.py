"""Ports for servers that must be told theirs: each is held by a lock for as long as it is used, test workers apart."""

import fcntl
import os
import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# Below those that the kernel gives to whoever asks for none.
_FIRST, _LAST = 21000, 29000


@contextmanager
def reserved_port() -> Iterator[int]:
    """Give a port of loopback on which nobody listens, and that no other test is given until the end."""
    folder = Path(tempfile.gettempdir()) / f"mailtui-ports.{os.getuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    # Not all from the first: the fewer have to be looked at.
    start = os.getpid() % (_LAST - _FIRST)
    for number in range(_LAST - _FIRST):
        port = _FIRST + (start + number) % (_LAST - _FIRST)
        with (folder / str(port)).open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue
            if _is_free(port):
                yield port
                return
    raise AssertionError("no port is free")


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        # As servers do: connections that have ended do not count.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
