"""Single accounts mended as they were just read, whatever a sync knows."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection

from mailtui.cache.filing import Filing
from mailtui.cache.grouping import write_groups
from mailtui.cache.layout import from_stored
from mailtui.cache.rows import digest
from mailtui.domain.mirror import AccountRecord, GroupRecord, Record


def mend(connection: Connection, records: Sequence[Record], gone: Sequence[str], as_of: datetime) -> None:
    """Write entries, and forget accounts and groups that are gone, within the caller's transaction.

    They were read after `as_of`; what a sync has read since is left as it is.
    """
    filing = Filing(connection)
    synced = from_stored(connection.exec_driver_sql("SELECT as_of FROM sync_state").scalar())
    is_changed = False
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
    if synced is None or synced <= as_of:
        is_changed |= write_groups(connection, [record for record in records if isinstance(record, GroupRecord)], gone)
    filing.finish(is_changed=is_changed)
