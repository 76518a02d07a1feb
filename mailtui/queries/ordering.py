"""Accounts in an order; what is unknown comes last, either way round.

A long list is walked along the index of its order and each account tried; a short one is looked up and sorted.
"""

import sqlite3
from array import array
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

from mailtui.queries.narrowing import Narrowing, as_term
from mailtui.queries.reading import STANDING, STANDS
from mailtui.queries.views import Sort
from mailtui.queries.weighing import Weighed, weigh

_STANDINGS = ("active", "pending", "locked", "expired", "disabled")
_COLUMNS = {
    Sort.MATCH: "a.sort_key",
    Sort.NAME: "a.sort_key",
    Sort.LOGIN: "a.login_key",
    Sort.MAIL: "a.mail_key",
    Sort.DEPARTMENT: "a.department",
    Sort.LIMIT: "a.limit_bytes",
    Sort.USED: "a.used_bytes",
    Sort.PERCENT: "a.percent",
    Sort.LAST_LOGIN: "a.last_login",
    Sort.MESSAGES: "a.messages",
    Sort.GROWTH: "a.growth",
    Sort.FULL: "a.full_likely",
}
_ALWAYS_KNOWN = {Sort.MATCH, Sort.NAME, Sort.LOGIN}
# Rows are near to each other where names are: from so many on, to walk by name is faster than to sort.
_DENSE = 100_000
# What may be listed for a whole walk; see `narrowing` for the unit.
_LONG = 1_000_000
# Statements below are put together from constants and placeholders; values are bound.


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of an order that one index has in a row."""

    condition: str
    order: str


@dataclass(frozen=True, slots=True)
class Order:
    """An order of accounts; equal ones stand in the order of their rows, whichever way it goes."""

    sort: Sort
    reverse: bool = False

    @property
    def is_by_name(self) -> bool:
        """Whether neighbours in this order are neighbours in the file."""
        return self.sort in {Sort.MATCH, Sort.NAME}

    def stretches(self) -> list[Stretch]:
        """Give its parts, first to last."""
        if self.sort is Sort.STANDING:
            found = [Stretch(STANDS.get(name, f"a.standing = '{name}'"), "a.row") for name in _STANDINGS]
            return found[::-1] if self.reverse else found
        column = _COLUMNS[self.sort]
        if self.sort in _ALWAYS_KNOWN:
            return [Stretch("1", f"{column} {self._direction}, a.row")]
        known = Stretch(f"{column} IS NOT NULL", f"{column} {self._direction}, a.row")
        return [known, Stretch(f"{column} IS NULL", "a.row")]

    def expression(self) -> str:
        """Give it as one ORDER BY that uses no index."""
        if self.sort is Sort.STANDING:
            ranks = " ".join(f"WHEN '{name}' THEN {rank}" for rank, name in enumerate(_STANDINGS))
            return f"CASE {STANDING} {ranks} END {self._direction}, a.row"
        column = _COLUMNS[self.sort]
        return f"{column} IS NULL, +{column} {self._direction}, a.row"

    @property
    def _direction(self) -> str:
        return "DESC" if self.reverse else "ASC"


BY_NAME = Order(Sort.NAME)


def whole(connection: sqlite3.Connection, narrowing: Narrowing, order: Order) -> "array[int]":
    """Give every account that a narrowing leaves, in an order."""
    weighed = weigh(connection, narrowing)
    if not weighed.demands or (order.is_by_name and weighed.fewest >= _DENSE):
        return array("I", walked(connection, weighed.tests(_LONG), narrowing.values, order))
    return array("I", looked_up(connection, weighed, narrowing.values, order))


def walked(
    connection: sqlite3.Connection, tests: Sequence[str], values: Mapping[str, Any], order: Order
) -> Iterator[int]:
    """Go along an order and give who passes the tests."""
    for stretch in order.stretches():
        conditions = f"{stretch.condition} AND {as_term(tests)}"
        statement = f"SELECT a.row FROM account a WHERE {conditions} ORDER BY {stretch.order}"
        yield from rows_of(connection, statement, values)


def looked_up(
    connection: sqlite3.Connection, weighed: Weighed, values: Mapping[str, Any], order: Order, most: int = -1
) -> Iterator[int]:
    """Find who fulfils the demands, and put them in an order."""
    source = weighed.source()
    joined = f"({source.rows}) s CROSS JOIN account a ON a.row = s.row" if source.rows else "account a NOT INDEXED"
    terms = f"{as_term(source.row_tests)} AND {as_term(source.tests)}"
    statement = f"SELECT a.row FROM {joined} WHERE {terms} ORDER BY {order.expression()} LIMIT :limited"
    return rows_of(connection, statement, {**values, "limited": most})


def rows_of(connection: sqlite3.Connection, statement: str, values: Mapping[str, Any]) -> Iterator[int]:
    """Give what a statement of one column selects, as it comes."""
    cursor = connection.cursor()
    cursor.row_factory = None
    return chain.from_iterable(cursor.execute(statement, values))
