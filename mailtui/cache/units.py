"""The org tree as writers need it: which unit an entry is in, and the units above that one."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Generic, Protocol, TypeVar

from sqlalchemy import Connection

from mailtui.cache.layout import unit_token
from mailtui.cache.rows import dn_key, parent_dn

_Key = TypeVar("_Key", bytes, int)
_Asked = TypeVar("_Asked", bytes, int, contravariant=True)


class Column(Protocol[_Asked]):
    """Rows of units by something of theirs: a mapping that is held, or asked for as it is needed."""

    def get(self, key: _Asked, /) -> int | None:
        """Give the row; None where there is none."""


class _Lookup(Generic[_Key]):
    """A column of the cache, asked once for each key."""

    def __init__(self, connection: Connection, statement: str) -> None:
        self._connection, self._statement = connection, statement
        self._known: dict[_Key, int | None] = {}

    def get(self, key: _Key, /) -> int | None:
        if key not in self._known:
            self._known[key] = self._connection.exec_driver_sql(self._statement, (key,)).scalar()
        return self._known[key]


class UnitTree:
    """The units of the mirror by DN and by row."""

    def __init__(self, rows: Column[bytes], parents: Column[int]) -> None:
        self._rows = rows
        self._parents = parents

    @classmethod
    def load(cls, connection: Connection) -> "UnitTree":
        """Read the whole tree from the cache."""
        found = connection.exec_driver_sql("SELECT row, dn_key, parent_row FROM org_unit").all()
        parents: Mapping[int, int | None] = {row: parent for row, _key, parent in found}
        return cls({key: row for row, key, _parent in found}, parents)

    @classmethod
    def asked(cls, connection: Connection) -> "UnitTree":
        """Give the tree as the cache holds it now, read where it is looked at: few units of many are."""
        return cls(
            _Lookup[bytes](connection, "SELECT row FROM org_unit WHERE dn_key = ?"),
            _Lookup[int](connection, "SELECT parent_row FROM org_unit WHERE row = ?"),
        )

    def nearest(self, dn: str) -> int | None:
        """Give the row of the nearest unit above an entry; None where none is mirrored."""
        above = parent_dn(dn)
        while above:
            row = self._rows.get(dn_key(above))
            if row is not None:
                return row
            above = parent_dn(above)
        return None

    def chain(self, row: int | None) -> list[int]:
        """Give a unit and those above it, the nearest first."""
        rows: list[int] = []
        while row is not None and row not in rows:
            rows.append(row)
            row = self._parents.get(row)
        return rows

    def tokens(self, row: int | None) -> str:
        """Give the search keys of an account in a unit."""
        return " ".join(map(unit_token, self.chain(row)))

    def with_those_below(self, direct: Iterable[tuple[int, int]]) -> Counter[int]:
        """Add up numbers that belong to single units (row, number) over each unit and all below it."""
        totals: Counter[int] = Counter()
        for unit, number in direct:
            for row in self.chain(unit):
                totals[row] += number
        return totals
