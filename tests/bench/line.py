"""Bytes over the line, key by key, as Textual sends them and as we do: python -m tests.bench.line [--size 80x24].

The bars are those of DESIGN section 10, for 256 colours.
"""

import argparse
import tempfile
from collections.abc import Mapping
from pathlib import Path

from mailtui.demo import service
from mailtui.ui.terminal.painting import SWITCH
from tests.cli.commands import write_config
from tests.ui.terminal_driver import Terminal

_PEOPLE = 2000
_QUIET_S = 1.2
# What is done, the keys, and the bar in bytes: 0 where DESIGN names none.
_STEPS = (
    ("cursor down", ("down",), 300),
    ("page down", ("pagedown",), 3000),
    ("to the detail", ("3",), 1000),
    ("back to the table", ("2",), 1000),
    ("to the search", ("/",), 1000),
    ("leave the search", ("escape",), 1000),
    ("disable dialog", ("x",), 1500),
    ("a letter typed there", ("a",), 100),
    ("close it", ("escape",), 1500),
    ("all commands", (":",), 0),
    ("close them", ("escape",), 0),
    ("help", ("?",), 0),
    ("close it again", ("escape",), 0),
    ("quota lens", ("Q",), 0),
)


def main() -> None:
    """Press the keys on two consoles, and print what each sent."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.line", description=__doc__)
    parser.add_argument("--size", default="80x24", metavar="WxH")
    width, height = map(int, parser.parse_args().size.split("x"))
    with tempfile.TemporaryDirectory() as folder, service.temporary(_PEOPLE, seed=1) as there:
        command = ["-m", "mailtui", "--config", str(write_config(Path(folder, "config.toml"), there))]
        stock = _sent(command, (width, height), {SWITCH: "0", "HOME": folder})
        ours = _sent(command, (width, height), {SWITCH: "1", "HOME": folder})
    print(f"{'':24}{'Textual':>10}{'mailtui':>10}{'bar':>8}")
    for what, _keys, bar in (("first screen", (), 0), *_STEPS, ("30 s in which nothing happens", (), 0)):
        told = "" if not bar else f"{bar}" if ours[what] <= bar else f"{bar} !"
        print(f"{what:30}{stock[what]:>8,}{ours[what]:>8,}{told:>8}")


def _sent(command: list[str], size: tuple[int, int], env: Mapping[str, str]) -> dict[str, int]:
    sent: dict[str, int] = {}
    with Terminal(command, size=size, env={"TERM": "xterm-256color", **env}) as terminal:
        terminal.sees("accounts")
        terminal.settle(2.0)
        sent["first screen"] = len(terminal.raw)
        for what, keys, _bar in _STEPS:
            before = len(terminal.raw)
            terminal.press(*keys)
            terminal.settle(_QUIET_S)
            sent[what] = len(terminal.raw) - before
        # The age of the mirror ticks once, when it is a minute old; from then on nothing is news.
        sent["30 s in which nothing happens"] = len(terminal.settle(30.0))
        terminal.send("\x03")
        terminal.settle()
        terminal.send("y")
    return sent


if __name__ == "__main__":
    main()
