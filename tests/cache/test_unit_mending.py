"""Units are mended with all that is mirrored below them, as a full load would have it, or not at all."""

from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from mailtui.cache.writing import Cache
from mailtui.domain.dn import moved, units
from mailtui.domain.mirror import AccountRecord, Record
from mailtui.queries.mirror import Mirror
from mailtui.queries.views import View
from tests.cache.records import BASE, NOW, group, load, person, unit

Reader = Callable[[], Mirror]
LATER = NOW + timedelta(minutes=5)
RESEARCH, LEGAL = unit("Research"), unit("Legal, Contracts")
LABS = unit("Labs", RESEARCH.dn)
ANNA, BERT, CARL = person("anna", below=LABS.dn), person("bert", below=RESEARCH.dn), person("carl", below=LEGAL.dn)
TEAM = replace(group("team", [ANNA, CARL], [BERT]), dn=f"cn=team,{LABS.dn}")
ALL: list[Record] = [RESEARCH, LEGAL, LABS, ANNA, BERT, CARL, TEAM]
NEW_DN = f"ou=Research,{LEGAL.dn}"


def placed(record: AccountRecord, dn: str) -> AccountRecord:
    return replace(record, dn=dn, department_path=units(dn, BASE))


def there(record: Any) -> Any:
    """Give a record as it is once Research is below Legal."""
    dn = moved(record.dn, RESEARCH.dn, NEW_DN)
    return placed(record, dn) if isinstance(record, AccountRecord) else replace(record, dn=dn)


def told(mirror: Mirror) -> Any:
    """Give what the tree and the lists of it show, and whom the names of units find."""
    shown = [one for above in (None, RESEARCH.id, LEGAL.id, LABS.id) for one in mirror.children(above)]
    lists = [[line.login for line in mirror.accounts(View(q, u), 9)] for q in ("", "dept:legal", "dept:labs")
             for u in (None, RESEARCH.id, LEGAL.id, LABS.id)]  # fmt: skip
    groups = mirror.ask("SELECT id, dn, dn_key FROM directory_group", {})
    return shown, lists, [(one.dn, one.department_path) for one in mirror.accounts(View(), 9)], groups


def test_a_moved_unit_takes_all_that_is_below_it_along(path: Path, tmp_path: Path, mirror: Reader) -> None:
    load(path, ALL)
    with closing(Cache(path)) as cache:
        cache.mend([replace(RESEARCH, dn=NEW_DN)], LATER, placed=placed)
    anew = tmp_path / "anew" / "cache.db"
    load(anew, [LEGAL, CARL, *map(there, (RESEARCH, LABS, ANNA, BERT)), replace(TEAM, dn=there(TEAM).dn)])
    with closing(Mirror(anew, clock=lambda: NOW)) as whole:
        assert told(mirror()) == told(whole)
    assert [one.accounts for one in mirror().children(None)] == [3]


def test_where_an_account_cannot_be_told_and_where_a_sync_is_newer_the_unit_stays(path: Path, mirror: Reader) -> None:
    load(path, ALL)
    before = told(mirror())
    with closing(Cache(path)) as cache:
        cache.mend([replace(RESEARCH, dn=NEW_DN)], LATER, placed=lambda record, dn: None)
        cache.mend([replace(RESEARCH, dn=NEW_DN)], NOW - timedelta(minutes=1), placed=placed)
    assert told(mirror()) == before


def test_new_units_come_and_those_that_are_gone_go(path: Path, mirror: Reader) -> None:
    load(path, [RESEARCH, LABS, BERT])
    new = unit("Optics", RESEARCH.dn)
    with closing(Cache(path)) as cache:
        cache.mend([new], LATER, [LABS.id])
    assert [one.name for one in mirror().children(RESEARCH.id)] == ["Optics"]
    assert [one.accounts for one in mirror().children(None)] == [1]


def test_a_delta_doubts_what_it_read_at_a_place_that_was_mended_meanwhile(path: Path) -> None:
    load(path, ALL)
    with closing(Cache(path)) as cache, cache.update() as update:
        assert update.put_elsewhere([there(ANNA)]) == []
        cache.mend([replace(RESEARCH, dn=NEW_DN)], LATER, placed=placed)
        assert update.put_elsewhere([ANNA, CARL, LABS, person("nobody")]) == [ANNA.id, LABS.id]
