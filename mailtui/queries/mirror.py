"""The mirror as everybody reads it: views, windows, single accounts and the org tree, as frozen values.

Only `sqlite3`, and read-only: what opens fast stays fast, and nothing here can change what a sync wrote.
"""

import os
import sqlite3
from array import array
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

from mailtui.cache.folding import identifier_key, stored_address_key
from mailtui.cache.layout import SCHEMA_VERSION, from_stored, to_stored
from mailtui.domain.account import Account
from mailtui.domain.policy import Policy
from mailtui.errors import Stopped, StoreError
from mailtui.queries.language import parse
from mailtui.queries.ordering import CEILING, all_rows, found_rows, those_among
from mailtui.queries.reading import fetch_accounts, fetch_lines
from mailtui.queries.search import prepare
from mailtui.queries.views import AccountLine, Hits, MirrorState, Sort, UnitLine, View
from mailtui.texts import _

_BUSY_S = 10.0
_EXACT = (
    "SELECT account_row AS row, kind FROM address WHERE key = :address AND kind = 'mail'",
    "SELECT account_row AS row, kind FROM address WHERE key = :address AND kind = 'alias'",
    "SELECT row FROM account WHERE login_key = :identifier",
    "SELECT row FROM account WHERE employee_key = :identifier",
)


def _now() -> datetime:
    return datetime.now(UTC)


