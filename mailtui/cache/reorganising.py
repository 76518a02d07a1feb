"""Units that come, change or go between two loads, and whom that concerns."""

from collections.abc import Collection, Sequence

from sqlalchemy import Connection

from mailtui.cache.folding import storable
from mailtui.cache.keys import sort_key, unit_keys
from mailtui.cache.layout import unit_token
from mailtui.cache.rows import dn_key, parent_dn
from mailtui.cache.units import UnitTree
from mailtui.domain import dn as names
from mailtui.domain.mirror import UnitRecord


class UnitChange:
    """New, changed and gone units, not yet written."""

    def __init__(self, connection: Connection, base: str, records: Sequence[UnitRecord], gone: Collection[str]) -> None:
        self._connection = connection
        held = _held(connection, [*(record.id for record in records), *gone])
        self._records = [
            record
            for record in records
            if dn_key(record.dn) != dn_key(base)
            and held.get(record.id, (0, None, None))[1:] != (storable(record.dn), storable(record.name))
        ]
        self._rows = {unit_id: row for unit_id, (row, _dn, _name) in held.items()}
        self._groups: list[tuple[int, str]] = []
        staying = {record.id for record in records}
        self._gone = [self._rows[unit_id] for unit_id in gone if unit_id in self._rows and unit_id not in staying]
        self._moves = {names.key(held[one.id][1]): (held[one.id][1], one.dn) for one in self._records if one.id in held}

    def __bool__(self) -> bool:
        return bool(self._records or self._gone)

    def place_of(self, dn: str) -> str:
        """Give the DN of an entry once the units above it are where they are now."""
        above = dn
        while above:
            old, new = self._moves.get(names.key(above), ("", ""))
            if old:
                return names.moved(dn, old, new)
            above = parent_dn(above)
        return dn

    def carry_along(self) -> None:
        """Let the units and groups below those with another DN go with them; accounts are for the caller to file."""
        known = {record.id for record in self._records} | set(self._rows)
        units = self._connection.exec_driver_sql("SELECT id, dn, name, row FROM org_unit").all() if self._moves else ()
        for unit_id, dn, name, row in units:
            if unit_id not in known and self.place_of(dn) != dn:
                self._records.append(UnitRecord(unit_id, self.place_of(dn), name))
                self._rows[unit_id] = row
        groups = self._connection.exec_driver_sql("SELECT row, dn FROM directory_group").all() if self._moves else ()
        self._groups = [(row, place) for row, dn in groups if (place := self.place_of(dn)) != dn]

    def rows_below(self) -> list[int]:
        """Give the rows of the accounts in or below the units that change or go."""
        changed = [self._rows[record.id] for record in self._records if record.id in self._rows]
        rows: set[int] = set()
        for unit in (*changed, *self._gone):
            found = self._connection.exec_driver_sql(
                "SELECT rowid FROM search WHERE search MATCH ?", (f'"{unit_token(unit)}"',)
            )
            rows.update(row for (row,) in found)
        return sorted(rows)

    def write(self) -> None:
        """Write them, and put all units below the right ones."""
        for record in self._records:
            self._connection.exec_driver_sql(
                "INSERT INTO org_unit(row, id, dn, dn_key, name, sort_key, keys, accounts)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, 0)"
                " ON CONFLICT(row) DO UPDATE SET dn = excluded.dn, dn_key = excluded.dn_key, name = excluded.name,"
                " sort_key = excluded.sort_key, keys = excluded.keys",
                (self._rows.get(record.id), *unit_values(record).values()),
            )
        # Only now, so that none of the new ones got the number of one that goes.
        for row in self._gone:
            self._connection.exec_driver_sql("DELETE FROM org_unit WHERE row = ?", (row,))
        for row, dn in self._groups:
            self._connection.exec_driver_sql(
                "UPDATE directory_group SET dn = ?, dn_key = ? WHERE row = ?", (storable(dn), dn_key(dn), row)
            )
        put_in_place(self._connection)


def unit_values(record: UnitRecord) -> dict[str, object]:
    """Give the columns of a unit but for its row, where it belongs and whom it holds."""
    name = storable(record.name)
    return {
        "id": record.id,
        "dn": storable(record.dn),
        "dn_key": dn_key(record.dn),
        "name": name,
        "sort_key": sort_key(name),
        "keys": unit_keys(name),
    }


def put_in_place(connection: Connection) -> None:
    """Say of each unit which one it is in."""
    rows = connection.exec_driver_sql("SELECT row, dn, parent_row FROM org_unit").all()
    tree = UnitTree({dn_key(dn): row for row, dn, _parent in rows}, {})
    moved = [(above, row) for row, dn, parent in rows if (above := tree.nearest(dn)) != parent]
    if moved:
        connection.exec_driver_sql("UPDATE org_unit SET parent_row = ? WHERE row = ?", moved)


def _held(connection: Connection, ids: Sequence[str]) -> dict[str, tuple[int, str, str]]:
    found = {}
    for unit_id in ids:
        row = connection.exec_driver_sql("SELECT row, dn, name FROM org_unit WHERE id = ?", (unit_id,)).first()
        if row is not None:
            found[unit_id] = (int(row[0]), str(row[1]), str(row[2]))
    return found
