"""Disable and enable, as tables of what an entry holds and what is planned for it."""

from typing import Any

import pytest

from mailtui.domain.account import Account, Standing
from mailtui.domain.change import Change, Values
from mailtui.domain.plan import Facts, Plan, Restorable, Target
from mailtui.domain.policy import Policy
from mailtui.domain.schema import AccountSchema, GroupSchema, Schema, UnitSchema
from mailtui.errors import Refused, UsageError
from mailtui.plans.catalogue import by_name
from tests.plans.conftest import MakeTarget

STATUS, FORWARDS = "accountStatus", "mailForwardingAddress"
Raw = dict[str, tuple[bytes, ...]]


def plan(task: str, targets: list[Target], schema: Schema, facts: Facts | None = None, **answers: Any) -> Plan:
    return by_name(task).plan(targets, answers, facts or Facts(), schema, Policy())


def to(account: Account) -> Facts:
    return Facts(redirect_target=account)


ACTIVE: Raw = {STATUS: (b"active",)}
FORWARDING: Raw = {STATUS: (b"active",), FORWARDS: (b"a@home.net", b"b@home.net")}

DISABLE = [
    ("an absent status", {}, {}, (Change(STATUS, (), (b"noaccess",)),)),
    ("an active status", ACTIVE, {}, (Change(STATUS, (b"active",), (b"noaccess",)),)),
    (
        "forwards are removed",
        FORWARDING,
        {},
        (Change(STATUS, (b"active",), (b"noaccess",)), Change(FORWARDS, (b"a@home.net", b"b@home.net"))),
    ),
    (
        "forwards that differ in case alone are all removed",
        {FORWARDS: (b"a@home.net", b"A@HOME.NET")},
        {},
        (Change(STATUS, (), (b"noaccess",)), Change(FORWARDS, (b"a@home.net", b"A@HOME.NET"))),
    ),
    ("forwards are kept", FORWARDING, {"keep_forwards": True}, (Change(STATUS, (b"active",), (b"noaccess",)),)),
    (
        "bounce removes forwards likewise",
        FORWARDING,
        {"delivery": "bounce"},
        (Change(STATUS, (b"active",), (b"disabled",)), Change(FORWARDS, (b"a@home.net", b"b@home.net"))),
    ),
    (
        "bounce keeps forwards",
        FORWARDING,
        {"delivery": "bounce", "keep_forwards": True},
        (Change(STATUS, (b"active",), (b"disabled",)),),
    ),
    (
        "redirect replaces forwards",
        FORWARDING,
        {"delivery": "redirect", "redirect_to": "sales@example.com"},
        (
            Change(STATUS, (b"active",), (b"noaccess",)),
            Change(FORWARDS, (b"a@home.net", b"b@home.net"), (b"heir@example.com",)),
        ),
    ),
    (
        "redirect leaves a forward that is there already",
        {FORWARDS: (b"Heir@Example.com",)},
        {"delivery": "redirect", "redirect_to": "sales@example.com"},
        (Change(STATUS, (), (b"noaccess",)),),
    ),
    ("disabled so already", {STATUS: (b"noaccess",)}, {}, ()),
    ("disabled so already, spelled otherwise", {STATUS: (b"NoAccess",)}, {}, ()),
    (
        "disabled with another delivery",
        {STATUS: (b"disabled",)},
        {"delivery": "receive"},
        (Change(STATUS, (b"disabled",), (b"noaccess",)),),
    ),
    (
        "disabled already, forwards left",
        {STATUS: (b"noaccess",), FORWARDS: (b"a@home.net",)},
        {},
        (Change(FORWARDS, (b"a@home.net",)),),
    ),
    ("deleted for good", {STATUS: (b"deleted",)}, {}, ()),
    (
        "locked by failed log-ins",
        {"pwdAccountLockedTime": (b"20260101000000Z",)},
        {},
        (Change(STATUS, (), (b"noaccess",)),),
    ),
]