class Mirror:
    """One reader of the cache; used by one thread at a time, but for `interrupt`."""

    def __init__(self, path: Path, policy: Policy | None = None, clock: Callable[[], datetime] = _now) -> None:
        """Open the cache for reading.

        Raises:
            StoreError: There is no cache yet, or it is not one of this version.
        """
        self._policy = policy or Policy()
        self._clock = clock
        self._path = path
        self._connection = self._open()

    def state(self) -> MirrorState:
        """Tell how many accounts there are, and how old the mirror is."""
        with self._asking():
            row = self._connection.execute("SELECT * FROM sync_state").fetchone()
        return MirrorState(
            accounts=row["accounts"],
            as_of=from_stored(row["as_of"]),
            failed_at=from_stored(row["failed_at"]),
            failure=row["failure"],
            cursor=row["cursor"],
            generation=row["generation"],
            epoch=row["epoch"],
        )

    def hits(self, view: View) -> Hits:
        """Give the row ids of a view in its order; typed words are counted up to a ceiling.

        Raises:
            UsageError: The query holds a structured word that is none.
            Stopped: It was interrupted.
        """
        return self._hits(view, CEILING)

    def lines(self, rows: Sequence[int]) -> list[AccountLine]:
        """Give what a list shows for row ids, in their order; accounts that are gone are left out."""
        with self._asking():
            return fetch_lines(self._connection, rows, self._time())

    def accounts(self, view: View, limit: int) -> list[Account]:
        """Give the first accounts of a view, whole."""
        hits = self._hits(view, limit if view.sort is Sort.MATCH and not view.reverse else CEILING)
        return self._whole(hits.rows[:limit])

    def account(self, account_id: str) -> Account | None:
        """Give one account by its id (entryUUID)."""
        return next(iter(self.by_ids([account_id])), None)

    def by_ids(self, ids: Sequence[str]) -> list[Account]:
        """Give accounts by their ids, in that order; those that are not there are left out."""
        rows = [self.row_of(account_id) for account_id in ids]
        return self._whole([row for row in rows if row is not None])

    def by_rows(self, rows: Sequence[int]) -> list[Account]:
        """Give whole accounts by row ids, in that order; those that are gone are left out."""
        return self._whole(rows)

    def exact(self, key: str) -> list[Account]:
        """Give the accounts that a key names by address (main, then alias), log-in or employee number.

        Several where the directory has it twice, or where it is the log-in of one and the number of another.
        """
        return self._whole(self.exact_rows(key))

    def exact_rows(self, key: str) -> list[int]:
        """Give the row ids of the accounts that a key names; see `exact`."""
        values = {"address": stored_address_key(key), "identifier": identifier_key(key)}
        if not key.strip():
            return []
        with self._asking():
            found = [row for statement in _EXACT for row in self._connection.execute(statement, values)]
        return list(dict.fromkeys(int(row["row"]) for row in found))

    def row_of(self, account_id: str) -> int | None:
        """Give the row id of an account."""
        with self._asking():
            row = self._connection.execute("SELECT row FROM account WHERE id = ?", (account_id,)).fetchone()
        return None if row is None else int(row["row"])

    def ids_of(self, rows: Sequence[int]) -> list[str]:
        """Give the ids of accounts by row ids, in that order; those that are gone are left out."""
        return [line.id for line in self.lines(rows)]

    def children(self, unit_id: str | None) -> list[UnitLine]:
        """Give the units right below one (None: the top ones) in the order of their names."""
        statement = (
            "SELECT u.*, EXISTS (SELECT 1 FROM org_unit c WHERE c.parent_row = u.row) AS has_children FROM org_unit u"
            " WHERE u.parent_row IS (SELECT row FROM org_unit WHERE id = :id) ORDER BY u.sort_key, u.row"
        )
        with self._asking():
            if unit_id is not None and self._unit_row(unit_id) is None:
                return []
            rows = self._connection.execute(statement, {"id": unit_id}).fetchall()
        return [UnitLine(r["id"], r["name"], r["dn"], r["accounts"], bool(r["has_children"])) for r in rows]

    def ask(self, statement: str, values: Mapping[str, Any]) -> list[Mapping[str, Any]]:
        """Ask a question of this package's own; `:now` is bound besides the values."""
        with self._asking():
            return list(map(dict, self._connection.execute(statement, {**values, "now": self._time()})))

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Let all that is asked within the block see one state of the mirror."""
        with self._asking():
            yield

    def interrupt(self) -> None:
        """Abandon the query that runs, from any thread."""
        self._connection.interrupt()

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def _open(self) -> sqlite3.Connection:
        if not self._path.exists():
            raise StoreError(_("There is no mirror of the directory yet"), hint=_("Run `mailtui sync` first."))
        try:
            connection, version = self._connect("mode=ro")
        except sqlite3.DatabaseError as error:
            if not self._is_at_rest(error):
                raise self._unreadable(error) from error
            connection, version = self._connect("mode=ro&immutable=1")
        if version != SCHEMA_VERSION:
            connection.close()
            message = _("The mirror was made by another version of mailtui")
            raise StoreError(message, hint=_("Run `mailtui sync`: it makes it anew."))
        return connection

    def _connect(self, how: str) -> tuple[sqlite3.Connection, int]:
        uri = f"file:{quote(str(self._path))}?{how}"
        connection = sqlite3.connect(uri, uri=True, timeout=_BUSY_S, check_same_thread=False, isolation_level=None)
        connection.row_factory = sqlite3.Row
        try:
            return connection, connection.execute("PRAGMA user_version").fetchone()[0]
        except sqlite3.DatabaseError:
            connection.close()
            raise

    def _is_at_rest(self, error: sqlite3.Error) -> bool:
        """Tell whether nobody can write the file: then it can be read without the files SQLite would put beside it."""
        log = self._path.with_name(self._path.name + "-wal")
        is_barred = error.sqlite_errorcode & 0xFF in {sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY}
        return is_barred and not os.access(self._path.parent, os.W_OK) and not (log.exists() and log.stat().st_size)

    @contextmanager
    def _asking(self) -> Iterator[None]:
        # One snapshot for all that one question asks: a swap in between would renumber rows and units.
        is_outermost = self._begin()
        try:
            yield
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode == sqlite3.SQLITE_INTERRUPT:
                raise Stopped(_("The search was stopped")) from error
            raise self._unreadable(error) from error
        except sqlite3.DatabaseError as error:
            raise self._unreadable(error) from error
        finally:
            if is_outermost:
                self._connection.rollback()

    def _begin(self) -> bool:
        if self._connection.in_transaction:
            return False
        self._connection.execute("BEGIN")
        return True

    def _unreadable(self, error: sqlite3.Error) -> StoreError:
        message = _("The mirror {path} cannot be read: {reason}").format(path=self._path, reason=error)
        if error.sqlite_errorcode & 0xFF in {sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM}:
            return StoreError(message, hint=_("See to it that the file can be read and its folder be written."))
        return StoreError(message, hint=_("Run `mailtui sync`: it makes it anew where it is broken."))

    def _time(self) -> int:
        return to_stored(self._clock()) or 0

    def _whole(self, rows: Sequence[int]) -> list[Account]:
        with self._asking():
            return fetch_accounts(self._connection, rows, self._time(), self._policy)

    def _unit_row(self, unit_id: str) -> int | None:
        row = self._connection.execute("SELECT row FROM org_unit WHERE id = ?", (unit_id,)).fetchone()
        return None if row is None else int(row["row"])

    def _hits(self, view: View, ceiling: int) -> Hits:
        question = parse(view.query)
        with self._asking():
            unit_row = None if view.unit is None else self._unit_row(view.unit)
            if view.unit is not None and unit_row is None:
                return Hits(array("I"))
            search = prepare(self._connection, question, unit_row, self._time())
            if not question.words:
                return Hits(all_rows(self._connection, search.narrowing, view.sort, reverse=view.reverse))
            first = those_among(self._connection, self.exact_rows(question.text), search.narrowing)
            return found_rows(self._connection, search, first, view.sort, reverse=view.reverse, ceiling=ceiling)
