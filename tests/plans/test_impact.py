"""What a plan warns of, how much asking it needs, and what policy lets through."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from mailtui.domain.account import Kind, Reference
from mailtui.domain.plan import Facts, Friction, Plan, Target
from mailtui.domain.policy import Policy, Profile
from mailtui.domain.protection import Protection
from mailtui.domain.schema import Schema
from mailtui.errors import Refused
from mailtui.plans.catalogue import by_name
from mailtui.plans.friction import check_policy
from tests.plans.conftest import MakeTarget

EXECUTIVES = Policy(profiles=(Profile("executive", (("title", ("CEO", "*Director*")),), protected=True),))
GROUP = (Reference("g", "Sales", "cn=sales,dc=example,dc=com"),)


def disable(targets: list[Target], schema: Schema, facts: Facts | None = None, policy: Policy | None = None) -> Plan:
    return by_name("disable").plan(targets, {}, facts or Facts(), schema, policy or Policy())


FACTS = [
    ("sole-owner", Facts(sole_owner_of={"id-anna": GROUP}), "Anna alone owns Sales"),
    ("last-member", Facts(last_member_of={"id-anna": GROUP}), "Sales"),
    ("last-seat", Facts(last_seat_of={"id-anna": GROUP}), "Sales"),
    ("forwarded-from", Facts(forwarded_from={"id-anna": GROUP}), "forwarded to Anna"),
    ("manager", Facts(manages={"id-anna": 12}), "12 accounts"),
]


@pytest.mark.parametrize(("kind", "facts", "text"), FACTS, ids=[case[0] for case in FACTS])
def test_each_effect_is_warned_of_with_what_it_rests_on(
    kind: str, facts: Facts, text: str, schema: Schema, make_target: MakeTarget
) -> None:
    (caution,) = disable([make_target("anna"), make_target("bert")], schema, facts).warnings
    assert (caution.kind, caution.account_id) == (kind, "id-anna")
    assert text in caution.text
    assert caution.basis


def test_own_forwards_are_named_and_those_outside_apart(schema: Schema, make_target: MakeTarget) -> None:
    forwards = (b"bert@example.com", b"anna@rival.net")
    made = disable([make_target("anna", {"mailForwardingAddress": forwards})], schema)
    texts = {caution.kind: caution.text for caution in made.warnings}
    assert "bert@example.com, anna@rival.net" in texts["forwards"]
    assert "anna@rival.net" in texts["external-forwards"]
    assert "bert@example.com" not in texts["external-forwards"]


@pytest.mark.parametrize("kind", [Kind.SHARED, Kind.SERVICE])
def test_an_account_that_is_no_person_is_warned_of(kind: Kind, schema: Schema, make_target: MakeTarget) -> None:
    assert [caution.kind for caution in disable([make_target("anna", kind=kind)], schema).warnings] == ["kind"]


def test_an_account_that_nothing_happens_to_is_not_warned_of(schema: Schema, make_target: MakeTarget) -> None:
    made = disable(
        [make_target("anna", {"accountStatus": (b"noaccess",)}, title="CEO")],
        schema,
        Facts(manages={"id-anna": 3}),
        EXECUTIVES,
    )
    assert (made.warnings, made.friction) == ((), Friction.LIGHT)


@pytest.mark.parametrize(
    ("count", "title", "friction"),
    [
        (1, "Clerk", "light"),
        (2, "Clerk", "count"),
        (3, "Clerk", "count"),
        (4, "Clerk", "guarded"),
        (1, "Sales Director", "guarded"),
    ],
)
def test_friction_grows_with_what_may_be_hurt(
    count: int, title: str, friction: str, schema: Schema, make_target: MakeTarget
) -> None:
    policy = replace(EXECUTIVES, batch_limit=3)
    targets = [make_target(f"user{number}", title=title) for number in range(count)]
    assert disable(targets, schema, policy=policy).friction == friction


def test_a_protected_account_is_warned_of_by_every_task(schema: Schema, make_target: MakeTarget) -> None:
    for task, answers in (("disable", {}), ("set-quota", {"to": "1GiB"})):
        made = by_name(task).plan([make_target("anna", title="CEO")], answers, Facts(), schema, EXECUTIVES)
        assert [caution.kind for caution in made.warnings] == ["protected"]


BY_GROUP = Facts(protection=Protection(why={"id-anna": "group board"}))
UNKNOWN = Facts(protection=Protection(unknown=("group bord",)))
TASKS = [("disable", {}), ("set-quota", {"to": "1GiB"})]


@pytest.mark.parametrize(("task", "answers"), TASKS, ids=["disable", "set-quota"])
def test_one_whom_a_rule_protects_guards_the_plan_and_the_rule_is_named(
    task: str, answers: Mapping[str, str], schema: Schema, make_target: MakeTarget
) -> None:
    made = by_name(task).plan([make_target("anna"), make_target("bert")], answers, BY_GROUP, schema, Policy())
    (caution,) = made.warnings
    assert made.friction is Friction.GUARDED
    assert (caution.kind, caution.account_id, caution.text) == (
        "protected",
        "id-anna",
        "Anna is protected: group board",
    )


def test_a_rule_guards_no_plan_without_the_one_it_protects(schema: Schema, make_target: MakeTarget) -> None:
    made = disable([make_target("bert")], schema, BY_GROUP)
    assert (made.warnings, made.friction) == ((), Friction.LIGHT)
    done = make_target("anna", {"accountStatus": (b"noaccess",)})
    assert disable([done, make_target("bert")], schema, BY_GROUP).friction is Friction.LIGHT


def test_a_profile_is_protected_by_a_rule_that_names_it(schema: Schema, make_target: MakeTarget) -> None:
    policy = Policy(protected=("profile:BOARD",), profiles=(Profile("board", (("title", ("CEO",)),)),))
    made = disable([make_target("anna", title="CEO")], schema, policy=policy)
    assert [caution.text for caution in made.warnings] == ["Anna is protected: profile board"]
    assert made.friction is Friction.GUARDED
    assert disable([make_target("anna", title="Clerk")], schema, policy=policy).friction is Friction.LIGHT


def test_while_a_rule_names_what_is_not_known_every_change_is_guarded_and_says_so(
    schema: Schema, make_target: MakeTarget
) -> None:
    made = disable([make_target("anna")], schema, UNKNOWN)
    (caution,) = made.warnings
    assert (caution.kind, caution.account_id, made.friction) == ("protection-unknown", None, Friction.GUARDED)
    assert "group bord" in caution.text
    with pytest.raises(Refused, match="ticket"):
        check_policy(made, Policy())
    nothing = disable([make_target("anna", {"accountStatus": (b"noaccess",)})], schema, UNKNOWN)
    assert (nothing.warnings, nothing.friction) == ((), Friction.LIGHT)


TICKETS = Policy(ticket_required=True, ticket_pattern="HD-[0-9]+")


@pytest.mark.parametrize(
    ("policy", "ticket", "title", "allowed"),
    [
        (Policy(), "", "Clerk", True),
        (Policy(read_only=True), "HD-1", "Clerk", False),
        (TICKETS, "", "Clerk", False),
        (TICKETS, "HD-", "Clerk", False),
        (TICKETS, "xHD-1", "Clerk", False),
        (TICKETS, "HD-1", "Clerk", True),
        (replace(TICKETS, ticket_required=False), "nonsense", "Clerk", False),
        (EXECUTIVES, "", "CEO", False),
        (EXECUTIVES, "anything", "CEO", True),
    ],
)
def test_policy_lets_a_plan_through_or_refuses_it(
    policy: Policy, ticket: str, title: str, allowed: bool, schema: Schema, make_target: MakeTarget
) -> None:
    made = replace(disable([make_target("anna", title=title)], schema, policy=policy), ticket=ticket)
    if allowed:
        check_policy(made, policy)
    else:
        with pytest.raises(Refused):
            check_policy(made, policy)


def test_a_plan_that_changes_nothing_needs_no_ticket(schema: Schema, make_target: MakeTarget) -> None:
    check_policy(disable([make_target("anna", {"accountStatus": (b"noaccess",)})], schema), TICKETS)
