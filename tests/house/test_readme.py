"""The README says what is: its verbs, options, keys, codes and files are those of the program."""

import re
from pathlib import Path

import typer

from mailtui import errors
from mailtui.cli.app import application
from mailtui.config import DirectoryConfig, MailStoreConfig
from mailtui.config.allotments import CONDITIONS, DEPARTMENT_KEYS, PROFILE_KEYS
from mailtui.config.operators import OPERATOR_KEYS
from mailtui.domain.patterns import FIELDS
from mailtui.domain.policy import Policy
from mailtui.domain.rights import ADMINISTRATOR_TASKS, Role
from mailtui.plans.catalogue import TASKS
from mailtui.ui import keys

CHECKOUT = Path(__file__).parents[2]
README = (CHECKOUT / "README.md").read_text(encoding="utf-8")


def test_the_two_commands_are_the_only_ones_to_set_up() -> None:
    indented = [line.strip() for line in README.split("## First connection")[0].splitlines() if line.startswith("    ")]
    assert indented == [
        "python3 -m venv .venv && .venv/bin/pip install . && .venv/bin/mailtui demo",
        "tests/run",
    ]


def test_every_verb_stands_in_it_and_no_other() -> None:
    command = typer.main.get_command(application())
    verbs = set(command.commands)  # type: ignore[attr-defined]
    named = set(re.findall(r"`mailtui ([a-z-]+)", README))
    assert named - {"journal"} == verbs - {"journal"}
    for verb in command.commands["journal"].commands:  # type: ignore[attr-defined]
        assert f"`mailtui journal {verb}`" in README


def test_every_task_and_its_key_stand_in_it() -> None:
    for task in TASKS:
        assert f"`mailtui {task.name}" in README
        assert not task.key or f"| `{task.key}` |" in README, task.name


def test_every_config_key_stands_in_it() -> None:
    sections = (DirectoryConfig, Policy, MailStoreConfig)
    for name in (name for section in sections for name in section.__dataclass_fields__):
        if name not in {"sync", "profiles", "departments", "lock_after_minutes"}:
            assert f"`{name}`" in README, name


def test_every_key_of_profiles_and_departments_stands_in_it() -> None:
    for name in (*PROFILE_KEYS, *DEPARTMENT_KEYS, *CONDITIONS, *map("{{{}}}".format, FIELDS)):
        assert f"`{name}`" in README, name


def test_every_key_and_role_of_operators_and_what_is_an_administrators_alone_stand_in_it() -> None:
    for name in (*OPERATOR_KEYS, *Role, *ADMINISTRATOR_TASKS):
        assert f"`{name}`" in README, name


def test_every_exit_code_stands_in_it() -> None:
    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, errors.MailtuiError)]
    for code in {kind.exit_code for kind in kinds}:
        assert f"\n| {code} | " in README


def test_what_it_points_to_is_there() -> None:
    for target in re.findall(r"\]\(([^)#:]+)\)", README):
        assert (CHECKOUT / target).exists(), target


def test_every_key_of_the_console_stands_in_it() -> None:
    for table in (keys.CURSOR, keys.PANES, keys.TREE, keys.SEE, keys.TABLE, keys.MARKS, keys.MAIN, keys.BATCHES):
        for key in table:
            assert key.help in README, key.id
