"""Units and mail domains as what is typed may name them, and as the search index knows them."""

import json
import sqlite3
from collections.abc import Sequence

from mailtui.cache.layout import domain_token, unit_token
from mailtui.queries.narrowing import Match, Narrowing, units_below


def quoted(text: str) -> str:
    """Give the FTS5 phrase for a text, whatever stands in it."""
    return '"' + text.replace('"', '""') + '"'


def no_word() -> str:
    """Give the FTS5 expression that nobody fulfils."""
    return quoted("")


def any_of(tokens: Sequence[str]) -> str:
    """Give the FTS5 expression for whoever has one of some keys."""
    return "(" + " OR ".join(map(quoted, tokens)) + ")"


def units_named(connection: sqlite3.Connection, key: str, most: int = -1) -> list[int]:
    """Give the rows of units with a word that begins so, at most so many."""
    statement = "SELECT row FROM org_unit WHERE instr(keys, ' ' || :key) LIMIT :most"
    found = connection.execute(statement, {"key": key, "most": most}) if key else ()
    return sorted(row[0] for row in found)


def in_units(narrowing: Narrowing, rows: Sequence[int]) -> Match:
    """Give the demand to be in or below units."""
    test = f"a.unit_row IN {units_below(narrowing.bind(json.dumps(rows)))}"
    return Match(any_of([unit_token(row) for row in rows]), test)


def domains_named(connection: sqlite3.Connection, name: str, key: str) -> list[str]:
    """Give the search keys of mail domains in whose name, put as SQL, a text occurs."""
    rows = connection.execute(f"SELECT row FROM mail_domain WHERE instr({name}, ?) ORDER BY row", (key,))
    return [domain_token(row[0]) for row in rows] if len(key) > 1 else []
