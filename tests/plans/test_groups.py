"""Groups planned: what is asked before one comes or goes, and what a directory must have for their mail."""

from dataclasses import replace
from typing import Any

import pytest

from mailtui.directory.schemas import load_schema
from mailtui.domain.account import Reference
from mailtui.domain.entries import Act, EntryKind
from mailtui.domain.group import GroupRoom, Posting
from mailtui.domain.plan import Facts, Friction, GroupTarget, Plan
from mailtui.domain.policy import Department, Policy, Profile
from mailtui.domain.rights import OperatorRule, Role
from mailtui.domain.schema import Schema
from mailtui.errors import Refused, UsageError
from mailtui.plans.catalogue import by_name
from tests.plans.conftest import MakeTarget

PLACE = "ou=groups,dc=example,dc=com"
DEMO = load_schema("demo")


def group(members: int = 2, **values: tuple[bytes, ...]) -> GroupTarget:
    """Give a group with so many members."""
    held = {
        "member": tuple(b"uid=user%d,ou=people,dc=example,dc=com" % number for number in range(members)),
        "objectClass": (b"groupOfNames",),
        "cn": (b"team",),
        **values,
    }
    return GroupTarget("id-team", f"cn=team,{PLACE}", "team", held, whole={name.lower(): held[name] for name in held})


def planned(
    task: str, held: GroupTarget, schema: Schema = DEMO, policy: Policy | None = None, /, **answers: Any
) -> Plan:
    """Plan a task for a group."""
    facts = Facts(group=held, domains=frozenset({"example.com"}))
    return by_name(task).plan([], {"group": held.name, **answers}, facts, schema, policy or Policy())


def created(make_target: MakeTarget, schema: Schema = DEMO, facts: Facts | None = None, /, **answers: Any) -> Plan:
    """Plan a group of two."""
    room = replace(facts or Facts(domains=frozenset({"example.com"})), group_room=GroupRoom(PLACE))
    return by_name("create-group").plan(
        [make_target("ann"), make_target("bob")], {"name": "Rota", **answers}, room, schema, Policy()
    )


def test_a_new_group_has_what_was_said_and_the_classes_of_the_schema(make_target: MakeTarget) -> None:
    plan = created(make_target, description="Who is on", address="Rota@EXAMPLE.com")
    [row] = plan.rows
    assert (row.kind, row.act, row.dn) == (EntryKind.GROUP, Act.ADD, f"cn=Rota,{PLACE}")
    assert {change.attribute: change.add for change in row.changes} == {
        "objectClass": (b"groupOfNames", b"mailGroup"),
        "cn": (b"Rota",),
        "member": (b"uid=ann,ou=people,dc=example,dc=com", b"uid=bob,ou=people,dc=example,dc=com"),
        "description": (b"Who is on",),
        "mail": (b"Rota@example.com",),
    }
    assert (plan.size, plan.friction) == (2, Friction.COUNT)


def test_what_a_schema_has_no_attribute_for_is_refused(make_target: MakeTarget, schema: Schema) -> None:
    with pytest.raises(Refused, match="the address of a group"):
        created(make_target, schema, address="rota@example.com")
    assert created(make_target, schema).changing
    bare = replace(schema, group=replace(schema.group, owner=""))
    ann = make_target("ann").account
    with pytest.raises(Refused, match="the owners of a group"):
        created(make_target, bare, Facts(named={"owner": (ann,)}), owner="ann")
    with pytest.raises(Refused, match="no account"):
        created(make_target, owner="nobody")
    for task, answers in (
        ("add-group-alias", {"address": "a@example.com"}),
        ("remove-group-alias", {"address": "a@example.com"}),
        ("set-posting", {"to": "members"}),
    ):
        assert not by_name(task).is_held_by(schema)
        with pytest.raises(Refused, match="has no attribute"):
            planned(task, group(), schema, **answers)


