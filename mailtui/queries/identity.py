"""Which accounts row ids stand for, now and after rows were numbered anew; fast for all the rows there are."""

import json
from array import array
from collections.abc import Iterator, Sequence

from mailtui.queries.connection import Reader

_PIECE = 5_000
# From so many rows on, to read all there are is faster than to look each up.
_MANY = 50_000
_EACH = "FROM json_each(:rows) j CROSS JOIN"
_IDS = f"SELECT a.id {_EACH} account a ON a.row = j.value ORDER BY j.key"


def ids_of(reader: Reader, rows: Sequence[int]) -> list[str]:
    """Give the ids of accounts by rows, in that order; those that are gone are left out."""
    asked = (reader.execute(_IDS, {"rows": json.dumps(piece)}) for piece in _pieces(reader, rows))
    return [row[0] for found in asked for row in found]


def rows_of(reader: Reader, ids: Sequence[str]) -> list[int]:
    """Give the rows of accounts by their ids; those that are gone are left out."""
    found = reader.execute(f"SELECT a.row {_EACH} account a ON a.id = j.value", {"rows": json.dumps(list(ids))})
    return [row[0] for row in found]


def digests(reader: Reader, ids: Sequence[str]) -> dict[str, bytes]:
    """Give digests of what is mirrored of accounts, by their ids; those that are gone are left out."""
    found = reader.execute(f"SELECT a.id, a.digest {_EACH} account a ON a.id = j.value", {"rows": json.dumps(ids)})
    return {row[0]: row[1] for row in found}


def still_there(reader: Reader, rows: Sequence[int]) -> "array[int]":
    """Give those of these rows that exist now, in their order."""
    return _translated(reader, rows, "account", "row")


def carried_over(reader: Reader, rows: Sequence[int]) -> "array[int]":
    """Give, for rows of the epoch before, those of the same accounts now, in their order; those gone are left out."""
    return _translated(reader, rows, "renumbered", "before")


def _translated(reader: Reader, rows: Sequence[int], table: str, key: str) -> "array[int]":
    found = array("I")
    if len(rows) < _MANY:
        statement = f"SELECT t.row {_EACH} {table} t ON t.{key} = j.value ORDER BY j.key"
        for piece in _pieces(reader, rows):
            found.extend(row[0] for row in reader.execute(statement, {"rows": json.dumps(piece)}))
        return found
    first, now = _all_rows(reader, table, key)
    for piece in _pieces(reader, rows):
        found.extend(new for row in piece if 0 <= row - first < len(now) and (new := now[row - first]))
    return found


def _all_rows(reader: Reader, table: str, key: str) -> tuple[int, "array[int]"]:
    """Give the least key of a table, and what row each key from there on has (0: none)."""
    first, last = reader.execute(f"SELECT min({key}), max({key}) FROM {table}").fetchone()
    if first is None:
        return 0, array("I")
    now = array("I", bytes(4 * (last - first + 1)))
    cursor = reader.cursor()
    cursor.row_factory = None
    for before, row in cursor.execute(f"SELECT {key}, row FROM {table}"):
        now[before - first] = row
    return first, now


def _pieces(reader: Reader, rows: Sequence[int]) -> Iterator[list[int]]:
    for start in range(0, len(rows), _PIECE):
        reader.go_on()
        yield list(rows[start : start + _PIECE])
