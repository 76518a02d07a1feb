"""The JSON that commands print; its keys are a contract."""

import base64
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from mailtui.domain.account import Account, Reference
from mailtui.domain.allocation import Allocation, What, departures
from mailtui.domain.batch import Batch, BatchRow, BatchState, RowState
from mailtui.domain.change import Change
from mailtui.domain.outlook import Outlook
from mailtui.domain.plan import Plan
from mailtui.domain.policy import UNLIMITED
from mailtui.errors import MailtuiError

Shape = dict[str, Any]


def moment(time: datetime | None) -> str | None:
    """Write a time as RFC 3339 in UTC."""
    return time.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if time else None


def account(account: Account) -> Shape:
    """Give everything known of an account; null where it is unknown."""
    quota = account.quota
    return {
        "id": account.id, "login": account.login, "name": account.name, "mail": account.mail,
        "aliases": list(account.aliases), "forwards": list(account.forwards), "kind": account.kind.value,
        "profile": account.profile, "department": account.department, "department_path": list(account.department_path),
        "department_number": account.department_number, "title": account.title,
        "employee_number": account.employee_number, "phone": account.phone,
        "manager": reference(account.manager) if account.manager else None,
        "standing": account.standing.value, "delivery": account.delivery.value if account.delivery else None,
        "services": list(account.services), "expires": moment(account.expires),
        "quota": {
            "limit_bytes": quota.limit_bytes, "unlimited": quota.unlimited, "used_bytes": quota.used_bytes,
            "percent": quota.percent, "as_of": moment(quota.as_of), "source": quota.source,
            "messages": quota.messages, "default_bytes": quota.default_bytes,
        },
        "growth": growth(account.outlook) if account.outlook else None,
        "last_login": moment(account.last_login), "never_logged_in": account.is_unused,
        "groups": [reference(group) for group in account.groups],
        "dn": account.dn, "as_of": moment(account.as_of),
    }  # fmt: skip


def growth(outlook: Outlook) -> Shape:
    """Give how a mailbox grows, and when it will be full or why that is not told."""
    days = outlook.full
    full = dict(zip(("early", "likely", "late"), (day.isoformat() for day in days), strict=True)) if days else None
    return {
        "last_week_bytes": outlook.last_week, "pace_bytes_a_week": outlook.pace, "full": full,
        "reason": outlook.reason.value if outlook.reason else None,
    }  # fmt: skip


def reference(reference: Reference) -> Shape:
    """Give what an entry is called."""
    return {"id": reference.id, "name": reference.name, "dn": reference.dn}


def allotted(held: Account, allocation: Allocation) -> Shape:
    """Give an account with what its rules allot to it, and where it departs from that."""
    rules = [
        {"what": what.value, "value": _allotted_value(what, given.value), "rule": given.rule}
        for what, given in allocation.rules
    ]
    departed = [
        {"what": departure.what.value, "rule": departure.rule, "sentence": departure.sentence}
        for departure in departures(held, allocation)
    ]
    told = {"profile": allocation.profile, "rules": rules, "departures": departed}
    return {**account(held), "allocation": told}


def _allotted_value(what: What, value: Any) -> Any:
    if what is What.QUOTA and value == UNLIMITED:
        return "unlimited"
    return list(value) if isinstance(value, tuple) else value


def batch(batch: Batch, *, rows: bool = True) -> Shape:
    """Give a batch, with or without its rows."""
    shape: Shape = {
        "batch": batch.id, "state": batch.state.value, "task": batch.task, "ticket": batch.ticket or None,
        "reason": batch.reason or None, "operator": batch.operator, "started": moment(batch.started),
        "ended": moment(batch.ended), "undoes": batch.undoes, "undone_by": batch.undone_by,
        "runner_pid": batch.runner_pid, "paused": batch.is_paused,
    }  # fmt: skip
    if rows:
        shape["rows"] = [_row(row) for row in batch.rows]
    return {**shape, "counts": _counts(batch.counts), "warnings": list(batch.warnings)}


def plan(plan: Plan, operator: str) -> Shape:
    """Give a plan in the shape of the batch it would be."""
    rows = [
        {"id": row.account_id, "login": row.login, "name": row.name, "dn": row.dn, "result": RowState.PLANNED.value,
         "detail": row.skip or row.conflict, "changes": _changes(row.changes)}
        for row in plan.rows
    ]  # fmt: skip
    return {
        "batch": None, "state": BatchState.PLANNED.value, "task": plan.task, "ticket": plan.ticket or None,
        "reason": plan.reason or None, "operator": operator, "started": None, "ended": None, "undoes": plan.undoes,
        "undone_by": None, "runner_pid": None, "rows": rows, "counts": _counts({RowState.PLANNED: len(rows)}),
        "warnings": [caution.text for caution in plan.warnings],
    }  # fmt: skip


def _row(row: BatchRow) -> Shape:
    return {
        "id": row.account_id, "login": row.login, "name": row.name, "dn": row.dn, "result": row.state.value,
        "detail": row.detail, "changes": _changes(row.changes),
    }  # fmt: skip


def _counts(counts: Any) -> Shape:
    return {state.value: counts.get(state, 0) for state in RowState}


def _changes(changes: Iterable[Change]) -> list[Shape]:
    return [
        {"attribute": c.attribute, "remove": _raw_values(c.remove), "add": _raw_values(c.add)} for c in changes
    ]  # fmt: skip


def _raw_values(values: Sequence[bytes]) -> list[Any]:
    return [_raw_value(value) for value in values]


def _raw_value(value: bytes) -> str | Shape:
    """Give a value as text, or what is no text in base64."""
    try:
        return value.decode()
    except UnicodeDecodeError:
        return {"base64": base64.b64encode(value).decode()}


def refusal(error: MailtuiError) -> Shape:
    """Give a failure, with the rows of a list that could not be matched."""
    return {
        "error": {"code": error.code, "message": error.message, "hint": error.hint},
        "rows": getattr(error, "rows", []),
    }
