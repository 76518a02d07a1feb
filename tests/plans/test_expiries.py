"""Expire, unexpire and unlock."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from mailtui.domain.account import Standing
from mailtui.domain.change import Change
from mailtui.domain.plan import Facts
from mailtui.domain.policy import Policy
from mailtui.domain.schema import Schema
from mailtui.errors import Refused, UsageError
from mailtui.plans.catalogue import by_name
from tests.plans.conftest import MakeTarget

EXPIRES, LOCK = "expiredDate", "pwdAccountLockedTime"
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
END = datetime(2026, 12, 31, 22, 59, 59, tzinfo=UTC)


@pytest.mark.parametrize(
    ("before", "change"),
    [
        ((), Change(EXPIRES, (), (b"20261231225959Z",))),
        ((b"20300101000000Z",), Change(EXPIRES, (b"20300101000000Z",), (b"20261231225959Z",))),
        ((b"20261231235959+0100",), None),
    ],
)
def test_accounts_expire_at_the_end_of_the_day(
    before: tuple[bytes, ...], change: Change | None, schema: Schema, make_target: MakeTarget
) -> None:
    facts = Facts(ends={"on": END}, now=NOW)
    planned = by_name("expire").plan(
        [make_target("anna", {EXPIRES: before})], {"on": "2026-12-31"}, facts, schema, Policy()
    )
    assert planned.rows[0].changes == ((change,) if change else ())
    assert "2026-12-31" in planned.title


def test_a_day_that_is_over_is_refused(schema: Schema, make_target: MakeTarget) -> None:
    facts = Facts(ends={"on": NOW}, now=NOW)
    with pytest.raises(UsageError, match="over"):
        by_name("expire").plan([make_target("anna")], {"on": "2026-11-23"}, facts, schema, Policy())


def test_a_distance_is_counted_from_the_day_it_is_named() -> None:
    task = by_name("expire")
    answers = task.dated(task.answered({"on": "+30d"}), NOW.date())
    assert answers == {"on": "2026-12-24"}
    assert task.days(answers) == {"on": date(2026, 12, 24)}
    with pytest.raises(UsageError):
        task.answered({"on": "soon"})


def test_accounts_expire_no_more(schema: Schema, make_target: MakeTarget) -> None:
    targets = [make_target("anna", {EXPIRES: (b"20200101000000Z",)}), make_target("bert")]
    rows = by_name("unexpire").plan(targets, {}, Facts(), schema, Policy()).rows
    assert rows[0].changes == (Change(EXPIRES, (b"20200101000000Z",)),)
    assert rows[1].skip


@pytest.mark.parametrize(
    ("values", "standing", "lifts_all", "unlocks"),
    [
        ((b"20261124110000Z",), Standing.LOCKED, False, True),
        ((b"20261124110000Z",), Standing.DISABLED, False, True),
        ((b"000001010000Z",), Standing.DISABLED, False, False),
        ((b"000001010000Z",), Standing.DISABLED, True, True),
        ((), Standing.ACTIVE, True, False),
        ((), Standing.DISABLED, False, False),
        ((), Standing.LOCKED, False, False),
    ],
)
def test_locks_are_lifted_an_administrators_only_when_asked(
    values: tuple[bytes, ...], standing: Standing, lifts_all: bool, unlocks: bool, schema: Schema,
    make_target: MakeTarget,
) -> None:  # fmt: skip
    target = make_target("anna", {LOCK: values}, standing=standing)
    planned = by_name("unlock").plan([target], {"administrative": lifts_all}, Facts(), schema, Policy())
    assert planned.rows[0].changes == ((Change(LOCK, values),) if unlocks else ())
    assert bool(planned.warnings) is (lifts_all and unlocks)


@pytest.mark.parametrize("task", ["expire", "unexpire", "unlock"])
def test_a_directory_that_cannot_hold_it_is_told_so(task: str, schema: Schema, make_target: MakeTarget) -> None:
    without = replace(schema, account=replace(schema.account, expires="", lock=""))
    answers = {"on": "2026-12-31"} if task == "expire" else {}
    with pytest.raises(Refused, match="no attribute"):
        by_name(task).plan([make_target("anna")], answers, Facts(ends={"on": END}), without, Policy())
