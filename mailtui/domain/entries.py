"""What entries of a directory there are, those that are mirrored and that batches change, and what becomes of them."""

from enum import StrEnum


class EntryKind(StrEnum):
    """What an entry is of."""

    UNIT = "unit"
    ACCOUNT = "account"
    GROUP = "group"


class Act(StrEnum):
    """What becomes of an entry, in one request (RFC 4511 sections 4.6 to 4.9, RFC 3062)."""

    MODIFY = "modify"
    ADD = "add"
    DELETE = "delete"
    RENAME = "rename"
    PASSWORD = "password"  # noqa: S105 - not one


SECRET_ATTRIBUTES = frozenset({"userpassword", "authpassword", "sambantpassword", "sambalmpassword", "unicodepwd"})
"""Attributes that are never kept, journalled or shown, in lower case."""
