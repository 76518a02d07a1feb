"""Groups that come, change or go between two loads."""

from collections.abc import Collection, Sequence

from sqlalchemy import Connection

from mailtui.cache.rows import dn_key, group_address_rows, group_values
from mailtui.cache.tables import CacheTable
from mailtui.domain.mirror import GroupRecord

Members = set[tuple[str, bytes]]

_COLUMNS = [column.name for column in CacheTable.metadata.tables["directory_group"].columns if column.name != "row"]
_OTHERS = [name for name in _COLUMNS if name != "id"]
# Names of columns are constants.
_PUT = (
    f"INSERT INTO directory_group({', '.join(_COLUMNS)}) VALUES ({', '.join(f':{name}' for name in _COLUMNS)})"
    f" ON CONFLICT(id) DO UPDATE SET {', '.join(f'{name} = excluded.{name}' for name in _OTHERS)}"
    f" WHERE {' OR '.join(f'directory_group.{name} IS NOT excluded.{name}' for name in _OTHERS)}"
)


def write_groups(connection: Connection, records: Sequence[GroupRecord], gone: Collection[str]) -> bool:
    """Write groups, and forget those that are gone; tell whether anything was different."""
    dropped = [_drop(connection, group_id) for group_id in gone]
    written = [_put(connection, record) for record in records]
    return any((*dropped, *written))


def _drop(connection: Connection, group_id: str) -> bool:
    row = _row(connection, group_id)
    if row is None:
        return False
    for table in ("membership", "group_address"):
        connection.exec_driver_sql(f"DELETE FROM {table} WHERE group_row = ?", (row,))
    connection.exec_driver_sql("DELETE FROM directory_group WHERE row = ?", (row,))
    return True


def _put(connection: Connection, record: GroupRecord) -> bool:
    named = connection.exec_driver_sql(_PUT, group_values(record)).rowcount > 0
    row = _row(connection, record.id)
    addressed = _address(connection, row, record)
    wanted = _members(record)
    found = connection.exec_driver_sql("SELECT role, dn_key FROM membership WHERE group_row = ?", (row,))
    held: Members = {(role, key) for role, key in found}
    _each(connection, "DELETE FROM membership WHERE group_row = ? AND role = ? AND dn_key = ?", row, held - wanted)
    _each(connection, "INSERT INTO membership(group_row, role, dn_key) VALUES (?, ?, ?)", row, wanted - held)
    return named or addressed or held != wanted


def _address(connection: Connection, row: int | None, record: GroupRecord) -> bool:
    """Write the addresses of a group; tell whether they were others."""
    wanted = group_address_rows(record)
    found = connection.exec_driver_sql(
        "SELECT kind, place, address, key FROM group_address WHERE group_row = ?", (row,)
    )
    if {tuple(held) for held in found} == set(wanted):
        return False
    connection.exec_driver_sql("DELETE FROM group_address WHERE group_row = ?", (row,))
    if wanted:
        connection.exec_driver_sql(
            "INSERT INTO group_address(group_row, kind, place, address, key) VALUES (?, ?, ?, ?, ?)",
            [(row, *values) for values in wanted],
        )
    return True


def _row(connection: Connection, group_id: str) -> int | None:
    row: int | None = connection.exec_driver_sql("SELECT row FROM directory_group WHERE id = ?", (group_id,)).scalar()
    return row


def _members(record: GroupRecord) -> Members:
    return {(role, dn_key(dn)) for role, dns in (("member", record.members), ("owner", record.owners)) for dn in dns}


def _each(connection: Connection, statement: str, row: int | None, members: Members) -> None:
    if members:
        connection.exec_driver_sql(statement, [(row, role, key) for role, key in sorted(members)])
