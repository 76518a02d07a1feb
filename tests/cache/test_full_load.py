"""A full load replaces the mirror as a whole, or not at all."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from mailtui.cache.rows import dn_key, parent_dn
from mailtui.cache.writing import Cache
from mailtui.domain import dn as names_of
from mailtui.domain.mirror import SyncCounts, UnitRecord
from mailtui.queries.mirror import Mirror
from mailtui.queries.views import Sort, View
from tests.cache.records import BASE, NOW, PEOPLE, group, load, person, unit

Reader = Callable[[], Mirror]


def names(mirror: Mirror, view: View | None = None) -> list[str]:
    return [line.name for line in mirror.lines(mirror.hits(view or View()).rows)]


def test_what_was_added_changed_and_gone_is_counted_by_id(path: Path) -> None:
    anna, bob = person("anna", "Anna Smith"), person("bob", "Bob Jones")
    assert load(path, [anna, bob]) == SyncCounts(added=2, changed=0, gone=0, total=2)
    assert load(path, [anna, bob]) == SyncCounts(added=0, changed=0, gone=0, total=2)
    carol = person("carol", "Carol King")
    moved = replace(anna, dn=f"uid=anna,ou=sales,{BASE}")
    assert load(path, [moved, carol]) == SyncCounts(added=1, changed=1, gone=1, total=2)


def test_a_record_staged_twice_counts_once_as_last_given(path: Path, mirror: Reader) -> None:
    counts = load(path, [person("anna", "Anna Old"), person("anna", "Anna New")])
    assert counts.total == 1
    assert names(mirror()) == ["Anna New"]


def test_rows_come_in_the_order_of_names_whatever_the_script(path: Path, mirror: Reader) -> None:
    load(
        path,
        [person(f"p{i}", name) for i, name in enumerate(["zoe", "Émile", "李四", "Łukasz", "eva", "王五", "曾国"])],
    )
    rows = mirror().hits(View()).rows
    assert list(rows) == sorted(rows)
    assert names(mirror()) == ["Émile", "eva", "李四", "Łukasz", "王五", "曾国", "zoe"]


def test_a_load_that_is_not_committed_changes_nothing(path: Path, mirror: Reader) -> None:
    load(path, [person("anna", "Anna Smith")])
    cache = Cache(path)
    with cache.stage() as staging:
        staging.add([person("bob", "Bob Jones")])
    cache.close()
    assert names(mirror()) == ["Anna Smith"]


def test_a_row_id_of_an_earlier_load_names_nobody_rather_than_somebody_else(path: Path, mirror: Reader) -> None:
    load(path, [person("anna", "Anna Smith"), person("bob", "Bob Jones")])
    before = mirror().hits(View()).rows
    load(path, [person("bob", "Bob Jones"), person("carol", "Carol King")])
    assert mirror().lines(before) == []


def test_a_reader_sees_the_old_state_until_the_swap_and_never_waits(path: Path, mirror: Reader) -> None:
    load(path, [person(f"old{i}", f"Old {i}") for i in range(50)])
    reader = mirror()
    seen: set[tuple[str, ...]] = set()
    done = threading.Event()

    def watch() -> None:
        while not done.is_set():
            with reader.snapshot():
                kinds = sorted({name.split()[0] for name in names(reader)})
                seen.add((*kinds, str(reader.state().accounts), str(len(names(reader)))))

    watcher = threading.Thread(target=watch)
    watcher.start()
    load(path, (person(f"new{i}", f"New {i}") for i in range(4000)))
    done.set()
    watcher.join()
    assert ("Old", "50", "50") in seen
    assert seen <= {("Old", "50", "50"), ("New", "4000", "4000")}
    assert names(reader)[0].startswith("New")


def test_a_reader_keeps_one_state_within_a_snapshot(path: Path, mirror: Reader) -> None:
    load(path, [person("anna", "Anna Smith")])
    reader = mirror()
    with reader.snapshot():
        assert names(reader) == ["Anna Smith"]
        load(path, [person("bob", "Bob Jones")])
        assert names(reader) == ["Anna Smith"]
    assert names(reader) == ["Bob Jones"]


KILLED = """
import os, signal, sys
from pathlib import Path
from tests.cache.records import *
from mailtui.cache import swapping
moment, path = sys.argv[1], Path(sys.argv[2])
if moment == "swap":
    unhurried = swapping._fill
    def _fill(*args):
        unhurried(*args)
        os.kill(os.getpid(), signal.SIGKILL)
    swapping._fill = _fill
cache = Cache(path)
with cache.stage() as staging:
    staging.add(person(f"new{i}", f"New {i}") for i in range(5000))
    if moment == "stage":
        os.kill(os.getpid(), signal.SIGKILL)
    staging.commit(NOW, base=BASE)
