"""Set quota, as a table of limits before, answers and limits after."""

import pytest

from mailtui.domain.change import Change
from mailtui.domain.plan import Facts, Plan, Target
from mailtui.domain.policy import Policy
from mailtui.domain.quota import Quota
from mailtui.domain.schema import Schema
from mailtui.errors import Refused, UsageError
from mailtui.plans.catalogue import by_name
from tests.plans.conftest import MakeTarget

QUOTA = "mailQuota"
GIB = 1 << 30


def size(gib: int) -> bytes:
    return str(gib * GIB).encode()


def plan(targets: list[Target], to: str, schema: Schema) -> Plan:
    return by_name("set-quota").plan(targets, {"to": to}, Facts(), schema, Policy())


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
def test_a_limit_below_the_use_is_cautioned(
    to: str, cautions: list[str], schema: Schema, make_target: MakeTarget
) -> None:
    target = make_target("anna", {QUOTA: (size(5),)}, quota=Quota(limit_bytes=5 * GIB, used_bytes=3 * GIB))
    assert [caution.kind for caution in plan([target], to, schema).warnings] == cautions
