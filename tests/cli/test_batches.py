"""What was done, and what was put off or met somebody else's change, from the command line."""

import subprocess
import sys
from contextlib import closing
from pathlib import Path
from threading import Event

import pytest

from mailtui.config import DirectoryConfig
from mailtui.demo.address import DemoAddress
from mailtui.directory.connection import Login, connect
from mailtui.domain.change import Change
from mailtui.domain.secret import Secret
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


def test_passwords_of_newcomers_cut_short_are_made_anew_when_it_goes_on(address: DemoAddress, tmp_path: Path) -> None:
    table, secrets = tmp_path / "new.csv", tmp_path / "secrets"
    table.write_text("given,surname\n" + "".join(f"{name},Cutshort\n" for name in ("Ada", "Bea", "Cay", "Dee")))
    with proxied(address, At(Kind.EXTENDED_REQUEST, 2, Action.CUT_AT_ANSWER)) as proxy:
        command = Command(str(write_config(tmp_path / "config.toml", proxy.address)))
        unit = command("show", *command.active(1)).json["department"]
        begun = command("create", "--from", str(table), "--department", unit, *YES, "--expect", "4")
        assert (begun.exit_code, begun.json["state"]) == (3, "interrupted"), begun
        name = begun.json["batch"]
        assert command("resume", name, "--to-file", str(table)).exit_code == 2
        resumed = command("resume", name, "--to-file", str(secrets))
        retried = command("retry", name)
        assert (retried.exit_code, retried.json["state"]) == (0, "done"), retried
    told = dict(line.split("\t") for line in secrets.read_text().splitlines()) if secrets.exists() else {}
    told |= {one["login"]: one["password"] for made in (begun, retried) for one in made.json.get("passwords", ())}
    assert "passwords" not in resumed.json
    assert sorted(told) == ["ada.cutshort", "bea.cutshort", "cay.cutshort", "dee.cutshort"]
    for row in retried.json["rows"][:4]:
        login = Login("simple", row["dn"], Secret(told[row["login"]]))
        connect(DirectoryConfig((address.url,), address.base), login).close()


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
    for verb, said in (("resume", "nothing left"), ("retry", "has failed"), ("keep", "in conflict")):
        again = command(verb, done["batch"])
        assert (again.exit_code, again.json["rows"], again.json["state"]) == (0, done["rows"], "done")
        assert said in again.err
    assert command("settle").json == []
    for arguments, code, said in (
        (("resume", "--dry-run"), 0, "nothing left"), (("replan",), 0, "in conflict"),
        (("cancel",), 5, "come to its end"), (("pause",), 5, "not being carried out"),
    ):  # fmt: skip
        refused = command(*arguments, done["batch"])
        assert (refused.exit_code, said in refused.json["error"]["message"]) == (code, True), refused
        assert refused.json["error"]["hint"]
    undone = command("undo", done["batch"], *YES).json["batch"]
    again = command("undo", done["batch"], "--dry-run")
    assert f"undone already, by {undone}" in str(again.json["warnings"])


def test_a_batch_that_is_not_there_is_unknown_to_every_verb(command: Command) -> None:
    for verb in ("undo", "resume", "retry", "cancel", "pause", "keep", "replan"):
        refused = command(verb, "B999")
        assert (refused.exit_code, refused.json["error"]["message"]) == (5, "There is no batch B999")
        assert "mailtui batches" in refused.json["error"]["hint"]


def test_a_batch_that_is_paused_is_not_waited_for(address: DemoAddress, tmp_path: Path) -> None:
    with proxied(address, delay_s=0.02) as proxy:
        command = Command(str(write_config(tmp_path / "config.toml", proxy.address)))
        people, is_held = command.active(40), Event()
        proxy.on(Kind.MODIFY_REQUEST, 2, is_held.set, Action.HANG)
        begun = [sys.executable, "-m", "mailtui", "--config", command.config, "disable", *people, *YES]
        with subprocess.Popen(begun, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as running:
            assert is_held.wait(30)
            name = command("batches").json[0]["batch"]
            assert command("pause", name).exit_code == 0
            said = {"undo": "is paused", "retry": "is paused", "keep": "being worked on", "replan": "being worked on"}
            for verb in said:
                refused = command(verb, name)
                assert (refused.exit_code, said[verb] in refused.json["error"]["message"]) == (5, True), refused
                assert refused.json["error"]["hint"]
            proxy.release()
            resumed = command("resume", name)
            assert (resumed.exit_code, resumed.json["state"]) == (0, "done")
            assert running.wait(30) == 0
