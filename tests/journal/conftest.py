"""A journal in a folder of its own, and plans to write into it."""

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
    journal.start_batch(batch, KIM, NOON)
    numbers = [number for number, row in enumerate(plan.rows, 1) if row.changes]
    journal.sent(batch, numbers, NOON)
    journal.close_rows(batch, [Closing(number, state) for number in numbers], NOON)
    journal.close_batch(batch, NOON)
    return batch
