"""How many accounts fulfil each demand, and by that the fastest way to those who fulfil all."""

import sqlite3
from dataclasses import dataclass
from math import prod

from mailtui.queries.narrowing import Demand, Narrowing

MOST = 100_000
"""So many accounts are counted within a millisecond or two; more are not."""
# Of those that were not counted there may be so many times more.
_MORE = 4
FETCHED = 25
"""What it takes to read an account that is not beside the one read before; see `narrowing` for the unit."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where accounts are taken from: `rows` selects some (None: all), of whom those stay who pass the tests.

    `row_tests` speak of `s.row` alone, `tests` of `account a`.
    """

    rows: str | None
    row_tests: tuple[str, ...]
    tests: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Weighed:
    """Demands with how many fulfil each, counted up to `most`.

    One in `apart` accounts fulfils everything, as far as counted, if demands have nothing to do with each other.
    """

    demands: tuple[Demand, ...]
    numbers: tuple[int, ...]
    most: int
    apart: float

    @property
    def fewest(self) -> int:
        """How many accounts the best source has, up to the limit."""
        best = self._best()
        return self.most if best is None else self.numbers[best]

    def source(self) -> Source:
        """Take accounts from the demand that leaves fewest."""
        best = self._best()
        if best is None:
            return Source(None, (), tuple(demand.test for demand in self.demands))
        row_tests, tests = [], []
        for place, (demand, number) in enumerate(zip(self.demands, self.numbers, strict=True)):
            estimate = number if number < self.most else number * _MORE * demand.weight
            if place != best and demand.rows and estimate * demand.weight < self.numbers[best] * FETCHED:
                row_tests.append(f"s.row IN ({demand.rows})")
            elif place != best:
                tests.append(demand.test)
        return Source(self.demands[best].rows, tuple(row_tests), tuple(tests))

    def tests(self, most: int, row: str = "a.row") -> tuple[str, ...]:
        """Give the tests, with a list in place of each that is made within some time: to be on it needs no account."""
        return tuple(
            f"{row} IN ({demand.rows})" if self._is_listed(place, most) else demand.test
            for place, demand in enumerate(self.demands)
        )

    def are_listed(self, most: int) -> bool:
        """Tell whether each of `tests` is a list."""
        return all(self._is_listed(place, most) for place in range(len(self.demands)))

    def _is_listed(self, place: int, most: int) -> bool:
        number = self.numbers[place]
        return number < self.most and number * self.demands[place].weight < most

    def _best(self) -> int | None:
        places = [place for place, demand in enumerate(self.demands) if demand.rows]
        return min(places, key=lambda p: self.numbers[p] * (self.demands[p].weight + FETCHED), default=None)


def weigh(connection: sqlite3.Connection, narrowing: Narrowing, most: int = MOST) -> Weighed:
    """Count for each demand of a narrowing; what is asked of the search index is one.

    SQLite would guess, and guess wrong: it does not know that nearly everybody is active and nearly nobody expired.
    """
    demands = (*_asked(narrowing), *narrowing.demands)
    numbers = tuple(_count(connection, demand, narrowing, most) for demand in demands)
    [accounts] = connection.execute("SELECT accounts FROM sync_state").fetchone()
    apart = prod(max(1.0, accounts / max(1, number)) for number in numbers if number < most)
    return Weighed(demands, numbers, most, apart)


def _count(connection: sqlite3.Connection, demand: Demand, narrowing: Narrowing, most: int) -> int:
    if demand.rows is None:
        return most
    statement = f"SELECT count(*) FROM (SELECT 1 FROM ({demand.size or demand.rows}) LIMIT :most)"
    return int(connection.execute(statement, narrowing.values | {"most": most}).fetchone()[0])


def _asked(narrowing: Narrowing) -> list[Demand]:
    if not narrowing.matches:
        return []
    rows = f"SELECT rowid AS row FROM search WHERE search MATCH {narrowing.bind(narrowing.expression)}"
    tests = [match.test for match in narrowing.matches if match.test]
    test = " AND ".join(tests) if len(tests) == len(narrowing.matches) else f"a.row IN ({rows})"
    return [Demand(test, rows, weight=1)]
