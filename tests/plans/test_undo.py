"""Undo, as a table of what a batch did and what the entry holds now."""

from datetime import UTC, datetime

import pytest

from mailtui.domain.batch import Batch, BatchRow, BatchState, RowState
from mailtui.domain.change import Change, Values
from mailtui.domain.plan import Facts, Friction
from mailtui.domain.policy import Policy
from mailtui.domain.protection import Protection
from mailtui.domain.schema import Schema
from mailtui.errors import NothingToDo
from mailtui.plans.undo import plan_undo
from tests.plans.conftest import MakeTarget

STATUS, FORWARDS = "accountStatus", "mailForwardingAddress"
BEFORE = (Values(STATUS, (b"active",)), Values(FORWARDS, (b"a@home.net",)))
CHANGES = (Change(STATUS, (b"active",), (b"noaccess",)), Change(FORWARDS, (b"a@home.net",), (b"heir@example.com",)))
BACK = tuple(change.reversed() for change in CHANGES)
Raw = dict[str, tuple[bytes, ...]]


def row(
    state: RowState,
    number: int = 1,
    login: str = "anna",
    before: tuple[Values, ...] | None = BEFORE,
    found: tuple[Values, ...] = (),
) -> BatchRow:
    return BatchRow(number, f"id-{login}", login, login.title(), f"uid={login}", state, "", CHANGES, before, found)


def batch(*rows: BatchRow, undoes: str | None = None) -> Batch:
    counts = {state: sum(row.state is state for row in rows) for state in RowState}
    return Batch(
        "B7", BatchState.PARTIAL, "disable", "HD-1", "", "kim", datetime(2026, 1, 1, tzinfo=UTC), counts,
        undoes=undoes, rows=rows,
    )  # fmt: skip


PLANNED: Raw = {STATUS: (b"noaccess",), FORWARDS: (b"heir@example.com",)}
UNTOUCHED: Raw = {STATUS: (b"active",), FORWARDS: (b"a@home.net",)}
HALF: Raw = {STATUS: (b"noaccess",), FORWARDS: ()}
HALF_FOUND = tuple(Values(name, values) for name, values in HALF.items())

UNDO = [
    ("as the batch left it", RowState.VERIFIED, (), PLANNED, BACK, ""),
    ("spelled otherwise", RowState.VERIFIED, (), {STATUS: (b"NoAccess",), FORWARDS: (b"heir@example.com",)},
     (Change(STATUS, (b"NoAccess",), (b"active",)), BACK[1]), ""),
    ("as it was before", RowState.VERIFIED, (), UNTOUCHED, (), ""),
    ("one attribute is back already", RowState.VERIFIED, (), {**UNTOUCHED, STATUS: (b"noaccess",)}, BACK[:1], ""),
    ("changed since", RowState.VERIFIED, (), {**PLANNED, FORWARDS: (b"boss@example.com",)}, (), "boss@example.com"),
    ("removed since", RowState.VERIFIED, (), {**PLANNED, FORWARDS: ()}, (), "absent"),
    ("sent, and applied", RowState.SENT, (), PLANNED, BACK, ""),
    ("sent, and not applied", RowState.SENT, (), UNTOUCHED, (), ""),
    ("sent, and neither", RowState.SENT, (), HALF, (), "absent"),
    ("applied in part", RowState.DRIFTED, HALF_FOUND, HALF, (BACK[0], Change(FORWARDS, (), (b"a@home.net",))), ""),
    ("applied in part, then changed", RowState.DRIFTED, HALF_FOUND, {**HALF, FORWARDS: (b"x@y.z",)}, (), "x@y.z"),
    ("drifted to somebody else's value", RowState.DRIFTED, (Values(FORWARDS, (b"x@y.z",)),),
     {**PLANNED, FORWARDS: (b"x@y.z",)}, (), "x@y.z"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("state", "found", "now", "changes", "conflict"), [c[1:] for c in UNDO], ids=[c[0] for c in UNDO]
)
def test_undo_restores_what_the_batch_left_and_reports_the_rest(
    state: RowState,
    found: tuple[Values, ...],
    now: Raw,
    changes: tuple[Change, ...],
    conflict: str,
    schema: Schema,
    make_target: MakeTarget,
) -> None:
    made = plan_undo(batch(row(state, found=found)), {"id-anna": make_target("anna", now)}, Facts(), schema, Policy())
    assert (made.task, made.undoes) == ("undo", "B7")
    assert made.rows[0].changes == changes
    assert conflict in made.rows[0].conflict
    assert bool(made.rows[0].conflict) is bool(conflict)
    assert bool(made.rows[0].skip) is not bool(changes or conflict)


def test_undo_leaves_out_what_was_never_applied(schema: Schema, make_target: MakeTarget) -> None:
    states = (RowState.PLANNED, RowState.CONFLICT, RowState.FAILED, RowState.SKIPPED, RowState.VERIFIED)
    rows = [row(state, number, f"user{number}") for number, state in enumerate(states, 1)]
    targets = {one.account_id: make_target(one.login, PLANNED) for one in rows}
    made = plan_undo(batch(*rows), targets, Facts(), schema, Policy())
    assert [one.login for one in made.rows] == ["user5"]
    assert made.friction is Friction.LIGHT


def test_undo_of_nothing_is_nothing_to_do(schema: Schema) -> None:
    with pytest.raises(NothingToDo):
        plan_undo(batch(row(RowState.FAILED)), {}, Facts(), schema, Policy())


def test_undo_reports_an_entry_that_is_gone_and_one_whose_values_were_purged(
    schema: Schema, make_target: MakeTarget
) -> None:
    rows = (row(RowState.VERIFIED), row(RowState.VERIFIED, 2, "bert", before=None))
    made = plan_undo(batch(*rows), {"id-bert": make_target("bert", PLANNED)}, Facts(), schema, Policy())
    assert ["gone" in made.rows[0].conflict, "no longer kept" in made.rows[1].conflict] == [True, True]
    assert not made.changing


def test_an_undo_is_guarded_like_what_it_takes_back(schema: Schema, make_target: MakeTarget) -> None:
    facts = Facts(protection=Protection(why={"id-anna": "group board"}))
    made = plan_undo(batch(row(RowState.VERIFIED)), {"id-anna": make_target("anna", PLANNED)}, facts, schema, Policy())
    assert made.friction is Friction.GUARDED
    assert [caution.text for caution in made.warnings] == ["Anna is protected: group board"]
