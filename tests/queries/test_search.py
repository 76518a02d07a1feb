"""One box finds an account by everything that is known of it, and nothing typed there does harm."""

import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from mailtui.cache.keys import search_keys
from mailtui.domain.account import Kind, Standing
from mailtui.domain.mirror import AccountRecord
from mailtui.errors import Stopped, UsageError
from mailtui.queries.mirror import Mirror
from mailtui.queries.views import Sort, View
from tests.cache.records import BASE, NOW, group, load, person, unit

Filled = Callable[..., Mirror]
GIB = 1 << 30


def found(mirror: Mirror, query: str, **view: object) -> list[str]:
    return [line.login for line in mirror.lines(mirror.hits(View(query, **view)).rows)]  # type: ignore[arg-type]


ANNA = person(
    "asmith",
    "Anna-Lena Smith",
    mail="anna.smith@example.com",
    aliases=("al@mail.example.org",),
    employee_number="E-10023",
    phone="+49 30 1234-567",
)
EVERY_KEY = {
    ANNA: "anna lena smith,smith anna,ANNA,ann smi,asmith,anna.smith@example.com,anna.sm,anna.smith@ex,al@,"
    "al@mail.example.org,e-10023,E10023,493012,+49 30 1234-567,+49 (30) 1234567,annalena,smithanna,"
    "mail.example.org,@mail.ex",
    person("m1", "Søren Müller"): "soren,søren,muller,müller,mueller,Soeren Mueller,MÜLL",
    person("m2", "Łukasz Strauß"): "lukasz,strauss,strauß,łuk",
    person("m3", "O'Brien, Zoë"): "obrien,o'brien,zoe brien,zoë",
    person("c1", "张三"): "zhangsan,zhang san,zs,三,张三,sanzhang,zhangs,张,san zh",
    person("c2", "单雄信"): "shanxiongxin,danxiongxin,sxx,单,雄信,xiongxin",
    person("c3", "欧阳修"): "ouyangxiu,ouyang,oyx,xiuouyang,阳修",
    person("c4", "长孙无忌"): "zhangsunwuji,zhangsun,zswj",
    person("c5", "尉迟恭"): "yuchigong,yuchi,ycg",
    person("c6", "刘𠮷"): "liu,刘𠮷,𠮷",
    person("c7", "吕布"): "lvbu,lubu,lb,bulv",
    person("c8", "曾国藩"): "zengguofan,cengguofan,zgf",
    person("c9", "仇英"): "qiuying,qy",
    person("c10", "查理 Charles"): "zhali,charles,查理 char",
    person("c11", "翟志"): "zhaizhi,dizhi",
    person("c12", "解缙"): "xiejin,xj",
    person("a1", "محمد علي"): "محمد,علي محمد,مُحَمَّد",
    person("k1", "김민수"): "김민,민수",
}


def test_every_account_is_found_by_each_of_its_keys(filled: Filled) -> None:
    mirror = filled(*EVERY_KEY)
    missed = [
        (q, r.name) for r, queries in EVERY_KEY.items() for q in queries.split(",") if r.login not in found(mirror, q)
    ]
    assert missed == []


def test_all_words_must_match(filled: Filled) -> None:
    mirror = filled(ANNA, person("b", "Anna Jones"))
    assert found(mirror, "anna smith") == ["asmith"]
    assert found(mirror, "anna smith bob") == []
    assert found(mirror, "nna") == []


def test_characters_of_a_name_must_stand_in_a_row(filled: Filled) -> None:
    mirror = filled(person("a", "张小三"), person("b", "张三"), person("c", "三张"))
    assert found(mirror, "张三") == ["b"]


def test_the_exact_one_comes_first_by_address_log_in_or_number(filled: Filled) -> None:
    mirror = filled(
        person("an", "Zeno"),
        person("z1", "An Li", mail="an@example.net"),
        person("z2", "An Wu", employee_number="77"),
        person("77a", "An Xi"),
        person("z4", "Zoe", aliases=("an.li@example.com",)),
    )
    assert found(mirror, "an")[0] == "an"
    assert found(mirror, "AN.LI@example.com")[0] == "z4"
    assert found(mirror, "77")[0] == "z2"
    assert found(mirror, "an@example.net") == ["z1"]


