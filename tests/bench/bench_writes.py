"""Writing, beside ldapmodify in the same run: python -m tests.bench.bench_writes [--rows N] [--rounds N].

A batch is timed from the first row sent to the last row closed, as its journal has it; ldapmodify by the clock.
"""

import argparse
import sqlite3
import statistics
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from threading import Event
from time import perf_counter

from mailtui.config import Config, DirectoryConfig
from mailtui.demo.address import BASE, DemoAddress
from mailtui.desk import OPERATOR, Desk
from mailtui.domain.batch import BatchState
from mailtui.paths import StorePaths
from mailtui.runner.front import Runner
from tests.servers.delaying import delayed
from tests.servers.ldif import Record
from tests.servers.slapd import BASE_ENTRY, SlapdOptions, slapd

DELAY_S = 0.005


def people(count: int) -> Iterator[Record]:
    """A company whose accounts stand below one unit."""
    yield BASE_ENTRY
    yield f"ou=people,{BASE}", {"objectClass": ["top", "organizationalUnit"], "ou": ["people"]}
    for number in range(count):
        login = f"user{number}"
        yield (
            f"uid={login},ou=people,{BASE}",
            {"objectClass": ["top", "inetOrgPerson", "mailUser"], "uid": [login], "cn": [f"User {number}"],
             "sn": [str(number)], "mail": [f"{login}@example.com"], "mailQuota": ["1073741824"],
             "accountStatus": ["active"]},
        )  # fmt: skip


class Writers:
    """A desk and ldapmodify, at one directory."""

    def __init__(self, address: DemoAddress, folder: Path, rows: int) -> None:
        self._address, self._folder, self._rows = address, folder, rows
        config = DirectoryConfig((address.url,), address.base, bind_dn=address.bind_dn)
        files = StorePaths(folder / "cache.db", folder / "journal.db", folder / "history.db")
        self._desk = Desk(Config(config), files=files)
        self._desk.give_password(OPERATOR, address.password)
        self._desk.sync(lambda _progress: None, Event())
        self._runner = Runner(self._desk)
        with closing(self._desk.mirror()) as mirror:
            self._ids = [account.id for number in range(rows) for account in mirror.exact(f"user{number}")]

    def batch(self) -> float:
        """Disable all and take it back; seconds for one of the two."""
        disabled = self._carried_out(self._desk.plans.prepare("disable", self._ids, {}, ticket="HD-1"))
        undone = self._carried_out(self._desk.plans.prepare_undo(disabled, ticket="HD-1"))
        return statistics.mean(map(self._seconds, (disabled, undone)))

    def _carried_out(self, plan: object) -> str:
        batch: str = self._runner.start(plan)  # type: ignore[arg-type]
        self._runner.wait(batch)
        result = self._runner.result(batch)
        assert result.state is BatchState.DONE, result.warnings
        return batch

    def _seconds(self, batch: str) -> float:
        with closing(sqlite3.connect(self._desk.files.journal)) as journal:
            times = "SELECT min(at), max(at) FROM event WHERE batch = ? AND kind IN ('sent', 'verified')"
            first, last = map(datetime.fromisoformat, journal.execute(times, (batch,)).fetchone())
        return (last - first).total_seconds()

    def ldapmodify(self) -> float:
        """Do the same with ldapmodify; seconds for one of the two."""
        return statistics.mean(self._modified(*values) for values in (("active", "noaccess"), ("noaccess", "active")))

    def _modified(self, before: str, after: str) -> float:
        changes = self._folder / "changes.ldif"
        changes.write_text(
            "\n".join(
                f"dn: uid=user{number},ou=people,{BASE}\nchangetype: modify\ndelete: accountStatus\n"
                f"accountStatus: {before}\n-\nadd: accountStatus\naccountStatus: {after}\n-\n"
                for number in range(self._rows)
            )
        )
        password = self._folder / "password"
        password.touch(mode=0o600)
        password.write_text(self._address.password.reveal())
        command = ["ldapmodify", "-x", "-H", self._address.url, "-D", self._address.bind_dn, "-y", str(password)]
        begun = perf_counter()
        subprocess.run([*command, "-f", str(changes)], check=True, stdout=subprocess.DEVNULL)
        return perf_counter() - begun


@contextmanager
def _directly(address: DemoAddress) -> Iterator[DemoAddress]:
    yield address


def main() -> None:
    """Print a line for each way to the server."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.bench_writes", description=__doc__)
    parser.add_argument("--rows", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()
    ways: dict[str, Callable[[DemoAddress], object]] = {
        "loopback": _directly,
        f"{1000 * DELAY_S:.0f} ms each way": lambda address: delayed(address, DELAY_S),
    }
    with slapd(people(given.rows), options=SlapdOptions(fsync=True)) as server:
        for name, way in ways.items():
            with way(server) as address, tempfile.TemporaryDirectory() as folder:  # type: ignore[attr-defined]
                writers = Writers(address, Path(folder), given.rows)
                rounds = [(writers.batch(), writers.ldapmodify()) for _round in range(given.rounds)]
                ours, theirs = (statistics.median(times) for times in zip(*rounds, strict=True))
                print(
                    f"{name:20} a batch of {given.rows}: {ours:.2f} s, ldapmodify: {theirs:.2f} s,"
                    f" {theirs / ours:.2f} times as fast  {[f'{a:.2f}/{b:.2f}' for a, b in rounds]}"
                )


if __name__ == "__main__":
    main()
