"""The whole job in tmux at 80x24, by keys alone, as an operator on a jump host does it."""

import json
import os
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from threading import Event

import pytest

from mailtui.demo import service

_PATIENCE_S = 30.0


class Tmux:
    """A session in a tmux server of its own."""

    def __init__(self, folder: Path, command: list[str]) -> None:
        self._socket = str(folder / "tmux")
        self._run("-f", "/dev/null", "-u", "new-session", "-d", "-x", "80", "-y", "24", *command)

    def _run(self, *arguments: str) -> str:
        environment = {**os.environ, "TERM": "xterm-256color", "LC_ALL": "C.UTF-8"}
        command = ["tmux", "-S", self._socket, *arguments]
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout

    @property
    def screen(self) -> str:
        """What stands on the screen."""
        return self._run("capture-pane", "-p")

    def sees(self, *texts: str) -> None:
        """Wait for texts."""
        deadline = time.monotonic() + _PATIENCE_S
        while not all(text in self.screen for text in texts):
            assert time.monotonic() < deadline, f"waited for {texts}; the screen:\n{self.screen}"
            time.sleep(0.05)

    def press(self, *keys: str) -> None:
        """Press keys, as tmux names them."""
        self._run("send-keys", *keys)

    def write(self, text: str) -> None:
        """Type a text."""
        self._run("send-keys", "-l", text)

    def suspend(self) -> None:
        """Send the signal of Ctrl-Z to what runs in the shell."""
        shell = self._run("display-message", "-p", "#{pane_pid}").strip()
        child = Path(f"/proc/{shell}/task/{shell}/children").read_text().split()[0]
        os.kill(int(child), signal.SIGTSTP)

    def end(self) -> None:
        """End the server, which is no other's."""
        subprocess.run(["tmux", "-S", self._socket, "kill-server"], capture_output=True, check=False)


@pytest.fixture
def config(tmp_path: Path) -> Iterator[Path]:
    """A config for a small company where a ticket is required."""
    with service.temporary(60, seed=1) as there:
        password = tmp_path / "password"
        password.write_text(there.password.reveal())
        file = tmp_path / "config.toml"
        file.write_text(
            f'[directory]\nurls = ["{there.url}"]\nbase = "{there.base}"\nbind_dn = "{there.bind_dn}"\n'
            f'schema = "demo"\npassword_command = ["cat", "{password}"]\n'
            '[policy]\nticket_required = true\nticket_pattern = "HD-[0-9]+"\n'
        )
        yield file


@pytest.fixture
def tmux(tmp_path: Path, config: Path) -> Iterator[Tmux]:
    """The console in tmux."""
    session = Tmux(tmp_path, [sys.executable, "-m", "mailtui", "--config", str(config)])
    try:
        yield session
    finally:
        session.end()


def batch(config: Path, name: str) -> dict[str, object]:
    """Ask the command line for a batch."""
    command = [sys.executable, "-m", "mailtui", "--config", str(config), "--json", "batch", name]
    batch: dict[str, object] = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
    return batch


def test_the_main_job_by_keys_alone(tmux: Tmux, config: Path) -> None:
    pause = Event()
    tmux.sees("2 Accounts", "All accounts", "mirrored just now")
    tmux.press("/")
    tmux.write("is:active kind:person")
    tmux.sees(" of ")
    tmux.press("Enter")
    tmux.sees("Space mark")
    tmux.press("Space", "Space", "Space")
    tmux.sees("3 marked")
    tmux.press("x")
    tmux.sees("Disable: 3 marked accounts", "required")
    tmux.write("HD-4711")
    tmux.press("Enter")
    tmux.sees("Ticket HD-4711", "accountStatus: noaccess", "Type 3 and Enter")
    # A person reads before typing; what comes sooner is no answer.
    pause.wait(0.8)
    tmux.press("3", "Enter")
    tmux.sees("B1 Disable", "done", "verified 3")
    assert batch(config, "B1")["state"] == "done"
    tmux.press("u")
    tmux.sees("Undo B1", "required")
    tmux.write("HD-4712")
    tmux.press("Enter")
    tmux.sees("Type 3 and Enter")
    pause.wait(0.8)
    tmux.press("3", "Enter")
    tmux.sees("B2 Undo", "done", "verified 3")
    undo = batch(config, "B2")
    assert (undo["state"], undo["undoes"]) == ("done", "B1")


def test_the_screen_comes_back_after_it_was_put_to_sleep(tmp_path: Path, config: Path) -> None:
    session = Tmux(tmp_path, ["bash", "--norc", "--noprofile", "-i"])
    try:
        session.write(shlex.join([sys.executable, "-m", "mailtui", "--config", str(config)]))
        session.press("Enter")
        session.sees("2 Accounts", "mirrored just now")
        session.suspend()
        session.sees("Stopped")
        session.write("fg")
        session.press("Enter")
        session.sees("2 Accounts", "mirrored just now")
        session.press("Space")
        session.sees("1 marked")
    finally:
        session.end()
