"""How fast the cache is filled and searched: `python tests/bench/bench_cache.py [accounts]`.

Two references are taken in the same run, so that machines compare: for the load, the same accounts as bare rows through
`executemany`; for a question, the window of 50 rows that every answer needs.
"""

import random
import resource
import sqlite3
import statistics
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter

from mailtui.cache.staging import Record
from mailtui.cache.writing import Cache
from mailtui.domain.account import Kind, Standing
from mailtui.domain.mirror import AccountRecord, GroupRecord, UnitRecord
from mailtui.queries.lists import match
from mailtui.queries.mirror import Mirror
from mailtui.queries.views import Sort, View

BASE = "dc=example,dc=com"
NOW = datetime.now(UTC)
_WORDS = """
Anna Bob Carla Dieter Eva Franz Grete Hans Ida Jon Jonas Jonathan Karl Lea Max Nora Otto Paula Rosa Søren Zoë
Smith Müller Rossi Dupont García Novák Jones Brown Łukasz Wright Zhang Larsen Becker Conti Moreau
ba be bi bo da de di do fa ga ka la le li lo ma me mi mo na ne no pa ra re ri ro sa se ta te ti to va wi
"""
GIVEN, FAMILY, SYLLABLES = (line.split() for line in _WORDS.strip().splitlines())
SURNAMES, CHARACTERS = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗曾仇单解查翟",
    "伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂建国文华志玲",
)
QUERIES = (
    "j", "jo", "jon", "jonath", "jona smith", "张伟", "王", "zhang", "zhangw", "zw", "u1234", "1012", "+49 30 0000",
    "zzzz", "user77@ex", "team 3", 'dept:"team 3"', 'jon dept:"division 1"', "quota>99", "idle>290d", "is:disabled",
    "kind:shared",
)  # fmt: skip


