"""The console on a real terminal: hostile text, signals, bad bytes, colours, and what a crash leaves behind."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from mailtui.config import DirectoryConfig
from mailtui.demo import service
from mailtui.directory.connection import Login, connect
from mailtui.domain.change import Change
from tests.servers.changing import modify
from tests.ui.terminal_driver import Terminal

HOSTILE = {
    "escape": "Esc \x1b[31mred\x1b]52;c;aGFja2Vk\x07 name",
    "markup": "[/nope] [red]x[/red] [@click=app.exit]y",
    "newline": "Two\nLines\tand tabs\r",
    "override": "Right \u202eto left\u2066 x",
    "wide": "张三 全角 ｆｕｌｌ",
    "control": "C1 \x9b31m \x85 \x7f",
    "joined": "e\u0301 \u200b\u200d zero",
}
_SGR = re.compile(rb"\x1b\[([0-9;]*)m")


@pytest.fixture
def config(tmp_path: Path) -> Iterator[Path]:
    """A config for a small company, some of whose people have hostile names."""
    with service.temporary(30, seed=1) as there:
        directory = connect(
            DirectoryConfig(urls=(there.url,), base=there.base), Login("simple", there.bind_dn, there.password)
        )
        people = list(directory.search(there.base, "(&(objectClass=mailUser)(accountStatus=active))", ["cn"]))
        for name, entry in zip(HOSTILE.values(), people, strict=False):
            old = directory.read([entry.dn], ["displayName"])[entry.dn].get("displayName")
            modify(directory, entry.dn, [Change("displayName", remove=old, add=(f"AAA {name}".encode(),))])
        directory.close()
        password = tmp_path / "password"
        password.write_text(there.password.reveal())
        file = tmp_path / "config.toml"
        file.write_text(
            f'[directory]\nurls = ["{there.url}"]\nbase = "{there.base}"\nbind_dn = "{there.bind_dn}"\n'
            f'schema = "demo"\npassword_command = ["cat", "{password}"]\n'
        )
        yield file


def console(config: Path, *, size: tuple[int, int] = (80, 24), **env: str) -> Terminal:
    """Open the console."""
    return Terminal(["-m", "mailtui", "--config", str(config)], size=size, env=env)


def test_hostile_names_show_as_text_aligned_and_change_nothing(config: Path) -> None:
    with console(config, size=(110, 40)) as terminal:
        terminal.sees("AAA", "mirrored just now")
        assert len(terminal.cell_columns("active")) == 1
        assert terminal.cell_columns("AAA") == terminal.cell_columns("Name")
        for _person in HOSTILE:
            terminal.press("down")
        for _person in HOSTILE:
            terminal.press("up")
        terminal.press("/", *"AAA", "enter", "*", "x")
        terminal.sees("Ticket")
        terminal.press("H", "D", "enter")
        terminal.sees("Type 7 and Enter")
        terminal.settle(0.6)
        terminal.press("7", "enter")
        terminal.sees("✓ done", "✓ verified 7")
        terminal.press("down", "enter", "escape", "b")
        terminal.sees("Batches")
        terminal.press("escape", "q")
        assert terminal.wait() == 0
    for payload in ("\x1b[31mred", "\x1b]52;", "2Vk\x07", "\u202e", "\u2066", "\x9b", "\x7f", "\u200d zero"):
        place = terminal.raw.find(payload.encode())
        assert place < 0, bytes(terminal.raw[place - 40 : place + 40])
    assert b"[/nope] [red]x" in terminal.raw
    assert "Esc ␛[31mred␛]52".encode() in terminal.raw
    assert "Two␊Lines␉and tabs".encode() in terminal.raw


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGHUP, 129)])
def test_a_signal_ends_it_cleanly_and_gives_the_terminal_back(config: Path, number: signal.Signals, code: int) -> None:
    with console(config) as terminal:
        terminal.sees("2 Accounts")
        os.kill(terminal.pid, number)
        assert terminal.wait() == code
    after = bytes(terminal.raw)
    assert after.rindex(b"\x1b[?1049l") > after.rindex(b"\x1b[?1049h")
    assert after.rindex(b"\x1b[?25h") > after.rindex(b"\x1b[?25l")
    assert b"Traceback" not in after


def test_it_sleeps_and_wakes_whatever_it_is_doing(config: Path) -> None:
    with console(config) as terminal:
        terminal.sees("2 Accounts", "mirrored just now")
        for round_ in range(25):
            terminal.send("\x1b[B" * round_)
            terminal.kill(signal.SIGTSTP)
            terminal.stops()
            terminal.kill(signal.SIGCONT)
        terminal.settle()
        terminal.press("space")
        terminal.sees("1 marked")
        terminal.press("U", "q")
        assert terminal.wait() == 0


def test_a_stop_that_it_did_not_see_coming_leaves_a_whole_screen(config: Path) -> None:
    with console(config) as terminal:
        terminal.sees("2 Accounts", "mirrored just now")
        terminal.kill(signal.SIGSTOP)
        terminal.stops()
        shown = len(terminal.raw)
        terminal.kill(signal.SIGCONT)
        terminal.settle(1)
        assert b"Accounts" in terminal.raw[shown:]
        terminal.press("space")
        terminal.sees("1 marked")
        terminal.press("U", "q")
        assert terminal.wait() == 0


@pytest.mark.parametrize("is_asleep", [False, True])
def test_a_line_that_is_hung_up_ends_it(config: Path, is_asleep: bool) -> None:
    with console(config) as terminal:
        terminal.sees("2 Accounts")
        if is_asleep:
            terminal.kill(signal.SIGTSTP)
            terminal.stops()
        terminal.hang_up()
        if is_asleep:
            terminal.kill(signal.SIGCONT)
        assert terminal.ends() == 129


def test_the_end_of_its_input_ends_it_where_no_signal_came(config: Path) -> None:
    # A line that goes while another process leads the session: only its input tells.
    ours, theirs = os.openpty()
    command = [sys.executable, "-m", "mailtui", "--config", str(config)]
    with subprocess.Popen(
        command, stdin=theirs, stdout=theirs, stderr=theirs, env={**os.environ, "TERM": "linux"}
    ) as console:
        os.close(theirs)
        shown = b""
        while b"mirrored" not in shown:
            shown += os.read(ours, 65536)
        os.close(ours)
        assert console.wait(30) == 129


def test_bytes_that_are_no_utf8_do_not_end_it(config: Path) -> None:
    with console(config) as terminal:
        terminal.sees("2 Accounts")
        terminal.send(b"\xff\xfe\xc3(")
        terminal.settle()
        terminal.press("/", "a", "enter")
        terminal.sees("/ a")
        terminal.press("q")
        assert terminal.wait() == 0


def test_without_colour_no_colour_is_sent_and_states_are_words(config: Path) -> None:
    with console(config, NO_COLOR="1") as terminal:
        terminal.sees("active")
        terminal.press("space", "x")
        terminal.sees("Ticket")
        terminal.press("escape", "escape", "U", "q")
        assert terminal.wait() == 0
    codes = {code for found in _SGR.findall(bytes(terminal.raw)) for code in found.decode().split(";") if code}
    assert not {code for code in codes if int(code) >= 30} - {"39", "49"}


@pytest.mark.parametrize("term", ["linux", "vt100", "screen", "tmux-256color"])
def test_it_shows_on_every_terminal(config: Path, term: str) -> None:
    with console(config, TERM=term) as terminal:
        terminal.sees("1 Units", "2 Accounts", "x disable")
        terminal.press("q")
        assert terminal.wait() == 0


def test_over_ssh_the_mouse_is_left_to_the_terminal_and_keys_to_their_bytes(config: Path) -> None:
    with console(config, SSH_CONNECTION="192.0.2.1 1 192.0.2.2 22") as terminal:
        terminal.sees("2 Accounts", "active")
        # A cursor key that a slow line tears apart is still one key.
        terminal.send(b"\x1b")
        terminal.settle(0.25)
        terminal.send(b"[B")
        terminal.settle()
        terminal.press("space")
        terminal.sees("1 marked")
        terminal.press("U", "q")
        assert terminal.wait() == 0
    assert b"\x1b[?1003h" not in terminal.raw
    assert b"\x1b[>" not in terminal.raw


def test_nothing_is_sent_while_nothing_changes(config: Path) -> None:
    with console(config) as terminal:
        terminal.sees("2 Accounts", "mirrored just now")
        terminal.settle(1)
        assert terminal.settle(3) == b""
        terminal.press("/")
        assert terminal.settle(2) == b""


BROKEN = """
import sys
from mailtui import log, paths
from mailtui.cli.context import Options
from mailtui.runner.front import Runner
from pathlib import Path
from mailtui.ui.console import Console

class Broken(Console):
    def action_leave(self):
        password = "s3cret " * 3
        raise ValueError("unforeseen")

log.start(paths.log_file())
desk = Options(config=Path(sys.argv[1])).desk()
console = Broken(desk, Runner(desk), read_only=False)
console.run(mouse=False)
sys.exit(console.return_code)
"""


def test_a_crash_says_where_the_log_is_and_shows_no_locals(config: Path, home: Path) -> None:
    with Terminal(["-c", BROKEN, str(config)]) as terminal:
        terminal.sees("2 Accounts")
        terminal.press("ctrl+c")
        assert terminal.wait() == 1
    log = home / "xdg_state_home" / "mailtui" / "mailtui.log"
    assert b"mailtui failed; what happened is in" in terminal.raw
    assert b"s3cret" not in terminal.raw
    assert "ValueError: unforeseen" in log.read_text()
    assert "s3cret s3cret" not in log.read_text().replace('"s3cret " * 3', "")
