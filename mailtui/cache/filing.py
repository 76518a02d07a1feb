"""Accounts filed one by one between two loads: with their addresses, what finds them, and the counts of units."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from mailtui.cache.keys import indexed_text
from mailtui.cache.layout import from_stored
from mailtui.cache.rows import AddressValue, account_values, address_values, own_domains, stored_record
from mailtui.cache.stored import stored_addresses
from mailtui.cache.tables import CacheTable
from mailtui.cache.units import UnitTree
from mailtui.cache.using import SHOWN, is_shown_by, show
from mailtui.domain.mirror import AccountRecord

_COLUMNS = tuple(column.name for column in CacheTable.metadata.tables["account"].columns if column.name not in SHOWN)
_ADD = f"INSERT INTO account({', '.join(_COLUMNS)}) VALUES ({', '.join(f':{name}' for name in _COLUMNS)})"


@dataclass(frozen=True, slots=True)
class Filed:
    """An account as it is in the cache: its columns and addresses, and the text under which it was indexed."""

    values: Mapping[str, Any]
    addresses: tuple[AddressValue, ...]
    record: AccountRecord
    text: str
    chain: tuple[int, ...]

    @property
    def row(self) -> int:
        """The number of its row."""
        return int(self.values["row"])

    @property
    def as_of(self) -> datetime | None:
        """When it was read."""
        return from_stored(self.values["as_of"])


class Filing:
    """Files accounts, within the caller's transaction; `finish` adds up what changed.

    One that was there keeps its row; another gets the next number, for numbers are not used twice.
    When units are about to change, look first (`found`), change them, call `units_changed`, then file.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._tree = UnitTree.asked(connection)
        self._counts: Counter[int] = Counter()
        self._total = 0

    def units_changed(self) -> None:
        """Look at the units anew."""
        self._tree = UnitTree.asked(self._connection)

    def by_id(self, account_id: str) -> Filed | None:
        """Find an account by its entryUUID."""
        return self._found("id", account_id)

    def by_row(self, row: int) -> Filed | None:
        """Find an account by its row."""
        return self._found("row", row)

    def _found(self, column: str, value: object) -> Filed | None:
        found = self._connection.exec_driver_sql(f"SELECT * FROM account WHERE {column} = ?", (value,)).mappings()
        values = found.first()
        if values is None:
            return None
        addresses = tuple(stored_addresses(self._connection, values["row"]))
        record = stored_record(dict(values), addresses)
        chain = tuple(self._tree.chain(values["unit_row"]))
        return Filed(dict(values), addresses, record, self._text(record, addresses, values["unit_row"]), chain)

    def put(self, before: Filed | None, record: AccountRecord, as_of: datetime | None) -> None:
        """File an account, which was filed as `before` or not at all."""
        if before is None:
            self._add(record, as_of)
        else:
            self._replace(before, record, as_of)

    def _add(self, record: AccountRecord, as_of: datetime | None) -> None:
        unit_row = self._tree.nearest(record.dn)
        row = self._new_row()
        addresses = address_values(record)
        values = {**account_values(record, as_of), "row": row, "unit_row": unit_row}
        self._connection.exec_driver_sql(_ADD, values)
        show(self._connection, row)
        self._add_addresses(row, addresses)
        self._index(row, self._text(record, addresses, unit_row))
        self._total += 1
        self._count(self._tree.chain(unit_row), 1)

    def _replace(self, before: Filed, record: AccountRecord, as_of: datetime | None) -> None:
        # Only what differs is written: an index is only touched for the columns it is made of.
        unit_row = self._tree.nearest(record.dn)
        addresses = address_values(record)
        values = {**account_values(record, as_of), "row": before.row, "unit_row": unit_row}
        different = {name: value for name, value in values.items() if before.values[name] != value}
        if different:
            assigned = ", ".join(f"{name} = :{name}" for name in different)
            statement = f"UPDATE account SET {assigned} WHERE row = :own_row"
            self._connection.exec_driver_sql(statement, {**different, "own_row": before.row})
            if is_shown_by(different):
                show(self._connection, before.row)
        if set(addresses) != set(before.addresses):
            self._drop_addresses(before.row)
            self._add_addresses(before.row, addresses)
        text = self._text(record, addresses, unit_row)
        if text != before.text:
            self._unindex(before)
            self._index(before.row, text)
        self._count(before.chain, -1)
        self._count(self._tree.chain(unit_row), 1)

    def drop(self, before: Filed) -> None:
        """Take an account out."""
        self._unindex(before)
        self._drop_addresses(before.row)
        self._connection.exec_driver_sql("DELETE FROM account WHERE row = ?", (before.row,))
        self._total -= 1
        self._count(before.chain, -1)

    def finish(self, *, is_changed: bool = True) -> None:
        """Write the counts, and that the mirror is another."""
        self._connection.exec_driver_sql(
            "UPDATE sync_state SET accounts = accounts + ?, generation = generation + ?", (self._total, is_changed)
        )
        counts = [(number, row) for row, number in self._counts.items() if number]
        if counts:
            self._connection.exec_driver_sql("UPDATE org_unit SET accounts = accounts + ? WHERE row = ?", counts)

    def _text(self, record: AccountRecord, addresses: Sequence[AddressValue], unit_row: int | None) -> str:
        rows = [self._domain_row(name) for name in own_domains(addresses)]
        return indexed_text(record, rows, self._tree.tokens(unit_row))

    def _index(self, row: int, text: str) -> None:
        self._connection.exec_driver_sql("INSERT INTO search(rowid, keys) VALUES (?, ?)", (row, text))

    def _unindex(self, before: Filed) -> None:
        self._connection.exec_driver_sql(
            "INSERT INTO search(search, rowid, keys) VALUES ('delete', ?, ?)", (before.row, before.text)
        )

    def _add_addresses(self, row: int, addresses: Sequence[AddressValue]) -> None:
        values = [(row, a.kind, a.place, a.address, a.key) for a in addresses]
        if values:
            self._connection.exec_driver_sql(
                "INSERT INTO address(account_row, kind, place, address, key) VALUES (?, ?, ?, ?, ?)", values
            )

    def _drop_addresses(self, row: int) -> None:
        self._connection.exec_driver_sql("DELETE FROM address WHERE account_row = ?", (row,))

    def _domain_row(self, name: str) -> int:
        self._connection.exec_driver_sql("INSERT OR IGNORE INTO mail_domain(name) VALUES (?)", (name,))
        return int(self._connection.exec_driver_sql("SELECT row FROM mail_domain WHERE name = ?", (name,)).scalar_one())

    def _new_row(self) -> int:
        self._connection.exec_driver_sql("UPDATE sync_state SET next_row = next_row + 1")
        return int(self._connection.exec_driver_sql("SELECT next_row - 1 FROM sync_state").scalar_one())

    def _count(self, chain: Iterable[int], difference: int) -> None:
        for row in chain:
            self._counts[row] += difference