def records(accounts: int) -> Iterator[Record]:
    """A company of any size, the same each time."""
    chance = random.Random(1)
    teams = []
    for number in range(max(8, accounts // 50)):
        division, department = f"Division {number % 5}", f"Department {number % 40}"
        above = f"ou={department},ou={division},{BASE}"
        if number < 5:
            yield UnitRecord(f"division{number}", f"ou={division},{BASE}", division)
        if number < 40:
            yield UnitRecord(f"department{number}", above, department)
        teams.append(((division, department, f"Team {number}"), f"ou=Team {number},{above}"))
        yield UnitRecord(f"team{number}", teams[-1][1], f"Team {number}")
    for number in range(accounts):
        yield account(number, chance, *chance.choice(teams))
    for number in range(accounts // 500):
        members = tuple(f"uid=u{chance.randrange(accounts)},ou=people,{BASE}" for _ in range(50))
        yield GroupRecord(f"group{number}", f"cn=group{number},ou=groups,{BASE}", f"group{number}", members)


def account(number: int, chance: random.Random, path: tuple[str, ...], below: str) -> AccountRecord:
    """One account of the company."""
    if number % 3:
        made_up = "".join(chance.choice(SYLLABLES) for _ in range(3)).title()
        name = f"{chance.choice(GIVEN)} {chance.choice(FAMILY) if number % 2 else made_up}"
    else:
        name = chance.choice(SURNAMES) + "".join(chance.choice(CHARACTERS) for _ in range(chance.choice((1, 2))))
    return AccountRecord(
        id=f"00000000-0000-4000-8000-{number:012}", dn=f"uid=u{number},{below}", login=f"u{number}", name=name,
        mail=f"user{number}@example.com", kind=Kind.PERSON if number % 50 else Kind.SHARED,
        standing=Standing.ACTIVE if number % 20 else Standing.DISABLED, aliases=(f"{number}.alias@example.org",),
        department_path=path, title="Clerk", employee_number=str(100000 + number), phone=f"+49 30 {number:07}",
        manager_dn=f"uid=u{number // 10},ou=people,{BASE}", services=("mail", "imap"), quota_limit=10 << 30,
        quota_used=chance.randrange(10 << 30), last_login=NOW - timedelta(minutes=chance.randrange(300 * 1440)),
    )  # fmt: skip


def seconds(act: Callable[[], object]) -> float:
    """How long something takes."""
    begun = perf_counter()
    act()
    return perf_counter() - begun


def milliseconds(act: Callable[[], object], times: int = 5) -> float:
    """How long something takes at best."""
    return 1000 * min(seconds(act) for _ in range(times))


def bare_rows(folder: Path, accounts: int) -> float:
    """The reference of the load: the same accounts in one table without an index, their making not counted."""
    rows = [(r.id, r.dn, r.login, r.name, r.mail, r.title) for r in records(accounts) if isinstance(r, AccountRecord)]
    with closing(sqlite3.connect(folder / "bare.db")) as connection:
        connection.execute("CREATE TABLE account(id, dn, login, name, mail, title)")
        begun = perf_counter()
        connection.executemany("INSERT INTO account VALUES (?, ?, ?, ?, ?, ?)", rows)
        connection.commit()
        return perf_counter() - begun


def fill(path: Path, accounts: int) -> None:
    """The load: all records, and the swap."""
    cache = Cache(path)
    with cache.stage() as staging:
        print(f"{'staged':28} {seconds(lambda: staging.add(records(accounts))):9.2f} s")
        print(f"{'swapped in':28} {seconds(lambda: staging.commit(NOW, base=BASE)):9.2f} s")
    cache.close()


def ask(mirror: Mirror, accounts: int) -> None:
    """The questions, each with the first window of its answer."""
    rows = mirror.hits(View()).rows[:50]
    window = milliseconds(lambda: mirror.lines(rows))
    print(f"{'reference: window of 50':28} {window:9.3f} ms")
    views = {query: View(query) for query in QUERIES}
    views |= {
        "(all by name)": View(),
        "(all by percent)": View(sort=Sort.PERCENT),
        "(division)": View(unit="division1"),
    }
    taken = []
    for name, view in views.items():
        hits = mirror.hits(view)
        best = milliseconds(lambda view=view: mirror.lines(mirror.hits(view).rows[:50]))  # type: ignore[misc]
        taken += [best] if view.query else []
        print(f"{name:28} {best:9.3f} ms {best / window:7.1f} x {len(hits.rows):8}{'+' if hits.more else ''}")
    p95 = statistics.quantiles(taken, n=20)[-1]
    print(f"{'95th percentile of queries':28} {p95:9.3f} ms {p95 / window:7.1f} x")
    print(f"{'list of 1,000':28} {seconds(lambda: match(mirror, a_list(accounts))):9.2f} s")


def a_list(accounts: int) -> str:
    """A list of a thousand names, addresses and numbers, some misspelt."""
    chance = random.Random(2)
    people = [r for r in records(min(accounts, 4000)) if isinstance(r, AccountRecord)]
    forms = [
        lambda r: r.mail,
        lambda r: r.employee_number,
        lambda r: r.name,
        lambda r: r.name[1:] + "x",
        lambda r: r.login,
    ]
    return "\n".join(str(chance.choice(forms)(chance.choice(people))) for _ in range(1000))


def main() -> None:
    """Fill a cache and ask it."""
    accounts = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "cache.db"
        made = seconds(lambda: sum(1 for _ in records(accounts)))
        loaded = seconds(lambda: fill(path, accounts)) - made
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10
        bare = bare_rows(Path(folder), accounts)
        print(f"{'making the records alone':28} {made:9.2f} s (taken off below)")
        print(f"{'load':28} {loaded:9.2f} s {loaded / bare:7.1f} x bare rows, {accounts / loaded:,.0f} a second")
        print(f"{'file, peak memory':28} {path.stat().st_size >> 20:9} MiB, {peak} MiB")
        with closing(Mirror(path)) as mirror:
            ask(mirror, accounts)


if __name__ == "__main__":
    main()
