"""The swap at the end of a full load: what was staged becomes the cache's content, in one transaction."""

from typing import Any

from sqlalchemy import Connection

from mailtui.cache.rows import dn_key
from mailtui.cache.tables import CacheTable
from mailtui.cache.units import UnitTree
from mailtui.domain.mirror import SyncCounts

_LAST_ROW = (1 << 32) - 1
_BULK = ("account", "address", "membership")
_STATED = {
    "row": "p.row",
    "unit_row": "u.unit_row",
    "as_of": "coalesce(s.as_of, :as_of)",
}
_COLUMNS = tuple(column.name for column in CacheTable.metadata.tables["account"].columns)
_FROM = """
    FROM temp.staged_place p CROSS JOIN temp.staged_account s ON s.rowid = p.staged
    LEFT JOIN temp.staged_parent u ON u.parent_key = s.parent_key
"""
_FILL_UNITS = """
    INSERT INTO org_unit(row, id, dn, dn_key, name, sort_key, keys, parent_row, accounts)
    SELECT row_number() OVER (ORDER BY sort_key, id), id, dn, dn_key, name, sort_key, keys, NULL, 0
    FROM temp.staged_unit WHERE dn_key <> ?
"""
_FILL_DOMAINS = "INSERT INTO mail_domain(row, name) SELECT row, name FROM temp.staged_domain"
_FILL_GROUPS = """
    INSERT INTO directory_group(row, id, dn, name, name_key)
    SELECT row_number() OVER (ORDER BY name_key, id), id, dn, name, name_key FROM temp.staged_group
"""
_FILL_MEMBERS = """
    INSERT INTO membership(group_row, role, dn_key)
    SELECT g.row, m.role, m.dn_key FROM temp.staged_member m JOIN directory_group g ON g.id = m.group_id
"""
_NUMBER_ACCOUNTS = """
    INSERT INTO temp.staged_place(row, staged)
    SELECT ? - 1 + row_number() OVER (ORDER BY sort_key, id), rowid FROM temp.staged_account
"""
_FILL_ACCOUNTS = (  # names of columns are constants
    f"INSERT INTO account({', '.join(_COLUMNS)}) SELECT "
    + ", ".join(_STATED.get(column, f"s.{column}") for column in _COLUMNS)
    + _FROM
)
_FILL_ADDRESSES = f"""
    INSERT INTO address(account_row, kind, place, address, key)
    SELECT p.row, j.value ->> 0, j.value ->> 1, j.value ->> 2, j.value ->> 3 {_FROM} CROSS JOIN json_each(s.addresses) j
"""
_FILL_SEARCH = f"INSERT INTO search(rowid, keys) SELECT p.row, s.keys || ' ' || coalesce(u.tokens, '') {_FROM}"
_COUNT = """
    SELECT (SELECT accounts FROM sync_state), (SELECT count(*) FROM temp.staged_account), count(*),
        coalesce(sum(a.digest <> s.digest), 0)
    FROM temp.staged_account s CROSS JOIN account a ON a.id = s.id
"""
_RENUMBER = """
    INSERT INTO renumbered(before, row)
    SELECT a.row, p.row
    FROM temp.staged_place p CROSS JOIN temp.staged_account s ON s.rowid = p.staged CROSS JOIN account a ON a.id = s.id
"""
_CLOSE = """
    UPDATE sync_state SET as_of = :as_of, cursor = :cursor, base = :base, accounts = :total, next_row = :next_row,
        generation = generation + 1, epoch = epoch + 1, failed_at = NULL, failure = ''
"""


