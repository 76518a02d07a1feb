"""A search index made in a process of its own, beside the one that reads and stores: `python -m mailtui.cache.helping`.

Requests and answers go through pipes, in order; the process lives as long as its pipes, whatever ends the other one.
"""

import contextlib
import gc
import marshal
import os
import signal
import sqlite3
import struct
import subprocess
import sys
from collections import deque
from pathlib import Path
from typing import IO, Any, Protocol

import mailtui
from mailtui.cache.indexing import SearchIndex
from mailtui.errors import StoreError
from mailtui.texts import _

_SIZE = struct.Struct("!Q")
_STEPS = 100_000


class Indexer(Protocol):
    """Whoever makes a search index: asked by the name of a method of SearchIndex, answering in order, maybe later."""

    def ask(self, method: str, *arguments: Any) -> None:
        """Have something done."""

    def answer(self) -> Any:
        """Wait for the first answer that is still due."""

    def close(self) -> None:
        """Let go of it."""


class OwnIndexer:
    """The index made here."""

    def __init__(self) -> None:
        self.index = SearchIndex()
        self._answers: deque[Any] = deque()

    def ask(self, method: str, *arguments: Any) -> None:
        """See Indexer."""
        self._answers.append(getattr(self.index, method)(*arguments))

    def answer(self) -> Any:
        """See Indexer."""
        return self._answers.popleft()

    def hand_over(self, other: Indexer) -> None:
        """Let another one go on from here."""
        other.ask("adopt_domains", self.index.domains())
        for some in self.index.staged():
            other.ask("adopt", some)
            other.answer()
        other.answer()

    def close(self) -> None:
        """See Indexer."""
        self.index.close()


class HelpingProcess:
    """The index made by a process of its own."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "mailtui.cache.helping"],
            # Wherever we are: the package must be found.
            cwd=Path(mailtui.__file__).parent.parent,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            # Keys pressed on the terminal are not for it.
            start_new_session=True,
        )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._to, self._from = self._process.stdin, self._process.stdout

    def ask(self, method: str, *arguments: Any) -> None:
        """See Indexer."""
        try:
            _write(self._to, (method, arguments))
        except BrokenPipeError as error:
            raise _ended() from error

    def answer(self) -> Any:
        """See Indexer."""
        try:
            is_done, answer = _read(self._from)
        except EOFError as error:
            raise _ended() from error
        if not is_done:
            failure = sqlite3.OperationalError(answer[1])
            failure.sqlite_errorcode = answer[0]
            raise failure
        return answer

    def close(self) -> None:
        """See Indexer; whatever it is doing is of no more use."""
        self._process.kill()
        self._process.wait()
        for pipe in (self._to, self._from):
            with contextlib.suppress(BrokenPipeError):
                pipe.close()


def _ended() -> StoreError:
    return StoreError(
        _("The process that makes the search index has ended"), hint=_("Sync again. What was there before still holds.")
    )


def _write(stream: IO[bytes], value: Any) -> None:
    data = marshal.dumps(value)
    stream.write(_SIZE.pack(len(data)))
    stream.write(data)
    stream.flush()


def _read(stream: IO[bytes]) -> Any:
    head = stream.read(_SIZE.size)
    if len(head) < _SIZE.size:
        raise EOFError
    (size,) = _SIZE.unpack(head)
    data = stream.read(size)
    if len(data) < size:
        raise EOFError
    return marshal.loads(data)  # noqa: S302 - it comes from the process that we started, or that started us


def main() -> None:
    """Do what is asked until nobody can ask any more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # Nothing here is made in circles.
    gc.disable()
    parent = os.getppid()
    index = SearchIndex()
    # What takes long is given up when there is nobody left to take it.
    index.interrupt_when(lambda: os.getppid() != parent, _STEPS)
    with contextlib.suppress(EOFError, BrokenPipeError):
        while True:
            method, arguments = _read(sys.stdin.buffer)
            try:
                answer = True, getattr(index, method)(*arguments)
            except sqlite3.Error as error:
                answer = False, (getattr(error, "sqlite_errorcode", 0), str(error))
            _write(sys.stdout.buffer, answer)
    # Not through the interpreter's end, which would look through everything once more.
    os._exit(0)


if __name__ == "__main__":
    main()
