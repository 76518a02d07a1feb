"""Lists begin at once as they go on later, in every order; what is unknown comes last."""

import random
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from itertools import product
from pathlib import Path

import pytest

from mailtui.cache.writing import Cache
from mailtui.domain.account import Kind, Standing
from mailtui.domain.mirror import AccountRecord
from mailtui.queries import beginning
from mailtui.queries.connection import open_reader
from mailtui.queries.mirror import Mirror
from mailtui.queries.ordering import Order
from mailtui.queries.views import AccountLine, Sort, View
from tests.cache.records import BASE, NOW, group, load, person, unit

Filled = Callable[..., Mirror]
SALES, LAW = unit("Sales"), unit("Law")
WEST = unit("West", SALES.dn)
TEAMS = tuple(unit(f"Team {number}", LAW.dn) for number in range(60))
NAMES = ("Anna Smith", "Åsa Jones", "anna jones", "张伟", "Zoë Sales", "Bob", "Jon Smith", "Law Firm")


def crowd() -> list[AccountRecord]:
    chance = random.Random(7)
    places = [SALES.dn, WEST.dn, LAW.dn, BASE, *(team.dn for team in TEAMS)]
    return [
        person(
            f"p{chance.randrange(10**9)}.{number}",
            f"{chance.choice(NAMES)}",
            below=chance.choice(places),
            kind=chance.choice(list(Kind)),
            standing=chance.choice([Standing.ACTIVE] * 4 + list(Standing)),
            expires=chance.choice([None, None, NOW - timedelta(days=1), NOW + timedelta(days=1)]),
            quota_limit=chance.choice([None, 0, 100, 200]),
            quota_used=chance.choice([None, 10, chance.randrange(200)]),
            last_login=chance.choice([None, NOW - timedelta(days=chance.randrange(300))]),
            title=chance.choice([None, "Director", "Clerk"]),
        )
        for number in range(300)
    ]


QUERIES = (
    "", "anna", "an j", "smith", "zhang", "张", "sales", "nobody", "p1", "dept:sales", "dept:team", "-dept:west",
    "quota>20", "-quota>20", "used<50", "idle>60d", "is:active", "is:expired", "is:disabled", "-is:active",
    "is:unlimited", "kind:shared", "title:director", "-title:director", "group:staff", "-group:staff", "law",
    "anna is:active", "smith idle>60d -kind:shared", "dept:law quota>=10", "is:expired kind:person", "p1 dept:team",
    "group:staff is:active", "title:clerk smith",
)  # fmt: skip


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    people = crowd()
    file = tmp_path_factory.mktemp("crowd") / "cache.db"
    load(file, [SALES, LAW, WEST, *TEAMS, *people[:250], group("support staff", people[::7])])
    with closing(Cache(file)) as cache:
        # Some came later, and some have another name since.
        cache.mend([*people[250:], *(person(p.login, "Aa Bb", id=p.id, dn=p.dn) for p in people[:3])], NOW)
    return file


@pytest.fixture(params=[0, 5, 1000], ids=["looked up", "walked a little", "walked"])
def mirror(path: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Mirror]:
    monkeypatch.setattr(beginning, "_steps", lambda *_, **__: request.param)
    with closing(Mirror(path, clock=lambda: NOW)) as opened:
        yield opened


@pytest.mark.parametrize("query", QUERIES)
def test_a_list_begins_as_it_goes_on(mirror: Mirror, query: str) -> None:
    for sort, reverse, place in product(Sort, (False, True), (None, SALES.id)):
        view = View(query, place, sort, reverse)
        rows = mirror.hits(view).rows
        assert len(set(rows)) == len(rows)
        for count in (1, 7, 1000):
            first = mirror.first(view, count)
            assert list(first.rows) == list(rows[:count]), (view, count)
            assert first.more == (len(rows) > count), (view, count)


@pytest.mark.parametrize("query", QUERIES)
def test_every_order_holds_the_same_accounts(mirror: Mirror, query: str) -> None:
    expected = set(mirror.hits(View(query)).rows)
    for sort, reverse in product(Sort, (False, True)):
        assert set(mirror.hits(View(query, sort=sort, reverse=reverse)).rows) == expected, (sort, reverse)


