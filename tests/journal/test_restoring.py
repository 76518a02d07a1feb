"""What the last disable took away: known until the account is enabled, or the disable undone."""

import pytest

from mailtui.domain.batch import RowState
from mailtui.domain.change import Change, Values
from mailtui.domain.plan import Plan, Restorable
from mailtui.journal.log import Journal
from tests.journal.conftest import FORWARDS, STATUS, plan_for, plan_row, written

OWN, HEIR = b"anna@home.net", b"heir@example.com"


def disable(
    before: bytes | None = OWN, after: bytes | None = None, task: str = "disable", undoes: str | None = None
) -> Plan:
    gone, come = (() if value is None else (value,) for value in (before, after))
    return plan_for(plan_row("anna", Change(FORWARDS, gone, come), Values(FORWARDS, gone)), task=task, undoes=undoes)


def restorable(batch: str, before: bytes | None, left: bytes | None) -> Restorable:
    values = [Values(FORWARDS, () if value is None else (value,)) for value in (before, left)]
    return Restorable(batch, (values[0],), (values[1],))


ENABLE = plan_for(
    plan_row("anna", Change(STATUS, (b"noaccess",), (b"active",)), Values(STATUS, (b"noaccess",))), task="enable"
)
QUOTA = plan_for(plan_row("anna", Change("mailQuota", (), (b"1",)), Values("mailQuota")), task="set-quota")

CASES = [
    ("a disable", [disable()], restorable("B1", OWN, None)),
    ("a redirect", [disable(OWN, HEIR)], restorable("B1", OWN, HEIR)),
    ("another task since", [disable(), QUOTA], restorable("B1", OWN, None)),
    ("enabled since", [disable(), ENABLE], None),
    ("undone", [disable(), disable(None, OWN, "undo", "B1")], None),
    (
        "the undo undone",
        [disable(), disable(None, OWN, "undo", "B1"), disable(OWN, None, "undo", "B2")],
        restorable("B1", OWN, None),
    ),
    ("two in a row reach back to the first", [disable(), disable(None, HEIR)], restorable("B2", OWN, HEIR)),
    ("two in a row, a change in between", [disable(), disable(b"x@y.z", HEIR)], restorable("B2", b"x@y.z", HEIR)),
    (
        "the second of two undone",
        [disable(), disable(None, HEIR), disable(HEIR, None, "undo", "B2")],
        restorable("B1", OWN, None),
    ),
    ("no disable at all", [QUOTA], None),
]


@pytest.mark.parametrize(("plans", "expected"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_the_last_disable_that_holds_is_known(plans: list[Plan], expected: Restorable | None, journal: Journal) -> None:
    for plan in plans:
        written(journal, plan)
    assert journal.last_disable(["id-anna", "id-nobody"]) == ({"id-anna": expected} if expected else {})


@pytest.mark.parametrize("state", [RowState.FAILED, RowState.CONFLICT])
def test_a_disable_that_was_not_written_took_nothing(state: RowState, journal: Journal) -> None:
    written(journal, disable(), state)
    assert journal.last_disable(["id-anna"]) == {}


def test_each_account_has_its_own(journal: Journal) -> None:
    logins = [f"user{number}" for number in range(1200)]
    written(journal, plan_for(*map(plan_row, logins)))
    assert len(journal.last_disable([f"id-{login}" for login in logins])) == 1200
