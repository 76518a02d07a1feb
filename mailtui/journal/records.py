"""How plans, rows and values are written into events and images, and read out of them again."""

import base64
import json
from collections.abc import Mapping, Sequence
from typing import Any

from mailtui.domain.batch import Closing, RowState
from mailtui.domain.change import Change, Values
from mailtui.domain.entries import Act, EntryKind
from mailtui.domain.operator import Operator
from mailtui.domain.plan import Plan, PlanRow
from mailtui.journal.chain import Draft

OPENED = "opened"
STARTED = "started"
ENDED = "ended"
NOTE = "note"
WISH = "wish"
SETTLED = "settled"
ROW_KINDS = tuple(state.value for state in RowState)

Json = Any


def opening(batch: str, plan: Plan, operator: Operator) -> list[Draft]:
    """Give the events of a new batch: what it is, each of its rows, and the end of those that change nothing."""
    head = Draft(
        batch,
        OPENED,
        body={
            "task": plan.task,
            "ticket": plan.ticket,
            "reason": plan.reason,
            "undoes": plan.undoes,
            **who(operator),
        },
        private={
            "title": plan.title,
            "warnings": [caution.text for caution in plan.warnings],
            "answers": dict(plan.answers),
        },
    )
    rows = [planned(batch, number, row) for number, row in enumerate(plan.rows, 1)]
    return [head, *rows, *idle(batch, dict(enumerate(plan.rows, 1)))]


def idle(batch: str, rows: Mapping[int, PlanRow]) -> list[Draft]:
    """Give the ends of those rows, by number, that change nothing."""
    return [closed(batch, closing) for number, row in rows.items() if (closing := _idle(number, row))]


def who(operator: Operator) -> dict[str, Json]:
    """Write who does something."""
    return {"operator": operator.name, "os_user": operator.os_user, "ssh_client": operator.ssh_client}


def planned(batch: str, number: int, row: PlanRow) -> Draft:
    """Give the event that plans a row, or plans it anew."""
    private = {
        "login": row.login,
        "name": row.name,
        "dn": row.dn,
        "changes": [_write_change(change) for change in row.changes],
        "before": [write_values(values) for values in row.before],
        **({} if row.kind is EntryKind.ACCOUNT else {"kind": row.kind}),
        **({"rests_on": row.rests_on} if row.rests_on else {}),
        **({} if row.act is Act.MODIFY else {"act": row.act, "new_dn": row.new_dn}),
    }
    return Draft(batch, RowState.PLANNED, row=number, account=row.account_id or None, private=private)


def _idle(number: int, row: PlanRow) -> Closing | None:
    if row.conflict:
        return Closing(number, RowState.CONFLICT, row.conflict)
    return Closing(number, RowState.SKIPPED, row.skip) if row.is_idle else None


def closed(batch: str, closing: Closing) -> Draft:
    """Give the event that ends a row."""
    private = {"detail": closing.detail, "found": [write_values(values) for values in closing.found]}
    kept = private if any(private.values()) else None
    return Draft(batch, closing.state, row=closing.number, account=closing.entry_id or None, private=kept)


def write_values(values: Values) -> Json:
    """Write the values of one attribute as JSON."""
    return [values.attribute, [_write(value) for value in values.values]]


def _write_change(change: Change) -> Json:
    return [change.attribute, [_write(value) for value in change.remove], [_write(value) for value in change.add]]


def _write(value: bytes) -> Json:
    try:
        return value.decode()
    except UnicodeDecodeError:
        return {"base64": base64.b64encode(value).decode()}


def read_private(text: str | None) -> Mapping[str, Json] | None:
    """Read an image; None once it was purged."""
    return None if text is None else json.loads(text)


def read_values(stored: Sequence[Json]) -> tuple[Values, ...]:
    """Read the values of attributes that `write_values` wrote."""
    return tuple(Values(attribute, _read_all(values)) for attribute, values in stored)


def read_changes(stored: Sequence[Json]) -> tuple[Change, ...]:
    """Read the changes of a row."""
    return tuple(Change(attribute, _read_all(remove), _read_all(add)) for attribute, remove, add in stored)


def _read_all(stored: Sequence[Json]) -> tuple[bytes, ...]:
    return tuple(base64.b64decode(v["base64"]) if isinstance(v, dict) else v.encode() for v in stored)
