"""Commands are found by what people type, and say why they cannot be done."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from textual.widget import Widget

from mailtui.directory.schemas import load_schema
from mailtui.domain.account import Account, Kind, Standing
from mailtui.domain.quota import Quota
from mailtui.domain.rights import OperatorRule, Rights, Role
from mailtui.plans.catalogue import TASKS, by_name
from mailtui.ui import commands, keys
from mailtui.ui.commands import Command, Situation
from mailtui.ui.task_keys import ALL_KEYS

SCHEMA = load_schema("mailuser")
NODE = Widget()


@pytest.fixture(scope="module")
def table() -> list[Command]:
    """All commands of the first screen, none of whose keys hold."""
    return commands.commands(NODE, {}, Situation(1, True, SCHEMA), ALL_KEYS)


def test_every_task_and_every_key_of_the_first_screen_is_among_them(table: list[Command]) -> None:
    names = {command.id for command in table}
    assert {f"task.{task.name}" for task in TASKS} <= names
    assert {key.id for group in (keys.MAIN, keys.SEE, keys.MARKS) for key in group} - names == {
        "show.palette", "leave.back",
    }  # fmt: skip
    assert len(names) == len(table)
    assert all(command.title and command.summary for command in table)


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("disable", "task.disable"),
        ("DISA", "task.disable"),
        ("disbale", "task.disable"),
        ("join a group", "task.join"),
        ("add al", "task.add-alias"),
        ("alias add", "task.add-alias"),
        ("quota", "task.set-quota"),
        ("set-quota", "task.set-quota"),
        ("unlok", "task.unlock"),
        ("batches", "show.batches"),
        ("help", "show.help"),
        ("quit", "leave.quit"),
        ("why", "show.why"),
        ("x", "task.disable"),
        ("=", "task.set-quota"),
    ],
)
def test_what_is_typed_finds_what_is_meant(table: list[Command], typed: str, first: str) -> None:
    assert commands.found(table, typed)[0].id == first


def test_titles_in_chinese_are_found_by_their_characters_and_as_they_are_said() -> None:
    told = {"task.disable": "停用账号", "task.join": "加入群组", "task.unlock": "解锁"}
    table = [Command(name, title, "", "", "", NODE) for name, title in told.items()]
    for typed, name in (
        ("停用", "disable"),
        ("群组", "join"),
        ("jiesuo", "unlock"),
        ("jrqz", "join"),
        ("disa", "disable"),
    ):
        assert commands.found(table, typed)[0].id == f"task.{name}"


def test_nothing_is_found_by_what_is_like_nothing_and_all_by_nothing(table: list[Command]) -> None:
    assert commands.found(table, "xyzzy plugh") == []
    assert commands.found(table, "§") == []
    assert commands.found(table, "  ") == table


def test_what_cannot_be_done_says_why() -> None:
    bare = replace(SCHEMA, account=replace(SCHEMA.account, quota_limit=""))
    disable, quota = by_name("disable"), by_name("set-quota")
    alone = next(task for task in TASKS if task.one_account)
    assert commands.why_not(disable, Situation(1, True, SCHEMA)) == ""
    assert commands.why_not(disable, Situation(1, False, SCHEMA)) == "read-only"
    assert commands.why_not(disable, Situation(0, True, SCHEMA)) == "no account is chosen"
    assert commands.why_not(alone, Situation(2, True, SCHEMA)) == "one account at a time, 2 are marked"
    assert commands.why_not(quota, Situation(1, True, bare)) == "the schema mailuser has no attribute for it"


def test_what_the_operator_has_no_right_to_says_by_which_rule() -> None:
    rights = Rights("op", (OperatorRule(1, who="op", role=Role.HELPDESK),))
    situation = Situation(2, True, SCHEMA, rights)
    assert commands.why_not(by_name("disable"), situation) == ""
    assert "operators[1]" in commands.why_not(by_name("delete"), situation)
    account = Account(
        "1",
        "uid=a",
        "a",
        "A",
        None,
        Kind.PERSON,
        Standing.ACTIVE,
        Quota(),
        datetime.now(UTC),
        department_path=("Sales",),
    )
    assert "operators[1]" in commands.why_not(by_name("delete"), replace(situation, chosen=1, account=account))


def test_what_a_schema_cannot_hold_is_known_before_it_is_planned() -> None:
    plain = load_schema("inetorgperson")
    assert all(task.is_held_by(load_schema("demo")) for task in TASKS)
    lacking = {task.name for task in TASKS if not task.is_held_by(plain)}
    assert {"set-quota", "add-alias", "forward"} <= lacking
    assert not {"unlock", "expire", "join", "move"} & lacking
