"""Single entries mended as they were just read, whatever a sync knows; what is below a unit goes along with it."""

from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy import Connection

from mailtui.cache.filing import Filed, Filing
from mailtui.cache.grouping import write_groups
from mailtui.cache.layout import from_stored
from mailtui.cache.reorganising import UnitChange
from mailtui.cache.rows import digest
from mailtui.domain.mirror import AccountRecord, GroupRecord, Record, UnitRecord

Placed = Callable[[AccountRecord, str], AccountRecord | None]
"""Gives the record of an account whose entry is at another DN now; None where that has to be read anew."""


def mend(
    connection: Connection, records: Sequence[Record], gone: Sequence[str], as_of: datetime, placed: Placed
) -> None:
    """Write entries, and forget those that are gone, within the caller's transaction.

    They were read after `as_of`; what a sync has read since is left as it is. What is mirrored below a unit that has
    another DN goes along; where the record of an account there cannot be told, the unit is left to the next sync.
    """
    filing = Filing(connection)
    synced = from_stored(connection.exec_driver_sql("SELECT as_of FROM sync_state").scalar())
    is_newer = synced is None or synced <= as_of
    units = [record for record in records if isinstance(record, UnitRecord)]
    is_changed = is_newer and _mend_units(connection, filing, units, gone, placed)
    for record in records:
        if not isinstance(record, AccountRecord):
            continue
        held = filing.by_id(record.id)
        known = held.as_of if held else synced
        if known is not None and known > as_of:
            continue
        is_changed |= held is None or held.values["digest"] != digest(record)
        filing.put(held, record, as_of)
    for held in filter(None, map(filing.by_id, gone)):
        if held.as_of is None or held.as_of <= as_of:
            is_changed = True
            filing.drop(held)
    if is_newer:
        is_changed |= write_groups(connection, [record for record in records if isinstance(record, GroupRecord)], gone)
    filing.finish(is_changed=is_changed)


def _mend_units(
    connection: Connection, filing: Filing, records: Sequence[UnitRecord], gone: Sequence[str], placed: Placed
) -> bool:
    base = str(connection.exec_driver_sql("SELECT base FROM sync_state").scalar() or "")
    change = UnitChange(connection, base, records, gone)
    if not change:
        return False
    change.carry_along()
    moved: list[tuple[Filed, AccountRecord]] = []
    for filed in filter(None, map(filing.by_row, change.rows_below())):
        place = change.place_of(filed.record.dn)
        record = placed(filed.record, place) if place != filed.record.dn else filed.record
        if record is None:
            return False
        moved.append((filed, record))
    change.write()
    filing.units_changed()
    for filed, record in moved:
        filing.put(filed, record, filed.as_of)
    return True
