"""SQL rows of the mirror turned into values."""

import json
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import groupby, islice
from typing import Any

from mailtui.cache.layout import UNLIMITED, from_stored
from mailtui.domain.account import Account, Delivery, Kind, Reference, Standing
from mailtui.domain.dn import parse
from mailtui.domain.forecast import Reason
from mailtui.domain.outlook import Outlook
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
# A sync that found an account unchanged has proved it as well as one that wrote it.
_AS_OF = "max(a.as_of, coalesce((SELECT as_of FROM sync_state), a.as_of))"
# A figure that the directory does not date is as old as what was read of it.
_USED_AS_OF = f"CASE WHEN a.used_bytes IS NOT NULL THEN coalesce(a.used_as_of, {_AS_OF}) END"
_LINE = (
    "a.row, a.id, a.name, a.login, a.mail, a.department, a.kind, a.delivery, a.limit_bytes, a.used_bytes, a.percent,"
    f" a.last_login, a.is_unused, a.used_source, {_USED_AS_OF} AS used_as_of, a.messages, a.growth, a.full_early,"
    f" a.full_likely, a.full_late, a.reason, {STANDING} AS standing"
)
_WHOLE = (
    f"{_LINE}, a.dn, a.department_path, a.department_number, a.title, a.employee_number, a.phone, a.services,"
    " a.expires, a.pace, a.default_bytes, a.dn_key, a.manager_dn, m.id AS manager_id, m.name AS manager_name,"
    f" {_AS_OF} AS as_of"
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
        is_unused=bool(row["is_unused"]),
        used_source=row["used_source"],
        used_as_of=from_stored(row["used_as_of"]),
        messages=row["messages"],
        growth=row["growth"],
        full_early=_day(row["full_early"]),
        # One that is full has a day too, by which it is found and sorted.
        full_likely=_day(row["full_likely"]) if row["reason"] is None else None,
        full_late=_day(row["full_late"]),
        reason=Reason(row["reason"]) if row["reason"] else None,
    )


def _day(ordinal: int | None) -> date | None:
    return None if ordinal is None else date.fromordinal(ordinal)


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
        quota=_quota(row, line),
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
        is_unused=line.is_unused,
        outlook=_outlook(row, line),
    )


def _quota(row: sqlite3.Row, line: AccountLine) -> Quota:
    return Quota(
        limit_bytes=line.limit_bytes,
        unlimited=line.unlimited,
        used_bytes=line.used_bytes,
        as_of=line.used_as_of,
        source=line.used_source,
        messages=line.messages,
        default_bytes=row["default_bytes"],
    )


def _outlook(row: sqlite3.Row, line: AccountLine) -> Outlook | None:
    early, likely, late = line.full_early, line.full_likely, line.full_late
    full = (early, likely, late) if early and likely and late else None
    outlook = Outlook(line.growth, row["pace"], full, line.reason)
    return outlook if outlook != Outlook() else None


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
