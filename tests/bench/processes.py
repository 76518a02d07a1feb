"""Whole processes: a one-shot look-up, and the memory of a reader that holds all rows."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.bench.caches import Filled
from tests.bench.measuring import Measure, milliseconds

CONFIG = """
[directory]
urls = ["ldap://127.0.0.1:9"]
base = "dc=example,dc=com"
bind = "anonymous"
[cache]
path = "{path}"
"""
MEMORY = """
print(next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM")))
"""
READER = """
import sys
from pathlib import Path
from mailtui.queries.mirror import Mirror
from mailtui.queries.views import View
mirror = Mirror(Path(sys.argv[1]))
rows = mirror.hits(View()).rows
for query in ("jon", "is:disabled", "dept:sales quota>90"):
    mirror.lines(mirror.first(View(query), 50).rows)
"""
ROUNDS = 7


def measure(caches: Sequence[Filled]) -> Iterator[Measure]:
    """In turns with a bare import of sqlmodel, which is the bar."""
    for cache in caches:
        with tempfile.TemporaryDirectory() as folder:
            yield from _one_shot(cache, Path(folder))
        peak, bare = _peak_mib(READER, str(cache.path)), _peak_mib("")
        yield Measure("reader with all rows / bare Python, memory", cache.accounts, peak, "MiB", bare)


def _one_shot(cache: Filled, folder: Path) -> Iterator[Measure]:
    config = folder / "config.toml"
    config.write_text(CONFIG.format(path=cache.path), "utf-8")
    environment = os.environ | {"MAILTUI_CONFIG": str(config), "HOME": str(folder), "XDG_STATE_HOME": str(folder)}

    def run(*command: str) -> None:
        subprocess.run([sys.executable, *command], env=environment, stdout=subprocess.DEVNULL, check=True)

    turns = [
        (
            milliseconds(lambda: run("-c", "import sqlmodel"), 1),
            milliseconds(lambda: run("-m", "mailtui", "quota", "jonas smith"), 1),
        )
        for _round in range(ROUNDS)
    ]
    reference, amount = (sorted(column)[ROUNDS // 2] for column in zip(*turns, strict=True))
    yield Measure("mailtui quota NAME / import sqlmodel", cache.accounts, amount, "ms", reference)


def _peak_mib(program: str, *arguments: str) -> float:
    """Give the largest memory a program has had in the end, by its own account: what waits for it counts the start."""
    command = [sys.executable, "-c", program + MEMORY, *arguments]
    said = subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout
    return int(said) / 1024
