"""The two tables of the journal: events, which only ever grow, and the images that they refer to."""

from typing import cast

from sqlalchemy import DDL, Index, Table, event
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel

journal_registry = registry()


class JournalTable(SQLModel, registry=journal_registry):
    """A table of the journal's own metadata, apart from those of the other stores."""


class Event(JournalTable, table=True):
    """One thing that happened, chained to the one before by `hash`.

    `kind` is a row's new state, or what happened to its batch. `account` is an entryUUID. `body` is canonical JSON
    without personal data, `image` the digest of what was kept apart.
    """

    __tablename__ = "event"
    __table_args__ = (
        Index("event_by_row", "batch", "row", "seq", "kind"),
        Index("event_by_kind", "kind", "seq"),
        Index("event_by_account", "account"),
    )

    seq: int = Field(primary_key=True)
    batch: str
    row: int | None = None
    account: str | None = None
    kind: str
    at: str
    body: str
    image: str | None = None
    prev: str
    hash: str


class Image(JournalTable, table=True):
    """What names a person or is a person's: names, DNs, values before and after; may be purged, the chain stays.

    `digest` is SHA-256 over `salt` and `body`, so that a purged image cannot be guessed from its digest.
    """

    __tablename__ = "image"

    digest: str = Field(primary_key=True)
    salt: bytes
    body: str


EVENTS = cast("Table", vars(Event)["__table__"])
IMAGES = cast("Table", vars(Image)["__table__"])

for _verb in ("UPDATE", "DELETE"):
    event.listen(
        EVENTS,
        "after_create",
        DDL(  # type: ignore[no-untyped-call]
            f"CREATE TRIGGER event_refuses_{_verb.lower()} BEFORE {_verb} ON event "
            "BEGIN SELECT RAISE(ABORT, 'the journal only grows'); END"
        ),
    )
