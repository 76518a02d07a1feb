"""The search index of a full load, made in a database of its own: by whom does not matter, so another process may.

It lies in a file without a name, which goes with the process that made it. What is made of it in the end are the
tables in which FTS5 keeps an index; the cache's own index takes them over row by row.
"""

import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from mailtui.cache.folding import storable, stored_address_key
from mailtui.cache.keys import sort_key, text_of_keys
from mailtui.cache.layout import CREATE_SEARCH, SEARCH_TABLE, domain_token

KEPT = {
    f"{SEARCH_TABLE}_data": f"INSERT INTO {SEARCH_TABLE}_data(id, block) VALUES (?, ?)",
    f"{SEARCH_TABLE}_idx": f"INSERT INTO {SEARCH_TABLE}_idx(segid, term, pgno) VALUES (?, ?, ?)",
}
"""The tables in which FTS5 keeps what is indexed, each with the statement that writes a row of it."""

_AT_ONCE = 500
_PREPARE = (
    "PRAGMA journal_mode = OFF",
    "PRAGMA synchronous = OFF",
    "PRAGMA cache_size = -4096",
    CREATE_SEARCH,
    # One merge at the end is less work than one now and then.
    f"INSERT INTO {SEARCH_TABLE}({SEARCH_TABLE}, rank) VALUES ('automerge', 0)",
    f"INSERT INTO {SEARCH_TABLE}({SEARCH_TABLE}, rank) VALUES ('crisismerge', 500)",
    f"INSERT INTO {SEARCH_TABLE}({SEARCH_TABLE}, rank) VALUES ('hashsize', 2000000)",
    "CREATE TABLE staged(number INTEGER PRIMARY KEY, keys TEXT)",
    "CREATE TABLE placed(row INTEGER PRIMARY KEY, number INTEGER, unit_row INTEGER)",
    "CREATE TABLE unit(row INTEGER PRIMARY KEY, tokens TEXT)",
    "BEGIN",
)
_BUILD = f"""
    INSERT INTO {SEARCH_TABLE}(rowid, keys)
    SELECT p.row, s.keys || ' ' || coalesce(u.tokens, '')
    FROM placed p CROSS JOIN staged s ON s.number = p.number LEFT JOIN unit u ON u.row = p.unit_row
"""


SearchTexts = tuple[int, str, str, str | None, str | None, str | None, tuple[str, ...]]
"""What finds an account: its number in the load, name, log-in, employee number, telephone, title, own addresses."""


class SearchIndex:
    """An index that is filled with accounts in any order, and built once it is known in which rows they are."""

    def __init__(self) -> None:
        self._database = sqlite3.connect("", isolation_level=None)
        for statement in _PREPARE:
            self._database.execute(statement)
        self._domains: dict[str, int] = {}
        self._rows: Iterator[tuple[str, Any]] = iter(())

    def stage(self, accounts: Sequence[SearchTexts]) -> list[str]:
        """Make the keys of accounts; give the key by which each is sorted."""
        staged, sort_keys = [], []
        for number, name, login, employee_number, phone, title, addresses in accounts:
            tokens = [domain_token(row) for row in sorted(self._domain_rows(addresses))]
            own = text_of_keys(name, login, employee_number, phone, title, addresses)
            staged.append((number, " ".join([own, *tokens])))
            sort_keys.append(sort_key(storable(name)))
        self._database.executemany("INSERT INTO staged VALUES (?, ?)", staged)
        return sort_keys

    def _domain_rows(self, addresses: Sequence[str]) -> set[int]:
        domains, keys = self._domains, map(stored_address_key, addresses)
        return {domains.setdefault(key.rpartition("@")[2], len(domains) + 1) for key in keys if "@" in key}

    def staged(self) -> Iterator[list[tuple[int, str]]]:
        """Give back what was staged, in pieces."""
        rows = self._database.execute("SELECT number, keys FROM staged ORDER BY number")
        while some := rows.fetchmany(_AT_ONCE):
            yield some

    def adopt(self, staged: Sequence[tuple[int, str]]) -> None:
        """Take over what another index had staged."""
        self._database.executemany("INSERT INTO staged VALUES (?, ?)", staged)

    def adopt_domains(self, domains: Mapping[str, int]) -> None:
        """Take over the mail domains that another index knows."""
        self._domains.update(domains)

    def domains(self) -> dict[str, int]:
        """Give the mail domains in which accounts receive, each with its row."""
        return self._domains

    def place(self, rows: Sequence[tuple[int, int, int | None]]) -> None:
        """Take note of the rows of accounts: row, number, row of the unit."""
        self._database.executemany("INSERT INTO placed VALUES (?, ?, ?)", rows)

    def build(self, units: Mapping[int, str]) -> None:
        """Index those that were placed, with the search keys of their units; what was staged is let go."""
        self._database.executemany("INSERT INTO unit VALUES (?, ?)", units.items())
        self._database.execute(_BUILD)
        self._database.execute(f"INSERT INTO {SEARCH_TABLE}({SEARCH_TABLE}) VALUES ('optimize')")
        self._rows = ((table, row) for table in KEPT for row in self._database.execute(f"SELECT * FROM {table}"))

    def built(self) -> list[tuple[str, tuple[Any, ...]]]:
        """Give the next rows of the tables that the index is kept in, each with its table's name; none at the end."""
        return list(islice(self._rows, _AT_ONCE))

    def interrupt_when(self, is_over: Callable[[], bool], steps: int) -> None:
        """Break off what takes long as soon as something is over, which is asked every so many steps of SQLite."""
        self._database.set_progress_handler(is_over, steps)

    def close(self) -> None:
        """Let go of it."""
        self._database.close()
