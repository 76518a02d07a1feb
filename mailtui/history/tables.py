"""The two tables of the history: who the accounts are, and pages of what was sampled of them."""

from sqlalchemy import Index
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel


class HistoryTable(SQLModel, registry=registry()):
    """What the tables of the history share: metadata of their own."""


class AccountRow(HistoryTable, table=True):
    """An account: the number that pages know it by, the last day on which it was sampled, and its last log-in.

    `seen` is the ordinal of a day, `last_login` seconds since 1970. `number` // `pages.ACCOUNTS` is its chunk, the rest
    its place in the pages of it.
    """

    __tablename__ = "account"

    number: int = Field(primary_key=True)
    id: str = Field(unique=True)
    seen: int
    last_login: int | None = None


class PageRow(HistoryTable, table=True):
    """One week of one chunk of accounts: `days` are the bits of its days (see `weeks`), the rest strips (see `pages`).

    In `limits` a limit of 0 stands for none.
    """

    __tablename__ = "page"
    __table_args__ = (Index("page_by_chunk", "chunk", "week"),)

    week: int = Field(primary_key=True)
    chunk: int = Field(primary_key=True)
    days: int
    used: bytes
    messages: bytes
    limits: bytes
