"""The main job from end to end, on a real slapd with people that the project did not make."""

import csv
import subprocess
from pathlib import Path

import pytest

from tests.journeys.company import PROTECTED
from tests.journeys.conftest import Desk

pytestmark = pytest.mark.server


@pytest.mark.parametrize(
    ("query", "login"),
    [
        ("曾伟", "u0000"), ("zengwei", "u0000"), ("zw", "u0000"), ("zeng wei", "u0000"), ("oyn", "u0001"),
        ("欧阳娜", "u0001"),
        ("shantianfang", "u0002"), ("张三", "u0003"), ("zhangsan", "u0003"), ("u0123", "u0123"),
        ("u0123@example.com", "u0123"),
        ("70123", "u0123"), ("alias.7@example.com", "u0007"), ("+49300123", "u0123"), ("chloe celik 2", "u0222"),
    ],
)  # fmt: skip
def test_people_are_found_by_every_key(synced: Desk, query: str, login: str) -> None:
    assert login in [account["login"] for account in synced.run("find", query, "--limit", "5")]


def test_structured_words_narrow_what_is_found(synced: Desk) -> None:
    assert len(synced.run("find", "dept:研发部", "--limit", "1000")) == 250
    assert not synced.run("find", "is:disabled")
    assert synced.run("find", "no such person") == []


def test_a_quota_is_answered_and_what_is_unknown_is_null(synced: Desk) -> None:
    (account,) = synced.run("quota", "u0001")
    assert account["quota"]["limit_bytes"] is not None or account["quota"]["unlimited"]
    assert account["quota"]["used_bytes"] is None
    assert account["quota"]["percent"] is None
    assert synced.run("show", "u0005")["quota"]["limit_bytes"] is None


def test_forty_leavers_are_disabled_from_a_list_verified_and_taken_back(desk: Desk) -> None:
    counts = desk.run("sync")
    assert (counts["mode"], counts["added"], counts["total"]) == ("full", 1000, 1000)
    before = desk.entries()
    logins = [f"u{number:04}" for number in range(100, 140)]
    leavers = write_leavers(desk.folder / "leavers.csv", desk, logins)

    plan = desk.run("disable", "--from", str(leavers), "--ticket", "HD-1", "--dry-run")
    assert (plan["batch"], plan["state"], plan["counts"]["planned"]) == (None, "planned", 40)
    assert desk.entries() == before

    batch = desk.run("disable", "--from", str(leavers), "--ticket", "HD-1", "--reason", "left", "--yes")
    assert (batch["state"], batch["counts"]["verified"]) == ("done", 40)
    disabled = desk.ldapsearch("(accountStatus=noaccess)", "uid", "mailForwardingAddress")
    assert sorted(line[5:] for line in disabled.splitlines() if line.startswith("uid: ")) == logins
    assert "mailForwardingAddress" not in disabled
    assert desk.entries().keys() == before.keys()
    assert len(desk.run("find", "is:disabled", "--limit", "100")) == 40

    undo = desk.run("undo", batch["batch"], "--yes")
    assert (undo["task"], undo["undoes"], undo["counts"]["verified"]) == ("undo", batch["batch"], 40)
    assert desk.entries() == before
    assert desk.run("batch", batch["batch"])["undone_by"] == undo["batch"]
    assert desk.run("journal", "verify")["ok"]


def test_a_list_with_namesakes_by_name_alone_stops_before_anything_is_done(synced: Desk, tmp_path: Path) -> None:
    before = synced.entries()
    names = tmp_path / "names.csv"
    namesake = synced.run("show", "u0010")["name"]
    assert [a["name"] for a in synced.run("find", namesake)].count(namesake) >= 2
    names.write_text(f"name\n{namesake}\n{synced.run('show', 'u0005')['name']}\n", encoding="utf-8")
    refusal = synced.run("disable", "--from", str(names), "--yes", exit_code=5)
    assert [row["verdict"] for row in refusal["rows"]] == ["ambiguous"]
    assert synced.entries() == before
    assert synced.run("batches") == []


def test_what_somebody_else_changed_is_a_conflict_on_that_row_alone(desk: Desk) -> None:
    logins = [f"u{number:04}" for number in range(200, 240)]
    desk.run("sync")
    leavers = write_leavers(desk.folder / "leavers.csv", desk, logins)
    command = desk.asked("disable", "--from", str(leavers), "--ticket", "HD-2")
    command.wait_for("Type the number")
    touched, untouched = desk.run("show", "u0204")["dn"], desk.run("show", "u0205")["dn"]
    change = "dn: {dn}\nchangetype: modify\nreplace: {attribute}\n{attribute}: {value}\n\n"
    desk.ldapmodify(change.format(dn=touched, attribute="mailForwardingAddress", value="someone@example.com"))
    desk.ldapmodify(change.format(dn=untouched, attribute="title", value="Prokurist"))
    exit_code, batch = command.answer("40")
    results = {row["login"]: row["result"] for row in batch["rows"]}
    assert exit_code == 1
    assert batch["state"] == "partial"
    assert {login for login, result in results.items() if result == "conflict"} == {"u0204"}
    assert results["u0205"] == "verified"
    assert batch["counts"]["verified"] == 39
    entry = desk.ldapsearch("-s", "base", "-b", touched, "accountStatus", "mailForwardingAddress")
    assert "someone@example.com" in entry
    assert "noaccess" not in entry


