"""The history's file is private, never taken for what it is not, and its failures are said."""

import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from mailtui.domain.usage import Sample
from mailtui.errors import StoreError
from mailtui.history import opening
from mailtui.history.store import History
from mailtui.history.tables import HistoryTable
from mailtui.queries.usage import UsageHistory

DAY = date(2026, 11, 16)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A history with one sample."""
    path = tmp_path / "state" / "history.db"
    with closing(History(path)) as history:
        history.record(DAY, [Sample("a", 5)])
    return path


def alter(path: Path, statement: str) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(statement)
        connection.commit()


def test_only_its_owner_may_read_the_history(path: Path) -> None:
    with closing(History(path)) as history:
        history.record(DAY, [Sample("a", 6)])
        assert {stat.S_IMODE(file.stat().st_mode) for file in path.parent.iterdir()} == {0o600}
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_where_nothing_was_sampled_nothing_is_known_until_something_is(tmp_path: Path) -> None:
    path = tmp_path / "history.db"
    with closing(UsageHistory(path)) as told:
        assert (told.series("a"), told.latest(DAY), told.weekly(DAY).used) == ((), {}, {})
        with closing(History(path)) as history:
            assert told.weekly(DAY).days == ()
            history.record(DAY, [Sample("a", 5)])
        assert told.weekly(DAY).used == {"a": (5,)}


def test_a_newer_history_is_neither_read_nor_touched(path: Path) -> None:
    alter(path, "PRAGMA user_version = 999")
    before = path.read_bytes()
    with pytest.raises(StoreError, match="newer version"):
        History(path)
    with pytest.raises(StoreError, match="another version") as raised:
        UsageHistory(path)
    assert raised.value.hint
    assert path.read_bytes() == before


def test_an_older_history_is_migrated_and_keeps_what_it_knows(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "SCHEMA_VERSION", 2)
    monkeypatch.setattr(opening, "MIGRATIONS", {1: ["ALTER TABLE account ADD COLUMN note TEXT"]})
    History(path).close()
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (2,)
        assert connection.execute("SELECT id, note FROM account").fetchall() == [("a", None)]


@pytest.mark.parametrize("harm", ["garbage", "torn page", "no page"])
def test_a_damaged_history_is_said_to_be_one_with_what_to_do(path: Path, harm: str) -> None:
    if harm == "garbage":
        path.write_bytes(b"no database at all" * 100)
    else:
        alter(path, "UPDATE page SET used = x'00'" if harm == "torn page" else "DROP TABLE page")
    with pytest.raises(StoreError, match="cannot be read") as raised, closing(UsageHistory(path)) as told:
        told.series("a")
    assert "move the file away" in raised.value.hint
    with pytest.raises(StoreError, match="history"), closing(History(path)) as history:
        history.record(DAY, [Sample("a", 6)])


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StoreError, match="cannot be opened") as raised:
        History(tmp_path / "file" / "history.db")
    assert raised.value.hint


def test_a_full_disk_is_said_and_what_was_there_holds(path: Path) -> None:
    with closing(History(path)) as history, opening.writing(history._engine, path) as connection:
        # A limit on pages is how SQLite meets a full disk, without one.
        connection.exec_driver_sql("PRAGMA max_page_count = 8")
        with pytest.raises(StoreError, match="cannot be written") as raised, opening.explained(path):
            connection.exec_driver_sql("INSERT INTO page VALUES (1, 1, 1, zeroblob(100000), x'', x'')")
    assert "make room" in raised.value.hint
    with closing(UsageHistory(path)) as told:
        assert [point.used_bytes for point in told.series("a")] == [5]


def test_the_reading_sql_names_columns_that_the_tables_have(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        for name, table in HistoryTable.metadata.tables.items():
            held = {row[1] for row in connection.execute(f"PRAGMA table_info({name})")}
            assert held == set(table.columns.keys())


def test_to_read_the_history_loads_no_tables() -> None:
    script = "import mailtui.queries.usage, sys; print([n for n in ('sqlmodel', 'sqlalchemy') if n in sys.modules])"
    assert subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout == "[]\n"
