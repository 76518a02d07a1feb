"""The use of mailboxes: what the mail store said, kept beside the mirror and put together with what the directory says.

The newer figure is shown, and the later log-in. A figure that the directory does not date is older than any sample. A
forecast holds for the limit on which it rests, and for no other.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from itertools import islice
from typing import Any

from sqlalchemy import Connection

from mailtui.cache.layout import UNLIMITED, to_stored
from mailtui.domain.forecast import Reason
from mailtui.domain.mirror import MailboxRecord, Target
from mailtui.domain.outlook import Outlook

PERCENT = "mailtui_percent"
"""The SQL function that is `Quota.percent`, of bytes used and a limit as the cache holds it."""

_AT_ONCE = 1000
# `a` is the account, `u` its use.
_SAMPLED = (
    "(u.used_bytes IS NOT NULL"
    " AND (a.own_used IS NULL OR a.own_used_as_of IS NULL OR u.used_as_of >= a.own_used_as_of))"
)
_USED = f"CASE WHEN {_SAMPLED} THEN u.used_bytes ELSE a.own_used END"
_LIMIT = "coalesce(a.limit_bytes, u.limit_bytes)"
_HOLDS = f"u.full_limit IS {_LIMIT}"
SHOWN = {
    "used_bytes": _USED,
    "used_as_of": f"CASE WHEN {_SAMPLED} THEN u.used_as_of ELSE a.own_used_as_of END",
    "used_source": f"CASE WHEN {_SAMPLED} THEN 'mailstore' WHEN a.own_used IS NOT NULL THEN 'directory' END",
    "messages": f"CASE WHEN {_SAMPLED} THEN u.messages END",
    "default_bytes": f"CASE WHEN a.limit_bytes IS NULL THEN nullif(u.limit_bytes, {UNLIMITED}) END",
    "percent": f"{PERCENT}({_USED}, {_LIMIT})",
    "last_login": "max(coalesce(a.own_last_login, u.last_login), coalesce(u.last_login, a.own_last_login))",
    "is_unused": "u.is_unused AND a.own_last_login IS NULL AND u.last_login IS NULL",
    "growth": "u.growth",
    "pace": "u.pace",
    **{column: f"CASE WHEN {_HOLDS} THEN u.{column} END" for column in ("full_early", "full_likely", "full_late")},
    "reason": f"CASE WHEN {_HOLDS} THEN u.reason END",
}
"""The columns of an account that are put together, each with the SQL that does it: over `account a` and `usage u`."""

_SHOW = (
    f"UPDATE account AS a SET ({', '.join(SHOWN)}) ="
    f" (SELECT {', '.join(SHOWN.values())} FROM (SELECT 1) LEFT JOIN usage u ON u.id = a.id)"
)
_SHOWN_BY = frozenset({"limit_bytes", "own_used", "own_used_as_of", "own_last_login"})
_FIGURES = ("used_bytes", "messages", "used_as_of")
_OUTLOOK = ("growth", "pace", "full_early", "full_likely", "full_late", "reason", "full_limit")
_TAKE_FIGURES = ", ".join(
    f"{column} = CASE WHEN excluded.used_bytes IS NULL THEN usage.{column} ELSE excluded.{column} END"
    for column in _FIGURES
)
_TAKE_ONE = (
    "INSERT INTO usage(id, used_bytes, messages, used_as_of, limit_bytes) VALUES (?, ?, ?, ?, ?)"
    f" ON CONFLICT (id) DO UPDATE SET {_TAKE_FIGURES}, limit_bytes = excluded.limit_bytes"
)
_COLUMNS = ("id", *_FIGURES, "limit_bytes", "last_login", "is_unused", *_OUTLOOK)
# A figure that is unknown today takes no other's place: how old that is can be seen.
_TAKE = (
    f"INSERT INTO usage({', '.join(_COLUMNS)}) VALUES ({', '.join('?' * len(_COLUMNS))})"
    f" ON CONFLICT (id) DO UPDATE SET {_TAKE_FIGURES}, limit_bytes = coalesce(excluded.limit_bytes, usage.limit_bytes),"
    " last_login = max(coalesce(excluded.last_login, usage.last_login),"
    " coalesce(usage.last_login, excluded.last_login)), is_unused = coalesce(excluded.is_unused, usage.is_unused), "
    + ", ".join(f"{column} = excluded.{column}" for column in _OUTLOOK)
)


def targets(connection: Connection) -> Iterator[Target]:
    """Give all accounts as what is known of mailboxes is matched to them."""
    found = connection.exec_driver_sql("SELECT id, mail_key, login_key, limit_bytes FROM account ORDER BY row")
    while some := found.cursor.fetchmany(_AT_ONCE):
        yield from (Target(one, mail, login, 0 if limit == UNLIMITED else limit) for one, mail, login, limit in some)


def in_parts(records: Iterable[MailboxRecord]) -> Iterator[list[MailboxRecord]]:
    """Give as many at once as are written within a moment."""
    stream = iter(records)
    while some := list(islice(stream, _AT_ONCE)):
        yield some


def take_some(connection: Connection, records: Iterable[MailboxRecord]) -> None:
    """Write what was learnt of some mailboxes; `show_all` shows it."""
    connection.exec_driver_sql(_TAKE, list(map(_row, records)))


def show_all(connection: Connection, as_of: datetime) -> None:
    """Put together anew what all accounts show, all mailboxes having been asked for at a moment."""
    connection.exec_driver_sql("DELETE FROM usage WHERE id NOT IN (SELECT id FROM account)")
    connection.exec_driver_sql(f"{_SHOW} WHERE a.id IN (SELECT id FROM usage)")
    connection.exec_driver_sql(
        "UPDATE sync_state SET usage_as_of = ?, usage_failure = '', generation = generation + 1", (to_stored(as_of),)
    )


def take_one(connection: Connection, record: MailboxRecord) -> None:
    """Write what was just learnt of the use of one mailbox; what is told of its growth stays."""
    statement = "SELECT row, used_bytes, messages FROM account WHERE id = ?"
    before = connection.exec_driver_sql(statement, (record.account,)).first()
    if before is None:
        return
    connection.exec_driver_sql(_TAKE_ONE, _row(record)[:5])
    show(connection, before[0])
    after = connection.exec_driver_sql(statement, (record.account,)).one()
    # Another age alone is nothing that lists would be made anew for.
    is_changed = tuple(before) != tuple(after)
    connection.exec_driver_sql("UPDATE sync_state SET generation = generation + ?", (is_changed,))


def show(connection: Connection, row: int) -> None:
    """Put together what one account shows."""
    connection.exec_driver_sql(f"{_SHOW} WHERE a.row = ?", (row,))


def is_shown_by(columns: Iterable[str]) -> bool:
    """Tell whether any of the columns is one from which the others are put together."""
    return not _SHOWN_BY.isdisjoint(columns)


def _row(record: MailboxRecord) -> tuple[Any, ...]:
    outlook = record.outlook or Outlook()
    return (
        record.account,
        record.used_bytes,
        record.messages,
        to_stored(record.as_of) if record.used_bytes is not None else None,
        _stored_limit(record.limit),
        to_stored(record.last_login),
        record.is_unused,
        outlook.last_week,
        outlook.pace,
        *_days(outlook.full, record.as_of.astimezone().date() if outlook.reason is Reason.FULL else None),
        outlook.reason.value if outlook.reason else None,
        _stored_limit(record.rests_on),
    )


def _stored_limit(limit: int | None) -> int | None:
    return UNLIMITED if limit == 0 else limit


def _days(full: tuple[date, date, date] | None, now: date | None) -> tuple[int | None, int | None, int | None]:
    if full:
        early, likely, late = full
        return early.toordinal(), likely.toordinal(), late.toordinal()
    return None, now.toordinal() if now else None, None
