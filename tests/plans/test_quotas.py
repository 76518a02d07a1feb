"""Set quota, as a table of limits before, answers and limits after."""

from dataclasses import replace

import pytest

from mailtui.domain.change import Change
from mailtui.domain.plan import Facts, Plan, Target
from mailtui.domain.policy import Policy, Profile
from mailtui.domain.quota import Quota
from mailtui.domain.schema import Schema
from mailtui.errors import Refused, UsageError
from mailtui.plans.catalogue import by_name
from tests.plans.conftest import MakeTarget

QUOTA = "mailQuota"
GIB = 1 << 30


def size(gib: int) -> bytes:
    return str(gib * GIB).encode()


def plan(targets: list[Target], to: str, schema: Schema, *, force: bool = False) -> Plan:
    return by_name("set-quota").plan(targets, {"to": to, "force": force}, Facts(), schema, Policy())


CASES = [
    ((), "10GiB", Change(QUOTA, (), (size(10),))),
    ((size(5),), "10GiB", Change(QUOTA, (size(5),), (size(10),))),
    ((size(5),), " 10 gb ", Change(QUOTA, (size(5),), (size(10),))),
    ((size(5),), "+2GiB", Change(QUOTA, (size(5),), (size(7),))),
    ((size(5),), "-1GiB", Change(QUOTA, (size(5),), (size(4),))),
    ((size(5),), "unlimited", Change(QUOTA, (size(5),), (b"0",))),
    ((size(5),), "default", Change(QUOTA, (size(5),))),
    ((b"0",), "1GiB", Change(QUOTA, (b"0",), (size(1),))),
    ((size(5), size(6)), "10GiB", Change(QUOTA, (size(5), size(6)), (size(10),))),
    ((size(10),), "10GiB", None),
    ((b"010737418240",), "10GiB", None),
    ((b"0",), "unlimited", None),
    ((), "default", None),
]


@pytest.mark.parametrize(("before", "to", "change"), CASES)
def test_the_limit_becomes_what_was_asked(
    before: tuple[bytes, ...], to: str, change: Change | None, schema: Schema, make_target: MakeTarget
) -> None:
    (row,) = plan([make_target("anna", {QUOTA: before})], to, schema).rows
    assert row.changes == ((change,) if change else ())
    assert bool(row.skip) is (change is None)


@pytest.mark.parametrize("before", [(), (b"0",), (b"much",)])
def test_a_difference_needs_a_known_limit(before: tuple[bytes, ...], schema: Schema, make_target: MakeTarget) -> None:
    with pytest.raises(Refused, match="anna"):
        plan([make_target("anna", {QUOTA: before})], "+1GiB", schema)


@pytest.mark.parametrize("to", ["-5GiB", "-6GiB"])
def test_a_limit_never_becomes_nothing(to: str, schema: Schema, make_target: MakeTarget) -> None:
    with pytest.raises(Refused, match="no room"):
        plan([make_target("anna", {QUOTA: (size(5),)})], to, schema)


@pytest.mark.parametrize("to", ["0", "+0", "much", "", "--1GiB", "+-1GiB", "-unlimited"])
def test_what_is_no_size_is_refused(to: str, schema: Schema, make_target: MakeTarget) -> None:
    with pytest.raises(UsageError):
        plan([make_target("anna", {QUOTA: (size(5),)})], to, schema)


@pytest.mark.parametrize(
    ("to", "cautions"), [("2GiB", ["over-quota"]), ("3GiB", []), ("unlimited", []), ("-3GiB", ["over-quota"])]
)
def test_a_limit_below_the_use_is_refused_unless_forced(
    to: str, cautions: list[str], schema: Schema, make_target: MakeTarget
) -> None:
    target = make_target("anna", {QUOTA: (size(5),)}, quota=Quota(limit_bytes=5 * GIB, used_bytes=3 * GIB))
    if cautions:
        with pytest.raises(Refused, match=r"already uses 3 GiB, more than 2 GiB"):
            plan([target], to, schema)
    assert [caution.kind for caution in plan([target], to, schema, force=True).warnings] == cautions


STAFF = Policy(
    profiles=(
        Profile("executive", (("title", ("CEO",)),), 50 * GIB),
        Profile("guest", (("title", ("Guest",)),)),
        Profile("staff", (("title", ("*",)),), 5 * GIB),
    )
)


@pytest.mark.parametrize("task", ["set-quota", "apply-profile"])
def test_accounts_are_brought_to_what_their_profiles_say(task: str, schema: Schema, make_target: MakeTarget) -> None:
    answers: dict[str, str] = {"to": "profile"} if task == "set-quota" else {}
    policy = replace(STAFF, profiles=STAFF.profiles[:2])
    targets = [
        make_target("ceo", {QUOTA: (size(10),)}, title="CEO"),
        make_target("vip", {QUOTA: (size(50),)}, title="CEO"),
        make_target("guest", {QUOTA: (size(10),)}, title="Guest"),
        make_target("clerk", {QUOTA: (size(10),)}, title="Clerk"),
    ]
    rows = by_name(task).plan(targets, answers, Facts(), schema, policy).rows
    assert [row.changes for row in rows] == [(Change(QUOTA, (size(10),), (size(50),)),), (), (), ()]
    assert [bool(row.skip) for row in rows] == [False, True, True, True]
    assert "executive" in rows[1].skip
    assert "guest" in rows[2].skip
    assert "no profile" in rows[3].skip


@pytest.mark.parametrize("task", ["set-quota", "apply-profile"])
def test_a_profile_that_leaves_too_little_room_names_whom(task: str, schema: Schema, make_target: MakeTarget) -> None:
    answers: dict[str, str] = {"to": "profile"} if task == "set-quota" else {}
    full = Quota(limit_bytes=9 * GIB, used_bytes=8 * GIB)
    targets = [
        make_target(login, {QUOTA: (size(9),)}, title="Clerk", quota=quota)
        for login, quota in (("anna", full), ("bert", Quota()), ("carl", full))
    ]
    with pytest.raises(Refused, match="anna, carl"):
        by_name(task).plan(targets, answers, Facts(), schema, STAFF)
    planned = by_name(task).plan(targets, {**answers, "force": True}, Facts(), schema, STAFF)
    assert [caution.account_id for caution in planned.warnings] == ["id-anna", "id-carl"]


def test_a_directory_without_quotas_is_told_so(schema: Schema, make_target: MakeTarget) -> None:
    without = replace(schema, account=replace(schema.account, quota_limit=""))
    with pytest.raises(Refused, match="quota"):
        plan([make_target("anna", title="Clerk")], "profile", without)
    (row,) = by_name("apply-profile").plan([make_target("anna", title="Clerk")], {}, Facts(), without, STAFF).rows
    assert "staff" in row.skip
