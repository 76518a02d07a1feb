"""`why` and `impact` explain, from the mirror alone, and change nothing."""

from pathlib import Path

import pytest

from mailtui.demo.address import DemoAddress
from tests.cli.commands import mailtui, write_config


@pytest.fixture
def config(address: DemoAddress, tmp_path: Path) -> str:
    """A config, and a mirror for it."""
    file = str(write_config(tmp_path / "config.toml", address))
    assert mailtui("--config", file, "sync").exit_code == 0
    return file


def login(config: str, query: str) -> str:
    found: str = mailtui("--config", config, "--json", "find", query, "--limit", "1").json[0]["login"]
    return found


def test_why_names_the_cause_its_batch_and_the_command_that_mends_it(config: str) -> None:
    who = login(config, "is:active kind:person")
    done = mailtui("--config", config, "--json", "disable", who, "--yes").json
    assert done["counts"]["verified"] == 1
    told = mailtui("--config", config, "--json", "why", who).json
    assert (told["id"], told["login"]) == (done["rows"][0]["id"], who)
    cause = told["causes"][0]
    assert set(cause) == {"kind", "text", "basis", "task", "answers", "advice"}
    assert (cause["kind"], cause["task"], cause["answers"]) == ("disabled", "enable", {})
    assert cause["text"].endswith(f"since batch {done['batch']}")
    assert f"→ mailtui enable {who}" in mailtui("--config", config, "why", who).out
    assert mailtui("--config", config, "undo", done["batch"], "--yes").exit_code == 0


def test_why_says_what_was_looked_at_where_nothing_is_wrong(config: str) -> None:
    found = mailtui("--config", config, "--json", "find", "is:active kind:person quota<50", "--limit", "200").json
    who = next(one["login"] for one in found if not one["forwards"] and {"imap", "pop3", "smtp"} <= {*one["services"]})
    assert mailtui("--config", config, "--json", "why", who).json["causes"] == []
    assert "Looked at: standing, expiry" in mailtui("--config", config, "why", who).out


def test_why_of_nobody_is_refused(config: str) -> None:
    refused = mailtui("--config", config, "--json", "why", "nobody.at.all")
    assert (refused.exit_code, refused.json["error"]["code"]) == (5, "refused")


def test_impact_tells_what_rests_on_accounts_and_of_which(config: str) -> None:
    found = mailtui("--config", config, "--json", "find", "kind:person is:active", "--limit", "200").json
    manager = next(one["manager"] for one in found if one["manager"])
    boss = mailtui("--config", config, "--json", "show", next(
        one["login"] for one in mailtui("--config", config, "--json", "find", manager["name"]).json
        if one["id"] == manager["id"]
    )).json  # fmt: skip
    told = mailtui("--config", config, "--json", "impact", boss["login"]).json
    assert told["accounts"] == [{"id": boss["id"], "login": boss["login"], "name": boss["name"]}]
    reports = next(each for each in told["cautions"] if each["kind"] == "manager")
    assert set(reports) == {"kind", "text", "basis", "account"}
    assert reports["account"] == boss["id"]
    assert reports["text"] in mailtui("--config", config, "impact", boss["login"]).out


def test_impact_of_whom_nobody_knows_is_refused(config: str) -> None:
    assert mailtui("--config", config, "--json", "impact", "nobody.at.all").exit_code == 5
    assert mailtui("--config", config, "impact").exit_code == 2
