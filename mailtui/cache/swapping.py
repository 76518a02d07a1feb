"""The swap at the end of a full load: what was staged becomes the cache's content, in one transaction."""

from typing import Any

from sqlalchemy import Connection

from mailtui.cache.helping import Indexer
from mailtui.cache.index_swapping import begin_index, take_index
from mailtui.cache.rows import dn_key
from mailtui.cache.tables import CacheTable
from mailtui.cache.units import UnitTree
from mailtui.cache.using import SHOWN
from mailtui.domain.mirror import SyncCounts

_LAST_ROW = (1 << 32) - 1
_BULK = ("account", "address", "membership", "group_address")
_STATED = {
    "row": "p.row",
    "unit_row": "p.unit_row",
    "as_of": "coalesce(a.as_of, :as_of)",
    **SHOWN,
}
_COLUMNS = tuple(column.name for column in CacheTable.metadata.tables["account"].columns)
_FILL_UNITS = """
    INSERT INTO org_unit(row, id, dn, dn_key, name, sort_key, keys, parent_row, accounts)
    SELECT row_number() OVER (ORDER BY sort_key, id), id, dn, dn_key, name, sort_key, keys, NULL, 0
    FROM temp.staged_unit WHERE dn_key <> ?
"""
_FILL_GROUPS = """
    INSERT INTO directory_group(row, id, dn, dn_key, name, name_key, description, posting)
    SELECT row_number() OVER (ORDER BY name_key, id), id, dn, dn_key, name, name_key, description, posting
    FROM temp.staged_group
"""
_FILL_GROUP_ADDRESSES = """
    INSERT INTO group_address(group_row, kind, place, address, key)
    SELECT g.row, a.kind, a.place, a.address, a.key
    FROM temp.staged_group_address a JOIN directory_group g ON g.id = a.group_id
"""
_FILL_MEMBERS = """
    INSERT INTO membership(group_row, role, dn_key)
    SELECT g.row, m.role, m.dn_key FROM temp.staged_member m JOIN directory_group g ON g.id = m.group_id
"""
_PLACES = """
    CREATE TEMP TABLE staged_place(
        row INTEGER PRIMARY KEY, staged INTEGER, unit_row INTEGER, before INTEGER, is_changed INTEGER
    )
"""
_PLACE_ACCOUNTS = """
    INSERT INTO temp.staged_place(row, staged, unit_row, before, is_changed)
    SELECT ? - 1 + row_number() OVER (ORDER BY s.sort_key, s.id), s.staged, u.unit_row, a.row, a.digest <> s.digest
    FROM (SELECT id, sort_key, parent_key, digest, max(rowid) staged FROM temp.staged_account GROUP BY id) s
    LEFT JOIN temp.staged_parent u ON u.parent_key = s.parent_key
    LEFT JOIN account a ON a.id = s.id
"""
_FILL_ACCOUNTS = (  # names of columns are constants
    f"INSERT INTO account({', '.join(_COLUMNS)}) SELECT "
    + ", ".join(_STATED.get(column, f"a.{column}") for column in _COLUMNS)
    + " FROM temp.staged_place p CROSS JOIN temp.staged_account a ON a.rowid = p.staged"
    + " LEFT JOIN usage u ON u.id = a.id"
)
_FILL_ADDRESSES = """
    INSERT INTO address(account_row, kind, place, address, key)
    SELECT p.row, a.kind, a.place, a.address, a.key
    FROM temp.staged_place p CROSS JOIN temp.staged_address a ON a.number = p.staged
"""
_COUNT = """
    SELECT (SELECT accounts FROM sync_state), count(*), count(before), coalesce(sum(is_changed), 0)
    FROM temp.staged_place
"""
_RENUMBER = "INSERT INTO renumbered(before, row) SELECT before, row FROM temp.staged_place WHERE before IS NOT NULL"
_DIRECT = "SELECT unit_row, count(*) FROM temp.staged_place WHERE unit_row IS NOT NULL GROUP BY unit_row"
_CLOSE = """
    UPDATE sync_state SET as_of = :as_of, cursor = :cursor, base = :base, accounts = :total, next_row = :next_row,
        ordered_until = :next_row - 1, generation = generation + 1, epoch = epoch + 1, failed_at = NULL, failure = ''
"""


def swap_in(connection: Connection, indexer: Indexer, as_of: int | None, cursor: str, base: str) -> SyncCounts:
    """Replace all content by what is staged; the caller's transaction holds the write lock."""
    tree = _fill_units(connection, base)
    first_row = _place(connection, tree)
    begin_index(connection, indexer, tree)
    counts = _count(connection)
    _empty(connection)
    _fill(connection, as_of)
    for name in _BULK:
        for index in CacheTable.metadata.tables[name].indexes:
            index.create(connection)
    take_index(connection, indexer)
    next_row = first_row + counts.total
    state = {"as_of": as_of, "cursor": cursor, "base": base, "total": counts.total, "next_row": next_row}
    connection.exec_driver_sql(_CLOSE, state)
    return counts


def _fill_units(connection: Connection, base: str) -> UnitTree:
    connection.exec_driver_sql("DELETE FROM org_unit")
    connection.exec_driver_sql(_FILL_UNITS, (dn_key(base),))
    tree = _join_units(connection)
    found = _all(connection, "SELECT parent_key, dn FROM temp.staged_parent")
    units = [(tree.nearest(dn), key) for key, dn in found]
    _many(connection, "UPDATE temp.staged_parent SET unit_row = ? WHERE parent_key = ?", units)
    return tree


def _place(connection: Connection, tree: UnitTree) -> int:
    """Give each account its new row, beside the one it had and its unit's; give the first row."""
    connection.exec_driver_sql(_PLACES)
    first_row = _first_row(connection)
    connection.exec_driver_sql(_PLACE_ACCOUNTS, (first_row,))
    totals = tree.with_those_below((unit, number) for unit, number in _all(connection, _DIRECT))
    _many(connection, "UPDATE org_unit SET accounts = ? WHERE row = ?", [(n, row) for row, n in totals.items()])
    return first_row


def _fill(connection: Connection, as_of: int | None) -> None:
    connection.exec_driver_sql("DELETE FROM renumbered")
    for statement in (_RENUMBER, _FILL_GROUPS, _FILL_MEMBERS, _FILL_GROUP_ADDRESSES):
        connection.exec_driver_sql(statement)
    connection.exec_driver_sql(_FILL_ACCOUNTS, {"as_of": as_of})
    connection.exec_driver_sql(_FILL_ADDRESSES)


def _count(connection: Connection) -> SyncCounts:
    [(before, total, kept, changed)] = _all(connection, _COUNT)
    return SyncCounts(added=total - kept, changed=changed, gone=before - kept, total=total)


def _first_row(connection: Connection) -> int:
    # Numbers go on where the last load ended: a row id that a list still holds then names nobody, never somebody else.
    [(next_row,)] = _all(connection, "SELECT next_row FROM sync_state")
    [(most,)] = _all(connection, "SELECT coalesce(max(rowid), 0) FROM temp.staged_account")
    return int(next_row) if next_row + most <= _LAST_ROW else 1


def _empty(connection: Connection) -> None:
    for name in _BULK:
        # Rows come in faster into a table without indexes, which are then built from sorted values.
        for index in CacheTable.metadata.tables[name].indexes:
            index.drop(connection)
    for name in (*_BULK, "mail_domain", "directory_group"):
        connection.exec_driver_sql(f"DELETE FROM {name}")


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
