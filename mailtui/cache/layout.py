"""What writers and readers of the cache file must agree on, without a table in sight."""

from datetime import UTC, datetime, timedelta

SCHEMA_VERSION = 5
"""Kept in the file as `user_version`; a file with another one is rebuilt."""

SEARCH_TABLE = "search"
CREATE_SEARCH = (
    f"CREATE VIRTUAL TABLE {SEARCH_TABLE} USING fts5("
    "keys, content='', columnsize=0, tokenize='unicode61 remove_diacritics 2', prefix='1 2 3 4 5')"
)

# Private-use letters are letters to FTS5's tokenizer (category Co) and are dropped from all other text, so what
# starts with one cannot be met by a typed word.
UNIT_MARK = "\ue000"
DOMAIN_MARK = "\ue001"
TITLE_MARK = "\ue002"

UNLIMITED = (1 << 63) - 1
"""What `account.limit_bytes` holds where there is no limit: larger than any limit, so that it compares and sorts."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def unit_token(row: int) -> str:
    """Give the search key of every account in or below a unit."""
    return f"{UNIT_MARK}{row}"


def domain_token(row: int) -> str:
    """Give the search key of every account with an address in a mail domain."""
    return f"{DOMAIN_MARK}{row}"


def to_stored(moment: datetime | None) -> int | None:
    """Write a moment as microseconds since 1970."""
    return None if moment is None else (moment - _EPOCH) // _MICROSECOND


def from_stored(microseconds: int | None) -> datetime | None:
    """Read a moment that was written as microseconds since 1970."""
    return None if microseconds is None else _EPOCH + timedelta(microseconds=microseconds)
