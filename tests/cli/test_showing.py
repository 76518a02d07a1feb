"""What `show` tells of an account beside what the directory holds: the rules, and where it departs from them."""

from pathlib import Path

import pytest

from mailtui.cli.console import SAMPLE_CONFIG
from mailtui.config import load
from mailtui.demo.address import DemoAddress
from tests.cli.commands import mailtui, write_config

RULES = """
[[profiles]]
name = "staff"
kind = "person"
quota = "3 GiB"
services = ["imap"]
expires_days = 90
[[departments]]
unit = "{department}"
quota = "unlimited"
groups = ["nobodys"]
"""


@pytest.fixture
def config(address: DemoAddress, tmp_path: Path) -> str:
    """A config without rules, and a mirror for it."""
    file = str(write_config(tmp_path / "plain.toml", address))
    assert mailtui("--config", file, "sync").exit_code == 0
    return file


def test_the_rules_of_an_account_and_its_departures_are_told(config: str, address: DemoAddress, tmp_path: Path) -> None:
    found = mailtui("--config", config, "--json", "find", "is:active kind:person limit>=1GiB", "--limit", "1").json[0]
    more = RULES.format(department="/".join(found["department_path"][-2:]))
    ruled = str(write_config(tmp_path / "ruled.toml", address, more=more))
    shown = mailtui("--config", ruled, "--json", "show", found["login"]).json
    told = shown.pop("allocation")
    assert (shown.pop("works"), shown.pop("owns"), shown.pop("hold")) == ([], [], None)
    assert isinstance(shown.pop("groups_through"), list)
    rule = "department " + "/".join(found["department_path"][-2:])
    assert shown == {**found, "profile": "staff"}
    assert told["profile"] == "staff"
    assert told["rules"] == [
        {"what": "quota", "value": "unlimited", "rule": rule},
        {"what": "services", "value": ["imap"], "rule": "profile staff"},
        {"what": "groups", "value": ["nobodys"], "rule": rule},
        {"what": "expiry", "value": 90, "rule": "profile staff"},
    ]
    sentences = {each["what"]: each["sentence"] for each in told["departures"]}
    assert sentences["quota"].endswith(f"{rule} says unlimited")
    assert "nobodys" in sentences["groups"]
    text = mailtui("--config", ruled, "show", found["login"]).out
    assert f"quota unlimited  ({rule})" in text
    assert all(sentence in text for sentence in sentences.values())


def test_without_rules_nothing_is_said_of_them(config: str) -> None:
    login = mailtui("--config", config, "--json", "find", "kind:person", "--limit", "1").json[0]["login"]
    shown = mailtui("--config", config, "--json", "show", login).json
    assert shown["allocation"] == {"profile": None, "rules": [], "departures": []}
    assert "Allotted" not in mailtui("--config", config, "show", login).out


def test_the_config_that_is_printed_to_start_from_can_be_taken(tmp_path: Path) -> None:
    uncommented = [line[2:] for line in SAMPLE_CONFIG.splitlines()[1:] if line.startswith("# ")]
    file = tmp_path / "config.toml"
    file.write_text("\n".join(uncommented), encoding="utf-8")
    policy = load(file, tmp_path / "none.toml").policy
    assert ([each.name for each in policy.profiles], len(policy.departments)) == (["executive"], 1)
