"""The mirror as everybody reads it: views, windows, single accounts and the org tree, as frozen values."""

from array import array
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from mailtui.cache.folding import identifier_key, stored_address_key
from mailtui.cache.layout import from_stored, to_stored
from mailtui.domain.account import Account
from mailtui.domain.language import Question, parse
from mailtui.domain.policy import Policy
from mailtui.queries import identity
from mailtui.queries.beginning import beginning
from mailtui.queries.connection import open_reader
from mailtui.queries.finding import CEILING, Finder
from mailtui.queries.narrowing import those
from mailtui.queries.ordering import BY_NAME, Order, whole
from mailtui.queries.reading import fetch_accounts, fetch_lines
from mailtui.queries.search import Search, nothing, prepare
from mailtui.queries.views import AccountLine, Hits, MirrorState, UnitLine, View

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
        self.policy = policy or Policy()
        """By whose rules it tells what accounts are and have."""
        self._clock = clock
        self._connection = open_reader(path)

    def state(self) -> MirrorState:
        """Tell how many accounts there are, and how old the mirror is."""
        with self._connection.asking():
            row = self._connection.execute("SELECT * FROM sync_state").fetchone()
        return MirrorState(
            accounts=row["accounts"],
            as_of=from_stored(row["as_of"]),
            failed_at=from_stored(row["failed_at"]),
            failure=row["failure"],
            cursor=row["cursor"],
            generation=row["generation"],
            epoch=row["epoch"],
            usage_as_of=from_stored(row["usage_as_of"]),
            usage_failure=row["usage_failure"],
        )

    def hits(self, view: View) -> Hits:
        """Give the row ids of a view in its order; typed words are counted up to a ceiling.

        Raises:
            UsageError: The query holds a structured word that is none.
            Stopped: It was interrupted.
        """
        question = parse(view.query)
        with self._connection.asking():
            search = self._search(question, view.unit)
            if not question.words:
                return Hits(whole(self._connection, search.narrowing, Order(view.sort, view.reverse)))
            return self._finder(search, question.text).all(Order(view.sort, view.reverse))

    def first(self, view: View, count: int) -> Hits:
        """Give the first row ids of what `hits` gives, at once however long that is; `more` where it goes on.

        Raises:
            UsageError: The query holds a structured word that is none.
            Stopped: It was interrupted.
        """
        return self._first(view, count, CEILING)

    def among(self, query: str, ids: Sequence[str]) -> list[str]:
        """Give those of some accounts, by ids, that a query finds, however many others it finds.

        Raises:
            UsageError: The query holds a structured word that is none.
        """
        question = parse(query)
        with self._connection.asking():
            rows = identity.rows_of(self._connection, ids)
            search = self._search(question, None)
            search.narrowing.demands.append(those(search.narrowing, rows))
            if not question.words:
                found = whole(self._connection, search.narrowing, BY_NAME)
            else:
                found = self._finder(search, question.text, max(1, len(rows))).all(BY_NAME).rows
            return identity.ids_of(self._connection, found)

    def lines(self, rows: Sequence[int]) -> list[AccountLine]:
        """Give what a list shows for row ids, in their order; accounts that are gone are left out."""
        with self._connection.asking():
            return fetch_lines(self._connection, rows, self._time())

    def accounts(self, view: View, limit: int) -> list[Account]:
        """Give the first accounts of a view, whole."""
        return self._whole(self._first(view, limit, max(limit, CEILING)).rows)

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
        with self._connection.asking():
            found = [row for statement in _EXACT for row in self._connection.execute(statement, values)]
        return list(dict.fromkeys(int(row["row"]) for row in found))

    def row_of(self, account_id: str) -> int | None:
        """Give the row id of an account."""
        with self._connection.asking():
            row = self._connection.execute("SELECT row FROM account WHERE id = ?", (account_id,)).fetchone()
        return None if row is None else int(row["row"])

    def ids_of(self, rows: Sequence[int]) -> list[str]:
        """Give the ids of accounts by row ids, in that order; those that are gone are left out."""
        with self._connection.asking():
            return identity.ids_of(self._connection, rows)

    def digests(self, ids: Sequence[str]) -> dict[str, bytes]:
        """Give digests of what is mirrored of accounts, by their ids; those that are gone are left out."""
        with self._connection.asking():
            return identity.digests(self._connection, ids)

    def still_there(self, rows: Sequence[int]) -> "array[int]":
        """Give those of these row ids whose accounts exist now, in their order."""
        with self._connection.asking():
            return identity.still_there(self._connection, rows)

    def carried_over(self, rows: Sequence[int]) -> "array[int]":
        """Give, for row ids of the epoch before, those of the same accounts now; see `MirrorState.epoch`.

        They stay in their order; accounts that are gone are left out.
        """
        with self._connection.asking():
            return identity.carried_over(self._connection, rows)

    def children(self, unit_id: str | None) -> list[UnitLine]:
        """Give the units right below one (None: the top ones) in the order of their names."""
        statement = (
            "SELECT u.id, u.name, u.dn, u.accounts, EXISTS (SELECT 1 FROM org_unit c WHERE c.parent_row = u.row)"
            " FROM org_unit u WHERE u.parent_row IS (SELECT row FROM org_unit WHERE id = :id)"
            " ORDER BY u.sort_key, u.row"
        )
        with self._connection.asking():
            if unit_id is not None and self._unit_row(unit_id) is None:
                return []
            found = self._connection.execute(statement, {"id": unit_id})
            return [UnitLine(row[0], row[1], row[2], row[3], bool(row[4])) for row in found]

    def ask(self, statement: str, values: Mapping[str, Any]) -> list[Mapping[str, Any]]:
        """Ask a question of this package's own; `:now` is bound besides the values."""
        with self._connection.asking():
            return list(map(dict, self._connection.execute(statement, {**values, "now": self._time()})))

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Let all that is asked within the block see one state of the mirror."""
        with self._connection.asking():
            yield

    def interrupt(self) -> None:
        """Abandon the question that is being answered, from any thread."""
        self._connection.stop()

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def _time(self) -> int:
        return to_stored(self._clock()) or 0

    def _whole(self, rows: Sequence[int]) -> list[Account]:
        with self._connection.asking():
            return fetch_accounts(self._connection, rows, self._time(), self.policy)

    def _unit_row(self, unit_id: str) -> int | None:
        row = self._connection.execute("SELECT row FROM org_unit WHERE id = ?", (unit_id,)).fetchone()
        return None if row is None else int(row["row"])

    def _first(self, view: View, count: int, ceiling: int) -> Hits:
        question, order = parse(view.query), Order(view.sort, view.reverse)
        with self._connection.asking():
            search = self._search(question, view.unit)
            if question.words:
                return self._finder(search, question.text, ceiling).first(count, order)
            rows = beginning(self._connection, search.narrowing, order, count + 1)
            return Hits(array("I", rows[:count]), len(rows) > count)

    def _search(self, question: Question, unit_id: str | None) -> Search:
        unit_row = None if unit_id is None else self._unit_row(unit_id)
        if unit_id is not None and unit_row is None:
            return nothing(self._time())
        return prepare(self._connection, question, unit_row, self._time())

    def _finder(self, search: Search, text: str, ceiling: int = CEILING) -> Finder:
        exact = self.exact_rows(text)
        if exact:
            narrowing = search.narrowing.copy()
            narrowing.demands.append(those(narrowing, exact))
            kept = set(whole(self._connection, narrowing, BY_NAME))
            exact = [row for row in exact if row in kept]
        [ordered_until] = self._connection.execute("SELECT ordered_until FROM sync_state").fetchone()
        return Finder(self._connection, search, exact, ordered_until, ceiling)
