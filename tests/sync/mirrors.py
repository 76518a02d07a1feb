"""What a cache file says, in a form that two files can be compared by, whatever their rows are numbered."""

import sqlite3
from collections import defaultdict
from contextlib import closing
from pathlib import Path
from typing import Any

from mailtui.cache.layout import DOMAIN_MARK, UNIT_MARK

_LEFT_OUT = ("row", "unit_row", "as_of")


def content(path: Path) -> dict[str, Any]:
    """Read a cache whole: accounts with their addresses, units and words of the index; units; groups; counts."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        connection.row_factory = sqlite3.Row
        connection.execute("BEGIN")
        units = {row["row"]: row["id"] for row in connection.execute("SELECT row, id FROM org_unit")}
        state = connection.execute("SELECT accounts FROM sync_state").fetchone()
        return {
            "accounts": _accounts(connection, units),
            "units": _units(connection, units),
            "groups": _groups(connection),
            "total": state["accounts"],
        }


def _accounts(connection: sqlite3.Connection, units: dict[int, str]) -> dict[str, Any]:
    rows = connection.execute("SELECT * FROM account").fetchall()
    ids = {row["row"]: row["id"] for row in rows}
    found = {
        row["id"]: {key: value for key, value in dict(row).items() if key not in _LEFT_OUT}
        | {"unit": units.get(row["unit_row"])}
        for row in rows
    }
    assert len(found) == len(rows)
    addresses = defaultdict(set)
    for row in connection.execute("SELECT account_row, kind, place, address, key FROM address"):
        addresses[ids[row["account_row"]]].add(tuple(row)[1:])
    words = _words(connection, units)
    assert words.keys() <= ids.keys(), "the index holds accounts that are not there"
    for number, account_id in ids.items():
        found[account_id] |= {"addresses": addresses.get(account_id, set()), "words": words.get(number)}
    return found


def _words(connection: sqlite3.Connection, units: dict[int, str]) -> dict[int, tuple[str, ...]]:
    domains = dict(connection.execute("SELECT row, name FROM mail_domain").fetchall())
    connection.execute("CREATE VIRTUAL TABLE temp.words USING fts5vocab(main, search, instance)")
    words: dict[int, set[str]] = defaultdict(set)
    for term, row in connection.execute("SELECT term, doc FROM temp.words"):
        if term.startswith(UNIT_MARK):
            term = f"{UNIT_MARK}{units[int(term[1:])]}"
        elif term.startswith(DOMAIN_MARK):
            term = f"{DOMAIN_MARK}{domains[int(term[1:])]}"
        words[row].add(term)
    return {row: tuple(sorted(found)) for row, found in words.items()}


def _units(connection: sqlite3.Connection, units: dict[int, str]) -> dict[str, Any]:
    return {
        row["id"]: {key: value for key, value in dict(row).items() if key not in {"row", "parent_row"}}
        | {"parent": units.get(row["parent_row"])}
        for row in connection.execute("SELECT * FROM org_unit")
    }


def _groups(connection: sqlite3.Connection) -> dict[str, Any]:
    members = defaultdict(set)
    for row, role, key in connection.execute("SELECT group_row, role, dn_key FROM membership"):
        members[row].add((role, key))
    for row, *address in connection.execute("SELECT group_row, kind, place, address, key FROM group_address"):
        members[row].add(tuple(address))
    return {
        row["id"]: ({key: value for key, value in dict(row).items() if key != "row"}, members.get(row["row"], set()))
        for row in connection.execute("SELECT * FROM directory_group")
    }
