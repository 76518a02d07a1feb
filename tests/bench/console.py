"""The console on a real terminal: first paint, memory, keys.  python -m tests.bench.console [--folder F] [N ...].

First paint is measured in turns with a bare Textual app, from the start of the process until the frame is there. A
key takes from when it is sent until the last byte that it causes; the reference is the same key at the smallest cache.
"""

import argparse
import os
import signal
import statistics
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from select import select
from time import perf_counter

from tests.bench.caches import Filled, filled
from tests.bench.measuring import Measure, table
from tests.bench.processes import CONFIG
from tests.ui.terminal_driver import KEYS, Terminal

BARE = """
from textual.app import App
from textual.widgets import Static
class Bare(App):
    def compose(self):
        yield Static("READY")
Bare().run()
"""
# As the installed command begins.
COMMAND = "from mailtui.cli import main; main()"
ROUNDS = 11
_PATIENCE_S = 60.0
_QUIET_S = 0.3
_MOVES = {"down": ("down", 20), "page": ("pagedown", 10), "end": ("G", 5), "top": ("g", 5)}
_LETTERS = ("s", "m", "i", "t", "h")
_TO_PERCENT = 6


class Line(Terminal):
    """A terminal that only notes what comes and when."""

    def __init__(self, command: Sequence[str], folder: Path) -> None:
        self.begun = self.latest = perf_counter()
        environment = {"HOME": str(folder), "XDG_STATE_HOME": str(folder), "PYTHONDONTWRITEBYTECODE": ""}
        super().__init__(command, env=environment)

    def _read(self, timeout_s: float) -> bytes:
        if not select([self._file], [], [], timeout_s)[0]:
            return b""
        data = os.read(self._file, 65536)
        self.latest = perf_counter()
        self.raw += data
        return data

    def until(self, text: str, since: int = 0) -> float:
        """Wait for a text; gives the milliseconds from the start of the process."""
        deadline = perf_counter() + _PATIENCE_S
        while text.encode() not in self.raw[since:]:
            assert perf_counter() < deadline, f"waited for {text}"
            self._read(1)
        return 1000 * (self.latest - self.begun)

    def key(self, key: str) -> float:
        """Press a key; gives the milliseconds until the last byte that it caused."""
        self.latest = sent = perf_counter()
        self.send(KEYS.get(key, key))
        self.settle(_QUIET_S)
        return 1000 * (self.latest - sent)

    @property
    def resident_mib(self) -> float:
        """The memory of the process now."""
        status = Path(f"/proc/{self.pid}/status").read_text("utf-8")
        return int(status.partition("VmRSS:")[2].split()[0]) / 1024

    def end(self) -> None:
        """End it, in whatever state it is."""
        os.kill(self.pid, signal.SIGKILL)


def measure(caches: Sequence[Filled]) -> Iterator[Measure]:
    """First paint, memory and keys of each cache."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        yield from _first_paint(caches, folder)
        first: dict[str, float] = {}
        for cache in caches:
            with _console(cache, folder) as line:
                for what, amount, unit in _session(line, cache.accounts):
                    yield Measure(what, cache.accounts, amount, unit, first.setdefault(what, amount))
                line.end()


def _console(cache: Filled, folder: Path) -> Line:
    config = folder / f"{cache.accounts}.toml"
    config.write_text(CONFIG.format(path=cache.path), "utf-8")
    return Line(["-c", COMMAND, "--config", str(config)], folder)


def _first_paint(caches: Sequence[Filled], folder: Path) -> Iterator[Measure]:
    bare: list[float] = []
    taken: dict[int, list[tuple[float, float]]] = {cache.accounts: [] for cache in caches}
    for _round in range(ROUNDS + 1):
        with Line(["-c", BARE], folder) as line:
            bare.append(line.until("READY"))
            line.end()
        for cache in caches:
            with _console(cache, folder) as line:
                taken[cache.accounts].append((line.until("2 Accounts"), line.until("active")))
                line.end()
    # The first round compiles what was not compiled yet.
    reference = statistics.median(bare[1:])
    for accounts, rounds in taken.items():
        frames, lists = zip(*rounds[1:], strict=True)
        yield Measure("first paint / bare Textual app", accounts, statistics.median(frames), "ms", reference)
        yield Measure("first accounts / bare Textual app", accounts, statistics.median(lists), "ms", reference)


def _session(line: Line, accounts: int) -> Iterator[tuple[str, float, str]]:
    """Sit down at a console, and take note of its memory and of what keys take."""
    line.until(f"{accounts:,} accounts")
    line.settle(1)
    yield "memory, opened", line.resident_mib, "MiB"
    for what, (key, times) in _MOVES.items():
        other = {"G": "g", "g": "G"}.get(key)
        taken = [(line.key(other) if other else 0.0, line.key(key))[1] for _time in range(times)]
        yield f"key: {what}", statistics.median(taken), "ms"
    yield "memory, after walking", line.resident_mib, "MiB"
    yield from _typed(line)
    for _time in range(_TO_PERCENT):
        line.key("o")
    line.settle(3)
    yield "memory, sorted by percent", line.resident_mib, "MiB"
    begun, since = perf_counter(), len(line.raw)
    line.send("*")
    line.until(f"{accounts:,} marked" if accounts < 1_000_000 else f"{accounts:,}", since)
    yield "key: * until all are marked", 1000 * (line.latest - begun), "ms"
    line.settle(1)
    yield "memory, all marked", line.resident_mib, "MiB"
    yield "key: down, all marked", statistics.median(line.key("down") for _time in range(10)), "ms"


def _typed(line: Line) -> Iterator[tuple[str, float, str]]:
    line.key("/")
    for letter in _LETTERS:
        yield f"key: letter {letter} of {''.join(_LETTERS)}", line.key(letter), "ms"
    line.key("escape")
    line.key("escape")
    line.settle(1)


def main() -> None:
    """Measure, and print one table."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.console", description=__doc__)
    parser.add_argument("accounts", nargs="*", type=int, default=[10_000, 1_000_000], metavar="N")
    parser.add_argument(
        "--folder", type=Path, default=Path(tempfile.gettempdir(), "mailtui-bench"), help="where the caches are kept"
    )
    given = parser.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    print(table(list(measure([filled(given.folder, accounts) for accounts in given.accounts]))), file=sys.stdout)


if __name__ == "__main__":
    main()
