"""Groups that come, change or go between two loads."""

from collections.abc import Collection, Sequence

from sqlalchemy import Connection

from mailtui.cache.folding import fold, storable
from mailtui.cache.rows import dn_key
from mailtui.domain.mirror import GroupRecord

Members = set[tuple[str, bytes]]


def write_groups(connection: Connection, records: Sequence[GroupRecord], gone: Collection[str]) -> bool:
    """Write groups, and forget those that are gone; tell whether anything was different."""
    dropped = [_drop(connection, group_id) for group_id in gone]
    written = [_put(connection, record) for record in records]
    return any((*dropped, *written))


def _drop(connection: Connection, group_id: str) -> bool:
    row = _row(connection, group_id)
    if row is None:
        return False
    connection.exec_driver_sql("DELETE FROM membership WHERE group_row = ?", (row,))
    connection.exec_driver_sql("DELETE FROM directory_group WHERE row = ?", (row,))
    return True


def _put(connection: Connection, record: GroupRecord) -> bool:
    named = _name(connection, record)
    row = _row(connection, record.id)
    wanted = _members(record)
    found = connection.exec_driver_sql("SELECT role, dn_key FROM membership WHERE group_row = ?", (row,))
    held: Members = {(role, key) for role, key in found}
    _each(connection, "DELETE FROM membership WHERE group_row = ? AND role = ? AND dn_key = ?", row, held - wanted)
    _each(connection, "INSERT INTO membership(group_row, role, dn_key) VALUES (?, ?, ?)", row, wanted - held)
    return named or held != wanted


def _name(connection: Connection, record: GroupRecord) -> bool:
    dn, name = storable(record.dn), storable(record.name)
    done = connection.exec_driver_sql(
        "INSERT INTO directory_group(id, dn, name, name_key) VALUES (?, ?, ?, ?) ON CONFLICT(id) DO UPDATE"
        " SET dn = excluded.dn, name = excluded.name, name_key = excluded.name_key"
        " WHERE dn <> excluded.dn OR name <> excluded.name",
        (record.id, dn, name, fold(name)),
    )
    return done.rowcount > 0


def _row(connection: Connection, group_id: str) -> int | None:
    row: int | None = connection.exec_driver_sql("SELECT row FROM directory_group WHERE id = ?", (group_id,)).scalar()
    return row


def _members(record: GroupRecord) -> Members:
    return {(role, dn_key(dn)) for role, dns in (("member", record.members), ("owner", record.owners)) for dn in dns}


def _each(connection: Connection, statement: str, row: int | None, members: Members) -> None:
    if members:
        connection.exec_driver_sql(statement, [(row, role, key) for role, key in sorted(members)])
