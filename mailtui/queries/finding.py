"""The hits of typed words: those that are meant exactly, then those with own keys, then those who work there."""

import sqlite3
from array import array
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from mailtui.queries.beginning import beginning
from mailtui.queries.narrowing import Narrowing, as_term, only
from mailtui.queries.ordering import BY_NAME, Order, rows_of, whole
from mailtui.queries.search import Search
from mailtui.queries.views import Hits, Sort
from mailtui.queries.weighing import weigh

CEILING = 10_000
"""How many hits of typed words are counted."""

# A list that is made within this time is held against the hits.
_SHORT = 40_000
AS_FOUND = Order(Sort.MATCH)
# So few late ones are each put in their place; more are sorted with the rest.
_FEW = 32


@dataclass(frozen=True, slots=True)
class Finder:
    """One search; where it has more hits than `ceiling`, they stay as found, whatever the order asked for.

    `exact` are the row ids of accounts that the words name, which come first. Rows are numbered by name up to
    `ordered_until`; those beyond came later. To be asked within one transaction.
    """

    connection: sqlite3.Connection
    search: Search
    exact: Sequence[int]
    ordered_until: int
    ceiling: int = CEILING

    def all(self, order: Order) -> Hits:
        """Give all hits."""
        rows, more = self._found(self.ceiling)
        if more or order == AS_FOUND:
            return Hits(rows, more)
        if order.sort is Sort.MATCH:
            return Hits(rows[::-1])
        return Hits(whole(self.connection, only(self.search.narrowing, rows), order))

    def first(self, number: int, order: Order) -> Hits:
        """Give the first of `all`, at most so many; `more` where that goes on."""
        if order == AS_FOUND:
            return Hits(*self._found(min(number, self.ceiling)))
        rows, more = self._found(self.ceiling)
        goes_on = more or len(rows) > number
        if order.sort is Sort.MATCH and not more:
            rows = rows[::-1]
        elif not more:
            narrowing = only(self.search.narrowing, rows)
            rows = array("I", beginning(self.connection, narrowing, order, number))
        return Hits(rows[:number], goes_on)

    def _found(self, most: int) -> tuple["array[int]", bool]:
        found = dict.fromkeys(self.exact)
        for match in (self.search.who, self.search.anywhere) if self.search.anywhere else (self.search.who,):
            if len(found) <= most:
                found.update(dict.fromkeys(self._part(match, most, len(found))))
        return array("I", islice(found, most)), len(found) > most

    def _part(self, match: str | None, most: int, known: int) -> list[int]:
        """Give the hits of one kind by name; as found where they are more than may be counted."""
        narrowing = self.search.narrowing.with_match(match)
        if not narrowing.matches:
            return beginning(self.connection, narrowing, BY_NAME, most + 1 + known)
        late = self._looked_up(narrowing, self.ceiling, self.ordered_until) if self._has_late() else []
        if not late:
            return self._looked_up(narrowing, most + 1 + known)
        rows = self._looked_up(narrowing, self.ceiling + 1 + known)
        return self._by_name(rows, late) if rows[-1] == late[-1] else rows

    def _has_late(self) -> bool:
        found = self.connection.execute("SELECT 1 FROM account WHERE row > ? LIMIT 1", (self.ordered_until,))
        return found.fetchone() is not None

    def _looked_up(self, narrowing: Narrowing, most: int, after: int = 0) -> list[int]:
        narrowing = narrowing.copy()
        demands = weigh(self.connection, Narrowing(demands=narrowing.demands, values=narrowing.values))
        term = as_term(demands.tests(_SHORT, "search.rowid"))
        join = " CROSS JOIN account a ON a.row = search.rowid" if narrowing.demands else ""
        matched, limited, passed = map(narrowing.bind, (narrowing.expression, most, after))
        beyond = f" AND search.rowid > {passed}" if after else ""
        statement = (
            f"SELECT search.rowid FROM search{join} WHERE search MATCH {matched}{beyond} AND {term} LIMIT {limited}"
        )
        return list(rows_of(self.connection, statement, narrowing.values))

    def _by_name(self, rows: Sequence[int], late: Sequence[int]) -> list[int]:
        if len(late) > _FEW:
            return list(whole(self.connection, only(self.search.narrowing, rows), BY_NAME))
        placed = list(rows[: len(rows) - len(late)])
        for row in late:
            placed.insert(bisect_right(placed, self._name(row), key=self._name), row)
        return placed

    def _name(self, row: int) -> str:
        found = self.connection.execute("SELECT sort_key FROM account WHERE row = ?", (row,)).fetchone()
        return str(found[0])
