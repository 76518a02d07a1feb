"""The console on a real pty: keys go in as bytes, what comes out is kept as bytes and shown by a terminal emulator."""

import fcntl
import os
import pty
import re
import select
import signal
import struct
import sys
import termios
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Self

import pyte

KEYS = {
    "enter": "\r", "escape": "\x1b", "down": "\x1b[B", "up": "\x1b[A", "tab": "\t", "space": " ", "ctrl+c": "\x03",
    "pagedown": "\x1b[6~",
}  # fmt: skip
_PATIENCE_S = 30.0
_QUIET_S = 0.25
# pyte prints what it does not know of the kitty protocol's sequences.
_PRIVATE = re.compile(rb"\x1b\[[<>=][0-9;]*[a-zA-Z]")


class Terminal:
    """A command on a terminal of a size."""

    def __init__(
        self, command: Sequence[str], *, size: tuple[int, int] = (80, 24), env: Mapping[str, str] | None = None
    ):
        self._screen = pyte.Screen(*size)
        self._stream = pyte.ByteStream(self._screen)
        self.raw = bytearray()
        self.pid, self._file = self._start([sys.executable, *command], size, {**os.environ, **_TERM, **(env or {})})

    def _start(self, command: Sequence[str], size: tuple[int, int], env: Mapping[str, str]) -> tuple[int, int]:
        columns, lines = size
        window = struct.pack("HHHH", lines, columns, 0, 0)
        pid, file = pty.fork()
        if pid == 0:
            fcntl.ioctl(0, termios.TIOCSWINSZ, window)
            os.execvpe(command[0], list(command), dict(env))
        fcntl.ioctl(file, termios.TIOCSWINSZ, window)
        return pid, file

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        if self._file >= 0:
            os.close(self._file)
        if self.pid:
            # The line is gone: that ends it.
            os.waitpid(self.pid, 0)

    def _read(self, timeout_s: float) -> bytes:
        ready, _writing, _failing = select.select([self._file], [], [], timeout_s)
        if not ready:
            return b""
        try:
            data = os.read(self._file, 65536)
        except OSError:
            return b""
        self.raw += data
        self._stream.feed(_PRIVATE.sub(b"", data))
        return data

    def send(self, data: str | bytes) -> None:
        """Send bytes."""
        os.write(self._file, data.encode() if isinstance(data, str) else data)

    def press(self, *keys: str) -> None:
        """Press keys, each once the screen is quiet."""
        for key in keys:
            self.send(KEYS.get(key, key))
            self.settle()

    def settle(self, quiet_s: float = _QUIET_S) -> bytes:
        """Read until nothing comes for a while; gives what came."""
        start = len(self.raw)
        while self._read(quiet_s):
            pass
        return bytes(self.raw[start:])

    def sees(self, *texts: str) -> None:
        """Wait for texts to stand on the screen."""
        deadline = time.monotonic() + _PATIENCE_S
        while not all(text in self.screen for text in texts):
            assert time.monotonic() < deadline, f"waited for {texts}; the screen:\n{self.screen}"
            self._read(0.1)
        self.settle()

    @property
    def screen(self) -> str:
        """What stands on the screen."""
        return "\n".join(self._screen.display)

    def cell_columns(self, text: str) -> set[int]:
        """Give the columns, in cells, at which a text begins on any line."""
        found = set()
        for line in range(self._screen.lines):
            cells = [self._screen.buffer[line][column].data for column in range(self._screen.columns)]
            for column in range(self._screen.columns):
                if "".join(cells[column:]).startswith(text):
                    found.add(column)
        return found

    def kill(self, number: signal.Signals) -> None:
        """Send a signal."""
        os.kill(self.pid, number)

    def stops(self) -> None:
        """Wait until it is stopped."""
        deadline = time.monotonic() + _PATIENCE_S
        while Path(f"/proc/{self.pid}/stat").read_text().rpartition(") ")[2][0] != "T":
            assert time.monotonic() < deadline, f"it was not stopped; the screen:\n{self.screen}"
            self._read(0.01)

    def hang_up(self) -> None:
        """Close the line."""
        os.close(self._file)
        self._file = -1

    def ends(self) -> int:
        """Wait for the command to end without a line; gives its exit code."""
        # The kernel wakes whoever waits for the process, which is not reaped by that.
        watched = os.pidfd_open(self.pid)
        try:
            ended, _writing, _failing = select.select([watched], [], [], _PATIENCE_S)
        finally:
            os.close(watched)
        assert ended, "it did not end"
        _pid, status = os.waitpid(self.pid, 0)
        self.pid = 0
        return os.waitstatus_to_exitcode(status)

    def wait(self) -> int:
        """Wait for the command to end; gives its exit code."""
        deadline = time.monotonic() + _PATIENCE_S
        while True:
            self._read(0.05)
            ended, status = os.waitpid(self.pid, os.WNOHANG)
            if ended:
                self.pid = 0
                self.settle()
                return os.waitstatus_to_exitcode(status)
            assert time.monotonic() < deadline, f"it did not end; the screen:\n{self.screen}"


_TERM = {"TERM": "xterm-256color", "LC_ALL": "C.UTF-8", "COLUMNS": "", "LINES": ""}
