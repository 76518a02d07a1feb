"""The journal's file in bad times: killed writers, many writers, full disks, files of others and of other versions."""

import os
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace

import pytest

from mailtui.domain.batch import RowState
from mailtui.errors import StoreError
from mailtui.journal import store
from mailtui.journal.log import Journal
from tests.journal.conftest import KIM, NOON, plan_for, plan_row, written

WRITER = """
import sys
from pathlib import Path
from mailtui.journal.log import Journal
from tests.journal.conftest import KIM, NOON, plan_for, plan_row, written
journal = Journal(Path(sys.argv[1]))
for number in range(int(sys.argv[2])):
    print(written(journal, plan_for(*(plan_row(f"user{row}") for row in range(5)))), flush=True)
journal.close()
"""


def writer(path: Path, batches: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", WRITER, str(path), str(batches)]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)


def test_eight_processes_writing_at_once_lose_nothing_and_keep_one_chain(path: Path) -> None:
    writers = [writer(path, 10) for _ in range(8)]
    names = [name for one in writers for name in one.communicate(timeout=120)[0].split()]
    assert [one.returncode for one in writers] == [0] * 8
    assert sorted(names) == sorted(f"B{number}" for number in range(1, 81))
    with closing(Journal(path)) as journal:
        assert journal.verify().records == 80 * (1 + 5 + 1 + 5 + 5 + 1)
        assert all(batch.counts[RowState.VERIFIED] == 5 for batch in journal.batches())


def test_a_writer_killed_at_any_moment_leaves_whole_transactions(path: Path) -> None:
    for batches in range(1, 6):
        killed = writer(path, 1000)
        assert killed.stdout
        for _ in range(batches):
            killed.stdout.readline()
        killed.send_signal(signal.SIGKILL)
        reported = killed.communicate(timeout=60)[0].split()
        with closing(Journal(path)) as journal:
            assert journal.verify().ok
            known = journal.batches(1000)
            assert set(reported) <= {batch.id for batch in known}
            assert all(batch.total == 5 for batch in known)


def raw(path: Path, statement: str) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(statement)


def test_a_full_disk_is_told_and_leaves_nothing_half(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with closing(Journal(path)) as journal:
        written(journal, plan_for(plan_row("anna")))
    # SQLite says SQLITE_FULL when the file reaches its page limit, just as on a full disk.
    connect = store._on_connect
    monkeypatch.setattr(
        store, "_on_connect", lambda raw, record: (connect(raw, record), raw.execute("PRAGMA max_page_count=1"))
    )
    with closing(Journal(path)) as journal:
        with pytest.raises(StoreError, match="full") as failure:
            journal.open_batch(plan_for(*(plan_row(f"user{row}") for row in range(1000))), KIM, NOON)
        assert failure.value.hint
        assert [batch.id for batch in journal.batches()] == ["B1"]
        assert journal.verify().ok


def test_a_file_that_is_no_journal_is_left_alone(path: Path) -> None:
    path.parent.mkdir(mode=0o700)
    path.write_bytes(b"this is a letter, not a database " * 100)
    with pytest.raises(StoreError, match="no journal"):
        Journal(path)
    assert path.read_bytes().startswith(b"this is a letter")


def test_a_newer_journal_is_not_touched(path: Path) -> None:
    Journal(path).close()
    raw(path, "PRAGMA user_version=99")
    with pytest.raises(StoreError, match="newer"):
        Journal(path)


def test_an_older_journal_is_brought_up_to_date_and_keeps_its_events(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(Journal(path)) as journal:
        written(journal, plan_for(plan_row("anna")))
    steps: Mapping[int, tuple[str, ...]] = {1: ("CREATE TABLE later (a)",), 2: ("INSERT INTO later VALUES (1)",)}
    monkeypatch.setattr(store, "SCHEMA_VERSION", 3)
    monkeypatch.setattr(store, "MIGRATIONS", steps)
    for _ in range(2):
        with closing(Journal(path)) as journal:
            assert journal.verify().ok
            assert journal.batch("B1").is_clean
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT count(*) FROM later").fetchone() == (1,)
        assert connection.execute("PRAGMA user_version").fetchone() == (3,)


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StoreError, match="cannot be opened"):
        Journal(tmp_path / "file" / "journal.db")


def test_every_commit_is_on_the_disk_before_it_is_told(journal: Journal) -> None:
    with journal._engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"


@pytest.mark.parametrize(("free", "said"), [(0, "the disk is full"), (1 << 30, "the disk cannot be read or written")])
def test_a_write_that_only_fails_is_told_as_a_full_disk_where_the_disk_is_full(
    journal: Journal, monkeypatch: pytest.MonkeyPatch, free: int, said: str
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: SimpleNamespace(free=free))
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1, before[1]))
    try:
        with pytest.raises(StoreError) as failure:
            journal.open_batch(plan_for(plan_row("anna")), KIM, NOON)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert said in failure.value.message
    assert journal.batches() == []
