"""The journal written out: one event a line, with all that is needed to prove the chain without mailtui."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import Connection, RowMapping

from mailtui.journal.damage import naming

_RECORDS = (
    'SELECT seq, batch, "row", account, kind, at, event.body AS body, image, prev, hash, '
    "salt, image.body AS private FROM event LEFT JOIN image ON digest = image ORDER BY seq"
)


def export(connection: Connection) -> Iterator[Mapping[str, Any]]:
    """Give every event in its order, read as they are asked for; they hold personal data.

    All columns of the event, `body` as a JSON object, then `salt` (hex) and `private`: what it keeps apart, null where
    there is nothing or it was purged. With `c(x)` for JSON with sorted keys and no spaces, every character beyond ASCII
    escaped, `hash` is the SHA-256 of `c([seq, batch, row, account, kind, at, c(body), image, prev])`, and `image` that
    of the salt's bytes and `c(private)`.

    Raises:
        StoreError: A record cannot be read.
    """
    for record in connection.exec_driver_sql(_RECORDS).mappings():
        yield _event(record)


def _event(record: RowMapping) -> Mapping[str, Any]:
    salt, private = record["salt"], record["private"]
    with naming(record["seq"]):
        return {
            **record,
            "body": json.loads(record["body"]),
            "salt": None if salt is None else bytes.hex(salt),
            "private": None if private is None else json.loads(private),
        }
