"""What was done, and what was put off or met somebody else's change, from the command line."""

from contextlib import closing
from pathlib import Path

import pytest

from mailtui.config import DirectoryConfig
from mailtui.demo.address import DemoAddress
from mailtui.directory.connection import Login, connect
from mailtui.domain.change import Change
from tests.cli.commands import Outcome, mailtui, write_config
from tests.servers.changing import modify
from tests.servers.proxy import proxied
from tests.servers.rules import Action, At, Kind

YES = ("--yes", "--ticket", "HD-1")


class Command:
    """mailtui on one config, always with JSON."""

    def __init__(self, config: str) -> None:
        self.config = config
        assert mailtui("--config", config, "sync").exit_code == 0

    def __call__(self, *arguments: str) -> Outcome:
        return mailtui("--config", self.config, "--json", *arguments)

    def active(self, count: int) -> list[str]:
        found = self("find", "is:active kind:person", "--limit", str(count)).json
        return [str(account["login"]) for account in found]

    def dn(self, login: str) -> str:
        return str(self("show", login).json["dn"])


@pytest.fixture
def command(config: str) -> Command:
    return Command(config)


def results(outcome: Outcome) -> list[str]:
    return [row["result"] for row in outcome.json["rows"]]


def test_a_plan_is_saved_and_looked_at_again_before_it_is_sent(command: Command, address: DemoAddress) -> None:
    first, second = command.active(2)
    saved = command("disable", first, second, "--later", *YES)
    assert (saved.exit_code, saved.json["state"], results(saved)) == (0, "planned", ["planned", "planned"])
    assert command("show", first).json["standing"] == "active"
    assert command("disable", second, *YES).exit_code == 0
    name = saved.json["batch"]
    shown = command("resume", name, "--dry-run")
    assert [row["detail"] for row in shown.json["rows"]] == ["", "disabled so already"]
    refused = command("resume", name, "--yes", "--expect", "2")
    assert (refused.exit_code, refused.json["error"]["message"]) == (
        5,
        "1 account would change, not 2; nothing was changed",
    )
    done = command("resume", name, "--yes", "--expect", "1")
    assert (done.exit_code, done.json["state"], sorted(results(done))) == (0, "done", ["skipped", "verified"])
    assert done.json["ticket"] == "HD-1"
    again = command("resume", name, "--yes")
    assert (again.exit_code, again.json["rows"]) == (0, done.json["rows"])


def test_without_the_directory_a_task_says_how_to_save_it(address: DemoAddress, tmp_path: Path) -> None:
    with proxied(address) as proxy:
        command = Command(str(write_config(tmp_path / "config.toml", proxy.address)))
        [one] = command.active(1)
        proxy.shut()
        refused = command("disable", one, *YES)
        assert (refused.exit_code, refused.json["error"]["code"]) == (3, "unreachable")
        assert "--later" in refused.json["error"]["hint"]
        name = command("disable", one, "--later", *YES).json["batch"]
        assert command("resume", name, "--yes").exit_code == 3
        assert command("batch", name).json["state"] == "planned"
        proxy.open()
        proxy.add(At(Kind.MODIFY_REQUEST, 1, Action.CUT_AT_ANSWER))
        cut_short = command("resume", name, "--yes")
        assert (cut_short.exit_code, cut_short.json["state"], results(cut_short)) == (3, "interrupted", ["sent"])
        assert f"mailtui resume {name}" in cut_short.err
        assert results(command("resume", name)) == ["verified"]


def test_a_saved_plan_can_be_cancelled_and_taken_up_again(command: Command) -> None:
    [one] = command.active(1)
    name = command("disable", one, "--later", *YES).json["batch"]
    for _turn in range(2):
        cancelled = command("cancel", name)
        assert (cancelled.exit_code, cancelled.json["state"], results(cancelled)) == (0, "cancelled", ["planned"])
    assert command("pause", name).exit_code == 5
    assert results(command("resume", name, "--yes")) == ["verified"]
    assert command("cancel", name).exit_code == 5


def test_a_conflict_is_kept_or_planned_again_from_theirs(command: Command, address: DemoAddress) -> None:
    first, second = command.active(2)
    done = command("set-quota", first, second, "--to", "7GiB", *YES)
    assert done.exit_code == 0
    login_of_another = Login("simple", address.bind_dn, address.password)
    with closing(connect(DirectoryConfig((address.url,), address.base), login_of_another)) as directory:
        for login in (first, second):
            change = Change("mailQuota", (str(7 << 30).encode(),), (str(9 << 30).encode(),))
            modify(directory, command.dn(login), [change])
    undo = command("undo", done.json["batch"], *YES)
    assert (undo.exit_code, results(undo)) == (1, ["conflict", "conflict"])
    assert str(9 << 30) in undo.json["rows"][0]["detail"]
    again = command("replan", undo.json["batch"], "--dry-run").json
    assert [row["changes"][0]["remove"] for row in again["rows"]] == [[str(9 << 30)]] * 2
    kept = command("keep", undo.json["batch"])
    assert (kept.json["state"], results(kept)) == ("done", ["skipped", "skipped"])
    assert command("replan", undo.json["batch"]).exit_code == 0
    assert command("show", first).json["quota"]["limit_bytes"] == 9 << 30


def test_a_conflict_that_was_planned_again_names_the_batch_that_does_it(command: Command, address: DemoAddress) -> None:
    [one] = command.active(1)
    done = command("set-quota", one, "--to", "6GiB", *YES).json["batch"]
    with closing(
        connect(DirectoryConfig((address.url,), address.base), Login("simple", address.bind_dn, address.password))
    ) as directory:
        theirs = Change("mailQuota", (str(6 << 30).encode(),), (str(13 << 30).encode(),))
        modify(directory, command.dn(one), [theirs])
    undo = command("undo", done, *YES).json["batch"]
    again = command("replan", undo, "--yes")
    assert (again.exit_code, results(again)) == (0, ["verified"])
    old = command("batch", undo).json
    assert (old["state"], old["counts"]["skipped"]) == ("done", 1)
    assert old["rows"][0]["detail"] == (
        f"planned again in {again.json['batch']}: changed since: mailQuota is “{13 << 30}”"
    )
    assert command("replan", undo, "--yes").exit_code == 0
    assert command("batches").json[0]["batch"] == again.json["batch"]


def test_a_batch_is_printed_with_its_reason_and_its_warnings_and_no_control_of_theirs(command: Command) -> None:
    people = command("find", "is:active kind:person", "--limit", "120").json
    one = next(account["login"] for account in people if account["forwards"])
    reason = "left\x1b[2J\nfor \u202egood"
    done = mailtui("--config", command.config, "disable", one, "--reason", reason, *YES)
    assert done.exit_code == 0, done.err
    shown = mailtui("--config", command.config, "batch", command("batches").json[0]["batch"]).out
    assert shown == done.out
    assert shown.startswith("! ")
    assert "left␛[2J" in shown.splitlines()[-1]
    assert not {"\x1b", "\u202e"} & set(shown)


def test_what_is_at_its_end_is_left_alone(command: Command) -> None:
    [one] = command.active(1)
    done = command("disable", one, *YES).json
    for verb in ("resume", "retry"):
        again = command(verb, done["batch"])
        assert (again.exit_code, again.json["rows"], again.json["state"]) == (0, done["rows"], "done")
    assert command("settle").json == []
    assert command("cancel", done["batch"]).exit_code == 5
    assert command("resume", "B999").exit_code == 5
