"""Forward and stop forwarding."""

from dataclasses import replace
from typing import Any

import pytest

from mailtui.domain.account import Account, Delivery, Reference, Standing
from mailtui.domain.change import Change
from mailtui.domain.plan import Facts, Plan, Target
from mailtui.domain.policy import Policy
from mailtui.domain.schema import Schema
from mailtui.errors import Refused, UsageError
from mailtui.plans.catalogue import by_name
from tests.plans.conftest import MakeTarget

FORWARDS = "mailForwardingAddress"


def facts(*named: Account, passes: tuple[Target, ...] = ()) -> Facts:
    on = tuple(Reference(one.account.id, one.account.name, one.account.dn) for one in passes)
    return Facts(named={"to": named}, passed_on_to={"to": on}, domains=frozenset({"example.com"}))


def plan(
    targets: list[Target], to: str, schema: Schema, known: Facts, policy: Policy | None = None, **answers: Any
) -> Plan:
    return by_name("forward").plan(targets, {"to": to, **answers}, known, schema, policy or Policy())


@pytest.fixture
def heir(make_target: MakeTarget) -> Target:
    """An account that mail may go to."""
    return make_target("heir", aliases=("h@example.com",))


@pytest.mark.parametrize(
    ("before", "keep", "change"),
    [
        ((), False, Change(FORWARDS, (), (b"heir@example.com",))),
        ((), True, Change(FORWARDS, (), (b"anna@example.com", b"heir@example.com"))),
        ((b"x@home.net",), False, Change(FORWARDS, (b"x@home.net",), (b"heir@example.com",))),
        ((b"HEIR@example.com",), True, Change(FORWARDS, (), (b"anna@example.com",))),
        ((b"anna@example.com", b"heir@example.com"), False, Change(FORWARDS, (b"anna@example.com",))),
        ((b"HEIR@example.com",), False, None),
    ],
)
@pytest.mark.parametrize("to", ["heir@example.com", "H@example.com"])
def test_mail_goes_to_the_account_alone_and_where_asked_to_ones_own_too(
    before: tuple[bytes, ...], keep: bool, change: Change | None, to: str, heir: Target, schema: Schema,
    make_target: MakeTarget,
) -> None:  # fmt: skip
    target = make_target("anna", {FORWARDS: before})
    (row,) = plan([target], to, schema, facts(heir.account), keep_copy=keep).rows
    assert row.changes == ((change,) if change else ())


def test_an_account_of_ours_must_be_there_and_work(schema: Schema, make_target: MakeTarget, heir: Target) -> None:
    anna = make_target("anna")
    with pytest.raises(Refused, match="no address"):
        plan([anna], "nobody@example.com", schema, facts())
    for standing in (Standing.DISABLED, Standing.EXPIRED, Standing.PENDING):
        with pytest.raises(Refused, match="not active"):
            plan([anna], "heir@example.com", schema, facts(replace(heir.account, standing=standing)))
    locked = replace(heir.account, standing=Standing.LOCKED)
    assert plan([anna], "heir@example.com", schema, facts(locked)).changing
    with pytest.raises(Refused, match="several"):
        plan([anna], "heir@example.com", schema, facts(heir.account, replace(heir.account, id="2")))


@pytest.mark.parametrize(("said", "kinds"), [("warn", ["external-forwards"]), ("allow", []), ("deny", None)])
def test_outside_is_what_policy_says_of_it(
    said: str, kinds: list[str] | None, schema: Schema, make_target: MakeTarget
) -> None:
    policy = Policy(external_forward=said)
    if kinds is None:
        with pytest.raises(Refused, match="outside"):
            plan([make_target("anna")], "x@home.net", schema, facts(), policy)
        return
    planned = plan([make_target("anna")], "x@bücher.example", schema, facts(), policy)
    assert planned.rows[0].changes == (Change(FORWARDS, (), (b"x@xn--bcher-kva.example",)),)
    assert [caution.kind for caution in planned.warnings] == kinds


def test_mail_that_would_go_round_is_refused_unless_a_copy_is_kept(
    heir: Target, schema: Schema, make_target: MakeTarget
) -> None:
    anna, bert = make_target("anna"), make_target("bert")
    known = facts(heir.account, passes=(heir, anna))
    with pytest.raises(Refused, match="go round: Heir forwards on to Anna"):
        plan([bert, anna], "heir@example.com", schema, known)
    assert plan([bert, anna], "heir@example.com", schema, known, keep_copy=True).changing
    assert plan([bert], "heir@example.com", schema, known).changing


def test_nobody_forwards_to_themselves(heir: Target, schema: Schema, make_target: MakeTarget) -> None:
    rows = plan([heir, make_target("anna")], "h@example.com", schema, facts(heir.account, passes=(heir,))).rows
    assert [bool(row.skip) for row in rows] == [True, False]
    (row,) = plan([make_target("anna", mail=None)], "h@example.com", schema, facts(heir.account), keep_copy=True).rows
    assert "no address" in row.skip


def test_what_is_no_address_is_refused(schema: Schema, make_target: MakeTarget) -> None:
    for text in ("x", "x..y@home.net", "x@home"):
        with pytest.raises(UsageError):
            plan([make_target("anna")], text, schema, facts())


def test_forwarding_ends_and_the_end_of_a_redirect_is_told(schema: Schema, make_target: MakeTarget) -> None:
    targets = [
        make_target("anna", {FORWARDS: (b"x@home.net", b"anna@example.com")}),
        make_target("bert"),
        make_target("carl", {FORWARDS: (b"x@home.net",)}, standing=Standing.DISABLED, delivery=Delivery.REDIRECT),
    ]
    planned = by_name("stop-forward").plan(targets, {}, Facts(), schema, Policy())
    assert [row.login for row in planned.changing] == ["anna", "carl"]
    assert planned.rows[0].changes == (Change(FORWARDS, (b"x@home.net", b"anna@example.com")),)
    assert [(caution.kind, caution.account_id) for caution in planned.warnings] == [("redirect-ends", "id-carl")]


def test_a_directory_without_forwards_is_told_so(schema: Schema, make_target: MakeTarget) -> None:
    without = replace(schema, account=replace(schema.account, forwards=""))
    with pytest.raises(Refused, match="forwards"):
        plan([make_target("anna")], "x@home.net", without, facts())
    with pytest.raises(Refused, match="forwards"):
        by_name("stop-forward").plan([make_target("anna")], {}, Facts(), without, Policy())
