"""A delta: what the mirror holds is asked, then all that is new is written with its cursor, in one transaction."""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from mailtui.cache.filing import Filed, Filing
from mailtui.cache.folding import storable
from mailtui.cache.grouping import write_groups
from mailtui.cache.layout import to_stored
from mailtui.cache.opening import explained, writing
from mailtui.cache.reorganising import UnitChange
from mailtui.cache.rows import digest, dn_key
from mailtui.domain.entries import EntryKind
from mailtui.domain.mirror import AccountRecord, GroupRecord, Record, SyncCounts, UnitRecord, kind_of

_TABLES: Mapping[EntryKind, str] = {
    EntryKind.ACCOUNT: "account",
    EntryKind.UNIT: "org_unit",
    EntryKind.GROUP: "directory_group",
}
_BATCH = 1000

Gone = Mapping[EntryKind, Collection[str]]


class Update:
    """One delta under way.

    Names of entries that are still there lie in a temporary table, since there may be a million of them.
    """

    def __init__(self, connection: Connection, path: Path) -> None:
        self._connection, self._path = connection, path
        with explained(path), connection.begin():
            connection.exec_driver_sql("CREATE TEMP TABLE named(id TEXT PRIMARY KEY, dn TEXT) WITHOUT ROWID")
        self._generation = self._ask("SELECT generation FROM sync_state")

    def name(self, entries: Iterable[tuple[str, str | None]]) -> None:
        """Take down that entries are still there: entryUUID, and DN where it is known."""
        stream = iter(entries)
        while some := list(islice(stream, _BATCH)):
            values = [(entry_id, None if dn is None else storable(dn)) for entry_id, dn in some]
            with explained(self._path), self._connection.begin():
                self._connection.exec_driver_sql("INSERT OR IGNORE INTO temp.named VALUES (?, ?)", values)

    def forget_names(self) -> None:
        """Begin to name entries anew."""
        self._ask("DELETE FROM temp.named")

    def unnamed(self, kind: EntryKind, limit: int) -> list[str]:
        """Give the ids of mirrored entries of a kind that were not named, up to a limit."""
        rows = self._ask(
            f"SELECT id FROM {_TABLES[kind]} WHERE id NOT IN (SELECT id FROM temp.named) LIMIT ?", (limit,)
        )
        return [row[0] for row in rows]

    def misnamed(self, kind: EntryKind, limit: int) -> list[str]:
        """Give the ids of entries that were named but are mirrored under another DN, or not at all, up to a limit."""
        rows = self._ask(
            f"SELECT n.id FROM temp.named n LEFT JOIN {_TABLES[kind]} t ON t.id = n.id"
            " WHERE t.dn IS NULL OR t.dn <> n.dn LIMIT ?",
            (limit,),
        )
        return [row[0] for row in rows]

    def total(self, kind: EntryKind) -> int:
        """Count the mirrored entries of a kind."""
        # Nobody should count a million accounts to learn that one has changed.
        counted = "accounts FROM sync_state" if kind is EntryKind.ACCOUNT else f"count(*) FROM {_TABLES[kind]}"
        return int(self._ask(f"SELECT {counted}")[0][0])

    def had_accounts(self, ids: Collection[str]) -> bool:
        """Tell whether any of these units is mirrored with accounts in or below it."""
        statement = "SELECT 1 FROM org_unit WHERE accounts > 0 AND id IN (SELECT value FROM json_each(?)) LIMIT 1"
        return bool(ids) and bool(self._ask(statement, (json.dumps(list(ids)),)))

    def differing(self, records: Sequence[Record]) -> list[Record]:
        """Leave out accounts that are mirrored just so."""
        ids = json.dumps([record.id for record in records if isinstance(record, AccountRecord)])
        held = dict(self._ask("SELECT id, digest FROM account WHERE id IN (SELECT value FROM json_each(?))", (ids,)))
        return [one for one in records if not isinstance(one, AccountRecord) or held.get(one.id) != digest(one)]

    def is_moved(self, record: Record) -> bool:
        """Tell whether an entry was mirrored under another DN, or is a unit that was not mirrored at all."""
        rows = self._ask(f"SELECT dn FROM {_TABLES[kind_of(record)]} WHERE id = ?", (record.id,))
        return rows[0][0] != storable(record.dn) if rows else kind_of(record) is EntryKind.UNIT

    def others_at(self, record: Record) -> list[str]:
        """Give the ids of other entries of its kind that are mirrored under the DN of this one."""
        if kind_of(record) is EntryKind.GROUP:
            rows = self._ask(
                "SELECT id FROM directory_group WHERE dn = ? AND id <> ?", (storable(record.dn), record.id)
            )
        else:
            table = _TABLES[kind_of(record)]
            rows = self._ask(f"SELECT id FROM {table} WHERE dn_key = ? AND id <> ?", (dn_key(record.dn), record.id))
        return [row[0] for row in rows]

    def put_elsewhere(self, records: Iterable[Record]) -> list[str]:
        """Give the ids of entries that are mirrored under other DNs; none unless the mirror was mended meanwhile."""
        if self._ask("SELECT generation FROM sync_state") == self._generation:
            return []
        return [one.id for one in records if self.is_known(one) and self.is_moved(one)]

    def is_known(self, record: Record) -> bool:
        """Tell whether an entry is mirrored."""
        return bool(self._ask(f"SELECT 1 FROM {_TABLES[kind_of(record)]} WHERE id = ?", (record.id,)))

    def mended_since(self, ids: Collection[str], moment: datetime) -> list[str]:
        """Give those of the accounts that somebody mended after a moment."""
        statement = "SELECT id FROM account WHERE id = ? AND as_of > ?"
        return [one for one in ids if self._ask(statement, (one, to_stored(moment)))]

    def commit(self, records: Sequence[Record], gone: Gone, *, cursor: str, as_of: datetime) -> SyncCounts:
        """Write what is new, what is gone, and where the next delta goes on: all or nothing.

        Args:
            records: Entries as they were read; those that are as they were change nothing.
            gone: Ids of entries that are gone, by kind; those that are not mirrored are passed over.
            cursor: Where the next delta goes on.
            as_of: When the reading began.

        Raises:
            StoreError: The file cannot be written; it holds what it held before.
        """
        with explained(self._path), writing(self._connection):
            counts = self._write(records, gone, as_of)
            self._connection.exec_driver_sql(
                "UPDATE sync_state SET as_of = ?, cursor = ?, failed_at = NULL, failure = ''",
                (to_stored(as_of), cursor),
            )
            return counts

    def _write(self, records: Sequence[Record], gone: Gone, as_of: datetime) -> SyncCounts:
        filing = Filing(self._connection)
        base = str(self._rows("SELECT base FROM sync_state")[0][0])
        gone_units, gone_groups = gone.get(EntryKind.UNIT, ()), gone.get(EntryKind.GROUP, ())
        units = UnitChange(self._connection, base, [r for r in records if isinstance(r, UnitRecord)], gone_units)
        below = [filed for row in units.rows_below() if (filed := filing.by_row(row))]
        going = [filed for one in gone.get(EntryKind.ACCOUNT, ()) if (filed := filing.by_id(one))]
        coming = [
            (filed, record)
            for record, filed in self._filed(filing, records)
            if units or filed is None or filed.values["digest"] != digest(record)
        ]
        if units:
            units.write()
            filing.units_changed()
        counts = _file(filing, coming, going, below, as_of)
        groups = write_groups(self._connection, [r for r in records if isinstance(r, GroupRecord)], gone_groups)
        filing.finish(is_changed=bool(units or coming or going or groups))
        total = int(self._rows("SELECT accounts FROM sync_state")[0][0])
        return SyncCounts(*counts, total=total)

    def _filed(self, filing: Filing, records: Sequence[Record]) -> Iterator[tuple[AccountRecord, Filed | None]]:
        for record in records:
            if isinstance(record, AccountRecord):
                yield record, filing.by_id(record.id)

    def _ask(self, statement: str, values: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
        with explained(self._path), self._connection.begin():
            return self._rows(statement, values)

    def _rows(self, statement: str, values: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
        found = self._connection.exec_driver_sql(statement, values)
        return [tuple(row) for row in found] if found.returns_rows else []


def _file(
    filing: Filing,
    coming: Sequence[tuple[Filed | None, AccountRecord]],
    going: Sequence[Filed],
    below: Sequence[Filed],
    as_of: datetime,
) -> tuple[int, int, int]:
    """Write accounts, and those below changed units that are otherwise as they were; count added, changed, gone."""
    done = {filed.row for filed in going}
    for filed in going:
        filing.drop(filed)
    for before, record in coming:
        done |= {before.row} if before else set()
        filing.put(before, record, as_of)
    for filed in below:
        if filed.row not in done:
            filing.put(filed, filed.record, filed.as_of)
    added = sum(filed is None for filed, _record in coming)
    changed = sum(filed is not None and filed.values["digest"] != digest(record) for filed, record in coming)
    return added, changed, len(going)
