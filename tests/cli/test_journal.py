"""The journal proved and written out from the command line."""

import json
import os
import stat
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from mailtui import paths
from mailtui.demo.address import DemoAddress
from mailtui.journal.log import Journal
from tests.cli.commands import Outcome, mailtui
from tests.journal.conftest import NOON, SyslogDouble, plan_for, plan_row, written

RECORDS = 6


def journal_of(address: DemoAddress) -> Path:
    return paths.stores(f"{address.url.partition('//')[2]}_{address.base}").journal


@pytest.fixture
def lines(address: DemoAddress, tmp_path: Path) -> list[str]:
    """What syslog has of the directory's journal, in which there is one batch."""
    syslog = SyslogDouble(tmp_path / "log")
    with closing(Journal(journal_of(address), syslog=syslog.path)) as journal:
        batch = written(journal, plan_for(plan_row("anna")))
        journal.note(batch, "she said “no” \x1b[31m\x7f", NOON)
    heads = syslog.lines
    syslog.close()
    return heads


def test_verify_says_what_it_can_know(config: str, lines: list[str], tmp_path: Path) -> None:
    outcome = mailtui("--config", config, "journal", "verify")
    assert (outcome.exit_code, outcome.err) == (0, "")
    assert "consistent" in outcome.out
    (tmp_path / "syslog").write_text("\n".join(["Mar  4 11:59:59 desk kernel: hello", *lines, ""]))
    proved = mailtui("--config", config, "--json", "journal", "verify", "--heads", str(tmp_path / "syslog")).json
    assert (proved["ok"], proved["first_broken"], proved["heads"]) == (True, None, len(lines))
    assert proved["records"] == proved["untouched_to"]
    assert "untouched" in proved["message"]


def test_heads_come_from_a_pipe_too_and_tell_that_the_end_is_gone(config: str, lines: list[str]) -> None:
    further = lines[-1].replace(f" head {lines[-1].split()[-2]} ", " head 9999 ")
    done = subprocess.run(
        [sys.executable, "-m", "mailtui", "--config", config, "--json", "journal", "verify", "--heads", "-"],
        input=f"\ufffd\n{further}\n".encode("utf-16"),
        capture_output=True,
        check=False,
        timeout=60,
    )
    assert (done.returncode, json.loads(done.stdout)["heads"]) == (0, 0)
    done = subprocess.run(
        [sys.executable, "-m", "mailtui", "--config", config, "--json", "journal", "verify", "--heads", "-"],
        input=f"{further}\n".encode(),
        capture_output=True,
        check=False,
        timeout=60,
    )
    report = json.loads(done.stdout)
    assert (done.returncode, report["ok"], report["first_broken"]) == (1, False, report["records"] + 1)
    assert "cut off" in report["message"]


def test_lines_without_a_head_of_this_journal_are_said(config: str, lines: list[str], tmp_path: Path) -> None:
    (tmp_path / "syslog").write_text("Mar  4 11:59:59 desk kernel: hello\n")
    outcome = mailtui("--config", config, "journal", "verify", "--heads", str(tmp_path / "syslog"))
    assert outcome.exit_code == 0
    assert "consistent" in outcome.out
    assert "no head" in outcome.err


def test_a_file_of_heads_that_is_not_there_is_a_wrong_word(config: str, lines: list[str]) -> None:
    outcome = mailtui("--config", config, "--json", "journal", "verify", "--heads", "/nowhere/syslog")
    assert (outcome.exit_code, outcome.json["error"]["code"]) == (2, "usage")


@pytest.mark.parametrize("options", [[], ["--json"]])
def test_export_prints_a_record_a_line_and_nothing_a_terminal_obeys(
    options: list[str], config: str, lines: list[str]
) -> None:
    outcome = mailtui("--config", config, *options, "journal", "export")
    assert (outcome.exit_code, outcome.err) == (0, "")
    assert outcome.out.isascii()
    assert not set("\x1b\x7f") & set(outcome.out)
    events = [json.loads(line) for line in outcome.out.splitlines()]
    assert [event["seq"] for event in events] == list(range(1, len(events) + 1))
    assert events[-1]["private"] == {"text": "she said “no” \x1b[31m\x7f"}
    assert isinstance(events[0]["body"], dict)


def export_to(config: str, file: Path) -> Outcome:
    return mailtui("--config", config, "journal", "export", "--out", str(file))


def test_export_into_a_file_is_for_its_owner_alone_and_never_over_another(
    config: str, lines: list[str], tmp_path: Path
) -> None:
    out = tmp_path / "journal.jsonl"
    outcome = export_to(config, out)
    assert (outcome.exit_code, outcome.out) == (0, "")
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    written_out = out.read_text()
    assert len(written_out.splitlines()) >= RECORDS
    again = export_to(config, out)
    assert again.exit_code == 2
    assert "cannot be made" in again.err
    assert out.read_text() == written_out


def test_an_export_that_cannot_be_written_whole_leaves_nothing(
    config: str, address: DemoAddress, tmp_path: Path
) -> None:
    with closing(Journal(journal_of(address))) as journal:
        written(journal, plan_for(*(plan_row(f"user{number}") for number in range(300))))
    out = tmp_path / "journal.jsonl"
    limited = f"ulimit -f 64; trap '' XFSZ; exec '{sys.executable}' -m mailtui --config '{config}' journal export"
    done = subprocess.run(
        ["bash", "-c", f"{limited} --out '{out}'"],
        capture_output=True,
        check=False,
        timeout=60,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
    )
    assert done.returncode == 1, done
    assert b"Traceback" not in done.stderr
    assert b"cannot be written" in done.stderr
    assert not out.exists()


@pytest.mark.parametrize("verb", ["verify", "export"])
def test_a_damaged_journal_ends_in_one_clear_message(verb: str, config: str, lines: list[str], tmp_path: Path) -> None:
    state = tmp_path / "state"
    (file,) = Path(os.environ["XDG_STATE_HOME"]).rglob("journal.db")
    copy = state / "mailtui" / file.parent.name / file.name
    copy.parent.mkdir(parents=True)
    content = bytearray(file.read_bytes())
    content[4096:] = b"\xa5" * (len(content) - 4096)
    copy.write_bytes(content)
    outcome = mailtui("--config", config, "--json", "journal", verb, XDG_STATE_HOME=str(state))
    assert (outcome.exit_code, outcome.json["error"]["code"]) == (1, "store")
    assert outcome.json["error"]["hint"]
