"""Aliases and the main address."""

from dataclasses import replace

import pytest

from mailtui.domain.account import Account, Reference
from mailtui.domain.change import Change
from mailtui.domain.plan import Facts, Plan, Target
from mailtui.domain.policy import Policy
from mailtui.domain.schema import Schema
from mailtui.errors import Refused, UsageError
from mailtui.plans.catalogue import by_name
from tests.plans.conftest import MakeTarget

MAIL, ALIAS = "mail", "mailAlternateAddress"
DOMAINS = frozenset({"example.com", "xn--bcher-kva.example"})
TASKS = ("add-alias", "remove-alias", "make-primary")


def known(*named: Account) -> Facts:
    return Facts(named={"address": named}, domains=DOMAINS)


def plan(task: str, targets: list[Target], address: str, schema: Schema, facts: Facts | None = None) -> Plan:
    return by_name(task).plan(targets, {"address": address}, facts or known(), schema, Policy())


@pytest.fixture
def anna(make_target: MakeTarget) -> Target:
    """An account with two aliases, one of them among its main addresses."""
    values = {MAIL: (b"anna@example.com", b"z@example.com"), ALIAS: (b"A@xn--bcher-kva.example",)}
    return make_target("anna", values, aliases=("z@example.com", "A@xn--bcher-kva.example"))


CASES = [
    ("add-alias", "b@example.com", (Change(ALIAS, (), (b"b@example.com",)),)),
    ("add-alias", "b@bücher.example", (Change(ALIAS, (), (b"b@xn--bcher-kva.example",)),)),
    ("add-alias", "陈静@example.com", (Change(ALIAS, (), ("陈静@example.com".encode(),)),)),
    ("add-alias", "Anna@example.com", ()),
    ("add-alias", "z@Example.com", ()),
    ("add-alias", "a@bücher.example", ()),
    ("remove-alias", "a@bücher.example", (Change(ALIAS, (b"A@xn--bcher-kva.example",)),)),
    ("remove-alias", "Z@example.com", (Change(MAIL, (b"z@example.com",)),)),
    ("remove-alias", "other@example.com", ()),
    (
        "make-primary",
        "a@bücher.example",
        (
            Change(MAIL, (b"anna@example.com", b"z@example.com"), (b"A@xn--bcher-kva.example",)),
            Change(ALIAS, (b"A@xn--bcher-kva.example",), (b"anna@example.com", b"z@example.com")),
        ),
    ),
    ("make-primary", "ANNA@example.com", ()),
]


@pytest.mark.parametrize(("task", "address", "changes"), CASES)
def test_an_address_comes_goes_or_leads(
    task: str, address: str, changes: tuple[Change, ...], anna: Target, schema: Schema
) -> None:
    (row,) = plan(task, [anna], address, schema).rows
    assert row.changes == changes
    assert bool(row.skip) is not bool(changes)


@pytest.mark.parametrize("task", ["add-alias", "make-primary"])
def test_what_somebody_has_is_not_given_away(task: str, anna: Target, schema: Schema, make_target: MakeTarget) -> None:
    bert = make_target("bert", aliases=("b@BÜCHER.example",)).account
    with pytest.raises(Refused, match=r"Bert \(bert\)"):
        plan(task, [anna], "B@bücher.example", schema, known(bert))
    # Whose log-in or number merely reads like it has not got the address.
    odd = make_target("b2@example.com", mail=None).account
    assert plan(task, [anna], "b2@example.com", schema, known(odd)).changing


@pytest.mark.parametrize("task", ["add-alias", "make-primary"])
@pytest.mark.parametrize(
    ("address", "failure"),
    [("b@home.net", Refused), ("b..c@example.com", UsageError), ("b@sub.example.com", Refused), ("b", UsageError)],
)
def test_what_is_none_of_ours_is_refused(
    task: str, address: str, failure: type[Exception], anna: Target, schema: Schema
) -> None:
    with pytest.raises(failure):
        plan(task, [anna], address, schema)


def test_the_main_address_is_not_taken_away(anna: Target, schema: Schema) -> None:
    with pytest.raises(Refused, match="main address") as refusal:
        plan("remove-alias", [anna], "Anna@Example.com", schema)
    assert "make-primary" in refusal.value.hint


@pytest.mark.parametrize(("task", "address"), [("add-alias", "b@example.com"), ("remove-alias", "z@example.com")])
def test_forwards_that_others_have_to_it_are_told(task: str, address: str, anna: Target, schema: Schema) -> None:
    facts = replace(known(), forwarding_to={"address": (Reference("1", "Carl", "uid=carl"),)})
    (caution,) = plan(task, [anna], address, schema, facts).warnings
    assert (caution.kind, caution.account_id) == ("forwarded-from", "id-anna")
    assert "Carl" in caution.text


@pytest.mark.parametrize("task", TASKS)
def test_it_is_done_to_one_account_in_a_directory_that_has_aliases(
    task: str, anna: Target, schema: Schema, make_target: MakeTarget
) -> None:
    with pytest.raises(Refused, match="one account"):
        plan(task, [anna, make_target("bert")], "b@example.com", schema)
    without = replace(schema, account=replace(schema.account, aliases=""))
    with pytest.raises(Refused, match="aliases"):
        plan(task, [anna], "b@example.com", without)
