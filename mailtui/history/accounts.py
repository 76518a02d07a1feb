"""Who the accounts are: the numbers that pages know them by, and what is kept of them apart from pages."""

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from itertools import count
from typing import cast

from sqlalchemy import Connection, Table, delete, select

from mailtui.domain.usage import Sample
from mailtui.history.tables import AccountRow

ACCOUNTS = cast("Table", vars(AccountRow)["__table__"])
_KNOWN = "SELECT id, number, seen, last_login FROM account WHERE id IN (SELECT value FROM json_each(?))"
_ADD = "INSERT INTO account (number, id, seen, last_login) VALUES (?, ?, ?, ?)"
_CHANGE = "UPDATE account SET seen = ?, last_login = ? WHERE number = ?"


def numbered(connection: Connection, samples: Mapping[str, Sample], ordinal: int) -> dict[str, int]:
    """Give the numbers of sampled accounts, new ones included; last log-ins and the day are noted where they are later.

    A number may have been that of an account which was forgotten.
    """
    rows = connection.exec_driver_sql(_KNOWN, (json.dumps(list(samples)),)).all()
    numbers = {account: number for account, number, _seen, _login in rows}
    changed = []
    for account, number, seen, login in rows:
        now = max(seen, ordinal), _later(login, samples[account].last_login)
        if now != (seen, login):
            changed.append((*now, number))
    added = [account for account in samples if account not in numbers]
    if added:
        numbers.update(zip(added, _free(connection), strict=False))
    born = [(numbers[account], account, ordinal, _later(None, samples[account].last_login)) for account in added]
    for statement, values in ((_CHANGE, changed), (_ADD, born)):
        if values:
            connection.exec_driver_sql(statement, values)
    return numbers


def _later(stored: int | None, moment: datetime | None) -> int | None:
    if moment is None:
        return stored
    return max(stored or 0, int(moment.astimezone(UTC).timestamp()))


def _free(connection: Connection) -> Iterator[int]:
    taken = frozenset(connection.execute(select(ACCOUNTS.c.number)).scalars())
    return (number for number in count() if number not in taken)


def unseen_since(connection: Connection, ordinal: int) -> list[int]:
    """Give the numbers of accounts that were last sampled before a day."""
    return list(connection.execute(select(ACCOUNTS.c.number).where(ACCOUNTS.c.seen < ordinal)).scalars())


def drop_unseen_since(connection: Connection, ordinal: int) -> None:
    """Forget who the accounts are that were last sampled before a day."""
    connection.execute(delete(ACCOUNTS).where(ACCOUNTS.c.seen < ordinal))
