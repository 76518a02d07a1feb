"""Row ids of a view, in its order; what is unknown comes last, whichever way the order goes."""

import json
import sqlite3
from array import array
from itertools import islice

from mailtui.queries.reading import STANDING
from mailtui.queries.search import Narrowing, Search
from mailtui.queries.views import Hits, Sort

CEILING = 10_000
"""How many hits of typed words are counted."""

_RANK = (
    f"CASE {STANDING} WHEN 'active' THEN 0 WHEN 'pending' THEN 1 WHEN 'locked' THEN 2 WHEN 'expired' THEN 3 ELSE 4 END"
)
_COLUMNS = {
    Sort.NAME: "a.sort_key",
    Sort.LOGIN: "a.login_key",
    Sort.MAIL: "a.mail_key",
    Sort.DEPARTMENT: "a.department",
    Sort.STANDING: _RANK,
    Sort.LIMIT: "a.limit_bytes",
    Sort.USED: "a.used_bytes",
    Sort.PERCENT: "a.percent",
    Sort.LAST_LOGIN: "a.last_login",
}
_MAY_BE_UNKNOWN = {Sort.MAIL, Sort.DEPARTMENT, Sort.LIMIT, Sort.USED, Sort.PERCENT, Sort.LAST_LOGIN}
# Statements below are put together from constants and placeholders; values are bound.


def all_rows(connection: sqlite3.Connection, narrowing: Narrowing, sort: Sort, *, reverse: bool) -> "array[int]":
    """Give every account that a narrowing leaves, in an order."""
    if sort is Sort.MATCH and narrowing.matches:
        rows = array("I", _found(connection, narrowing, -1))
        return rows[::-1] if reverse else rows
    column = _COLUMNS.get(sort, _COLUMNS[Sort.NAME])
    if sort is Sort.MATCH and narrowing.conditions:
        # Rows are numbered by name. The sign keeps SQLite from walking all of them in that order to find a few.
        column = "+a.row"
    conditions = [*narrowing.conditions, *_as_condition(narrowing)]
    direction = "DESC" if reverse else "ASC"
    if sort not in _MAY_BE_UNKNOWN:
        return _rows(connection, _select(conditions, f"{column} {direction}, a.row"), narrowing)
    known = _select([*conditions, f"{column} IS NOT NULL"], f"{column} {direction}, a.row")
    unknown = _select([*conditions, f"{column} IS NULL"], "a.row")
    return _rows(connection, known, narrowing) + _rows(connection, unknown, narrowing)


def _rows(connection: sqlite3.Connection, statement: str, narrowing: Narrowing) -> "array[int]":
    return array("I", (row[0] for row in connection.execute(statement, narrowing.values)))


def found_rows(
    connection: sqlite3.Connection,
    search: Search,
    first: list[int],
    sort: Sort,
    *,
    reverse: bool,
    ceiling: int = CEILING,
) -> Hits:
    """Give the hits of typed words: `first`, then those with own keys, then by place; beyond a ceiling as found."""
    found = dict.fromkeys(first)
    for match in (search.who, search.anywhere) if search.anywhere else (search.who,):
        if len(found) <= ceiling:
            found.update(dict.fromkeys(_first_rows(connection, search.narrowing, match, ceiling + 1 + len(found))))
    rows = array("I", islice(found, ceiling))
    more = len(found) > ceiling
    if more or (sort is Sort.MATCH and not reverse):
        return Hits(rows, more)
    return Hits(_sorted(connection, rows, search.narrowing, sort, reverse=reverse))


def those_among(connection: sqlite3.Connection, rows: list[int], narrowing: Narrowing) -> list[int]:
    """Give those of some rows that a narrowing leaves, in their order."""
    kept = set(_among(connection, rows, narrowing, Sort.NAME, reverse=False)) if rows else set()
    return [row for row in rows if row in kept]


def _sorted(
    connection: sqlite3.Connection, rows: "array[int]", narrowing: Narrowing, sort: Sort, *, reverse: bool
) -> "array[int]":
    if sort is Sort.MATCH:
        return rows[::-1]
    return _among(connection, list(rows), Narrowing(values=dict(narrowing.values)), sort, reverse=reverse)


def _among(
    connection: sqlite3.Connection, rows: list[int], narrowing: Narrowing, sort: Sort, *, reverse: bool
) -> "array[int]":
    within = Narrowing(narrowing.matches, list(narrowing.conditions), dict(narrowing.values))
    within.conditions.append(f"a.row IN (SELECT value FROM json_each({within.bind(json.dumps(rows))}))")
    return all_rows(connection, within, Sort.NAME if sort is Sort.MATCH else sort, reverse=reverse)


def _first_rows(connection: sqlite3.Connection, narrowing: Narrowing, match: str | None, limit: int) -> list[int]:
    matches = [*narrowing.matches, f"({match})"] if match else narrowing.matches
    if matches:
        return _found(connection, Narrowing(matches, narrowing.conditions, narrowing.values), limit)
    statement = _select(narrowing.conditions, "a.row") + " LIMIT :limited"
    return [row[0] for row in connection.execute(statement, narrowing.values | {"limited": limit})]


def _found(connection: sqlite3.Connection, narrowing: Narrowing, limit: int) -> list[int]:
    join = " CROSS JOIN account a ON a.row = search.rowid" if narrowing.conditions else ""
    conditions = " AND ".join(["search MATCH :matched", *narrowing.conditions])
    statement = f"SELECT search.rowid FROM search{join} WHERE {conditions} LIMIT :limited"
    values = narrowing.values | {"matched": _expression(narrowing), "limited": limit}
    return [row[0] for row in connection.execute(statement, values)]


def _as_condition(narrowing: Narrowing) -> list[str]:
    if not narrowing.matches:
        return []
    return [f"a.row IN (SELECT rowid FROM search WHERE search MATCH {narrowing.bind(_expression(narrowing))})"]


def _expression(narrowing: Narrowing) -> str:
    return " AND ".join(narrowing.matches)


def _select(conditions: list[str], order: str) -> str:
    return f"SELECT a.row FROM account a WHERE {' AND '.join(conditions) or '1'} ORDER BY {order}"