@pytest.mark.parametrize(("values", "answers", "changes"), [case[1:] for case in DISABLE], ids=[c[0] for c in DISABLE])
def test_disable_changes_what_is_needed_and_no_more(
    values: Raw, answers: dict[str, Any], changes: tuple[Change, ...], schema: Schema, make_target: MakeTarget
) -> None:
    made = plan("disable", [make_target("anna", values)], schema, to(make_target("heir").account), **answers)
    (row,) = made.rows
    assert row.changes == changes
    assert bool(row.skip) is not bool(changes)
    assert row.before == tuple(Values(c.attribute, values.get(c.attribute, ())) for c in changes)


def test_a_deleted_account_is_skipped_with_its_reason(schema: Schema, make_target: MakeTarget) -> None:
    (row,) = plan("disable", [make_target("anna", {STATUS: (b"deleted",)})], schema).rows
    assert "deleted" in row.skip


def test_a_change_of_delivery_is_cautioned(schema: Schema, make_target: MakeTarget) -> None:
    made = plan("disable", [make_target("anna", {STATUS: (b"disabled",)})], schema)
    assert [caution.kind for caution in made.warnings] == ["disabled-already"]


@pytest.mark.parametrize("standing", [Standing.DISABLED, Standing.EXPIRED, Standing.PENDING])
def test_mail_is_not_redirected_to_an_account_that_is_not_active(
    standing: Standing, schema: Schema, make_target: MakeTarget
) -> None:
    heir = make_target("heir", standing=standing).account
    with pytest.raises(Refused, match="not active"):
        plan("disable", [make_target("anna")], schema, to(heir), delivery="redirect", redirect_to="heir@example.com")


def test_mail_is_not_redirected_outside(schema: Schema, make_target: MakeTarget) -> None:
    with pytest.raises(Refused, match=r"x@home\.net"):
        plan("disable", [make_target("anna")], schema, delivery="redirect", redirect_to="x@home.net")


def test_the_heir_among_the_leavers_is_cautioned_and_never_redirected_to_itself(
    schema: Schema, make_target: MakeTarget
) -> None:
    heir, anna = make_target("heir"), make_target("anna")
    made = plan("disable", [anna, heir], schema, to(heir.account), delivery="redirect", redirect_to="heir@example.com")
    assert [bool(row.changes) for row in made.rows] == [True, False]
    assert "redirect-target" in {caution.kind for caution in made.warnings}


def test_a_schema_without_a_status_refuses(make_target: MakeTarget) -> None:
    bare = Schema(
        "bare",
        "entryUUID",
        AccountSchema("(a=b)", "uid", ("cn",), "mail"),
        GroupSchema("(a=b)", "cn", "m"),
        UnitSchema("(a=b)", "ou"),
        (),
    )
    asked: list[tuple[str, dict[str, Any]]] = [("disable", {}), ("enable", {}), ("set-quota", {"to": "1GiB"})]
    for task, answers in asked:
        with pytest.raises(Refused, match="no attribute"):
            plan(task, [make_target("anna")], bare, **answers)


@pytest.mark.parametrize(
    "answers",
    [
        {"delivery": "shred"},
        {"delivery": "redirect"},
        {"delivery": "redirect", "redirect_to": "nobody"},
        {"redirect_to": "heir@example.com"},
        {"delivery": "redirect", "redirect_to": "heir@example.com", "keep_forwards": True},
    ],
)
def test_answers_that_do_not_fit_are_refused(answers: dict[str, Any], schema: Schema, make_target: MakeTarget) -> None:
    with pytest.raises(UsageError):
        plan("disable", [make_target("anna")], schema, to(make_target("heir").account), **answers)


TOOK_FORWARDS = Restorable(
    "B1", (Values(STATUS), Values(FORWARDS, (b"a@home.net",))), (Values(STATUS, (b"noaccess",)), Values(FORWARDS))
)
REDIRECTED = Restorable("B1", (Values(FORWARDS, (b"a@home.net",)),), (Values(FORWARDS, (b"heir@example.com",)),))

