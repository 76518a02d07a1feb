"""Single accounts written into the mirror between two syncs, with their addresses, search keys and unit counts."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import Connection, insert

from mailtui.cache.keys import indexed_text
from mailtui.cache.rows import AddressValue, account_values, address_values, own_domains
from mailtui.cache.stored import stored_addresses, stored_records
from mailtui.cache.tables import CacheTable
from mailtui.cache.units import UnitTree
from mailtui.domain.mirror import AccountRecord

_ACCOUNT = CacheTable.metadata.tables["account"]


class Mender:
    """Puts accounts into the mirror and takes them out, within the caller's transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._tree = UnitTree.load(connection)

    def put(self, records: Sequence[AccountRecord], as_of: datetime) -> None:
        """Insert or replace accounts; one that was there keeps its row."""
        self._note_change()
        for record in records:
            row = self._take_out(record.id)
            self._put_in(record, as_of, self._new_row() if row is None else row)

    def drop(self, ids: Iterable[str]) -> None:
        """Take accounts out; those that are not there are passed over."""
        self._note_change()
        for account_id in ids:
            self._take_out(account_id)

    def _put_in(self, record: AccountRecord, as_of: datetime, row: int) -> None:
        unit_row = self._tree.nearest(record.dn)
        addresses = address_values(record)
        self._connection.execute(insert(_ACCOUNT), {**account_values(record, as_of), "row": row, "unit_row": unit_row})
        self._connection.exec_driver_sql(
            "INSERT INTO address(account_row, kind, place, address, key) VALUES (?, ?, ?, ?, ?)",
            [(row, a.kind, a.place, a.address, a.key) for a in addresses],
        ) if addresses else None
        text = self._indexed(record, addresses, unit_row)
        self._connection.exec_driver_sql("INSERT INTO search(rowid, keys) VALUES (?, ?)", (row, text))
        self._count(unit_row, 1)

    def _take_out(self, account_id: str) -> int | None:
        found = self._connection.exec_driver_sql(
            "SELECT row, unit_row FROM account WHERE id = ?", (account_id,)
        ).first()
        if found is None:
            return None
        row, unit_row = found
        [(record, _as_of)] = stored_records(self._connection, "row = ?", (row,))
        text = self._indexed(record, stored_addresses(self._connection, row), unit_row)
        self._connection.exec_driver_sql("INSERT INTO search(search, rowid, keys) VALUES ('delete', ?, ?)", (row, text))
        self._connection.exec_driver_sql("DELETE FROM address WHERE account_row = ?", (row,))
        self._connection.exec_driver_sql("DELETE FROM account WHERE row = ?", (row,))
        self._count(unit_row, -1)
        return int(row)

    def _indexed(self, record: AccountRecord, addresses: Sequence[AddressValue], unit_row: int | None) -> str:
        rows = [self._domain_row(name) for name in own_domains(addresses)]
        return indexed_text(record, rows, self._tree.tokens(unit_row))

    def _domain_row(self, name: str) -> int:
        self._connection.exec_driver_sql("INSERT OR IGNORE INTO mail_domain(name) VALUES (?)", (name,))
        return int(self._connection.exec_driver_sql("SELECT row FROM mail_domain WHERE name = ?", (name,)).scalar_one())

    def _new_row(self) -> int:
        self._connection.exec_driver_sql("UPDATE sync_state SET next_row = next_row + 1")
        return int(self._connection.exec_driver_sql("SELECT next_row - 1 FROM sync_state").scalar_one())

    def _note_change(self) -> None:
        self._connection.exec_driver_sql("UPDATE sync_state SET generation = generation + 1")

    def _count(self, unit_row: int | None, difference: int) -> None:
        self._connection.exec_driver_sql("UPDATE sync_state SET accounts = accounts + ?", (difference,))
        for row in self._tree.chain(unit_row):
            self._connection.exec_driver_sql(
                "UPDATE org_unit SET accounts = accounts + ? WHERE row = ?", (difference, row)
            )