def test_who_bears_a_word_comes_before_who_works_where_it_is_the_name(filled: Filled) -> None:
    sales = unit("Sales")
    west = unit("West", sales.dn)
    mirror = filled(sales, west, person("a", "Anna", below=west.dn), person("b", "Sales, Bob"), person("c", "Carl"))
    assert found(mirror, "sales") == ["b", "a"]
    assert found(mirror, "anna sal") == ["a"]
    assert found(mirror, "west") == ["a"]


def test_a_word_that_many_units_bear_finds_none_of_them_but_their_whole_name_does(filled: Filled) -> None:
    teams = [unit(f"Team {number}") for number in range(300)]
    mirror = filled(*teams, *(person(f"p{number}", below=teams[number].dn) for number in (3, 30, 31, 40)))
    assert found(mirror, "team") == []
    assert found(mirror, "team 3") == ["p3", "p30", "p31"]
    assert len(found(mirror, "dept:team")) == 4


def test_departments_are_found_in_chinese_and_by_how_they_are_read(filled: Filled) -> None:
    unit_ = unit("销售部")
    mirror = filled(unit_, person("a", "张三", below=unit_.dn), person("b"))
    for query in ("销售", "xiaoshou", "dept:销售", "dept:xiaoshou", "zs 销售"):
        assert found(mirror, query) == ["a"], query


def test_a_unit_narrows_to_itself_and_all_below(filled: Filled) -> None:
    sales, law = unit("Sales"), unit("Law")
    west = unit("West", sales.dn)
    mirror = filled(
        sales,
        law,
        west,
        person("a", "Ann", below=west.dn),
        person("b", "Ann", below=law.dn),
        person("c", below=sales.dn),
    )
    assert found(mirror, "", unit=sales.id) == ["a", "c"]
    assert found(mirror, "ann", unit=sales.id) == ["a"]
    assert found(mirror, "b", unit=sales.id) == []
    assert found(mirror, "", unit="gone") == []


CROWD = (
    unit("Sales"),
    unit("North West", f"ou=Sales,{BASE}"),
    unit("Law"),
    person("ann", "Ann", below=f"ou=Sales,{BASE}", quota_limit=10 * GIB, quota_used=10 * GIB, title="Sales Director"),
    person(
        "bob",
        "Bob",
        below=f"ou=North West,ou=Sales,{BASE}",
        quota_limit=10 * GIB,
        quota_used=9 * GIB,
        last_login=NOW - timedelta(days=90),
    ),
    person(
        "cid",
        "Cid",
        below=f"ou=Law,{BASE}",
        quota_limit=0,
        quota_used=6 * GIB,
        standing=Standing.DISABLED,
        last_login=NOW - timedelta(days=3),
    ),
    person("dan", "Dan", kind=Kind.SHARED, expires=NOW - timedelta(days=1)),
    person("eve", "Eve", standing=Standing.LOCKED, expires=NOW + timedelta(days=1), quota_used=1),
)
STRUCTURED = {
    "dept:sales": "ann bob",
    "dept:SAL": "ann bob",
    'dept:"north west"': "bob",
    "dept:west": "bob",
    "-dept:sales": "cid dan eve",
    "dept:nowhere": "",
    "-dept:nowhere": "ann bob cid dan eve",
    "quota>90": "ann",
    "quota>=90": "ann bob",
    "quota<100%": "bob",
    "-quota>90": "bob",
    "used>5GB": "ann bob cid",
    "used<5GB": "eve",
    "limit>=10GiB": "ann bob cid",
    "limit<11GiB": "ann bob",
    "limit=10gib": "ann bob",
    "idle>60d": "bob",
    "idle<60d": "cid",
    "idle>2m": "bob",
    "is:disabled": "cid",
    "is:active": "ann bob",
    "is:expired": "dan",
    "is:locked": "eve",
    "is:unlimited": "cid",
    "-is:unlimited": "ann bob dan eve",
    "-is:active": "cid dan eve",
    "kind:shared": "dan",
    "-kind:shared ann": "ann",
    "title:director": "ann",
    "title:sales": "ann",
    'title:"sales dir"': "ann",
    "-title:sales": "bob cid dan eve",
    "group:staff": "bob cid",
    "-group:staff": "ann dan eve",
    "dept:sales quota>90": "ann",
    "bob dept:sales -is:disabled": "bob",
    "is:Disabled kind:person": "cid",
}


