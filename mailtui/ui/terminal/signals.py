"""A lost line and a polite kill end the console cleanly; by default it dies at once, and the terminal stays broken."""

import asyncio
import signal
from collections.abc import Callable

_ENDING = (signal.SIGHUP, signal.SIGTERM)


def install(end: Callable[[int], None]) -> None:
    """Call `end` with the exit code (128 and the signal's number) when the process is asked to go."""
    loop = asyncio.get_running_loop()
    for number in _ENDING:
        # Not signal.signal: the handler must run within the loop.
        loop.add_signal_handler(number, end, 128 + number)
