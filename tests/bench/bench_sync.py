"""How long a full read and a full sync take beside `ldapsearch`: python -m tests.bench.bench_sync [PEOPLE]."""

import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from threading import Event

from mailtui.config import Config, DirectoryConfig
from mailtui.demo import service
from mailtui.demo.address import DemoAddress
from mailtui.desk import Desk
from mailtui.directory.connection import Login, connect
from mailtui.paths import StorePaths
from mailtui.sync.mapping import account_attributes
from tests.servers.ldif import Record
from tests.servers.slapd import slapd

ROUNDS = 5


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


def read(address: DemoAddress, desk: Desk) -> None:
    """Read everything as mailtui does, and throw it away."""
    with closing(connect(_config(address), Login("simple", address.bind_dn, address.password))) as directory:
        for _entry in directory.search(address.base, "(objectClass=*)", account_attributes(desk.schema)):
            pass


def sync(folder: Path, desk: Desk) -> None:
    """Fill an empty mirror."""
    for file in folder.glob("cache.db*"):
        file.unlink()
    desk.sync(lambda _progress: None, Event())


def timed(run: Callable[[], None]) -> float:
    """Give the seconds that something takes."""
    begun = time.perf_counter()
    run()
    return time.perf_counter() - begun


def main() -> None:
    """Measure in turns, and print medians as ratios to ldapsearch in the same turn."""
    people = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with slapd(list(records(people))) as address, tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        desk = Desk(Config(_config(address)), files=StorePaths(*(folder / f for f in ("cache.db", "j.db", "h.db"))))
        desk.give_password("operator", address.password)
        ways: dict[str, Callable[[], None]] = {
            "read, discarded": lambda: read(address, desk),
            "full sync": lambda: sync(folder, desk),
        }
        ratios: dict[str, list[float]] = {way: [] for way in ways}
        ldapsearch(address)
        for _round in range(ROUNDS):
            base = timed(lambda: ldapsearch(address))
            for way, run in ways.items():
                ratios[way].append(timed(run) / base)
        print(f"{people} people, {ROUNDS} rounds, ldapsearch {base:.2f} s in the last one")
        for way, found in ratios.items():
            print(f"{way:20} {statistics.median(found):6.2f} times ldapsearch ({min(found):.2f} to {max(found):.2f})")
        print(f"largest memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB (with the loader)")


if __name__ == "__main__":
    main()
