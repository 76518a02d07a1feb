"""Whatever one change is made to any record, verify names the first that is not as it was written."""

import hashlib
import json
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mailtui.domain.batch import RowState
from mailtui.errors import StoreError
from mailtui.journal.log import Journal
from mailtui.journal.proving import ChainReport
from tests.journal.conftest import KIM, NOON, SyslogDouble, plan_for, plan_row, written

COLUMNS = ("batch", "row", "account", "kind", "at", "body", "image", "prev", "hash")
INSERT = "INSERT INTO event (seq, batch, row, account, kind, at, body, image, prev, hash) VALUES (?,?,?,?,?,?,?,?,?,?)"
Tamper = Callable[[sqlite3.Connection, int], int]


@dataclass(frozen=True)
class Template:
    """A journal that was written and purged as it should be, and the heads in syslog."""

    file: Path
    heads: tuple[str, ...]
    last: int


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Template:
    folder = tmp_path_factory.mktemp("proving") / "state"
    syslog = SyslogDouble(folder.parent / "log")
    with closing(Journal(folder / "journal.db", syslog=syslog.path)) as journal:
        written(journal, plan_for(plan_row("anna"), plan_row("bert")))
        journal.purge(NOON + timedelta(days=1), NOON)
        written(journal, plan_for(plan_row("cleo"), plan_row("dora", skip="nothing to do")), RowState.FAILED)
        journal.note(journal.open_batch(plan_for(plan_row("emil")), KIM, NOON), "she called", NOON)
        last = journal.verify(syslog.lines).untouched_to
    assert last
    heads = tuple(syslog.lines)
    syslog.close()
    return Template(folder / "journal.db", heads, last)


def examined(template: Template, tamper: Tamper) -> tuple[int, ChainReport]:
    """Change a copy of the journal as who knows SQLite would; gives what is broken first, and what was found."""
    with TemporaryDirectory(dir=template.file.parent.parent) as elsewhere:
        folder = Path(elsewhere) / "state"
        folder.mkdir()
        file = Path(shutil.copy(template.file, folder))
        with closing(sqlite3.connect(file)) as connection, connection:
            connection.execute("DROP TRIGGER event_refuses_update")
            connection.execute("DROP TRIGGER event_refuses_delete")
            expected = tamper(connection, template.last)
        with closing(Journal(file, syslog=folder / "nobody")) as journal:
            return expected, journal.verify(template.heads)


def moved(connection: sqlite3.Connection, first: int, by: int) -> None:
    for (seq,) in connection.execute("SELECT seq FROM event WHERE seq>=? ORDER BY seq*?", (first, -by)).fetchall():
        connection.execute("UPDATE event SET seq=? WHERE seq=?", (seq + by, seq))


def flipped(value: bytes, byte: int, bit: int) -> bytes:
    at = byte % len(value)
    return value[:at] + bytes([value[at] ^ 1 << bit]) + value[at + 1 :]


@st.composite
def bit_of_an_event(draw: st.DrawFn) -> Tamper:
    choice, column, byte, bit = (draw(st.integers(0, 10_000)), draw(st.sampled_from(COLUMNS)), *draw(BITS))

    def tamper(connection: sqlite3.Connection, last: int) -> int:
        seq = choice % last + 1
        query = f'SELECT typeof("{column}"), CAST("{column}" AS BLOB) FROM event WHERE seq=?'
        kind, value = connection.execute(query, (seq,)).fetchone()
        if kind == "integer":
            connection.execute(f'UPDATE event SET "{column}"=? WHERE seq=?', (int(value) ^ 1 << bit, seq))
        else:
            changed = flipped(value, byte, bit) if value else b"\0"
            connection.execute(f'UPDATE event SET "{column}"=CAST(? AS TEXT) WHERE seq=?', (changed, seq))
        return seq

    return tamper


@st.composite
def bit_of_an_image(draw: st.DrawFn) -> Tamper:
    choice, column, byte, bit = (
        draw(st.integers(0, 10_000)),
        draw(st.sampled_from(("digest", "salt", "body"))),
        *draw(BITS),
    )

    def tamper(connection: sqlite3.Connection, last: int) -> int:
        query = f"SELECT seq, digest, CAST(image.{column} AS BLOB) FROM event JOIN image ON digest=image ORDER BY seq"
        kept = connection.execute(query).fetchall()
        seq, digest, value = kept[choice % len(kept)]
        kind = "BLOB" if column == "salt" else "TEXT"
        changed = (flipped(value, byte, bit), digest)
        connection.execute(f"UPDATE image SET {column}=CAST(? AS {kind}) WHERE digest=?", changed)
        return int(seq)

    return tamper


@st.composite
def another_type(draw: st.DrawFn) -> Tamper:
    choice, column = draw(st.integers(0, 10_000)), draw(st.sampled_from(COLUMNS))

    def tamper(connection: sqlite3.Connection, last: int) -> int:
        query = f'SELECT seq FROM event WHERE typeof("{column}")=? ORDER BY seq'
        texts = [seq for (seq,) in connection.execute(query, ("integer" if column == "row" else "text",))]
        seq = int(texts[choice % len(texts)])
        connection.execute(f'UPDATE event SET "{column}"=CAST("{column}" AS BLOB) WHERE seq=?', (seq,))
        return seq

    return tamper


