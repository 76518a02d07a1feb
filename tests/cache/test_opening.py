"""The file is private, rebuilt where it cannot be used, and its failures are said."""

import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from mailtui.cache.tables import CacheTable
from mailtui.cache.writing import Cache
from mailtui.errors import StoreError
from mailtui.queries.mirror import Mirror
from mailtui.queries.views import View
from tests.cache.records import NOW, load, person

Reader = Callable[[], Mirror]


def test_only_its_owner_may_read_the_cache(path: Path) -> None:
    load(path, [person("anna")])
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_a_new_cache_is_not_a_rebuilt_one(path: Path) -> None:
    with closing(Cache(path)) as cache:
        assert not cache.was_rebuilt
    with closing(Cache(path)) as cache:
        assert not cache.was_rebuilt


@pytest.mark.parametrize("harm", ["version", "readings", "garbage", "torn", "other"])
def test_a_cache_that_cannot_be_used_is_rebuilt_and_that_is_told(path: Path, harm: str) -> None:
    load(path, [person("anna")])
    if harm in {"version", "readings", "other"}:
        with closing(sqlite3.connect(path)) as connection:
            change = {"version": "PRAGMA user_version = 999", "readings": "UPDATE sync_state SET readings = 'x'"}
            connection.execute(change.get(harm, "DROP TABLE account"))
            connection.commit()
    else:
        for suffix in ("-wal", "-shm"):
            path.with_name(path.name + suffix).unlink(missing_ok=True)
        path.write_bytes(b"no database at all" * 100 if harm == "garbage" else path.read_bytes()[:5000])
    with closing(Cache(path)) as cache:
        assert cache.was_rebuilt
    with closing(Mirror(path)) as mirror:
        assert mirror.state().accounts == 0


def test_without_a_cache_the_reader_says_to_sync(path: Path) -> None:
    with pytest.raises(StoreError, match="no mirror") as raised:
        Mirror(path)
    assert "mailtui sync" in raised.value.hint


def test_a_cache_of_another_version_is_not_read(path: Path) -> None:
    load(path, [person("anna")])
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA user_version = 999")
    with pytest.raises(StoreError, match="another version"):
        Mirror(path)


def test_a_broken_cache_is_said_to_be_one(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b"no database at all" * 100)
    with pytest.raises(StoreError, match="cannot be read"):
        Mirror(path)


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StoreError) as raised:
        Cache(tmp_path / "file" / "cache.db")
    assert raised.value.hint


def test_a_full_disk_is_said_and_what_was_there_holds(path: Path, mirror: Reader) -> None:
    load(path, [person("anna", "Anna Smith")])
    cache = Cache(path)
    with cache.stage() as staging:
        staging.add(person(f"p{i}") for i in range(3000))
        # A limit on pages is how SQLite meets a full disk, without one.
        staging._connection.exec_driver_sql("PRAGMA max_page_count = 60")
        staging._connection.commit()
        with pytest.raises(StoreError) as raised:
            staging.commit(NOW)
    cache.close()
    assert "make room" in raised.value.hint
    assert [line.name for line in mirror().lines(mirror().hits(View()).rows)] == ["Anna Smith"]


def test_the_reading_sql_names_columns_that_the_tables_have(path: Path) -> None:
    load(path, [person("anna")])
    with closing(sqlite3.connect(path)) as connection:
        for name, table in CacheTable.metadata.tables.items():
            held = {row[1] for row in connection.execute(f"PRAGMA table_info({name})")}
            assert held == set(table.columns.keys())


def test_a_reader_keeps_its_hold_on_the_file_whoever_opens_and_closes_it(path: Path) -> None:
    load(path, [person("anna", "Anna Smith")])
    write = "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.execute({!r}); c.commit(); c.close()"
    write = write.format("UPDATE sync_state SET failure = 1")
    with closing(Mirror(path)) as mirror:
        assert mirror.state().accounts == 1
        log = path.with_name(path.name + "-wal")
        before = log.stat().st_ino
        Cache(path).close()
        # The last one to close would take the log away, if nobody else had the file open.
        subprocess.run([sys.executable, "-c", write, str(path)], check=True)
        assert log.stat().st_ino == before
        assert mirror.state().failure == "1"
