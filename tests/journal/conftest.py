"""A journal in a folder of its own, and plans to write into it."""

import contextlib
import socket
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from mailtui.domain.batch import Closing, RowState
from mailtui.domain.change import Change, Values
from mailtui.domain.operator import Operator
from mailtui.domain.plan import Friction, Plan, PlanRow
from mailtui.journal.log import Journal

KIM = Operator("uid=kim,ou=operators,dc=example,dc=com", "kim", "192.0.2.7")
NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)
STATUS, FORWARDS = "accountStatus", "mailForwardingAddress"

MakePlan = Callable[..., Plan]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "journal.db"


@pytest.fixture
def journal(path: Path) -> Iterator[Journal]:
    opened = Journal(path)
    yield opened
    opened.close()


class SyslogDouble:
    """A syslog of the test's own: a datagram socket at a path, and the lines that came."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(str(path))
        self._lines: list[str] = []

    @property
    def lines(self) -> list[str]:
        """What came, as `journalctl` would print it."""
        with contextlib.suppress(BlockingIOError):
            while True:
                line = self._socket.recv(4096, socket.MSG_DONTWAIT).decode()
                assert line.startswith("<85>mailtui: ")
                self._lines.append("Mar 04 12:00:00 desk mailtui[4711]: " + line[len("<85>mailtui: ") :].rstrip("\0"))
        return self._lines

    def close(self) -> None:
        self._socket.close()


@pytest.fixture
def syslog(tmp_path: Path) -> Iterator[SyslogDouble]:
    double = SyslogDouble(tmp_path / "log")
    yield double
    double.close()


def plan_row(
    login: str, change: Change | None = None, before: Values | None = None, skip: str = "", conflict: str = ""
) -> PlanRow:
    idle = bool(skip or conflict)
    changes = () if idle else (change or Change(STATUS, (), (b"noaccess",)),)
    befores = () if idle else (before or Values(STATUS),)
    return PlanRow(
        f"id-{login}", login, login.title(), f"uid={login},dc=example,dc=com", changes, befores, skip, conflict
    )


def plan_for(*rows: PlanRow, task: str = "disable", undoes: str | None = None) -> Plan:
    return Plan(task, task.title(), rows, Friction.COUNT, ticket="HD-7", reason="left", undoes=undoes)


def written(journal: Journal, plan: Plan, state: RowState = RowState.VERIFIED) -> str:
    """Write a batch as if it had been carried out, each row ending in one state."""
    batch = journal.open_batch(plan, KIM, NOON)
    journal.start_batch(batch, KIM, 4711, NOON)
    numbers = [number for number, row in enumerate(plan.rows, 1) if row.changes]
    journal.advance(batch, [], numbers, NOON)
    journal.advance(batch, [Closing(number, state) for number in numbers], [], NOON)
    journal.close_batch(batch, NOON)
    return batch
