"""A full load: what the directory holds now is staged, then swapped in whole, in one transaction.

Staged entries lie in temporary tables of the loading connection: files without a name, which go with the process that
made them. So a load that is killed leaves nothing behind, and the last whole state as it was.
"""

import os
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from mailtui.cache.helping import HelpingProcess, Indexer, OwnIndexer
from mailtui.cache.indexing import SearchTexts
from mailtui.cache.layout import to_stored
from mailtui.cache.opening import explained, writing
from mailtui.cache.reorganising import unit_values
from mailtui.cache.rows import (
    ACCOUNT_COLUMNS,
    account_row,
    address_rows,
    dn_key,
    group_address_rows,
    group_values,
    parent_dn,
    shared_dn_key,
)
from mailtui.cache.stored import stored_records
from mailtui.cache.swapping import swap_in
from mailtui.domain.mirror import AccountRecord, GroupRecord, Record, SyncCounts, UnitRecord
from mailtui.log import log

ALONE = 3000
"""So many accounts are not worth a second process."""

_BATCH = 500
# The rowid is the number an account is staged with: the higher, the later it was given.
_COLUMNS = ("rowid", *ACCOUNT_COLUMNS, "parent_key", "sort_key")
_STAGE_ACCOUNT = f"INSERT INTO temp.staged_account({', '.join(_COLUMNS)}) VALUES ({', '.join('?' * len(_COLUMNS))})"
_STAGE_PARENT = "INSERT OR IGNORE INTO temp.staged_parent(parent_key, dn) VALUES (?, ?)"
_TABLES = (
    "PRAGMA temp.cache_size = -4096",
    "CREATE TEMP TABLE staged_account AS SELECT *, dn_key parent_key FROM account WHERE 0",
    """CREATE TEMP TABLE staged_address(
        number INTEGER, kind, place, address, key, PRIMARY KEY (number, kind, place)) WITHOUT ROWID""",
    # What is directly above accounts: the DN of one of them, and the unit in which they are.
    "CREATE TEMP TABLE staged_parent(parent_key BLOB PRIMARY KEY, dn TEXT, unit_row INTEGER) WITHOUT ROWID",
    "CREATE TEMP TABLE staged_unit(id TEXT PRIMARY KEY, dn TEXT, dn_key BLOB, name TEXT, sort_key TEXT, keys TEXT)",
    """CREATE TEMP TABLE staged_group(
        id TEXT PRIMARY KEY, dn TEXT, dn_key BLOB, name TEXT, name_key TEXT, description TEXT, posting TEXT)""",
    """CREATE TEMP TABLE staged_group_address(
        group_id, kind, place, address, key, PRIMARY KEY (group_id, kind, place)) WITHOUT ROWID""",
    "CREATE TEMP TABLE staged_member(group_id, role, dn_key, PRIMARY KEY (group_id, role, dn_key)) WITHOUT ROWID",
)


class Staging:
    """One full load under way: give it everything there is, then commit, and close it in any case.

    While accounts are read and stored here, their search keys are made by somebody else where they are many.
    """

    def __init__(self, connection: Connection, path: Path, alone: int = ALONE) -> None:
        self._connection = connection
        self._path = path
        self._alone = alone if (os.cpu_count() or 1) > 1 else None
        self._number = 0
        self._waiting: list[tuple[Any, ...]] = []
        with explained(path), connection.begin():
            for statement in _TABLES:
                connection.exec_driver_sql(statement)
            self._indexer: Indexer = OwnIndexer()

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
            for record, moment in stored_records(self._connection, "as_of > ?", (began,)):
                self._stage_accounts([record], moment)
            self._store_waiting()
            return swap_in(self._connection, self._indexer, began, cursor, base)

    def close(self) -> None:
        """Let go of what was staged."""
        self._indexer.close()

    def _stage(self, batch: Sequence[Record]) -> None:
        accounts = [r for r in batch if isinstance(r, AccountRecord)]
        if accounts:
            self._stage_accounts(accounts, None)
        self._insert("staged_unit", (unit_values(r) for r in batch if isinstance(r, UnitRecord)))
        groups = [r for r in batch if isinstance(r, GroupRecord)]
        self._insert("staged_group", map(group_values, groups))
        self._insert("staged_group_address", (address for group in groups for address in _addresses(group)))
        self._insert("staged_member", (member for group in groups for member in _members(group)))

    def _stage_accounts(self, records: Sequence[AccountRecord], as_of: datetime | None) -> None:
        self._store_waiting()
        numbered = list(enumerate(records, self._number + 1))
        self._number += len(records)
        self._find_help()
        self._indexer.ask("stage", [_texts(number, record) for number, record in numbered])
        # Their keys are made meanwhile; they are stored when the next ones come.
        moment = to_stored(as_of)
        self._waiting = [(n, *account_row(r, moment), shared_dn_key(parent_dn(r.dn))) for n, r in numbered]
        parents = {row[-1]: row[2] for row in self._waiting}
        self._connection.exec_driver_sql(_STAGE_PARENT, list(parents.items()))
        addresses = [(n, *row) for n, r in numbered for row in address_rows(r)]
        if addresses:
            self._connection.exec_driver_sql("INSERT INTO temp.staged_address VALUES (?, ?, ?, ?, ?)", addresses)

    def _store_waiting(self) -> None:
        if self._waiting:
            keys = self._indexer.answer()
            rows = [(*row, key) for row, key in zip(self._waiting, keys, strict=True)]
            self._connection.exec_driver_sql(_STAGE_ACCOUNT, rows)
            self._waiting = []

    def _find_help(self) -> None:
        """Hand the search index over to a process of its own when it gets large."""
        own = self._indexer
        if not isinstance(own, OwnIndexer) or self._alone is None or self._number <= self._alone:
            return
        try:
            self._indexer = helper = HelpingProcess()
        except OSError as error:
            log.warning("no process could be started to help: %s", error.strerror)
            self._alone = None
            return
        own.hand_over(helper)
        own.close()

    def _insert(self, table: str, rows: Iterable[dict[str, Any]]) -> None:
        values = list(rows)
        if values:
            columns = list(values[0])
            marks = ", ".join("?" * len(columns))
            statement = f"INSERT OR REPLACE INTO temp.{table}({', '.join(columns)}) VALUES ({marks})"
            self._connection.exec_driver_sql(statement, [tuple(row.values()) for row in values])


def _texts(number: int, record: AccountRecord) -> SearchTexts:
    addresses = (record.mail, *record.aliases) if record.mail else record.aliases
    return number, record.name, record.login, record.employee_number, record.phone, record.title, addresses


def _addresses(record: GroupRecord) -> Iterator[dict[str, Any]]:
    for kind, place, address, key in group_address_rows(record):
        yield {"group_id": record.id, "kind": kind, "place": place, "address": address, "key": key}


def _members(record: GroupRecord) -> Iterator[dict[str, Any]]:
    for role, dns in (("member", record.members), ("owner", record.owners)):
        for dn in dns:
            yield {"group_id": record.id, "role": role, "dn_key": dn_key(dn)}