RANKS = [Standing.ACTIVE, Standing.PENDING, Standing.LOCKED, Standing.EXPIRED, Standing.DISABLED]
VALUES: dict[Sort, Callable[[AccountLine], object]] = {
    Sort.STANDING: lambda line: RANKS.index(line.standing),
    Sort.LOGIN: lambda line: line.login,
    Sort.PERCENT: lambda line: line.percent,
    Sort.USED: lambda line: line.used_bytes,
    Sort.LAST_LOGIN: lambda line: line.last_login,
    Sort.DEPARTMENT: lambda line: line.department,
    Sort.LIMIT: lambda line: float("inf") if line.unlimited else line.limit_bytes,
}


@pytest.mark.parametrize("sort", VALUES)
@pytest.mark.parametrize("query", ["", "is:active", "smith", "dept:law"])
def test_an_order_is_by_value_then_by_row_and_the_unknown_comes_last(mirror: Mirror, sort: Sort, query: str) -> None:
    for reverse in (False, True):
        lines = mirror.lines(mirror.hits(View(query, sort=sort, reverse=reverse)).rows)
        known = [(VALUES[sort](line), line.row) for line in lines if VALUES[sort](line) is not None]
        unknown = [line.row for line in lines if VALUES[sort](line) is None]
        ordered = sorted(known, key=lambda pair: pair[1])
        ordered.sort(key=lambda pair: pair[0], reverse=reverse)
        assert known == ordered
        assert [line.row for line in lines] == [row for _value, row in known] + sorted(unknown)


@pytest.mark.parametrize("sort", Sort)
@pytest.mark.parametrize("reverse", [False, True])
def test_every_order_is_served_by_an_index(path: Path, sort: Sort, reverse: bool) -> None:
    with closing(open_reader(path)) as reader:
        for stretch in Order(sort, reverse).stretches():
            statement = f"SELECT a.row FROM account a WHERE {stretch.condition} ORDER BY {stretch.order}"
            plan = [row[3] for row in reader.execute(f"EXPLAIN QUERY PLAN {statement}", {"now": 0})]
            # Those whose date has come are few: they are looked up by it, and come by row.
            is_few = any("account_by_expires" in step for step in plan)
            assert is_few or any("COVERING INDEX" in step for step in plan), plan
            assert not any(step.startswith("SCAN") and "INDEX" not in step for step in plan), plan
            assert "USE TEMP B-TREE FOR ORDER BY" not in plan
            # Only equal values are put in order by themselves, where the index runs backwards.
            assert reverse or not any("TEMP B-TREE" in step for step in plan), plan


def test_those_who_came_later_are_put_where_their_name_belongs(filled: Filled, tmp_path: Path) -> None:
    unit_ = unit("Sales")
    early = [person(f"e{i}", f"Smith {letter}", below=unit_.dn) for i, letter in enumerate("bdfhjlnprtvxz")]
    for name, later in {"few": "acgy", "many": "acegikmoqsuwy" * 4}.items():
        file = tmp_path / f"{name}.db"
        load(file, [unit_, *early])
        with closing(Cache(file)) as cache:
            cache.mend([person(f"l{i}", f"Smith {c}", below=unit_.dn) for i, c in enumerate(later)], NOW)
        with closing(Mirror(file, clock=lambda: NOW)) as mirror:
            for query in ("smith", "", "dept:sales", "sales", "smi is:active"):
                names = [line.name for line in mirror.lines(mirror.hits(View(query)).rows)]
                assert names == sorted(names), query
                assert len(names) == len(early) + len(later)


def test_beyond_the_ceiling_a_list_begins_as_it_was_found(filled: Filled) -> None:
    mirror = filled(*(person(f"anna{i:05}", "Anna", quota_limit=10, quota_used=i % 10) for i in range(10_050)))
    for sort, reverse in product((Sort.MATCH, Sort.PERCENT), (False, True)):
        view = View("anna", sort=sort, reverse=reverse)
        hits, first = mirror.hits(view), mirror.first(view, 50)
        assert hits.more
        assert first.more
        assert list(first.rows) == list(hits.rows[:50])
    assert len(mirror.accounts(View("anna", sort=Sort.PERCENT, reverse=True), 20_000)) == 10_050
