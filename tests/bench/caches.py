"""Caches of some sizes, made once and kept in a folder with what it took to make them."""

import json
import resource
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path
from time import perf_counter

from mailtui.cache.layout import SCHEMA_VERSION
from mailtui.cache.writing import Cache
from mailtui.domain.mirror import AccountRecord
from tests.bench.company import BASE, Company


@dataclass(frozen=True, slots=True)
class Filled:
    """A cache with so many accounts; `bare_s` is what the same accounts take as rows of a table without an index."""

    path: Path
    accounts: int
    load_s: float
    bare_s: float
    peak_mib: float


def filled(folder: Path, accounts: int) -> Filled:
    """Give the cache of a size, made now if the folder has none of this version."""
    path = folder / f"accounts-{accounts}-v{SCHEMA_VERSION}.db"
    note = path.with_suffix(".json")
    if not note.exists():
        for suffix in ("", "-wal", "-shm"):
            path.with_name(path.name + suffix).unlink(missing_ok=True)
        print(f"making {path}", file=sys.stderr)
        # In a process of its own, so that its memory is the load's alone.
        command = [sys.executable, "-m", "tests.bench.caches", str(path), str(accounts)]
        note.write_bytes(subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout)
    return Filled(path, accounts, **json.loads(note.read_text("utf-8")))


@dataclass(frozen=True, slots=True)
class _Taken:
    load_s: float
    bare_s: float
    peak_mib: float


def _fill(path: Path, accounts: int) -> _Taken:
    company = Company(accounts)
    begun = perf_counter()
    for _record in company.records():
        pass
    made = perf_counter() - begun
    cache = Cache(path)
    with cache.stage() as staging:
        staging.add(company.records())
        staging.commit(company.now, cursor="timestamp", base=BASE)
    cache.close()
    load = perf_counter() - begun - 2 * made
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return _Taken(load, _bare(path.with_suffix(".bare"), company) - made, peak)


def _bare(path: Path, company: Company) -> float:
    begun = perf_counter()
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE account(id, dn, login, name, mail, title)")
        rows = (
            (r.id, r.dn, r.login, r.name, r.mail, r.title) for r in company.records() if isinstance(r, AccountRecord)
        )
        connection.executemany("INSERT INTO account VALUES (?, ?, ?, ?, ?, ?)", rows)
    path.unlink()
    return perf_counter() - begun


if __name__ == "__main__":
    print(json.dumps(asdict(_fill(Path(sys.argv[1]), int(sys.argv[2])))))
