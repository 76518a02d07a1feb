"""What the last disable of an account took away, as far as it still holds."""

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select

from mailtui.domain.batch import RowState
from mailtui.domain.change import Values, applied
from mailtui.domain.plan import Restorable
from mailtui.domain.rules import Rule
from mailtui.journal.damage import naming
from mailtui.journal.records import OPENED, read_changes, read_private, read_values
from mailtui.journal.tables import EVENTS, IMAGES

DISABLE, LEAVER, ENABLE = "disable", "leaver", "enable"
_WRITTEN = (RowState.VERIFIED.value, RowState.DRIFTED.value)
_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class _Deed:
    """One row that was written for an account: by which task, and what it did."""

    batch: str
    task: str
    undoes: str | None
    before: tuple[Values, ...]
    left: tuple[Values, ...]
    at: datetime

    def changes_any(self, attributes: Collection[str]) -> bool:
        """Tell whether it changed one of these."""
        return any(values.attribute.lower() in attributes for values in self.before)


def last_disable(
    connection: Connection, account_ids: Sequence[str], switching: Collection[str] = ()
) -> dict[str, Restorable]:
    """Tell, for those accounts whose last disable was neither undone nor followed by an enable, what it did.

    Leavers are disabled too: by those rows of theirs that change an attribute in `switching` (in lower case); others
    are of the people whom leavers managed.
    """
    found: dict[str, Restorable] = {}
    for start in range(0, len(account_ids), _AT_ONCE):
        for account, deeds in _deeds(connection, account_ids[start : start + _AT_ONCE]).items():
            restorable = _joined(_in_force(deeds, switching))
            if restorable:
                found[account] = restorable
    return found


def _deeds(connection: Connection, account_ids: Sequence[str]) -> dict[str, list[_Deed]]:
    """Give what was written for each account, newest first."""
    planned, written, opened, last = EVENTS.alias(), EVENTS.alias(), EVENTS.alias(), EVENTS.alias()
    # What was planned last is what was written: a batch that waited may have been planned anew.
    latest = select(func.max(last.c.seq)).where(
        last.c.batch == planned.c.batch, last.c.row == planned.c.row, last.c.account.is_not(None)
    )
    query = (
        select(planned.c.seq, planned.c.account, planned.c.batch)
        .add_columns(opened.c.seq.label("opening"), opened.c.body, IMAGES.c.body.label("private"))
        .add_columns(written.c.at.label("at"))
        .join(written, (written.c.batch == planned.c.batch) & (written.c.row == planned.c.row))
        .join(opened, (opened.c.batch == planned.c.batch) & (opened.c.kind == OPENED))
        .join(IMAGES, IMAGES.c.digest == planned.c.image)
        .where(planned.c.account.in_(account_ids), written.c.kind.in_(_WRITTEN))
        .where(planned.c.seq == latest.scalar_subquery())
        .order_by(written.c.seq.desc())
    )
    deeds: dict[str, list[_Deed]] = {}
    for record in connection.execute(query):
        deeds.setdefault(record.account, []).append(_deed(record))
    return deeds


def _deed(record: Any) -> _Deed:
    with naming(record.opening):
        body = json.loads(record.body)
        task, undoes = str(body["task"]), body["undoes"]
    with naming(record.seq):
        private = read_private(record.private) or {}
        before = read_values(private["before"])
        changes = read_changes(private["changes"])
    left = tuple(applied(changes, values, Rule.EXACT) for values in before)
    return _Deed(record.batch, task, undoes, before, left, datetime.fromisoformat(record.at))


def _in_force(deeds: Iterable[_Deed], switching: Collection[str]) -> list[_Deed]:
    """Give the disables since the account was last enabled, newest first, without those that were undone."""
    undone: set[str] = set()
    disables: list[_Deed] = []
    for deed in deeds:
        if deed.batch in undone:
            continue
        if deed.undoes:
            undone.add(deed.undoes)
        elif deed.task == ENABLE:
            break
        elif deed.task == DISABLE or (deed.task == LEAVER and deed.changes_any(switching)):
            disables.append(deed)
    return disables


def _joined(disables: Sequence[_Deed]) -> Restorable | None:
    """Reach back from the last disable to what the first one found, where nobody wrote in between."""
    if not disables:
        return None
    before: dict[str, Values] = {}
    left: dict[str, Values] = {}
    for deed in disables:
        for was, became in zip(deed.before, deed.left, strict=True):
            if was.attribute not in before:
                before[was.attribute], left[was.attribute] = was, became
            elif set(before[was.attribute].values) == set(became.values):
                before[was.attribute] = was
    return Restorable(disables[0].batch, tuple(before.values()), tuple(left.values()), disables[-1].at)
