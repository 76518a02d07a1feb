"""A sync that is killed at any moment leaves the last whole state, and the next one goes on from there."""

import random
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from mailtui.desk import Desk
from tests.servers.slapd import SlapdOptions, slapd
from tests.sync.changes import Changer
from tests.sync.mirrors import content
from tests.sync.test_deltas import assert_as_a_fresh_read, desk_on, sync

KILLS = 12
RUN = """
import sys
from pathlib import Path
from threading import Event
from mailtui.config import Config
from mailtui.desk import Desk
from mailtui.domain.secret import Secret
from mailtui.paths import StorePaths
from tests.directory.conftest import config_of
from mailtui.demo.address import DemoAddress
from mailtui.sync.syncing import Wish
url, base, bind_dn, ca_file, folder, wish = sys.argv[1:7]
password = Secret(sys.stdin.readline().strip())
address = DemoAddress(url, base, bind_dn, password, Path(ca_file))
folder = Path(folder)
desk = Desk(Config(config_of(address)), files=StorePaths(*(folder / n for n in ("cache.db", "j.db", "h.db"))))
desk.give_password("operator", password)
desk.keeper()
print("ready", flush=True)
desk.keeper().sync(Wish[wish], lambda _progress: None, Event())
print("done", flush=True)
"""


@pytest.mark.server
def test_a_killed_sync_leaves_the_last_whole_state(tmp_path: Path) -> None:
    chance = random.Random(5)
    with (
        slapd(options=SlapdOptions(syncprov=True, session_log=5000)) as address,
        closing(Changer(address, 1)) as changer,
    ):
        changer.populate(1500)
        desk = desk_on(address, tmp_path)
        sync(desk)
        finished = 0
        for turn in range(KILLS):
            before = content(desk.cache_file)
            changer.change(60)
            wish = "FULL" if turn % 2 else "USUAL"
            arguments = [address.url, address.base, address.bind_dn, str(address.ca_file), str(tmp_path), wish]
            with subprocess.Popen(
                [sys.executable, "-c", RUN, *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
            ) as process:
                assert process.stdin
                assert process.stdout
                process.stdin.write(address.password.reveal() + "\n")
                process.stdin.flush()
                assert process.stdout.readline() == "ready\n"
                time.sleep(chance.random() * (0.9 if turn % 2 else 0.12))  # The moment is the point.
                process.kill()
                finished += process.stdout.readline() == "done\n"
            after = content(desk.cache_file)
            assert_sound(desk)
            if after != before:
                assert_as_a_fresh_read(desk, address, tmp_path / "fresh")
        assert finished < KILLS
        sync(desk)
        assert_as_a_fresh_read(desk, address, tmp_path / "fresh")


def assert_sound(desk: Desk) -> None:
    with closing(sqlite3.connect(desk.cache_file)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
