"""A full load: what the directory holds now is staged, then swapped in whole, in one transaction.

Staged entries lie in temporary tables of the loading connection: files without a name, which go with the process that
made them. So a load that is killed leaves nothing behind, and the last whole state as it was.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from mailtui.cache.folding import fold, storable
from mailtui.cache.keys import indexed_text, sort_key, unit_keys
from mailtui.cache.layout import to_stored
from mailtui.cache.opening import explained, writing
from mailtui.cache.rows import account_values, address_values, dn_key, own_domains, parent_dn
from mailtui.cache.stored import stored_records
from mailtui.cache.swapping import swap_in
from mailtui.domain.mirror import AccountRecord, GroupRecord, SyncCounts, UnitRecord

Record = AccountRecord | UnitRecord | GroupRecord

_BATCH = 1000
_TABLES = (
    # Besides what an account has: where it is, its index entry, and its addresses as JSON.
    "CREATE TEMP TABLE staged_account AS SELECT *, dn_key parent_key, '' keys, '' addresses FROM account WHERE 0",
    "CREATE UNIQUE INDEX temp.staged_account_by_id ON staged_account(id)",
    "CREATE TEMP TABLE staged_unit(id TEXT PRIMARY KEY, dn TEXT, dn_key BLOB, name TEXT, sort_key TEXT, keys TEXT)",
    "CREATE TEMP TABLE staged_group(id TEXT PRIMARY KEY, dn TEXT, name TEXT, name_key TEXT)",
    "CREATE TEMP TABLE staged_member(group_id, role, dn_key, PRIMARY KEY (group_id, role, dn_key)) WITHOUT ROWID",
    "CREATE TEMP TABLE staged_domain(row INTEGER PRIMARY KEY, name TEXT)",
)


class Staging:
    """One full load under way: give it everything there is, then commit."""

    def __init__(self, connection: Connection, path: Path) -> None:
        self._connection = connection
        self._path = path
        self._domains: dict[str, int] = {}
        with explained(path), connection.begin():
            for statement in _TABLES:
                connection.exec_driver_sql(statement)

    def add(self, records: Iterable[Record]) -> int:
        """Stage accounts, units and groups in any order; give how many. One that is staged twice counts as last given.

        Args:
            records: A stream; it is not held.

        Raises:
            StoreError: There is no room for them.
        """
        count, stream = 0, iter(records)
        while batch := list(islice(stream, _BATCH)):
            count += len(batch)
            with explained(self._path), self._connection.begin():
                self._stage(batch)
        return count

    def commit(self, as_of: datetime, cursor: str = "", base: str = "") -> SyncCounts:
        """Make what was staged the mirror's whole content; accounts that were not staged are gone.

        Args:
            as_of: When the reading began. An account that was mended after that stays as mended.
            cursor: Where the next delta goes on.
            base: The DN below which the directory was read; a unit with this DN is no unit of the tree.

        Raises:
            StoreError: The file cannot be written; it holds what it held before.
        """
        began = to_stored(as_of)
        with explained(self._path), writing(self._connection):
            mended = stored_records(self._connection, "as_of > ?", (began,))
            self._insert("staged_account", (self._account(record, moment) for record, moment in mended))
            self._insert("staged_domain", ({"row": row, "name": name} for name, row in self._domains.items()))
            return swap_in(self._connection, began, cursor, base)

    def _stage(self, batch: Sequence[Record]) -> None:
        self._insert("staged_account", (self._account(r, None) for r in batch if isinstance(r, AccountRecord)))
        self._insert("staged_unit", (_unit(r) for r in batch if isinstance(r, UnitRecord)))
        groups = [r for r in batch if isinstance(r, GroupRecord)]
        self._insert("staged_group", map(_group, groups))
        self._insert("staged_member", (member for group in groups for member in _members(group)))

    def _account(self, record: AccountRecord, as_of: datetime | None) -> dict[str, Any]:
        addresses = address_values(record)
        rows = [self._domains.setdefault(domain, len(self._domains) + 1) for domain in own_domains(addresses)]
        return account_values(record, as_of) | {
            "parent_key": dn_key(parent_dn(record.dn)),
            "keys": indexed_text(record, rows),
            "addresses": json.dumps([[a.kind, a.place, a.address, a.key] for a in addresses], ensure_ascii=False),
        }

    def _insert(self, table: str, rows: Iterable[dict[str, Any]]) -> None:
        values = list(rows)
        if values:
            columns = list(values[0])
            marks = ", ".join("?" * len(columns))
            statement = f"INSERT OR REPLACE INTO temp.{table}({', '.join(columns)}) VALUES ({marks})"
            self._connection.exec_driver_sql(statement, [tuple(row.values()) for row in values])


def _unit(record: UnitRecord) -> dict[str, Any]:
    name = storable(record.name)
    return {
        "id": record.id,
        "dn": storable(record.dn),
        "dn_key": dn_key(record.dn),
        "name": name,
        "sort_key": sort_key(name),
        "keys": unit_keys(name),
    }


def _group(record: GroupRecord) -> dict[str, Any]:
    name = storable(record.name)
    return {"id": record.id, "dn": storable(record.dn), "name": name, "name_key": fold(name)}


def _members(record: GroupRecord) -> Iterator[dict[str, Any]]:
    for role, dns in (("member", record.members), ("owner", record.owners)):
        for dn in dns:
            yield {"group_id": record.id, "role": role, "dn_key": dn_key(dn)}
