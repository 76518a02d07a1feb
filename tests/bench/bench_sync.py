"""How long a full read and a full sync take beside `ldapsearch`: python -m tests.bench.bench_sync [PEOPLE [ROUNDS]]."""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

from mailtui.config import DirectoryConfig
from mailtui.demo import service
from mailtui.demo.address import DemoAddress
from mailtui.directory.connection import Login, connect
from mailtui.directory.schemas import load_schema
from mailtui.sync.mapping import account_attributes
from tests.servers.ldif import Record
from tests.servers.slapd import SlapdOptions, slapd_server

PEOPLE, ROUNDS = 100_000, 5
SERVERS = {"syncrepl": SlapdOptions(syncprov=True), "csn": SlapdOptions()}
CONFIG = """
[directory]
urls = ["{address.url}"]
base = "{address.base}"
bind_dn = "{address.bind_dn}"
password_command = ["cat", "{password}"]
schema = "demo"
[cache]
path = "{cache}"
"""
# Run by a process of its own, so that what its children take is what the command and its helpers take.
MEASURED = """
import resource, subprocess, sys
subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(used.ru_utime + used.ru_stime)
"""


def records(people: int) -> Iterator[Record]:
    """The sample company as an embedded directory serves it, for a slapd to hold."""
    with service.temporary(people, 1) as address:
        login = Login("simple", address.bind_dn, address.password)
        with closing(connect(_config(address), login)) as directory:
            for entry in directory.search(address.base, "(objectClass=*)", ("*",)):
                yield entry.dn, entry.attributes


def _config(address: DemoAddress) -> DirectoryConfig:
    return DirectoryConfig((address.url,), address.base, bind_dn=address.bind_dn, schema="demo")


def ldapsearch(address: DemoAddress) -> None:
    """Read everything with OpenLDAP's own tool."""
    command = [
        "ldapsearch", "-x", "-LLL", "-E", "pr=1000/noprompt", "-H", address.url, "-D", address.bind_dn,
        "-w", address.password.reveal(), "-b", address.base, "(objectClass=*)",
    ]  # fmt: skip
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True)


def read(address: DemoAddress) -> None:
    """Read everything as mailtui does, and throw it away."""
    with closing(connect(_config(address), Login("simple", address.bind_dn, address.password))) as directory:
        for _entry in directory.search(address.base, "(objectClass=*)", account_attributes(load_schema("demo"))):
            pass


class Syncing:
    """The command `mailtui sync` on a server, from its start to its end, into an empty mirror each time."""

    def __init__(self, folder: Path, address: DemoAddress) -> None:
        self._folder = folder
        self._config = folder / "config.toml"
        password, cache = folder / "password", folder / "cache" / "cache.db"
        password.write_text(address.password.reveal(), "utf-8")
        self._config.write_text(CONFIG.format(address=address, password=password, cache=cache), "utf-8")
        self._environment = os.environ | {"HOME": str(folder), "XDG_STATE_HOME": str(folder)}
        self.peak_mib = 0.0
        self.cpu_s = 0.0

    def run(self) -> None:
        """Sync; what it took is kept."""
        for file in (self._folder / "cache").glob("cache.db*"):
            file.unlink()
        command = [sys.executable, "-m", "mailtui", "--config", str(self._config), "sync", "--full"]
        with subprocess.Popen(
            [sys.executable, "-c", MEASURED, *command], env=self._environment, stdout=subprocess.PIPE, text=True
        ) as process:
            while process.poll() is None:
                self.peak_mib = max(self.peak_mib, sum(map(_memory_mib, _descendants(process.pid))))
                time.sleep(0.1)
            assert process.stdout is not None
            assert process.returncode == 0
            self.cpu_s = float(process.stdout.read())


def _descendants(process: int) -> list[int]:
    found: list[int] = []
    for task in Path(f"/proc/{process}/task").glob("*/children"):
        try:
            children = [int(child) for child in task.read_text("ascii").split()]
        except OSError:  # it has just ended
            continue
        found += [each for child in children for each in (child, *_descendants(child))]
    return found


def _memory_mib(process: int) -> float:
    """What a process has in memory; of what it shares with others (the interpreter), its share."""
    try:
        text = Path(f"/proc/{process}/smaps_rollup").read_text("ascii")
    except OSError:
        return 0
    return sum(int(line.split()[1]) for line in text.splitlines() if line.startswith("Pss:")) / 1024


def timed(run: Callable[[], None]) -> float:
    """Give the seconds that something takes."""
    begun = time.perf_counter()
    run()
    return time.perf_counter() - begun


def main() -> None:
    """Measure in turns, and print medians as ratios to ldapsearch in the same turn."""
    people, rounds = [*map(int, sys.argv[1:]), *(PEOPLE, ROUNDS)[len(sys.argv) - 1 :]]
    with slapd_server(list(records(people))) as server, tempfile.TemporaryDirectory() as folder:
        for means, options in SERVERS.items():
            server.restart(options)
            print(f"slapd for {means}")
            compare(server.address, Path(folder), people, rounds)


def compare(address: DemoAddress, folder: Path, people: int, rounds: int) -> None:
    """Measure on a server that runs."""
    syncing = Syncing(folder, address)
    ways: dict[str, Callable[[], None]] = {"read, discarded": lambda: read(address), "full sync": syncing.run}
    ratios: dict[str, list[float]] = {way: [] for way in ways}
    ldapsearch(address)
    for _round in range(rounds):
        before = timed(lambda: ldapsearch(address))
        taken = {way: timed(run) for way, run in ways.items()}
        # Before and after: on a machine with others on it, one moment is not like the next.
        base = (before + timed(lambda: ldapsearch(address))) / 2
        for way, seconds in taken.items():
            ratios[way].append(seconds / base)
        print(f"ldapsearch {base:.2f} s, sync {taken['full sync']:.2f} s, of processors {syncing.cpu_s:.2f} s")
    print(f"{people} people, {rounds} rounds")
    for way, found in ratios.items():
        print(f"{way:20} {statistics.median(found):6.2f} times ldapsearch ({min(found):.2f} to {max(found):.2f})")
    print(f"memory of all processes of a sync together: {syncing.peak_mib:.0f} MiB at most")


if __name__ == "__main__":
    main()