def test_what_the_access_rules_refuse_fails_on_that_row_alone_with_the_servers_reason(synced: Desk) -> None:
    batch = synced.run("disable", "u0006", "u0007", "u0008", "--ticket", "HD-3", "--yes", exit_code=1)
    rows = {row["login"]: row for row in batch["rows"]}
    assert {login: row["result"] for login, row in rows.items()} == {
        "u0006": "verified", "u0007": "failed", "u0008": "verified",
    }  # fmt: skip
    assert "insufficientAccessRights (50)" in rows["u0007"]["detail"]
    assert "noaccess" not in synced.ldapsearch("-s", "base", "-b", PROTECTED, "accountStatus")
    again = synced.run("retry", batch["batch"], exit_code=1)
    assert again["batch"] == batch["batch"]
    assert again["counts"]["failed"] == 1


def test_a_key_that_is_somebody_elses_by_now_stops_the_command(synced: Desk) -> None:
    dn = synced.run("show", "u0301")["dn"]
    synced.ldapmodify(f"dn: {dn}\nchangetype: modify\nreplace: mail\nmail: other@example.com\n\n")
    before = synced.entries()
    refusal = synced.run("disable", "u0301@example.com", "--yes", exit_code=5)
    assert "out of date" in refusal["error"]["message"]
    assert synced.entries() == before
    assert synced.run("batches") == []


def test_who_retries_is_journalled_and_an_undo_of_nothing_claims_nothing(synced: Desk) -> None:
    batch = synced.run("disable", "u0301", "--yes")["batch"]
    first = synced.run("undo", batch, "--yes")["batch"]
    synced.run("undo", batch, "--yes")
    assert synced.run("batch", batch)["undone_by"] == first
    synced.run("undo", first, "--yes")
    assert synced.run("batch", batch)["undone_by"] is None


def test_an_answer_that_is_not_the_number_changes_nothing(synced: Desk) -> None:
    before = synced.entries()
    command = synced.asked("disable", "u0006", "u0008")
    command.wait_for("Type the number")
    exit_code, refusal = command.answer("y")
    assert (exit_code, refusal["error"]["code"]) == (5, "refused")
    assert synced.entries() == before


def test_quotas_are_set_and_taken_back(synced: Desk) -> None:
    before = synced.entries()
    batch = synced.run("set-quota", "u0001", "u0002", "u0005", "--to", "7GiB", "--ticket", "HD-4", "--yes")
    assert {row["result"] for row in batch["rows"]} <= {"verified", "skipped"}
    assert synced.run("show", "u0005")["quota"]["limit_bytes"] == 7 << 30
    assert f"mailQuota: {7 << 30}" in synced.ldapsearch("(uid=u0005)", "mailQuota")
    synced.run("undo", batch["batch"], "--yes")
    assert synced.entries() == before


def test_enable_gives_back_what_the_disable_took(synced: Desk) -> None:
    before = synced.entries()
    synced.run("disable", "u0012", "--delivery", "redirect", "--redirect-to", "u0001@example.com", "--yes")
    assert "u0001@example.com" in synced.ldapsearch("(uid=u0012)", "mailForwardingAddress")
    assert synced.run("show", "u0012")["delivery"] == "redirect"
    synced.run("enable", "u0012", "--yes")
    after = synced.entries()
    assert {dn: set(lines) ^ set(before[dn]) for dn, lines in after.items() if lines != before[dn]} in (
        {},
        {next(dn for dn in after if "uid=u0012" in dn): {"accountStatus: active"}},
    )


def write_leavers(file: Path, desk: Desk, logins: list[str]) -> Path:
    """Write a list as HR does: a header, names that are not unique, and staff numbers."""
    with file.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream, delimiter=";")
        writer.writerow(["Name", "Staff no", "Last day"])
        for login in logins:
            writer.writerow([desk.run("show", login)["name"], 70000 + int(login[1:]), "27.11.2026"])
    return file


@pytest.fixture
def synced(desk: Desk) -> Desk:
    """A desk whose mirror is up to date."""
    desk.run("sync")
    return desk


def test_the_password_is_in_no_argument_journal_log_or_cache(synced: Desk, home: Path) -> None:
    synced.run("disable", "u0012", "--yes")
    found = subprocess.run(["grep", "-rl", "correct horse", str(home)], capture_output=True, text=True, check=False)
    assert found.stdout == ""
