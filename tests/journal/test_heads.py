"""The heads of the chain go to syslog, and tell what the chain by itself cannot: that its end is still there."""

import logging
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from mailtui.journal.log import Journal
from mailtui.journal.proving import ChainReport
from tests.journal.conftest import KIM, NOON, SyslogDouble, plan_for, plan_row, written

LAST = 15


@pytest.fixture
def told(path: Path, syslog: SyslogDouble) -> Iterator[Journal]:
    with closing(Journal(path, syslog=syslog.path)) as journal:
        for logins in (["anna", "bert"], ["cleo"]):
            written(journal, plan_for(*map(plan_row, logins)))
        yield journal


def tampered(journal: Journal, lines: list[str], *statements: str) -> ChainReport:
    with closing(sqlite3.connect(journal.path)) as connection, connection:
        connection.execute("DROP TRIGGER event_refuses_update")
        connection.execute("DROP TRIGGER event_refuses_delete")
        for statement in statements:
            connection.execute(statement)
    return journal.verify(lines)


def test_each_event_of_a_batch_sends_the_head(told: Journal, syslog: SyslogDouble) -> None:
    with closing(sqlite3.connect(told.path)) as connection:
        hashes = dict(connection.execute("SELECT seq, hash FROM event"))
    name = syslog.lines[0].split()[6]
    assert name.startswith("state:")
    assert [line.split("]: ")[1] for line in syslog.lines] == [
        f"journal {name} head {seq} {hashes[seq]}" for seq in (3, 4, 9, 11, 12, 15)
    ]


def test_a_purge_sends_the_head_and_one_that_finds_nothing_does_not(told: Journal, syslog: SyslogDouble) -> None:
    before = len(syslog.lines)
    told.purge(NOON, NOON)
    assert len(syslog.lines) == before
    told.purge(NOON + timedelta(days=1), NOON)
    assert "head 17 " in syslog.lines[-1]
    report = told.verify(syslog.lines)
    assert (report.ok, report.heads, report.untouched_to) == (True, before + 1, 17)


def test_without_heads_it_says_consistent_and_what_it_cannot_know(told: Journal) -> None:
    report = told.verify()
    assert (report.ok, report.heads, report.untouched_to) == (True, 0, None)
    assert "15 records, consistent" in report.message
    assert "cut off" in report.message
    assert "untouched" not in report.message


def test_with_heads_it_says_up_to_where_nothing_was_touched(told: Journal, syslog: SyslogDouble) -> None:
    report = told.verify(syslog.lines)
    assert (report.ok, report.heads, report.untouched_to) == (True, 6, 15)
    assert "untouched up to record 15" in report.message
    told.note("B2", "she called", NOON)
    report = told.verify(syslog.lines[:3])
    assert (report.ok, report.records, report.heads, report.untouched_to) == (True, 16, 3, 9)
    assert "consistent after it" in report.message


@pytest.mark.parametrize(
    "prefix", ["", "<85>Mar  4 12:00:00 mailtui: ", "2026-03-04T12:00:00.1+01:00 desk mailtui[9]: "]
)
def test_heads_are_found_whatever_stands_before_them(prefix: str, told: Journal, syslog: SyslogDouble) -> None:
    others = ["Mar 04 12:00:01 desk sshd[1]: Accepted publickey for kim", "journal else head 99 " + "a" * 64, "\ufffd"]
    lines = [*others, *(prefix + line.split("]: ")[1] + "\n" for line in syslog.lines)]
    assert told.verify(lines).untouched_to == 15


@pytest.mark.parametrize("last", range(LAST))
def test_an_end_that_was_cut_off_is_named(last: int, told: Journal, syslog: SyslogDouble) -> None:
    report = tampered(told, syslog.lines, f"DELETE FROM event WHERE seq>{last}")
    assert (report.ok, report.records, report.first_broken) == (False, last, last + 1)
    assert report.untouched_to == max((seq for seq in (3, 4, 9, 11, 12) if seq <= last), default=None)
    assert "cut off" in report.message


def test_a_journal_that_was_taken_away_whole_is_missed(told: Journal, syslog: SyslogDouble) -> None:
    report = tampered(told, syslog.lines, "DELETE FROM event", "DELETE FROM image")
    assert (report.ok, report.records, report.first_broken, report.heads) == (False, 0, 1, 6)


def test_a_chain_that_was_written_anew_differs_at_the_first_head_after_it(
    tmp_path: Path, told: Journal, syslog: SyslogDouble
) -> None:
    with closing(Journal(tmp_path / "other" / "state" / "journal.db")) as other:
        written(other, plan_for(plan_row("anna"), plan_row("bert")))
        written(other, plan_for(plan_row("dora")))
        report = other.verify(syslog.lines)
    assert (report.ok, report.first_broken, report.untouched_to) == (False, 3, None)
    assert "from 1 on were rewritten" in report.message


def test_a_machine_without_syslog_loses_nothing_and_says_so_once(
    path: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logging.getLogger("mailtui"), "propagate", True)
    nobody = tmp_path / "nobody"
    for _time in range(2):
        with closing(Journal(path, syslog=nobody)) as journal:
            written(journal, plan_for(plan_row("anna")))
            assert journal.verify().ok
    assert [record.message for record in caplog.records if "syslog" in record.message] == [
        f"the heads of the journal do not reach syslog ({nobody}): No such file or directory"
    ]


def test_a_syslog_that_is_full_keeps_nobody_waiting(path: Path, syslog: SyslogDouble) -> None:
    with closing(Journal(path, syslog=syslog.path)) as journal:
        # Nobody reads: the kernel holds so many (net.unix.max_dgram_qlen), then a send that blocks waits for ever.
        name = journal.open_batch(plan_for(plan_row("anna")), KIM, NOON)
        for _number in range(600):
            journal.note(name, "ringing", NOON)
        assert 0 < len(syslog.lines) < 601
        assert journal.verify(syslog.lines).ok
