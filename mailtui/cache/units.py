"""The org tree as writers need it: which unit an entry is in, and the units above that one."""

from collections import Counter
from collections.abc import Iterable, Mapping

from sqlalchemy import Connection

from mailtui.cache.layout import unit_token
from mailtui.cache.rows import dn_key, parent_dn


class UnitTree:
    """The units of the mirror by DN and by row."""

    def __init__(self, rows: Mapping[bytes, int], parents: Mapping[int, int | None]) -> None:
        self._rows = rows
        self._parents = parents

    @classmethod
    def load(cls, connection: Connection) -> "UnitTree":
        """Read the tree from the cache."""
        found = connection.exec_driver_sql("SELECT row, dn_key, parent_row FROM org_unit").all()
        return cls({key: row for row, key, _parent in found}, {row: parent for row, _key, parent in found})

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
