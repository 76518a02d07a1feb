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


@pytest.fixture
def filled(make_target: MakeTarget) -> list[Target]:
    """Three clerks, the first and the last of whom use more than their profile allows."""
    full = Quota(limit_bytes=9 * GIB, used_bytes=8 * GIB)
    return [
        make_target(login, {QUOTA: (size(9),)}, title="Clerk", quota=quota)
        for login, quota in (("anna", full), ("bert", Quota()), ("carl", full))
    ]


@pytest.mark.parametrize("to", ["profile", "5GiB"])
def test_a_limit_that_leaves_too_little_room_names_whom(to: str, schema: Schema, filled: list[Target]) -> None:
    set_quota = by_name("set-quota")
    with pytest.raises(Refused, match="anna, carl"):
        set_quota.plan(filled, {"to": to}, Facts(), schema, STAFF)
    planned = set_quota.plan(filled, {"to": to, "force": True}, Facts(), schema, STAFF)
    assert [caution.account_id for caution in planned.warnings] == ["id-anna", "id-carl"]


def test_who_uses_more_than_their_profile_allows_is_left_out_and_the_rest_is_done(
    schema: Schema, filled: list[Target]
) -> None:
    plan = by_name("apply-profile").plan(filled, {}, Facts(), schema, STAFF)
    assert [row.login for row in plan.changing] == ["bert"]
    assert plan.accounts == 1
    assert "already uses 8 GiB, more than the 5 GiB" in plan.rows[0].skip
    assert [caution.text for caution in plan.warnings] == [
        "Anna, Carl use more than is allotted and are left as they are; --force applies it all the same"
    ]
    forced = by_name("apply-profile").plan(filled, {"force": True}, Facts(), schema, STAFF)
    assert [row.login for row in forced.changing] == ["anna", "bert", "carl"]
    assert [caution.account_id for caution in forced.warnings] == ["id-anna", "id-carl"]


def test_who_has_the_limit_already_is_not_left_out_for_using_more(schema: Schema, make_target: MakeTarget) -> None:
    policy = replace(STAFF, profiles=(replace(STAFF.profiles[2], services=("imap",)),))
    over = make_target(
        "anna",
        {QUOTA: (size(5),), "enabledService": (b"pop3",)},
        title="Clerk",
        quota=Quota(5 * GIB, used_bytes=6 * GIB),
    )
    (row,) = by_name("apply-profile").plan([over], {}, Facts(), schema, policy).rows
    assert [change.attribute for change in row.changes] == ["enabledService"]


def test_a_directory_without_quotas_is_told_so(schema: Schema, make_target: MakeTarget) -> None:
    without = replace(schema, account=replace(schema.account, quota_limit=""))
    with pytest.raises(Refused, match="quota"):
        plan([make_target("anna", title="Clerk")], "profile", without)
    (row,) = by_name("apply-profile").plan([make_target("anna", title="Clerk")], {}, Facts(), without, STAFF).rows
    assert "staff" in row.skip