@st.composite
def another_number(draw: st.DrawFn) -> Tamper:
    choice, by = draw(st.integers(0, 10_000)), draw(st.integers(1, 2**40))
    is_up = draw(st.booleans())

    def tamper(connection: sqlite3.Connection, last: int) -> int:
        seq = choice % last + 1
        number = last + by if is_up else 1 - by
        connection.execute("UPDATE event SET seq=? WHERE seq=?", (number, seq))
        return min(seq, number)

    return tamper


@st.composite
def dropped(draw: st.DrawFn) -> Tamper:
    choice, is_closed_up = draw(st.integers(0, 10_000)), draw(st.booleans())

    def tamper(connection: sqlite3.Connection, last: int) -> int:
        seq = choice % last + 1
        connection.execute("DELETE FROM event WHERE seq=?", (seq,))
        if is_closed_up:
            moved(connection, seq + 1, -1)
        return seq

    return tamper


@st.composite
def added(draw: st.DrawFn) -> Tamper:
    of, to = draw(st.integers(0, 10_000)), draw(st.integers(0, 10_000))

    def tamper(connection: sqlite3.Connection, last: int) -> int:
        original, seq = of % last + 1, to % (last + 1) + 1
        _seq, *rest = connection.execute("SELECT * FROM event WHERE seq=?", (original,)).fetchone()
        moved(connection, seq, 1)
        connection.execute(INSERT, (seq, *rest))
        # A copy in the place of what it copies cannot be told from it: the one after is the added one.
        return seq + 1 if seq == original else seq

    return tamper


@st.composite
def swapped(draw: st.DrawFn) -> Tamper:
    one, other = draw(st.integers(0, 10_000)), draw(st.integers(1, 10_000))

    def tamper(connection: sqlite3.Connection, last: int) -> int:
        a = one % last + 1
        b = (a - 1 + other % (last - 1) + (other % (last - 1) == 0)) % last + 1
        for new, old in ((-1, a), (a, b), (b, -1)):
            connection.execute("UPDATE event SET seq=? WHERE seq=?", (new, old))
        return min(a, b)

    return tamper


@st.composite
def cut_off(draw: st.DrawFn) -> Tamper:
    choice, with_images = draw(st.integers(0, 10_000)), draw(st.booleans())

    def tamper(connection: sqlite3.Connection, last: int) -> int:
        kept = choice % last
        connection.execute("DELETE FROM event WHERE seq>?", (kept,))
        if with_images:
            query = "DELETE FROM image WHERE digest NOT IN (SELECT image FROM event WHERE image IS NOT NULL)"
            connection.execute(query)
        return kept + 1

    return tamper


@st.composite
def forged(draw: st.DrawFn) -> Tamper:
    choice = draw(st.integers(0, 10_000))

    def tamper(connection: sqlite3.Connection, last: int) -> int:
        seq = choice % last + 1
        event = list(connection.execute("SELECT * FROM event WHERE seq=?", (seq,)).fetchone())
        event[5] = "2020-01-01T00:00:00.000000Z"
        event[9] = hashlib.sha256(json.dumps(event[:9], separators=(",", ":")).encode()).hexdigest()
        connection.execute("UPDATE event SET at=?, hash=? WHERE seq=?", (event[5], event[9], seq))
        return seq

    return tamper


BITS = st.tuples(st.integers(0, 10_000), st.integers(0, 7))
TAMPERS = st.one_of(
    bit_of_an_event(),
    bit_of_an_image(),
    another_type(),
    another_number(),
    dropped(),
    added(),
    swapped(),
    cut_off(),
    forged(),
)


@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(tamper=TAMPERS)
def test_the_first_broken_record_is_named_whatever_was_done(template: Template, tamper: Tamper) -> None:
    expected, report = examined(template, tamper)
    assert (report.ok, report.first_broken) == (False, expected), report.message
    assert str(expected) in report.message
    assert (report.untouched_to or 0) < max(expected, 1)


def test_what_is_kept_apart_for_no_record_is_noticed(template: Template) -> None:
    def tamper(connection: sqlite3.Connection, last: int) -> int:
        connection.execute("INSERT INTO image VALUES ('0', x'00', '{}')")
        return last + 1

    expected, report = examined(template, tamper)
    assert (report.ok, report.first_broken) == (False, expected)


@settings(max_examples=60, deadline=None)
@given(page=st.integers(0, 10_000), garbage=st.binary(min_size=64, max_size=4096))
def test_a_damaged_file_is_told_and_never_passes_for_another_journal(
    template: Template, page: int, garbage: bytes
) -> None:
    with TemporaryDirectory(dir=template.file.parent.parent) as elsewhere:
        file = Path(shutil.copy(template.file, elsewhere))
        image = bytearray(file.read_bytes())
        start = page % (len(image) // 4096) * 4096
        image[start : start + len(garbage)] = garbage
        file.write_bytes(image)
        # Either nothing but a clear failure, or a report; never a traceback.
        with suppress(StoreError), closing(Journal(file, syslog=Path(elsewhere) / "nobody")) as journal:
            assert journal.verify(template.heads).records <= template.last
            assert list(journal.export())


def test_the_records_hold_however_many_there_are(template: Template) -> None:
    assert examined(template, lambda connection, last: last)[1].ok
