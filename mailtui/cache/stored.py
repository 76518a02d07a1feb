"""Accounts read back by the writer: to keep what was mended, and to take back what was indexed."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from mailtui.cache.layout import from_stored
from mailtui.cache.rows import AddressValue, stored_record
from mailtui.domain.mirror import AccountRecord


def stored_records(
    connection: Connection, condition: str, values: tuple[Any, ...]
) -> list[tuple[AccountRecord, datetime | None]]:
    """Give the accounts for which an SQL condition holds, as they were written, each with when it was read."""
    rows = connection.exec_driver_sql(f"SELECT * FROM account WHERE {condition} ORDER BY row", values).mappings().all()
    return [
        (stored_record(dict(row), stored_addresses(connection, row["row"])), from_stored(row["as_of"])) for row in rows
    ]


def stored_addresses(connection: Connection, row: int) -> list[AddressValue]:
    """Give the addresses of an account."""
    found = connection.exec_driver_sql(
        "SELECT kind, place, address, key FROM address WHERE account_row = ? ORDER BY kind, place", (row,)
    )
    return [AddressValue(*values) for values in found]
