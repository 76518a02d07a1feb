"""What is purged is gone from the disk: from the file, from its free pages and from the log beside it."""

from collections.abc import Iterable
from contextlib import closing
from datetime import timedelta
from itertools import islice
from pathlib import Path

import pytest

from mailtui.domain.change import Change, Values
from mailtui.domain.plan import Plan
from mailtui.journal import store
from mailtui.journal.log import Journal
from tests.journal.conftest import FORWARDS, KIM, NOON, plan_for, plan_row, written

LATER = NOON + timedelta(days=1)


def plan_with_secrets(batch: int, rows: int) -> Plan:
    def row(number: int) -> tuple[str, bytes]:
        # Of all lengths, some longer than a page of the file.
        return f"quincy{batch}x{number}", b"home-%d-%d@" % (batch, number) + b"n" * (number * 137 % 9000)

    return plan_for(
        *(plan_row(login, Change(FORWARDS, (own,)), Values(FORWARDS, (own,))) for login, own in map(row, range(rows)))
    )


def raw(path: Path) -> Iterable[bytes]:
    return (file.read_bytes().lower().replace(b"id-quincy", b"") for file in path.parent.iterdir())


def remains(path: Path) -> bool:
    return any(b"quincy" in content or b"home-" in content or b"nnnn" in content for content in raw(path))


def test_purged_values_are_on_no_page_of_any_file(path: Path) -> None:
    with closing(Journal(path)) as journal:
        for batch in range(20):
            written(journal, plan_with_secrets(batch, 40))
        assert remains(path)
        assert journal.purge(LATER, NOON) == 20
        assert not remains(path)
        assert journal.verify().ok


def test_a_purge_between_others_that_stay_leaves_only_those(path: Path) -> None:
    with closing(Journal(path)) as journal:
        for batch in range(12):
            if batch % 2:
                journal.open_batch(plan_for(*(plan_row(f"kept{batch}x{number}") for number in range(30))), KIM, NOON)
            else:
                written(journal, plan_with_secrets(batch, 30))
        assert journal.purge(LATER, NOON) == 6
        assert not remains(path)
        assert any(b"kept11x29" in content for content in raw(path))
        assert journal.verify().ok


def test_a_reader_of_an_older_moment_delays_the_overwriting_but_not_the_purge(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "_OVERWRITE_MS", 10)
    with closing(Journal(path)) as journal, closing(Journal(path)) as other:
        written(journal, plan_with_secrets(1, 40))
        export = other.export()
        list(islice(export, 2))
        assert journal.purge(LATER, NOON) == 1
        assert [event["private"]["login"] for event in export if event["kind"] == "planned"][-1] == "quincy1x39"
        assert journal.purge(LATER, NOON) == 0
        assert not remains(path)
        assert journal.verify().ok