@pytest.mark.parametrize("query", STRUCTURED)
def test_structured_words_narrow_and_the_unknown_matches_no_comparison(filled: Filled, query: str) -> None:
    people = [record for record in CROWD if isinstance(record, AccountRecord)]
    mirror = filled(*CROWD, group("support staff", people[1:3]), group("other", people[:1]))
    assert found(mirror, query, sort=Sort.NAME) == STRUCTURED[query].split()


def test_somebody_whose_date_has_come_is_expired_without_a_sync(filled: Filled) -> None:
    mirror = filled(person("ann", expires=NOW), person("bob", expires=NOW + timedelta(seconds=1)))
    assert [line.standing for line in mirror.lines(mirror.hits(View()).rows)] == [Standing.EXPIRED, Standing.ACTIVE]
    assert mirror.exact("ann")[0].standing is Standing.EXPIRED


WRONG = [
    "dpt:sales",
    "quota:90",
    "quota>much",
    "used>5XB",
    "idle>5x",
    "is:gone",
    "kind:robot",
    "dept:",
    "dept>x",
    "-foo:bar",
]


@pytest.mark.parametrize("query", WRONG)
def test_a_structured_word_that_is_none_is_refused_with_those_that_are(filled: Filled, query: str) -> None:
    with pytest.raises(UsageError) as raised:
        filled(person("a")).hits(View(query))
    assert raised.value.hint


def test_beyond_the_ceiling_hits_are_not_counted(filled: Filled) -> None:
    mirror = filled(*(person(f"anna{i}", "Anna") for i in range(10_050)))
    hits = mirror.hits(View("anna"))
    assert (len(hits.rows), hits.more) == (10_000, True)
    assert not mirror.hits(View("anna1000")).more
    everybody = mirror.hits(View())
    assert (len(everybody.rows), everybody.more) == (10_050, False)
    assert len(mirror.hits(View("is:active")).rows) == 10_050


def test_a_running_query_can_be_abandoned(filled: Filled) -> None:
    mirror = filled(person("a"))
    endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n WHERE i < 0"
    timer = threading.Timer(0.2, mirror.interrupt)
    timer.start()
    with pytest.raises(Stopped):
        mirror.ask(endless, {})
    timer.join()
    assert found(mirror, "a") == ["a"]


@pytest.fixture(scope="module")
def crowd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mirror]:
    path: Path = tmp_path_factory.mktemp("crowd") / "cache.db"
    load(path, CROWD)
    with closing(Mirror(path, clock=lambda: NOW)) as mirror:
        yield mirror


HOSTILE = st.one_of(
    st.text(max_size=40),
    st.text("\"'*():^-+{}<>=&|\\%_; \0\ue000\ue001aN@.张OR", max_size=30),
    st.lists(
        st.sampled_from(["NEAR(", "AND", "OR", "NOT", '"', "keys:", "a*", "^a", "{a b}:", "'; DROP TABLE account;--"])
    ).map(" ".join),
)


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(HOSTILE, st.sampled_from(Sort), st.booleans())
@example('"', Sort.MATCH, False)
@example("***", Sort.MATCH, False)
@example("a\0b \ue0001", Sort.PERCENT, True)
@example("\ue0001", Sort.MATCH, False)
def test_what_is_typed_is_only_ever_a_text_to_look_for(crowd: Mirror, query: str, sort: Sort, reverse: bool) -> None:
    try:
        hits = crowd.hits(View(query, sort=sort, reverse=reverse))
    except UsageError:
        return
    assert len(hits.rows) <= 5
    if not any(character.isalnum() for character in query) and query.replace('"', " ").split():
        assert not hits.rows


NAMES = st.text(st.characters(exclude_categories=["Cs", "Co", "Cn", "Cc", "Cf"]), min_size=1, max_size=16)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(NAMES, NAMES)
def test_search_keys_find_their_own_account(tmp_path_factory: pytest.TempPathFactory, name: str, login: str) -> None:
    path = tmp_path_factory.mktemp("keys") / "cache.db"
    record = replace(person("x", name), login=login, employee_number=login, mail="x@example.com")
    load(path, [record, person("other", "Zzz")])
    with closing(Mirror(path)) as mirror:
        for key in {*search_keys(record).split(), name, login}:
            if any(c.isalnum() for c in key) and not any(c in key for c in '@:<>="'):
                assert record.id in mirror.ids_of(mirror.hits(View(key)).rows), key


def test_the_index_holds_no_word_twice_in_vain() -> None:
    assert search_keys(person("anna.smith", "Anna Smith")) == "anna smith annasmith smithanna"
