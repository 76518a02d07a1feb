"""The terminal as mailtui drives it: put to sleep, woken, hung up, and read byte by byte without coming to harm."""

import asyncio
import codecs
import io
import os
import select
import signal
from collections.abc import Iterable
from contextlib import suppress
from typing import IO, Any, cast

from textual._xterm_parser import XTermParser
from textual.drivers.linux_driver import LinuxDriver
from textual.message import Message
from typing_extensions import override

_AT_ONCE = 4096
_TICK_S = 0.1


class _Line(io.TextIOBase):
    """What is written to the terminal, for as long as there is one: that it is gone is told by the input's end."""

    def __init__(self, file: IO[str]) -> None:
        self._file = file

    def write(self, text: str) -> int:
        try:
            self._file.write(text)
        except OSError:
            self._let_go()
        return len(text)

    def flush(self) -> None:
        try:
            self._file.flush()
        except OSError:
            self._let_go()

    def _let_go(self) -> None:
        """Have what is still to be written go nowhere: Python would stumble over it once more at its end."""
        place = os.fstat(self._file.fileno()).st_rdev
        nowhere = os.open(os.devnull, os.O_WRONLY)
        for number in (1, 2):
            if os.fstat(number).st_rdev == place:
                os.dup2(nowhere, number)
        os.close(nowhere)

    def fileno(self) -> int:
        return self._file.fileno()


class TerminalDriver(LinuxDriver):
    """Textual's driver, but for signals and input.

    Textual takes Ctrl-Z's signals between any two steps of the main thread. Met while that holds the lock of the
    output's queue, they wait for it for ever. Here they wait for the loop. Textual's reading thread ends the program at
    the first byte that is no UTF-8 (issue 6456), and runs in circles when the terminal is gone; the writing one dies
    of that.
    """

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._is_woken = False
        self._file = cast("io.TextIOWrapper", _Line(cast("IO[str]", self._file)))
        loop = asyncio.get_running_loop()
        loop.add_signal_handler(signal.SIGTSTP, self._sleep)
        loop.add_signal_handler(signal.SIGCONT, self._continued)

    def _sleep(self) -> None:
        """Give the terminal back, sleep until the shell says go on, and take it again."""
        if not self._is_ours:
            os.kill(os.getpid(), signal.SIGSTOP)
            return
        self.suspend_application_mode()
        os.kill(os.getpid(), signal.SIGSTOP)
        self._is_woken = True
        self._wake()

    def _continued(self) -> None:
        """After a stop that could not be seen coming (SIGSTOP): the shell has set the terminal to its own liking."""
        if not self._is_woken and self._is_ours:
            self.suspend_application_mode()
            self._wake()
        self._is_woken = False

    @property
    def _is_ours(self) -> bool:
        # Not while another program has the terminal, nor once the console gives it back for good.
        return self._auto_restart and self._app.is_running

    def _wake(self) -> None:
        # A terminal that is gone has no group in front, and says so by its SIGHUP.
        with suppress(OSError):
            while os.tcgetpgrp(self.fileno) != os.getpgrp():
                os.kill(os.getpid(), signal.SIGSTOP)
        self._must_signal_resume = True
        self.start_application_mode()

    @override
    def start_application_mode(self) -> None:
        super().start_application_mode()  # type: ignore[no-untyped-call]

    @override
    def run_input_thread(self) -> None:
        """Read what is typed until the mode ends; the end of the input is a line that was hung up."""
        parser = XTermParser(self._debug)
        decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")
        while not self.exit_event.is_set():
            if select.select([self.fileno], [], [], _TICK_S)[0]:
                typed = self._read()
                if not typed:
                    os.kill(os.getpid(), signal.SIGHUP)
                    return
                # To feed nothing, as the first half of a character is, would end the parser.
                if text := decoder.decode(typed):
                    self._tell(parser.feed(text))
            self._tell(parser.tick())

    def _tell(self, messages: Iterable[Message]) -> None:
        for message in messages:
            self.process_message(message)

    def _read(self) -> bytes:
        with suppress(OSError):
            return os.read(self.fileno, _AT_ONCE)
        return b""
