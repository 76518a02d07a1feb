"""What an operator may do, by rules: whom they are for, where they hold, and which of them decides."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from mailtui.domain.account import Account, Kind, Reference, Standing
from mailtui.domain.quota import Quota
from mailtui.domain.rights import ADMINISTRATOR_TASKS, HELPDESK_TASKS, KNOWN_TASKS, OperatorRule, Role, rights_for
from mailtui.errors import Refused
from mailtui.plans.catalogue import TASKS

OLGA = "uid=olga,ou=operators,dc=example,dc=com"
DESK = Reference("1", "Help Desk", "cn=Help Desk,ou=groups,dc=example,dc=com")
NOW = datetime(2026, 1, 1, tzinfo=UTC)
QUOTA = Quota()
ANNA = Account("a", "uid=anna", "anna", "Anna", None, Kind.PERSON, Standing.ACTIVE, QUOTA, NOW)
SALES, LABS = ("people", "Sales", "EMEA"), ("people", "Research", "Labs", "Optics")


def rule(number: int = 1, **given: Any) -> OperatorRule:
    return replace(OperatorRule(number, who=OLGA, role=Role.HELPDESK), **given)


def test_without_any_rule_everything_is_allowed() -> None:
    rights = rights_for((), OLGA)
    assert not any(rights.may(task, ANNA) or rights.may_anywhere(task) for task in KNOWN_TASKS)


def test_with_rules_for_others_alone_nothing_is() -> None:
    rights = rights_for([rule(who="uid=ivan,dc=example,dc=com")], OLGA)
    assert OLGA in rights.may("unlock", ANNA)
    assert rights.may_anywhere("unlock") == rights.may("unlock", ANNA)


def test_every_task_of_the_catalogue_can_be_named_in_a_rule_and_is_somebodys() -> None:
    assert {task.name for task in TASKS} <= set(KNOWN_TASKS)
    assert not set(HELPDESK_TASKS) & set(ADMINISTRATOR_TASKS)


@pytest.mark.parametrize(
    ("role", "allowed"),
    [(Role.READ_ONLY, ()), (Role.HELPDESK, HELPDESK_TASKS), (Role.ADMINISTRATOR, (*KNOWN_TASKS, "a task of tomorrow"))],
)
def test_a_role_has_its_tasks(role: Role, allowed: tuple[str, ...]) -> None:
    rights = rights_for([rule(role=role)], OLGA)
    asked = (*KNOWN_TASKS, "a task of tomorrow")
    assert tuple(task for task in asked if not rights.may(task, ANNA)) == allowed
    assert tuple(task for task in asked if not rights.may_anywhere(task)) == allowed


def test_tasks_that_are_listed_stand_in_place_of_the_roles() -> None:
    rights = rights_for([rule(tasks=("unlock",))], OLGA)
    assert not rights.may("unlock", ANNA)
    assert rights.may("disable", ANNA) == "operators[1] (helpdesk) does not allow “disable”"
    assert rights_for([rule(tasks=())], OLGA).may("unlock", ANNA)


@pytest.mark.parametrize(
    ("unit", "path", "is_in"),
    [
        ("Sales", SALES, True),
        ("sales", SALES, True),
        ("SALES/emea", SALES, True),
        ("Sales/APAC", SALES, False),
        ("Labs", LABS, True),
        ("Research/Labs", LABS, True),
        ("Research/Labs", LABS[:2], False),
        ("Research/Labs", ("people", "Research", "Laboratories", "Optics"), False),
        ("Research", (), False),
        ("Lab", LABS, False),
    ],
)
def test_a_rule_holds_in_its_unit_and_below_whatever_the_case(unit: str, path: tuple[str, ...], is_in: bool) -> None:
    rights = rights_for([rule(units=("Nowhere", unit))], OLGA)
    why = rights.may("unlock", replace(ANNA, department_path=path))
    assert (not why) == is_in
    assert is_in or f"Nowhere, {unit}" in why


def test_the_first_rule_that_is_for_operator_and_place_decides() -> None:
    rules = [
        rule(1, role=Role.READ_ONLY, units=("Labs",)),
        rule(2, role=Role.ADMINISTRATOR, units=("Research",)),
        rule(3),
        rule(4, role=Role.ADMINISTRATOR),
    ]
    rights = rights_for(rules, OLGA)
    assert "operators[1] (read-only)" in rights.may_at("unlock", LABS)
    assert not rights.may_at("delete", LABS[:2])
    assert "operators[3] (helpdesk)" in rights.may_at("delete", SALES)
    assert not rights.may_at("unlock", SALES)
    assert not rights.may_anywhere("delete")
    assert rights_for(rules[2:], OLGA).may_anywhere("delete")


@pytest.mark.parametrize("who", [OLGA, "UID=Olga, OU=operators,dc=example, dc=com", "*"])
def test_an_operator_is_known_by_any_spelling_of_the_dn(who: str) -> None:
    assert not rights_for([rule(who=who)], OLGA).may("unlock", ANNA)


def test_who_binds_without_a_dn_is_known_by_the_name_of_the_user() -> None:
    assert not rights_for([rule(who="olga")], "olga").may("unlock", ANNA)
    assert rights_for([rule(who="olga")], OLGA).may("unlock", ANNA)


@pytest.mark.parametrize("group", ["help  desk", "Help Desk", "CN=help desk, ou=groups,dc=example,dc=com"])
def test_a_group_is_named_by_its_name_or_its_dn(group: str) -> None:
    rules = [rule(who="", group=group)]
    assert not rights_for(rules, OLGA, [DESK]).may("unlock", ANNA)
    assert rights_for(rules, OLGA, [replace(DESK, name="Desk", dn="cn=Desk,dc=example,dc=com")]).may("unlock", ANNA)
    assert rights_for(rules, OLGA).may("unlock", ANNA)


def test_a_refusal_names_the_rule_and_the_first_of_those_who_are_outside() -> None:
    rights = rights_for([rule(7, units=("Sales",))], OLGA)
    places = [("anna", SALES), *((f"b{number}", LABS) for number in range(5))]
    with pytest.raises(Refused) as refused:
        rights.check("unlock", places)
    assert "b0, b1, b2 and 2 more" in refused.value.message
    assert "operators[7] (helpdesk) is for Sales, not for people/Research/Labs/Optics" in refused.value.message
    assert "anna" not in refused.value.message
    rights.check("unlock", places[:1])


def test_what_is_allowed_nowhere_is_refused_for_nobody_in_particular_too() -> None:
    with pytest.raises(Refused, match="does not allow “delete”"):
        rights_for([rule()], OLGA).check("delete", [])