ENABLE = [
    (
        "the value active is written",
        {STATUS: (b"noaccess",)},
        None,
        True,
        (Change(STATUS, (b"noaccess",), (b"active",)),),
    ),
    ("deleted ones come back", {STATUS: (b"deleted",)}, None, True, (Change(STATUS, (b"deleted",), (b"active",)),)),
    ("active already", {STATUS: (b"active",)}, TOOK_FORWARDS, True, ()),
    ("absent is active", {}, TOOK_FORWARDS, True, ()),
    (
        "forwards are given back",
        {STATUS: (b"noaccess",)},
        TOOK_FORWARDS,
        True,
        (Change(STATUS, (b"noaccess",), (b"active",)), Change(FORWARDS, (), (b"a@home.net",))),
    ),
    (
        "forwards are not given back unless asked",
        {STATUS: (b"noaccess",)},
        TOOK_FORWARDS,
        False,
        (Change(STATUS, (b"noaccess",), (b"active",)),),
    ),
    (
        "forwards set since are left alone",
        {STATUS: (b"noaccess",), FORWARDS: (b"new@home.net",)},
        TOOK_FORWARDS,
        True,
        (Change(STATUS, (b"noaccess",), (b"active",)),),
    ),
    (
        "the redirect goes, the forwards come back",
        {STATUS: (b"noaccess",), FORWARDS: (b"heir@example.com",)},
        REDIRECTED,
        True,
        (
            Change(STATUS, (b"noaccess",), (b"active",)),
            Change(FORWARDS, (b"heir@example.com",), (b"a@home.net",)),
        ),
    ),
    (
        "the redirect goes even when nothing is to come back",
        {STATUS: (b"noaccess",), FORWARDS: (b"heir@example.com",)},
        REDIRECTED,
        False,
        (Change(STATUS, (b"noaccess",), (b"active",)), Change(FORWARDS, (b"heir@example.com",))),
    ),
    (
        "a redirect changed since is left alone",
        {STATUS: (b"noaccess",), FORWARDS: (b"boss@example.com",)},
        REDIRECTED,
        True,
        (Change(STATUS, (b"noaccess",), (b"active",)),),
    ),
]


@pytest.mark.parametrize(
    ("values", "done", "restore", "changes"), [case[1:] for case in ENABLE], ids=[c[0] for c in ENABLE]
)
def test_enable_changes_what_is_needed_and_no_more(
    values: Raw,
    done: Restorable | None,
    restore: bool,
    changes: tuple[Change, ...],
    schema: Schema,
    make_target: MakeTarget,
) -> None:
    facts = Facts(restorable={"id-anna": done} if done else {})
    (row,) = plan("enable", [make_target("anna", values)], schema, facts, restore=restore).rows
    assert row.changes == changes


def test_what_enable_leaves_since_it_was_changed_is_cautioned(schema: Schema, make_target: MakeTarget) -> None:
    target = make_target("anna", {STATUS: (b"noaccess",), FORWARDS: (b"new@home.net",)})
    made = plan("enable", [target], schema, Facts(restorable={"id-anna": TOOK_FORWARDS}))
    assert [caution.kind for caution in made.warnings] == ["changed-since"]


def test_enable_never_touches_a_lock(schema: Schema, make_target: MakeTarget) -> None:
    locked = make_target("anna", {"pwdAccountLockedTime": (b"20260101000000Z",)}, standing=Standing.LOCKED)
    barred = make_target("bert", {"pwdAccountLockedTime": (b"000001010000Z",)}, standing=Standing.DISABLED)
    made = plan("enable", [locked, barred], schema)
    assert not made.changing
    assert "failed log-ins" in made.rows[0].skip
    assert "administrator" in made.rows[1].skip
