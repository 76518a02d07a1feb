"""The beginning of a list, found at once however long the list is; it is what `ordering.whole` begins with."""

import sqlite3
from itertools import islice

from mailtui.queries.narrowing import Narrowing, as_term, only, those
from mailtui.queries.ordering import BY_NAME, Order, looked_up, rows_of, walked, whole
from mailtui.queries.weighing import FETCHED, MOST, Weighed, weigh

# What may be listed for a beginning; see `narrowing` for the unit.
_SHORT = 40_000
# To walk on to the next account takes so long where it need not be read; where it is, by name and otherwise.
_UNREAD, _NEAR, _FAR = 8, 12, 35
# They may be farther apart than chance would put them: whoever walked so far in vain turns to the other way.
_PATIENCE = 5_000
# So many whose name has changed since rows were numbered by it make no difference.
_SPARE = 20


def beginning(connection: sqlite3.Connection, narrowing: Narrowing, order: Order, count: int) -> list[int]:
    """Give the first accounts that a narrowing leaves, at most so many."""
    is_streamed = order.is_by_name and not order.reverse and bool(narrowing.matches)
    # Hits that come in this order by themselves are only to be known as few or many.
    weighed = weigh(connection, narrowing, _PATIENCE if is_streamed and not narrowing.demands else MOST)
    if not weighed.demands:
        return list(islice(walked(connection, (), narrowing.values, order), count))
    steps = _steps(weighed, order, count)
    found = None
    if steps and is_streamed:
        found = _streamed(connection, narrowing, count, steps)
    elif steps:
        found = _met(connection, narrowing, weighed.tests(_SHORT), order, count, steps)
    return list(looked_up(connection, weighed, narrowing.values, order, count)) if found is None else found


def _steps(weighed: Weighed, order: Order, count: int) -> int:
    """Tell how far to walk for some accounts; 0 where it is faster to look them up."""
    way = count * weighed.apart
    step = _UNREAD if weighed.are_listed(_SHORT) else _NEAR if order.is_by_name else _FAR
    worth = weighed.fewest * FETCHED / step
    return int(min(worth, max(2 * way, _PATIENCE))) if way < worth else 0


def _met(
    connection: sqlite3.Connection, narrowing: Narrowing, tests: tuple[str, ...], order: Order, count: int, steps: int
) -> list[int] | None:
    """Walk so many steps: give the first accounts, or None if they are farther apart."""
    found: list[int] = []
    for stretch in order.stretches():
        walk = f"FROM account a WHERE {stretch.condition} ORDER BY {stretch.order} LIMIT :steps"
        passing = f"SELECT a.row AS row, {as_term(tests)} AS passes {walk}"
        values = narrowing.values | {"steps": steps, "limited": count - len(found)}
        found += rows_of(connection, f"SELECT row FROM ({passing}) WHERE passes LIMIT :limited", values)
        if len(found) >= count:
            return found
        steps -= connection.execute(f"SELECT count(*) FROM (SELECT 1 {walk})", values).fetchone()[0]
        if steps <= 0:
            return None
    return found


def _streamed(connection: sqlite3.Connection, narrowing: Narrowing, count: int, steps: int) -> list[int] | None:
    """Take as many hits of the search index as it gives at once; None if too few of them pass the other demands.

    It gives them by row, which is by name but for those who came or were renamed since rows were numbered. Who of these
    belongs before the last that was found is seen in the index of names.
    """
    narrowing = narrowing.copy()
    matched = narrowing.bind(narrowing.expression)
    hits = f"SELECT rowid AS row FROM search WHERE search MATCH {matched} LIMIT :steps"
    tests = as_term([demand.test for demand in narrowing.demands])
    passing = f"SELECT a.row FROM ({hits}) s CROSS JOIN account a ON a.row = s.row WHERE {tests} LIMIT :limited"
    values = narrowing.values | {"steps": steps, "limited": count + _SPARE}
    rows = list(rows_of(connection, passing, values))
    if len(rows) < count + _SPARE:
        hits_given = connection.execute(f"SELECT count(*) FROM ({hits})", values).fetchone()[0]
        return None if hits_given >= steps else list(whole(connection, only(narrowing, rows), BY_NAME)[:count])
    first = whole(connection, only(narrowing, rows), BY_NAME)[:count]
    missed = _before(connection, first[-1], rows[-1])
    if missed:
        narrowing.demands.append(those(narrowing, missed))
        rows += whole(connection, narrowing, BY_NAME)
    return list(whole(connection, only(narrowing, rows), BY_NAME)[:count])


def _before(connection: sqlite3.Connection, row: int, beyond: int) -> list[int]:
    """Give the accounts whose name is not after that of one, and whose row is beyond another."""
    name = connection.execute("SELECT sort_key FROM account WHERE row = ?", (row,)).fetchone()[0]
    statement = "SELECT row FROM account WHERE sort_key <= :name AND +row > :beyond"
    return list(rows_of(connection, statement, {"name": name, "beyond": beyond}))
