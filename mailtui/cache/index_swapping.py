"""The search index of a full load as it is ordered for the rows of the swap, and taken over into the cache."""

from itertools import groupby
from operator import itemgetter

from sqlalchemy import Connection

from mailtui.cache.helping import Indexer
from mailtui.cache.indexing import KEPT
from mailtui.cache.units import UnitTree

_AT_ONCE = 5000


def begin_index(connection: Connection, indexer: Indexer, tree: UnitTree) -> None:
    """Have the index built for accounts in their rows, which may take as long as all that the swap does meanwhile."""
    units: set[int | None] = set()
    places = connection.exec_driver_sql("SELECT row, staged, unit_row FROM temp.staged_place")
    while some := places.cursor.fetchmany(_AT_ONCE):
        units.update(unit for _row, _number, unit in some)
        indexer.ask("place", some)
    indexer.ask("build", {unit: tree.tokens(unit) for unit in units if unit is not None})


def take_index(connection: Connection, indexer: Indexer) -> None:
    """Put the index that was built in the place of the cache's own, and the mail domains that it names."""
    indexer.ask("domains")
    connection.exec_driver_sql("INSERT INTO search(search) VALUES ('delete-all')")
    while (domains := indexer.answer()) is None:
        pass  # of what was asked before
    if domains:
        statement = "INSERT INTO mail_domain(name, row) VALUES (?, ?)"
        connection.exec_driver_sql(statement, list(domains.items()))
    for table in KEPT:
        connection.exec_driver_sql(f"DELETE FROM {table}")
    indexer.ask("built")
    while rows := indexer.answer():
        indexer.ask("built")
        for table, group in groupby(rows, key=itemgetter(0)):
            connection.exec_driver_sql(KEPT[table], [row for _table, row in group])
