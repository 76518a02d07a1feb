"""Whatever is done to the file behind the journal's back, verify names the first record that is not as it was."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from mailtui.journal.log import Journal
from mailtui.journal.proving import ChainReport
from tests.journal.conftest import plan_for, plan_row, written

LAST = 15


@pytest.fixture
def chained(path: Path) -> Path:
    journal = Journal(path)
    for logins in (["anna", "bert"], ["cleo"]):
        written(journal, plan_for(*map(plan_row, logins)))
    journal.close()
    return path


def tamper(path: Path, *statements: str) -> ChainReport:
    """Change the file as somebody would who knows SQLite, and let the journal look at it."""
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("DROP TRIGGER event_refuses_update")
        connection.execute("DROP TRIGGER event_refuses_delete")
        for statement in statements:
            connection.execute(statement)
    journal = Journal(path)
    report = journal.verify()
    journal.close()
    return report


def test_a_chain_left_alone_is_consistent(chained: Path) -> None:
    report = tamper(chained)
    assert (report.ok, report.records, report.first_broken) == (True, LAST, None)


def test_an_empty_journal_is_consistent(journal: Journal) -> None:
    assert journal.verify().ok


@pytest.mark.parametrize("seq", range(1, LAST + 1))
@pytest.mark.parametrize(
    "change",
    [
        "batch='B9'",
        '"row"=coalesce("row", 0)+1',
        "account='somebody'",
        "kind='verified '",
        "at='2026-03-04T12:00:00.000001Z'",
        "body='{\"cancelled\":null}'",
        "image='0'",
        "prev='0'",
        "hash=upper(hash)||' '",
    ],
)
def test_a_changed_record_is_named(change: str, seq: int, chained: Path) -> None:
    report = tamper(chained, f"UPDATE event SET {change} WHERE seq={seq}")
    assert (report.ok, report.first_broken) == (False, seq)
    assert str(seq) in report.message


@pytest.mark.parametrize("seq", range(1, LAST))
def test_a_dropped_record_is_named(seq: int, chained: Path) -> None:
    assert tamper(chained, f"DELETE FROM event WHERE seq={seq}").first_broken == seq


def test_a_dropped_record_is_named_even_when_the_rest_moves_up(chained: Path) -> None:
    drop = "DELETE FROM event WHERE seq=5"
    moves = [f"UPDATE event SET seq={seq - 1} WHERE seq={seq}" for seq in range(6, LAST + 1)]
    assert tamper(chained, drop, *moves).first_broken == 5


@pytest.mark.parametrize(("one", "other"), [(2, 3), (4, 9), (14, LAST), (1, LAST)])
def test_the_first_of_two_swapped_records_is_named(one: int, other: int, chained: Path) -> None:
    moves = [f"UPDATE event SET seq={a} WHERE seq={b}" for a, b in ((99, one), (one, other), (other, 99))]
    assert tamper(chained, *moves).first_broken == one


def test_an_added_record_is_named(chained: Path) -> None:
    columns = "batch, row, account, kind, at, body, image, prev, hash"
    copy = f"INSERT INTO event SELECT {LAST + 1}, {columns} FROM event WHERE seq={LAST}"
    assert tamper(chained, copy).first_broken == LAST + 1


def test_what_is_kept_apart_cannot_be_changed_or_dropped_unnoticed(chained: Path) -> None:
    changed = "UPDATE image SET body=replace(body, 'anna', 'bert') WHERE digest=(SELECT image FROM event WHERE seq=2)"
    assert tamper(chained, changed).first_broken == 2


def test_what_is_kept_apart_is_missed_unless_it_was_purged(chained: Path) -> None:
    assert tamper(chained, "DELETE FROM image WHERE digest=(SELECT image FROM event WHERE seq=3)").first_broken == 3


@pytest.mark.parametrize("statement", ["UPDATE event SET body='{}'", "DELETE FROM event"])
def test_the_file_itself_refuses_to_change_an_event(statement: str, chained: Path) -> None:
    with closing(sqlite3.connect(chained)) as connection, pytest.raises(sqlite3.IntegrityError, match="only grows"):
        connection.execute(statement)
