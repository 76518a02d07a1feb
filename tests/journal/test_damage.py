"""A record that is not as it was written is named by whatever has to read it, and nothing breaks off in its middle."""

import sqlite3
from collections.abc import Callable
from contextlib import closing

import pytest

from mailtui.domain.batch import Wish
from mailtui.errors import StoreError
from mailtui.journal.log import Journal
from tests.journal.conftest import KIM, NOON, plan_for, plan_row, written

Read = Callable[[Journal], object]


def damage(journal: Journal, statement: str) -> None:
    with closing(sqlite3.connect(journal.path)) as connection, connection:
        connection.execute("DROP TRIGGER event_refuses_update")
        connection.execute("DROP TRIGGER event_refuses_delete")
        assert connection.execute(statement).rowcount


def open_another(journal: Journal) -> str:
    return journal.open_batch(plan_for(plan_row("cleo")), KIM, NOON)


def last_disable(journal: Journal) -> object:
    return journal.last_disable(["id-anna"])


def whole(journal: Journal) -> object:
    return journal.batch("B1")


# The first batch: record 1 opens it, 2 and 3 plan its rows, 4 starts it, 5 to 8 are sent and verified, 9 ends it.
DAMAGED: list[tuple[str, int, Read]] = [
    ("UPDATE event SET body = '{\"task' WHERE seq = 1", 1, Journal.batches),
    ("UPDATE event SET body = '{\"task' WHERE seq = 1", 1, last_disable),
    ("UPDATE event SET body = '{}' WHERE seq = 1", 1, Journal.batches),
    ("UPDATE event SET body = '[]' WHERE seq = 1", 1, whole),
    ("UPDATE event SET at = 'yesterday' WHERE seq = 1", 1, Journal.batches),
    ("UPDATE event SET batch = 'Bx' WHERE seq = 1", 1, open_another),
    ("UPDATE event SET kind = 'opend' WHERE seq = 1", 1, whole),
    ("DELETE FROM event WHERE seq = 1", 4, whole),
    ("UPDATE image SET body = '{' WHERE digest = (SELECT image FROM event WHERE seq = 1)", 1, Journal.batches),
    ("UPDATE image SET body = '{' WHERE digest = (SELECT image FROM event WHERE seq = 3)", 3, whole),
    ("UPDATE image SET body = '[]' WHERE digest = (SELECT image FROM event WHERE seq = 2)", 2, last_disable),
    ("DELETE FROM event WHERE seq = 2", 7, whole),
    ("UPDATE event SET body = '{' WHERE seq = 9", 9, Journal.unsettled),
    ("UPDATE event SET body = '{' WHERE seq = 10", 10, lambda journal: journal.wish_of("B1")),
]


@pytest.mark.parametrize(("statement", "seq", "read"), DAMAGED)
def test_a_record_that_cannot_be_read_is_named(journal: Journal, statement: str, seq: int, read: Read) -> None:
    name = written(journal, plan_for(plan_row("anna"), plan_row("bert")))
    journal.wish(name, Wish.PAUSE, KIM, NOON)
    damage(journal, statement)
    with pytest.raises(StoreError) as refused:
        read(journal)
    assert refused.value.message == f"Record {seq} of the journal cannot be read"
    assert "mailtui journal verify" in refused.value.hint


def test_what_is_no_text_any_more_is_told_with_what_to_do(journal: Journal) -> None:
    written(journal, plan_for(plan_row("anna")))
    damage(journal, "UPDATE event SET body = CAST(x'7bff' AS TEXT) WHERE seq = 1")
    with pytest.raises(StoreError, match="a record is no text any more") as refused:
        journal.batches()
    assert "mailtui journal verify" in refused.value.hint
