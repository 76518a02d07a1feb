"""Single accounts are written, found and counted as a full load would have it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mailtui.cache.writing import Cache
from mailtui.domain.account import Delivery, Standing
from mailtui.queries.mirror import Mirror
from mailtui.queries.views import View
from tests.cache.records import NOW, load, person, unit

Reader = Callable[[], Mirror]
LATER = NOW + timedelta(minutes=5)


def logins(mirror: Mirror, query: str) -> list[str]:
    return [line.login for line in mirror.lines(mirror.hits(View(query)).rows)]


def test_a_mended_account_is_shown_as_it_was_read_and_keeps_its_row(path: Path, mirror: Reader) -> None:
    anna = person("anna", "Anna Smith", forwards=("x@example.org",))
    load(path, [anna, person("bob", "Bob Jones")])
    row = mirror().row_of(anna.id)
    cache = Cache(path)
    cache.mend([replace(anna, standing=Standing.DISABLED, delivery=Delivery.RECEIVE, forwards=())], LATER)
    cache.close()
    account = mirror().exact("anna")[0]
    assert (account.standing, account.delivery, account.forwards) == (Standing.DISABLED, Delivery.RECEIVE, ())
    assert account.as_of == LATER
    assert mirror().row_of(anna.id) == row
    assert mirror().exact("bob")[0].as_of == NOW


def test_old_keys_find_a_mended_account_no_more_and_new_ones_do(path: Path, mirror: Reader) -> None:
    anna = person("anna", "Anna Schmidt", aliases=("schmidt@example.com",), phone="+49 30 1234", title="Clerk")
    load(path, [anna, person("bob", "Bob Schmidt")])
    cache = Cache(path)
    cache.mend([replace(anna, name="张伟", aliases=("z@example.org",), phone=None, title="Director")], LATER)
    cache.close()
    reader = mirror()
    assert logins(reader, "schmidt") == ["bob"]
    assert logins(reader, "49301234") == logins(reader, "title:clerk") == logins(reader, "schmidt@example.com") == []
    for query in ("zhangwei", "张", "z@example.org", "example.org", "title:dir", "anna"):
        assert logins(reader, query) == ["anna"], query


def test_new_moved_and_removed_accounts_are_counted_where_they_are(path: Path, mirror: Reader) -> None:
    sales, law = unit("Sales"), unit("Law")
    anna, bob = person("anna", below=sales.dn), person("bob", below=sales.dn)
    load(path, [sales, law, anna, bob])
    cache = Cache(path)
    moved = replace(anna, dn=f"uid=anna,{law.dn}")
    cache.mend([moved, person("carol", below=law.dn)], LATER, gone=[bob.id, "nobody"])
    cache.close()
    assert {u.name: u.accounts for u in mirror().children(None)} == {"Law": 2, "Sales": 0}
    assert mirror().state().accounts == 2
    assert len(mirror().hits(View(unit=law.id)).rows) == 2
    assert mirror().exact("bob@example.com") == []


def test_a_failure_is_kept_until_a_load_succeeds_and_the_age_stands(path: Path, mirror: Reader) -> None:
    load(path, [person("anna")])
    cache = Cache(path)
    cache.note_failure("size limit", LATER)
    cache.close()
    state = mirror().state()
    assert (state.as_of, state.failed_at, state.failure, state.cursor) == (NOW, LATER, "size limit", "timestamp")
    load(path, [person("anna")], as_of=LATER)
    assert (mirror().state().as_of, mirror().state().failure) == (LATER, "")


TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(TEXT, TEXT, st.lists(TEXT, max_size=2), TEXT), min_size=2, max_size=4))
def test_the_index_forgets_every_text_that_it_was_given(
    path: Path, states: list[tuple[str, str, list[str], str]]
) -> None:
    records = [
        replace(
            person("anna", name), login=login, aliases=tuple(aliases), phone=phone, title=phone, employee_number=login
        )
        for name, login, aliases, phone in states
    ]
    load(path, [records[0]])
    cache = Cache(path)
    for record in records[1:]:
        cache.mend([record], datetime.now(UTC))
    cache.mend([], datetime.now(UTC), gone=[records[0].id])
    with cache._engine.connect() as connection:
        connection.exec_driver_sql("CREATE VIRTUAL TABLE temp.terms USING fts5vocab(main, search, row)")
        left = connection.exec_driver_sql("SELECT term FROM temp.terms WHERE doc > 0").all()
    cache.close()
    assert left == []