def swap_in(connection: Connection, as_of: int | None, cursor: str, base: str) -> SyncCounts:
    """Replace all content by what is staged; the caller's transaction holds the write lock."""
    counts = _count(connection)
    first_row = _first_row(connection, counts.total)
    _number(connection, first_row)
    _empty(connection)
    _fill(connection, as_of, base)
    for name in _BULK:
        for index in CacheTable.metadata.tables[name].indexes:
            index.create(connection)
    next_row = first_row + counts.total
    state = {"as_of": as_of, "cursor": cursor, "base": base, "total": counts.total, "next_row": next_row}
    connection.exec_driver_sql(_CLOSE, state)
    return counts


def _number(connection: Connection, first_row: int) -> None:
    """Give each account its new row, and keep which one it had."""
    connection.exec_driver_sql("CREATE TEMP TABLE staged_place(row INTEGER PRIMARY KEY, staged INTEGER)")
    connection.exec_driver_sql(_NUMBER_ACCOUNTS, (first_row,))
    connection.exec_driver_sql("DELETE FROM renumbered")
    connection.exec_driver_sql(_RENUMBER)


def _fill(connection: Connection, as_of: int | None, base: str) -> None:
    connection.exec_driver_sql(_FILL_UNITS, (dn_key(base),))
    for statement in (_FILL_DOMAINS, _FILL_GROUPS, _FILL_MEMBERS):
        connection.exec_driver_sql(statement)
    tree = _join_units(connection)
    parents = _all(connection, "SELECT parent_key, min(dn) FROM temp.staged_account GROUP BY parent_key")
    units = [(key, tree.nearest(dn)) for key, dn in parents]
    staged = [(key, row, tree.tokens(row)) for key, row in units]
    _many(connection, "INSERT INTO temp.staged_parent VALUES (?, ?, ?)", staged)
    connection.exec_driver_sql(_FILL_ACCOUNTS, {"as_of": as_of})
    for statement in (_FILL_ADDRESSES, _FILL_SEARCH):
        connection.exec_driver_sql(statement)
    direct = _all(connection, "SELECT unit_row, count(*) FROM account WHERE unit_row IS NOT NULL GROUP BY unit_row")
    totals = tree.with_those_below((unit, number) for unit, number in direct)
    _many(connection, "UPDATE org_unit SET accounts = ? WHERE row = ?", [(n, row) for row, n in totals.items()])


def _count(connection: Connection) -> SyncCounts:
    [(before, total, kept, changed)] = _all(connection, _COUNT)
    return SyncCounts(added=total - kept, changed=changed, gone=before - kept, total=total)


def _first_row(connection: Connection, total: int) -> int:
    # Numbers go on where the last load ended: a row id that a list still holds then names nobody, never somebody else.
    next_row = int(_all(connection, "SELECT next_row FROM sync_state")[0][0])
    return next_row if next_row + total <= _LAST_ROW else 1


def _empty(connection: Connection) -> None:
    for name in _BULK:
        # Rows come in faster into a table without indexes, which are then built from sorted values.
        for index in CacheTable.metadata.tables[name].indexes:
            index.drop(connection)
    for name in (*_BULK, "org_unit", "mail_domain", "directory_group"):
        connection.exec_driver_sql(f"DELETE FROM {name}")
    for statement in (
        "INSERT INTO search(search) VALUES ('delete-all')",
        "CREATE TEMP TABLE staged_parent(parent_key BLOB PRIMARY KEY, unit_row INTEGER, tokens TEXT)",
    ):
        connection.exec_driver_sql(statement)


def _join_units(connection: Connection) -> UnitTree:
    rows = _all(connection, "SELECT row, dn FROM org_unit")
    flat = UnitTree({dn_key(dn): row for row, dn in rows}, {})
    _many(connection, "UPDATE org_unit SET parent_row = ? WHERE row = ?", [(flat.nearest(dn), row) for row, dn in rows])
    return UnitTree.load(connection)


def _many(connection: Connection, statement: str, rows: list[tuple[Any, ...]]) -> None:
    if rows:
        connection.exec_driver_sql(statement, rows)


def _all(connection: Connection, statement: str) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in connection.exec_driver_sql(statement)]
