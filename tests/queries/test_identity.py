"""Rows that a list holds are followed: through changes, and through a full load that numbers them anew."""

import threading
from array import array
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from mailtui.cache.writing import Cache
from mailtui.errors import Stopped
from mailtui.queries import identity
from mailtui.queries.mirror import Mirror
from mailtui.queries.views import View
from tests.cache.records import NOW, load, person

PEOPLE = [person(f"p{number:02}") for number in range(30)]


@pytest.fixture(params=[1, identity._MANY], ids=["all read", "each looked up"])
def file(tmp_path: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(identity, "_MANY", request.param)
    monkeypatch.setattr(identity, "_PIECE", 7)
    load(tmp_path / "cache.db", PEOPLE)
    return tmp_path / "cache.db"


def test_rows_are_carried_over_a_full_load_in_their_order(file: Path) -> None:
    with closing(Mirror(file)) as mirror:
        epoch = mirror.state().epoch
        rows = mirror.hits(View()).rows[::-1]
        load(file, [person("a"), *PEOPLE[3:20], person("z")], NOW + timedelta(hours=1))
        assert mirror.state().epoch == epoch + 1
        now = mirror.carried_over([*rows, 999, 0])
        assert mirror.ids_of(now) == [p.id for p in reversed(PEOPLE[3:20])]
        assert not mirror.still_there(rows)
        assert mirror.carried_over([]) == mirror.carried_over(now) == array("I")


def test_rows_that_are_still_there_stay_in_their_order(file: Path) -> None:
    with closing(Mirror(file)) as mirror:
        rows = mirror.hits(View()).rows[::-1]
        with closing(Cache(file)) as cache:
            cache.mend([person("p05", "Renamed"), person("new")], NOW, [PEOPLE[0].id, PEOPLE[11].id, PEOPLE[29].id])
        there = mirror.still_there([10**9, *rows, 0])
        assert mirror.ids_of(there) == [p.id for p in reversed(PEOPLE) if p not in {PEOPLE[0], PEOPLE[11], PEOPLE[29]}]
        assert mirror.ids_of(rows) == mirror.ids_of(there)


def test_an_empty_mirror_holds_no_rows(file: Path) -> None:
    load(file, [])
    with closing(Mirror(file)) as mirror:
        assert not mirror.still_there([1, 2])
        load(file, [])
        assert not mirror.carried_over([1, 2])


def test_long_work_between_two_statements_is_abandoned_too(file: Path) -> None:
    with closing(Mirror(file)) as mirror:
        rows = mirror.hits(View()).rows
        begun = threading.Event()

        class Rows(list[int]):
            def __getitem__(self, key: object) -> list[int]:  # type: ignore[override]
                begun.set()
                return list(rows)

            def __len__(self) -> int:
                return 10**9

        def stop() -> None:
            begun.wait()
            mirror.interrupt()

        stopper = threading.Thread(target=stop)
        stopper.start()
        with pytest.raises(Stopped):
            mirror.ids_of(Rows())
        stopper.join()
        assert len(mirror.ids_of(rows)) == 30