def test_an_address_of_ours_that_nobody_has_is_asked_for(make_target: MakeTarget) -> None:
    with pytest.raises(Refused, match="not a domain of ours"):
        planned("add-group-alias", group(), address="team@elsewhere.net")
    with pytest.raises(UsageError, match="not an address"):
        planned("add-group-alias", group(), address="te am@example.com")
    ann = make_target("ann").account
    facts = Facts(domains=frozenset({"example.com"}), named={"address": (ann,)})
    with pytest.raises(Refused, match="has the address"):
        created(make_target, DEMO, facts, address="ANN@example.com")
    other = Reference("id-other", "other", f"cn=other,{PLACE}")
    facts = Facts(domains=frozenset({"example.com"}), groups_at={"news@example.com": other})
    with pytest.raises(Refused, match="The group other"):
        created(make_target, DEMO, facts, address="news@example.com")


@pytest.mark.parametrize(("members", "friction"), [(1, Friction.LIGHT), (2, Friction.COUNT), (3, Friction.GUARDED)])
def test_the_more_lose_a_group_the_more_is_asked(members: int, friction: Friction) -> None:
    plan = planned("delete-group", group(members), DEMO, Policy(batch_limit=2))
    assert (plan.size, plan.friction, plan.rows[0].act) == (members, friction, Act.DELETE)


def test_a_group_that_protects_its_members_is_guarded_and_told() -> None:
    plan = planned("delete-group", group(1), DEMO, Policy(protected=("group:TEAM",)))
    assert plan.friction is Friction.GUARDED
    assert "named-by-rules" in [caution.kind for caution in plan.warnings]


def test_one_who_can_post_is_said_in_the_words_of_the_schema() -> None:
    plan = planned("set-posting", group(mailPosting=(b"MEMBERS",)), to="owners")
    assert [caution.kind for caution in plan.warnings] == ["no-owner"]
    [row] = plan.rows
    assert [(one.attribute, one.remove, one.add) for one in row.changes] == [
        ("objectClass", (), (b"mailGroup",)),
        ("mailPosting", (b"MEMBERS",), (b"owners",)),
    ]
    assert (plan.size, plan.friction) == (1, Friction.LIGHT)
    assert not planned("set-posting", group(mailPosting=(b"MEMBERS",)), to="members").changing
    assert not planned("set-posting", group(), to="everybody").changing
    few = replace(DEMO, group=replace(DEMO.group, postings=DEMO.group.postings[:1]))
    with pytest.raises(Refused, match="has no value for") as refused:
        planned("set-posting", group(), few, to="owners")
    assert Posting.EVERYBODY in refused.value.hint


def test_the_main_address_of_a_group_goes_last() -> None:
    held = group(mail=(b"team@example.com",), mailAlternateAddress=(b"t@example.com",))
    with pytest.raises(Refused, match="main address"):
        planned("remove-group-alias", held, address="TEAM@example.com")
    assert planned("remove-group-alias", held, address="T@example.com").changing
    assert planned("remove-group-alias", group(mail=(b"team@example.com",)), address="team@example.com").changing
    assert not planned("remove-group-alias", held, address="other@example.com").changing


def test_rules_of_the_site_that_name_a_group_are_told_before_it_goes() -> None:
    policy = Policy(
        profiles=(Profile("staff", groups=("Team",)), Profile("leads", when=(("group", ("team",)),))),
        departments=(Department("Sales", groups=("other", f"CN=team,{PLACE}")),),
    )
    facts = Facts(group=group(1), operators=(OperatorRule(1, group="TEAM", role=Role.HELPDESK),))
    plan = by_name("delete-group").plan([], {"group": "team"}, facts, DEMO, policy)
    [told] = [caution.text for caution in plan.warnings if caution.kind == "named-by-rules"]
    assert all(rule in told for rule in ("operators[1]", "profile staff", "profile leads", "Sales"))
    assert plan.friction is Friction.GUARDED
