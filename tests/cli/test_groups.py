"""Groups by commands: shown with what is in them, created, given addresses, deleted, and all of it taken back."""

from typing import Any

import pytest

from tests.cli.commands import mailtui


@pytest.fixture
def run(config: str) -> Any:
    """Run a command on the mirrored company, and give what it printed."""

    def do(*arguments: str, code: int = 0) -> Any:
        outcome = mailtui("--config", config, "--json", *arguments)
        assert outcome.exit_code == code, outcome.err + outcome.out
        return outcome.json if outcome.out else outcome.err

    mailtui("--config", config, "sync")
    return do


def test_a_group_is_shown_with_its_mail_and_what_is_in_it_and_what_it_is_in(run: Any, config: str) -> None:
    shown = run("group", "FIRE-wardens")
    assert (shown["mail"], shown["posting"], shown["unknown_members"]) == ("fire-wardens@example.com", "inside", 0)
    assert [group["name"] for group in shown["groups"]] == ["safety"]
    assert [(one["group"]["name"], one["through"]["name"]) for one in shown["groups_through"]] == [
        ("berlin-notices", "safety")
    ]
    assert {member["kind"] for member in shown["members"]} == {"account"}
    assert [member["kind"] for member in run("group", "safety")["members"]] == ["group", "group"]
    login = shown["members"][0]["login"]
    assert "berlin-notices" in [one["group"]["name"] for one in run("show", login)["groups_through"]]
    printed = mailtui("--config", config, "show", login).out
    assert "berlin-notices (through" in printed
    assert "safety (through fire-wardens)" in printed
    printed = mailtui("--config", config, "group", "projects").out
    assert all(text in printed for text in ("project-leads", "group", "pilot-users"))
    assert "no group" in mailtui("--config", config, "group", "nothing").err


def test_a_group_comes_with_an_address_and_goes_and_that_is_taken_back(run: Any) -> None:
    members = [member["login"] for member in run("group", "works-council@example.com")["members"]][:3]
    create = ("create-group", *members, "--name", "rota", "--owner", members[0], "--address", "rota@example.com")
    assert run(*create, "--yes")["counts"]["verified"] == 1
    assert run("set-posting", "rota", "--to", "members", "--dry-run")["task"] == "set-posting"
    deleted = run("delete-group", "rota", "--yes", "--expect", "3")
    assert "3 members lose the group" in deleted["warnings"]
    assert "no group" in run("group", "rota", code=5)["error"]["message"]
    run("undo", deleted["batch"], "--yes")
    shown = run("group", "rota")
    assert (shown["mail"], shown["posting"], len(shown["members"])) == ("rota@example.com", "everybody", 3)


def test_the_seats_of_a_shared_mailbox_are_not_deleted_unless_that_is_meant(run: Any) -> None:
    refused = run("delete-group", "marketing", "--yes", code=5)
    assert "--force" in refused["error"]["hint"]
    assert run("delete-group", "marketing", "--force", "--dry-run")["state"] == "planned"