"""


@pytest.mark.parametrize("moment", ["stage", "swap"])
def test_a_killed_load_leaves_the_last_whole_state(path: Path, mirror: Reader, moment: str) -> None:
    load(path, [person("anna", "Anna Smith"), unit("people")])
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    ended = subprocess.run([sys.executable, "-c", KILLED, moment, str(path)], env=environment, check=False)
    assert ended.returncode == -signal.SIGKILL
    assert names(mirror()) == ["Anna Smith"]
    assert names(mirror(), View("anna")) == ["Anna Smith"]
    assert load(path, [person("bob", "Bob Jones")]) == SyncCounts(added=1, changed=0, gone=1, total=1)
    assert names(mirror()) == ["Bob Jones"]


def test_what_was_mended_after_the_reading_began_outlives_the_swap(path: Path, mirror: Reader) -> None:
    anna = person("anna", "Anna Smith", aliases=("a@example.com",))
    load(path, [anna])
    cache = Cache(path)
    with cache.stage() as staging:
        staging.add([anna, person("bob", "Bob Jones")])
        cache.mend([replace(anna, title="Director")], NOW + timedelta(minutes=2))
        staging.commit(NOW + timedelta(minutes=1), base=BASE)
    cache.close()
    account = mirror().exact("anna")[0]
    assert (account.title, account.as_of) == ("Director", NOW + timedelta(minutes=2))
    assert account.aliases == ("a@example.com",)
    assert mirror().exact("bob")[0].as_of == NOW + timedelta(minutes=1)


def test_units_count_the_accounts_in_them_and_below(path: Path, mirror: Reader) -> None:
    sales = unit("Sales")
    west = unit("West", sales.dn)
    load(
        path,
        [
            person("a", below=west.dn),
            unit("Empty"),
            west,
            person("b", below=sales.dn),
            sales,
            person("c", below=f"cn=contractors,{west.dn}"),
            person("d", below=BASE),
        ],
    )
    top = mirror().children(None)
    assert [(u.name, u.accounts, u.has_children) for u in top] == [("Empty", 0, False), ("Sales", 3, True)]
    assert [(u.name, u.accounts, u.has_children) for u in mirror().children(sales.id)] == [("West", 2, False)]
    assert names(mirror(), View(unit=west.id)) == ["a", "c"]
    assert mirror().children("no such unit") == []


def test_the_base_is_no_unit_of_the_tree(path: Path, mirror: Reader) -> None:
    load(path, [UnitRecord("base", BASE, "example"), unit("people"), person("a")])
    assert [u.name for u in mirror().children(None)] == ["people"]


def test_references_find_their_entries_however_the_dn_is_spelled(path: Path, mirror: Reader) -> None:
    boss = person("boss", "Smith, Ann")
    anna = person("anna", "Anna", manager_dn=f"UID=boss, OU=People,{BASE}")
    lost = person("lost", "Lost", manager_dn=f"uid=gone,{PEOPLE}")
    load(path, [anna, boss, lost, group("staff", [f"uid=ANNA,ou=people,{BASE}", boss]), group("empty", owners=[anna])])
    account = mirror().exact("anna")[0]
    assert account.manager is not None
    assert (account.manager.id, account.manager.name) == (boss.id, "Smith, Ann")
    assert [reference.name for reference in account.groups] == ["staff"]
    manager = mirror().exact("lost")[0].manager
    assert manager is not None
    assert (manager.id, manager.name, manager.dn) == (None, "gone", f"uid=gone,{PEOPLE}")


def test_a_group_of_hundreds_is_whole(path: Path, mirror: Reader) -> None:
    people = [person(f"p{i:04}") for i in range(700)]
    load(path, [*people, group("everybody", people)])
    assert len(mirror().hits(View("group:everybody")).rows) == 700


def test_text_that_is_no_text_is_kept_as_far_as_it_can_be(path: Path, mirror: Reader) -> None:
    load(path, [person("odd", "Od\udcffd \0 name", title="[/nope]\x1b[31m", quota_used=1 << 80, quota_limit=-5)])
    account = mirror().exact("odd")[0]
    assert account.name.startswith("Od")
    assert account.title == "[/nope]\x1b[31m"
    assert account.quota.limit_bytes is None
    assert account.quota.used_bytes == (1 << 63) - 2


def test_lists_sort_with_the_unknown_last_either_way(path: Path, mirror: Reader) -> None:
    gib = 1 << 30
    load(
        path,
        [
            person("half", quota_limit=10 * gib, quota_used=5 * gib),
            person("full", quota_limit=gib, quota_used=gib),
            person("unknown"),
            person("endless", quota_limit=0, quota_used=gib),
        ],
    )
    assert names(mirror(), View(sort=Sort.PERCENT)) == ["half", "full", "endless", "unknown"]
    assert names(mirror(), View(sort=Sort.PERCENT, reverse=True)) == ["full", "half", "endless", "unknown"]
    assert names(mirror(), View(sort=Sort.LIMIT, reverse=True)) == ["endless", "half", "full", "unknown"]


DNS = [
    "uid=a,ou=b,dc=c", "UID = A , OU=B, dc=c", "cn=Smith\\, Ann,ou=b", "cn=Smith\\2c Ann,ou=b", 'cn="Smith, Ann",ou=b',
    "cn=a+uid=b,ou=c", "uid=b + cn=A,ou=c", "cn=#x,ou=c", "cn=a  b,ou=c", "cn=A B,OU=c", "cn=a=b,ou=c", "cn=é,ou=c",
    "cn=É,ou=c", "cn= a,ou=c", "cn=a,ou=c", "no dn at all", "cn=,ou=c", "cn=a;ou=c", "uid=x\\ ,ou=c", "uid=x ,ou=c",
    "1.2.3=a,ou=c",
]  # fmt: skip


@pytest.mark.parametrize("dn", DNS)
def test_two_spellings_of_a_dn_are_equal_exactly_where_the_domain_says_so(dn: str) -> None:
    assert {other for other in DNS if dn_key(other) == dn_key(dn)} == {
        o for o in DNS if names_of.key(o) == names_of.key(dn)
    }
    assert parent_dn(dn) == names_of.parent(dn)
