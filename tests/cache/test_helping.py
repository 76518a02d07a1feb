"""A second process makes the search index of a large load: with the same outcome, and gone whatever ends the load."""

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from mailtui.cache.helping import HelpingProcess
from mailtui.cache.staging import Staging
from mailtui.cache.writing import Cache
from mailtui.domain.mirror import Record
from mailtui.errors import StoreError
from mailtui.queries.mirror import Mirror
from mailtui.queries.views import View
from tests.cache.records import BASE, NOW, group, load, person, unit
from tests.servers.waiting import until

NAMES = ("Anna-Lena Smith", "Søren Müller", "张三", "单雄信", "Łukasz Strauß", "O'Brien, Zoë", "محمد علي", "Od\udcffd")


def company(accounts: int) -> Iterator[Record]:
    """Accounts of all sorts in two units, one of them twice."""
    sales, law = unit("Sales"), unit("Law")
    yield from (law, sales)
    for number in range(accounts):
        yield person(
            f"p{number}", f"{NAMES[number % len(NAMES)]} {number // 3}", below=(sales if number % 2 else law).dn,
            aliases=(f"{number}@d{number % 7}.example", f"x{number}@example.com"), phone=f"+49 30 {number}",
            title="Clerk", employee_number=f"E-{number}",
        )  # fmt: skip
    yield person("p7", "Anna New", below=sales.dn)
    yield group("staff", [f"uid=p{number},{sales.dn}" for number in range(50)])


def fill(path: Path, alone: int, accounts: int = 2000) -> None:
    """Load the cache with help after so many accounts."""
    with closing(Cache(path)) as cache, cache.stage(alone) as staging:
        staging.add(company(accounts))
        assert isinstance(staging._indexer, HelpingProcess) == (alone < accounts)
        staging.commit(NOW, base=BASE)


def tables(path: Path) -> dict[str, list[Any]]:
    """Everything that is in a file, FTS5's own tables included."""
    with closing(sqlite3.connect(path)) as connection:
        named = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name <> 'search'")
        return {
            name: connection.execute(f"SELECT * FROM {name} ORDER BY 1, 2").fetchall() for (name,) in named.fetchall()
        }


@pytest.mark.parametrize("alone", [0, 700])
def test_two_processes_make_the_same_cache_as_one(tmp_path: Path, alone: int) -> None:
    for _time in range(2):
        fill(tmp_path / "one.db", 100_000)
        fill(tmp_path / "two.db", alone)
        one, two = tables(tmp_path / "one.db"), tables(tmp_path / "two.db")
        assert one.keys() == two.keys()
        for name, rows in one.items():
            assert rows == two[name], name
    assert len(one["account"]) == 2000
    assert one["search_data"]


def test_the_index_that_is_taken_over_is_sound_and_lives_on(tmp_path: Path) -> None:
    path = tmp_path / "cache.db"
    load(path, [person("old", "Old One")])
    with closing(Mirror(path)) as reader:
        # This reader has looked into the index that is about to be replaced.
        assert len(reader.hits(View("old")).rows) == 1
        fill(path, 0)
        assert len(reader.hits(View("old")).rows) == 0
        assert len(reader.hits(View("zhangsan")).rows) == 250
        with closing(Cache(path)) as cache:
            cache.mend([person("p2", "Ganz Anders", below=unit("Law").dn)], NOW, gone=["id-p10"])
        assert len(reader.hits(View("zhangsan")).rows) == 248
        assert len(reader.hits(View("ganz")).rows) == 1
        assert len(reader.hits(View("dept:law clerk")).rows) == 0
        assert len(reader.hits(View("dept:law")).rows) == 999
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("INSERT INTO search(search) VALUES ('integrity-check')")


def test_a_load_that_is_left_ends_the_helping_process(tmp_path: Path) -> None:
    with closing(Cache(tmp_path / "cache.db")) as cache, cache.stage(0) as staging:
        staging.add(company(600))
        helper = process_of(staging)
        assert is_alive(helper)
    assert not is_alive(helper)


def test_a_helping_process_that_is_killed_ends_the_load_and_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "cache.db"
    load(path, [person("anna", "Anna Smith")])
    with closing(Cache(path)) as cache, cache.stage(0) as staging:
        staging.add(company(1500))
        os.kill(process_of(staging), signal.SIGKILL)
        with pytest.raises(StoreError, match="ended"):
            staging.commit(NOW, base=BASE)
    with closing(Mirror(path)) as mirror:
        assert [line.login for line in mirror.lines(mirror.hits(View()).rows)] == ["anna"]
    fill(path, 0)


KILLED = """
import os, signal, sys
from pathlib import Path
from tests.cache.test_helping import *
from mailtui.cache import swapping
moment, path = sys.argv[1], Path(sys.argv[2])
cache = Cache(path)
with cache.stage(0) as staging:
    staging.add(company(1500))
    print(process_of(staging), flush=True)
    if moment == "build":
        def killed(*_args):
            os.kill(os.getpid(), signal.SIGKILL)
        swapping.take_index = killed
    else:
        os.kill(os.getpid(), signal.SIGKILL)
    staging.commit(NOW, base=BASE)
"""


@pytest.mark.parametrize("moment", ["stage", "build"])
def test_a_killed_load_leaves_no_process_and_the_last_whole_state(tmp_path: Path, moment: str) -> None:
    path = tmp_path / "cache.db"
    load(path, [person("anna", "Anna Smith")])
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2]), "TMPDIR": str(tmp_path)}
    command = [sys.executable, "-c", KILLED, moment, str(path)]
    ended = subprocess.run(command, env=environment, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, check=False)
    assert ended.returncode == -signal.SIGKILL
    helper = int(ended.stdout)
    until(lambda: not is_alive(helper), "the helping process to end")
    assert {file.name for file in tmp_path.iterdir()} <= {"cache.db", "cache.db-wal", "cache.db-shm"}
    with closing(Mirror(path)) as mirror:
        assert [line.login for line in mirror.lines(mirror.hits(View()).rows)] == ["anna"]


def process_of(staging: Staging) -> int:
    """The id of the process that helps a load."""
    helper = staging._indexer
    assert isinstance(helper, HelpingProcess)
    return helper._process.pid


def is_alive(process: int) -> bool:
    """Tell whether a process is there and no zombie."""
    try:
        return "\nState:\tZ" not in Path(f"/proc/{process}/status").read_text(encoding="ascii", errors="replace")
    except FileNotFoundError:
        return False
