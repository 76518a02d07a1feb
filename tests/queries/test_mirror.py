"""Whole accounts come out as they went in, with what the mirror knows besides."""

import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

from mailtui.cache.layout import to_stored
from mailtui.cache.writing import Cache
from mailtui.domain.account import Kind
from mailtui.domain.policy import Policy, Profile
from mailtui.queries.mirror import Mirror
from mailtui.queries.views import Sort, View
from tests.cache.records import BASE, NOW, load, person, unit

Filled = Callable[..., Mirror]


def test_an_account_holds_everything_known_of_it(filled: Filled) -> None:
    record = person(
        "ann",
        'A, "B" #<b>[red]',
        below=f"ou=Sales,{BASE}",
        aliases=("b@example.com", "a@example.com"),
        forwards=("f@x.org",),
        department_number="77",
        title="CEO",
        employee_number="1",
        phone="+1 2",
        services=("mail", "imap"),
        kind=Kind.SERVICE,
        expires=NOW + timedelta(days=9),
        last_login=NOW - timedelta(microseconds=1),
        quota_limit=200,
        quota_used=100,
        quota_as_of=NOW - timedelta(hours=1),
    )
    policy = Policy(profiles=(Profile("executive", (("title", ("CEO",)),)),))
    mirror = filled(unit("Sales"), record, policy=policy)
    account = mirror.account(record.id)
    assert account is not None
    for name in (
        "id",
        "dn",
        "login",
        "name",
        "mail",
        "aliases",
        "forwards",
        "department_path",
        "department_number",
        "title",
        "employee_number",
        "phone",
        "services",
        "kind",
        "expires",
        "last_login",
    ):
        assert getattr(account, name) == getattr(record, name), name
    quota = account.quota
    assert (quota.limit_bytes, quota.used_bytes, quota.percent, quota.source) == (200, 100, 50.0, "directory")
    assert quota.as_of == NOW - timedelta(hours=1)
    assert (account.profile, account.department, account.as_of) == ("executive", "Sales", NOW)


def test_the_default_limit_none_and_the_unknown_use_stay_apart(filled: Filled) -> None:
    mirror = filled(person("default"), person("endless", quota_limit=0, quota_used=5))
    default, endless = mirror.exact("default")[0].quota, mirror.exact("endless")[0].quota
    assert (default.limit_bytes, default.unlimited, default.used_bytes, default.source) == (None, False, None, None)
    assert (endless.limit_bytes, endless.unlimited, endless.used_bytes, endless.percent) == (None, True, 5, None)
    lines = mirror.lines(mirror.hits(View()).rows)
    assert [(line.limit_bytes, line.unlimited) for line in lines] == [(None, False), (None, True)]


def test_an_exact_key_is_an_address_a_log_in_or_a_number_and_may_be_two_peoples(filled: Filled) -> None:
    ann, bob = (
        person("ann", aliases=("Chief@Bücher.example",), employee_number="bob"),
        person("bob", employee_number="7"),
    )
    mirror = filled(ann, bob)
    for key, logins in {
        "ANN@example.com": ["ann"],
        "chief@xn--bcher-kva.example": ["ann"],
        " Bob ": ["bob", "ann"],
        "7": ["bob"],
        "": [],
        "an": [],
    }.items():
        assert [account.login for account in mirror.exact(key)] == logins, key


def test_an_account_is_as_young_as_the_last_sync_or_its_own_reading(tmp_path: Path) -> None:
    path = tmp_path / "cache.db"
    used: dict[str, Any] = {"quota_used": 5}
    load(path, [person("mended", **used), person("left", **used), person("told", **used, quota_as_of=NOW)])
    synced, mended = NOW + timedelta(hours=1), NOW + timedelta(hours=2)
    with closing(Cache(path)) as cache:
        cache.mend([person("mended", **used)], mended)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE sync_state SET as_of = ?", (to_stored(synced),))
    with closing(Mirror(path)) as mirror:
        ages = {key: mirror.exact(key)[0] for key in ("mended", "left", "told")}
    assert {key: account.as_of for key, account in ages.items()} == {"mended": mended, "left": synced, "told": synced}
    assert {key: a.quota.as_of for key, a in ages.items()} == {"mended": mended, "left": synced, "told": NOW}


def test_what_is_gone_is_left_out_and_the_order_is_as_asked(filled: Filled) -> None:
    mirror = filled(person("a"), person("b"), person("c"))
    rows = list(mirror.hits(View()).rows)
    assert [line.login for line in mirror.lines([rows[2], 999, rows[0]])] == ["c", "a"]
    assert [account.login for account in mirror.by_ids(["id-c", "gone", "id-a"])] == ["c", "a"]
    assert mirror.ids_of(rows) == ["id-a", "id-b", "id-c"]
    assert mirror.row_of("gone") is None
    assert [a.login for a in mirror.accounts(View(sort=Sort.LOGIN, reverse=True), 2)] == ["c", "b"]


def test_a_page_of_more_rows_than_one_statement_fetches_is_whole(filled: Filled) -> None:
    mirror = filled(*(person(f"p{i:04}") for i in range(1201)))
    rows = mirror.hits(View()).rows
    assert len(mirror.lines(rows)) == len(mirror.by_rows(rows)) == 1201


HEAVY = ("sqlmodel", "sqlalchemy", "ldap3", "keyring", "pypinyin", "rapidfuzz", "textual", "pydantic")


def test_reading_loads_nothing_heavy() -> None:
    program = "import sys, mailtui.queries.mirror, mailtui.queries.impact, mailtui.queries.lists; print(*sys.modules)"
    root = Path(__file__).parents[2]
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=root)
    loaded = ended.stdout.split()
    assert not {name.split(".")[0] for name in loaded} & set(HEAVY)
