"""SQL rows of the mirror turned into values."""

import json
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import groupby, islice
from typing import Any

from mailtui.cache.layout import UNLIMITED, from_stored
from mailtui.domain.account import Account, Delivery, Kind, Reference, Standing
from mailtui.domain.dn import parse
from mailtui.domain.policy import Policy
from mailtui.domain.quota import Quota
from mailtui.queries.views import AccountLine

_CHUNK = 500
# An account that is active until a date is expired from that date on, whether or not it was read since.
STANDING = "CASE WHEN a.standing = 'active' AND a.expires <= :now THEN 'expired' ELSE a.standing END"
# The same as conditions that an index serves.
STANDS = {
    "active": "a.standing = 'active' AND (a.expires IS NULL OR a.expires > :now)",
    "expired": (
        "a.row IN (SELECT row FROM account WHERE standing = 'expired' UNION ALL"
        " SELECT row FROM account WHERE expires <= :now AND +standing = 'active')"
    ),
}
_LINE = (
    "a.row, a.id, a.name, a.login, a.mail, a.department, a.kind, a.delivery, a.limit_bytes, a.used_bytes, a.percent,"
    f" a.last_login, {STANDING} AS standing"
)
_WHOLE = (
    f"{_LINE}, a.dn, a.department_path, a.department_number, a.title, a.employee_number, a.phone, a.services,"
    " a.expires, a.used_as_of, a.dn_key, a.manager_dn, m.id AS manager_id, m.name AS manager_name,"
    # A sync that found an account unchanged has proved it as well as one that wrote it.
    " max(a.as_of, coalesce((SELECT as_of FROM sync_state), a.as_of)) AS as_of"
)


def _chunks(values: Iterable[int]) -> Iterable[list[int]]:
    stream = iter(values)
    while chunk := list(islice(stream, _CHUNK)):
        yield chunk


def fetch_lines(connection: sqlite3.Connection, rows: Sequence[int], now: int) -> list[AccountLine]:
    """Give the lines for row ids, in their order; rows that are gone are left out."""
    found: dict[int, AccountLine] = {}
    for chunk in _chunks(rows):
        statement = f"SELECT {_LINE} FROM account a WHERE a.row IN (SELECT value FROM json_each(:rows))"
        for row in connection.execute(statement, {"rows": json.dumps(chunk), "now": now}):
            found[row["row"]] = _line(row)
    return [found[row] for row in rows if row in found]


def _line(row: sqlite3.Row) -> AccountLine:
    return AccountLine(
        row=row["row"],
        id=row["id"],
        name=row["name"],
        login=row["login"],
        mail=row["mail"],
        department=row["department"],
        kind=Kind(row["kind"]),
        standing=Standing(row["standing"]),
        delivery=Delivery(row["delivery"]) if row["delivery"] else None,
        limit_bytes=_limit(row),
        unlimited=row["limit_bytes"] == UNLIMITED,
        used_bytes=row["used_bytes"],
        percent=row["percent"],
        last_login=from_stored(row["last_login"]),
    )


def _limit(row: sqlite3.Row) -> int | None:
    limit: int | None = row["limit_bytes"]
    return None if limit == UNLIMITED else limit


def fetch_accounts(connection: sqlite3.Connection, rows: Sequence[int], now: int, policy: Policy) -> list[Account]:
    """Give the whole accounts for row ids, in their order; rows that are gone are left out."""
    found: dict[int, Account] = {}
    for chunk in _chunks(rows):
        values = {"rows": json.dumps(chunk), "now": now}
        addresses, groups = _addresses(connection, values), _groups(connection, values)
        statement = (
            f"SELECT {_WHOLE} FROM account a LEFT JOIN account m ON m.dn_key = a.manager_key"
            " WHERE a.row IN (SELECT value FROM json_each(:rows))"
        )
        for row in connection.execute(statement, values):
            account = _account(row, addresses.get(row["row"], {}), groups.get(row["row"], ()))
            profile = policy.profile_of(account)
            found[row["row"]] = replace(account, profile=profile.name) if profile else account
    return [found[row] for row in rows if row in found]


def _account(row: sqlite3.Row, addresses: dict[str, tuple[str, ...]], groups: tuple[Reference, ...]) -> Account:
    line = _line(row)
    return Account(
        id=line.id,
        dn=row["dn"],
        login=line.login,
        name=line.name,
        mail=line.mail,
        kind=line.kind,
        standing=line.standing,
        quota=_quota(row),
        as_of=from_stored(row["as_of"]) or datetime.min.replace(tzinfo=UTC),
        delivery=line.delivery,
        aliases=addresses.get("alias", ()),
        forwards=addresses.get("forward", ()),
        department=line.department,
        department_path=tuple(json.loads(row["department_path"])),
        department_number=row["department_number"],
        title=row["title"],
        employee_number=row["employee_number"],
        phone=row["phone"],
        manager=_manager(row),
        services=tuple(json.loads(row["services"])),
        expires=from_stored(row["expires"]),
        last_login=line.last_login,
        groups=groups,
    )


def _quota(row: sqlite3.Row) -> Quota:
    is_known = row["used_bytes"] is not None
    as_of = from_stored(row["used_as_of"] if row["used_as_of"] is not None else row["as_of"])
    return Quota(
        limit_bytes=_limit(row),
        unlimited=row["limit_bytes"] == UNLIMITED,
        used_bytes=row["used_bytes"],
        as_of=as_of if is_known else None,
        source="directory" if is_known else None,
    )


def _manager(row: sqlite3.Row) -> Reference | None:
    if row["manager_dn"] is None:
        return None
    return Reference(row["manager_id"], row["manager_name"] or _first_value(row["manager_dn"]), row["manager_dn"])


def _first_value(dn: str) -> str:
    try:
        return parse(dn)[0][0][1]
    except (ValueError, IndexError):
        return dn


def _addresses(connection: sqlite3.Connection, values: dict[str, Any]) -> dict[int, dict[str, tuple[str, ...]]]:
    rows = connection.execute(
        "SELECT account_row, kind, address FROM address WHERE account_row IN (SELECT value FROM json_each(:rows))"
        " ORDER BY account_row, kind, place",
        values,
    )
    found: dict[int, dict[str, tuple[str, ...]]] = {}
    for (row, kind), group in groupby(rows, key=lambda r: (r["account_row"], r["kind"])):
        found.setdefault(row, {})[kind] = tuple(r["address"] for r in group)
    return found


def _groups(connection: sqlite3.Connection, values: dict[str, Any]) -> dict[int, tuple[Reference, ...]]:
    rows = connection.execute(
        "SELECT DISTINCT a.row, g.id, g.name, g.dn, g.name_key FROM account a CROSS JOIN membership m"
        " ON m.dn_key = a.dn_key JOIN directory_group g ON g.row = m.group_row"
        " WHERE m.role = 'member' AND a.row IN (SELECT value FROM json_each(:rows)) ORDER BY a.row, g.name_key, g.row",
        values,
    )
    return {row: tuple(Reference(r["id"], r["name"], r["dn"]) for r in group)
            for row, group in groupby(rows, key=lambda r: int(r["row"]))}  # fmt: skip
