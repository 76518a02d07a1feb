"""A command that watches its batch, and what becomes of the batch when something happens to the command."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.commands import write_config
from tests.runner.world import Place, World
from tests.servers.proxy import proxied
from tests.servers.rules import Action, Kind
from tests.servers.waiting import until


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGHUP, signal.SIGSTOP])
def test_a_batch_needs_nobody_to_watch_it(small_place: Place, tmp_path: Path, number: signal.Signals) -> None:
    with proxied(small_place.address) as proxy:
        world = World(small_place, proxy.address)
        config = write_config(tmp_path / "config.toml", proxy.address, schema='"mailuser"')
        pids: list[int] = []
        proxy.on(Kind.MODIFY_REQUEST, 3, lambda: os.killpg(pids[0], number), Action.PASS)
        command = [sys.executable, "-m", "mailtui", "--config", str(config), "disable", *world.mails, "--yes"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, start_new_session=True) as process:
            pids.append(process.pid)
            try:
                if number is signal.SIGSTOP:
                    os.waitid(os.P_PID, process.pid, os.WSTOPPED)
                else:
                    assert process.wait(30) == -number
                # Looked at from outside: one that is stopped may hold the lock under which the journal is opened.
                journal = world.desk.files.journal
                until(lambda: not journal.with_name(f"{journal.name}.B1.lock").exists(), "the runner to end")
            finally:
                process.kill()
        world.assert_disabled("B1")
