"""Heads of the chain kept elsewhere: sent to syslog as one line each, and read out of it again.

The chain alone cannot tell that its newest records were cut off, or that all of it was written anew. Who wants to hide
that would have to change syslog too, which belongs to somebody else or is on another machine.
"""

import re
import socket
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from mailtui.journal.chain import Head
from mailtui.log import log

SYSLOG = Path("/dev/log")
# Facility authpriv (10), severity notice (5): RFC 5424, section 6.2.1.
_PRIORITY = 10 * 8 + 5
# Whatever stands before it: `journalctl` and /var/log/syslog write time, host and process there, each in its own way.
_LINE = re.compile(r"\bjournal (\S+) head ([0-9]{1,18}) ([0-9a-f]{64})\b")


class Syslog:
    """Where the heads of one journal are told; a syslog that is absent or full costs nothing and fails nothing."""

    def __init__(self, name: str, device: Path = SYSLOG) -> None:
        self.name = name
        self._device = device

    def tell(self, head: Head) -> None:
        """Send a head, without waiting."""
        line = f"<{_PRIORITY}>mailtui: journal {self.name} head {head.seq} {head.hash}\0"
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK) as to_syslog:
                to_syslog.connect(str(self._device))
                to_syslog.send(line.encode())
        except OSError as error:
            _warn(self._device, error.strerror or str(error))


@cache
def _warn(device: Path, reason: str) -> None:
    # Once in a process: a journal is opened at every turn.
    log.warning("the heads of the journal do not reach syslog (%s): %s", device, reason)


def read(lines: Iterable[str], name: str) -> Iterator[Head]:
    """Find the heads of one journal among the lines of a syslog."""
    for line in lines:
        found = _LINE.search(line)
        if found and found[1] == name:
            yield Head(int(found[2]), found[3])
