"""Accounts are not deleted while a rule keeps them, and never while they are on hold."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from mailtui.domain.account import Standing
from mailtui.domain.plan import Facts, Plan, Restorable, Target
from mailtui.domain.policy import Policy, Profile
from mailtui.domain.protection import Protection
from mailtui.domain.schema import Schema
from mailtui.errors import Refused
from mailtui.plans.catalogue import by_name
from tests.plans.conftest import MakeTarget

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
STAFF = Policy(profiles=(Profile("staff", (("login", ("*",)),), retention_days=30),))


def facts(days: float | None = None, **known: Any) -> Facts:
    """Give what is known of Anna, who was disabled so many days ago."""
    done = {} if days is None else {"id-anna": Restorable("B1", (), (), NOW - timedelta(days=days))}
    return Facts(now=NOW, restorable=done, **known)


def delete(targets: list[Target], schema: Schema, known: Facts, policy: Policy = STAFF, **answers: Any) -> Plan:
    return by_name("delete").plan(targets, answers, known, schema, policy)


KEPT: list[tuple[dict[str, Any], float | None, str]] = [
    ({"standing": Standing.DISABLED}, 29, "until 2026-11-21: 30 days"),
    ({"standing": Standing.ACTIVE}, None, "is not disabled yet"),
    ({"standing": Standing.ACTIVE}, 99, "is not disabled yet"),
    ({"standing": Standing.LOCKED}, None, "is not disabled yet"),
    ({"standing": Standing.EXPIRED, "expires": NOW - timedelta(days=3)}, None, "until 2026-12-17"),
]


@pytest.mark.parametrize(("fields", "days", "why"), KEPT)
def test_who_is_to_be_kept_is_deleted_only_if_forced(
    fields: dict[str, Any], days: float | None, why: str, schema: Schema, make_target: MakeTarget
) -> None:
    anna = [make_target("anna", **fields)]
    with pytest.raises(Refused, match=why) as refused:
        delete(anna, schema, facts(days))
    assert "profile staff" in refused.value.message
    assert "--force" in refused.value.hint
    assert "kept" in [caution.kind for caution in delete(anna, schema, facts(days), force=True).warnings]
    assert delete(anna, schema, facts(days), Policy()).changing


@pytest.mark.parametrize(
    ("fields", "days", "kinds"),
    [
        ({"standing": Standing.DISABLED}, 31, ["for-good"]),
        ({"standing": Standing.DISABLED}, None, ["for-good", "kept-unknown"]),
        ({"standing": Standing.PENDING}, None, ["for-good"]),
        ({"standing": Standing.EXPIRED, "expires": NOW - timedelta(days=31)}, None, ["for-good"]),
    ],
)
def test_who_was_kept_long_enough_goes_and_what_is_not_known_is_told(
    fields: dict[str, Any], days: float | None, kinds: list[str], schema: Schema, make_target: MakeTarget
) -> None:
    plan = delete([make_target("anna", **fields)], schema, facts(days))
    assert [caution.kind for caution in plan.warnings] == kinds


HELD: list[tuple[Facts, Policy, str]] = [
    (facts(holds=Protection({"id-anna": "group lawsuit"})), Policy(), "Anna is on hold .*: group lawsuit"),
    (facts(), Policy(profiles=STAFF.profiles, holds=("profile:STAFF",)), "Anna is on hold .*: profile staff"),
    (facts(holds=Protection(unknown=("group lawsiut",))), Policy(), "Anybody may be on hold: .*lawsiut"),
]


@pytest.mark.parametrize(("known", "policy", "why"), HELD)
def test_who_is_on_hold_is_not_deleted_even_if_forced(
    known: Facts, policy: Policy, why: str, schema: Schema, make_target: MakeTarget
) -> None:
    with pytest.raises(Refused, match=why) as refused:
        delete([make_target("anna"), make_target("bert")], schema, known, policy, force=True)
    assert refused.value.hint
