"""A runner that something happens to: `python -m tests.runner.dying`, in place of `python -m mailtui.runner`."""

import os
import resource
import signal
import socket
import sys
from argparse import ArgumentParser, Namespace
from collections import deque
from datetime import datetime, timedelta, tzinfo
from pathlib import Path
from typing import Any, Self

from sqlalchemy import Engine, Pool, event

import mailtui.apply.means
import mailtui.directory.connection
from mailtui.directory.writer import POST_READ
from mailtui.runner.process import main
from tests.servers.rules import Frames, Kind, Message

BEFORE, AFTER = "before", "after"
_UNKNOWN_CONTROL = b"1.3.6.1.1.13.9"


def dying(**happening: object) -> tuple[str, ...]:
    """Give the command of a runner that such things happen to; the names are those of the options below."""
    options: list[str] = []
    for name, value in happening.items():
        given = value if isinstance(value, tuple) else (value,)
        options += [f"--{name.replace('_', '-')}", *([] if value is True else map(str, given))]
    return (sys.executable, "-m", "tests.runner.dying", *options)


def _options() -> Namespace:
    parser = ArgumentParser()
    parser.add_argument("--mark", type=Path, help="a file that is made right before the death")
    parser.add_argument("--die", nargs=3, metavar=("WHEN", "WHAT", "NUMBER"), help="before or after the n-th of these")
    parser.add_argument("--alarm", type=float, help="die after so many seconds, wherever it is then")
    parser.add_argument("--hide-post-read", action="store_true", help="as if the server did not offer it")
    parser.add_argument("--patience", type=int, help="for how many seconds an answer is waited for")
    parser.add_argument("--most-bytes", type=int, help="how large a file may become")
    parser.add_argument("--clock-back", action="store_true", help="the clock goes an hour back at each look")
    return parser.parse_args()


class Death:
    """The moment at which the process is killed: before or after the n-th step of a kind."""

    def __init__(self, when: str, what: str, number: int, mark: Path) -> None:
        self._when, self._what, self._left, self._mark = when, what, number, mark

    def at(self, what: str) -> bool:
        """Count a step; die, or tell whether it is the one to die after."""
        self._left -= what == self._what
        is_now = what == self._what and not self._left
        if is_now and self._when == BEFORE:
            self.die()
        return is_now

    def die(self) -> None:
        """End as nobody can prevent."""
        self._mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)


class JournalTrap:
    """Steps are commits; they are called as the events in them, or the states of rows, are."""

    def __init__(self, death: Death) -> None:
        self._death = death
        self._kinds: set[str] = set()
        self._is_last = False
        event.listen(Engine, "before_cursor_execute", self._write)
        event.listen(Engine, "commit", self._before)
        event.listen(Pool, "checkin", self._after)

    def _write(
        self, _connection: object, _cursor: object, statement: str, parameters: Any, _context: object, is_many: bool
    ) -> None:
        if statement.startswith("INSERT INTO event"):
            self._kinds.update(row[4] for row in (parameters if is_many else [parameters]))

    def _before(self, _connection: object) -> None:
        kinds, self._kinds = self._kinds, set()
        for kind in kinds:
            self._is_last = self._death.at(kind) or self._is_last

    def _after(self, _connection: object, _record: object) -> None:
        if self._is_last:
            self._death.die()


class Line(socket.socket):
    """A socket whose messages go and come one by one; steps are messages, called as RFC 4511 calls them."""

    death: Death | None = None
    hides_post_read = False

    def __init__(self, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self._frames, self._come = Frames(), deque[Message]()

    def sendall(self, data: Any, flags: int = 0, /) -> None:
        """Send requests."""
        for message in Frames().split(bytes(data)):
            is_last = self.death is not None and self.death.at(message.kind)
            super().sendall(message.data, flags)
            if is_last and self.death:
                self.death.die()

    def recv(self, size: int, flags: int = 0, /) -> bytes:
        """Receive one answer."""
        while not self._come:
            received = super().recv(size, flags)
            if not received:
                return b""
            self._come.extend(self._frames.split(received))
        message = self._come.popleft()
        if self.death and self.death.at(message.kind):
            self.death.die()
        if self.hides_post_read and message.kind is Kind.SEARCH_RESULT_ENTRY:
            return message.data.replace(POST_READ.encode(), _UNKNOWN_CONTROL)
        return message.data


class Backwards(datetime):
    """A clock that is set back all the time."""

    looks = 0

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> Self:
        """Give an hour less than the last time."""
        cls.looks += 1
        return super().now(tz) - timedelta(hours=cls.looks)


def _prepare(options: Namespace) -> None:
    if options.die:
        when, what, number = options.die
        death = Death(when, what, int(number), options.mark)
        JournalTrap(death)
        Line.death = death
    Line.hides_post_read = options.hide_post_read
    socket.socket = Line  # type: ignore[misc]
    if options.patience:
        mailtui.directory.connection._ANSWER_S = options.patience
    if options.most_bytes:
        resource.setrlimit(resource.RLIMIT_FSIZE, (options.most_bytes, options.most_bytes))
    if options.clock_back:
        mailtui.apply.means.datetime = Backwards  # type: ignore[attr-defined]
    if options.alarm:
        # Nobody handles it: the kernel ends the process as SIGKILL would.
        signal.setitimer(signal.ITIMER_REAL, options.alarm)


if __name__ == "__main__":
    _prepare(_options())
    sys.exit(main())
