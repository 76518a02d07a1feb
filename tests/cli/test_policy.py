"""What policy asks of a command: a ticket, the number, or to leave it."""

from pathlib import Path

import pytest

from mailtui.demo.address import DemoAddress
from tests.cli.commands import Outcome, mailtui, write_config

BOARD = "supervisory-board"
GUARDED = f'[policy]\nprotected = ["group:{BOARD}"]\n'


def of_group(config: str, group: str) -> str:
    """Give the log-in of an active person in a group."""
    found = mailtui("--config", config, "--json", "find", f"group:{group} is:active kind:person").json
    return str(found[0]["login"])


def configured(address: DemoAddress, folder: Path, policy: str) -> str:
    """Write a config with a policy, and a mirror for it."""
    file = str(write_config(folder / "guarded.toml", address, more=policy))
    assert mailtui("--config", file, "sync").exit_code == 0
    return file


def refusal(outcome: Outcome) -> str:
    """Give what a refused command said."""
    assert outcome.exit_code == 5, outcome
    error = outcome.json["error"]
    return f"{error['message']} {error['hint']}"


def test_a_member_of_a_protected_group_takes_a_ticket_and_the_number(address: DemoAddress, tmp_path: Path) -> None:
    config = configured(address, tmp_path, GUARDED)
    verb = ("--config", config, "--json", "disable", of_group(config, BOARD))
    shown = mailtui(*verb, "--dry-run").json
    assert any(f"is protected: group {BOARD}" in text for text in map(str, shown["warnings"])), shown["warnings"]
    assert "ticket" in refusal(mailtui(*verb, "--yes", "--expect", "1"))
    assert "--expect 1" in refusal(mailtui(*verb, "--yes", "--ticket", "HD-1"))
    assert "not 2" in refusal(mailtui(*verb, "--yes", "--ticket", "HD-1", "--expect", "2"))
    assert mailtui("--config", config, "--json", "batches").json == []


def test_its_undo_takes_them_again(address: DemoAddress, tmp_path: Path) -> None:
    config = configured(address, tmp_path, GUARDED)
    leave = ("--ticket", "HD-1", "--yes", "--expect", "1")
    done = mailtui("--config", config, "--json", "disable", of_group(config, BOARD), *leave)
    assert done.exit_code == 0, done
    undo = ("--config", config, "--json", "undo", done.json["batch"])
    assert "ticket" in refusal(mailtui(*undo, "--yes", "--expect", "1"))
    assert "--expect 1" in refusal(mailtui(*undo, "--yes", "--ticket", "HD-2"))
    assert mailtui(*undo, *leave).exit_code == 0


def test_more_than_the_limit_takes_a_ticket_and_the_number(address: DemoAddress, tmp_path: Path) -> None:
    config = configured(address, tmp_path, "[policy]\nbatch_limit = 1\n")
    found = mailtui("--config", config, "--json", "find", "is:active kind:person", "--limit", "2").json
    verb = ("--config", config, "--json", "set-quota", *(each["login"] for each in found), "--to", "7GiB", "--yes")
    assert "more than 1" in refusal(mailtui(*verb, "--expect", "2"))
    assert "--expect 2" in refusal(mailtui(*verb, "--ticket", "HD-1"))
    assert "not 1" in refusal(mailtui(*verb, "--ticket", "HD-1", "--expect", "1"))
    alone = (*verb[:5], *verb[6:], "--expect", "2")
    assert "not 2" in refusal(mailtui(*alone))


def test_a_group_that_is_not_known_guards_everybody_and_is_named(address: DemoAddress, tmp_path: Path) -> None:
    config = configured(address, tmp_path, '[policy]\nprotected = ["group:supervisory-bord"]\n')
    verb = ("--config", config, "--json", "disable", of_group(config, BOARD))
    assert "supervisory-bord" in str(mailtui(*verb, "--dry-run").json["warnings"])
    assert "--expect 1" in refusal(mailtui(*verb, "--yes", "--ticket", "HD-1"))


@pytest.mark.parametrize("policy", ["[policy]\nread_only = true\n", ""])
def test_read_only_refuses_every_verb_that_writes(address: DemoAddress, tmp_path: Path, policy: str) -> None:
    config = configured(address, tmp_path, policy)
    option = () if policy else ("--read-only",)
    login = of_group(config, BOARD)
    assert "read-only" in refusal(mailtui("--config", config, *option, "--json", "disable", login, "--yes"))
