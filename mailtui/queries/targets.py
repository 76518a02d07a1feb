"""Accounts as a plan starts from them, where only the mirror can be asked."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from mailtui.domain.plan import GroupTarget, Target
from mailtui.domain.rules import encode_time

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from mailtui.domain.account import Account, Reference
    from mailtui.domain.schema import Schema
    from mailtui.queries.mirror import Mirror

_STATUSES = "SELECT a.id, a.status FROM json_each(:ids) j JOIN account a ON a.id = j.value"


def mirrored_targets(mirror: Mirror, ids: Sequence[str], schema: Schema) -> dict[str, Target]:
    """Give accounts by id with the values that their entries had when they were mirrored, as far as the mirror tells.

    Those that are not there are left out.
    """
    with mirror.snapshot():
        accounts = mirror.by_ids(ids)
        statuses = {row["id"]: row["status"] for row in mirror.ask(_STATUSES, {"ids": json.dumps(list(ids))})}
    return {one.id: Target(one, _values(one, statuses[one.id], schema)) for one in accounts}


def mirrored_groups(
    groups: Mapping[str, Reference], accounts: Sequence[Account], schema: Schema
) -> dict[str, GroupTarget]:
    """Give groups with those members alone that are among accounts; by whatever they are given by."""
    members: dict[str | None, list[bytes]] = {}
    for account in accounts:
        for group in account.groups:
            members.setdefault(group.id, []).append(account.dn.encode("utf-8", "surrogateescape"))
    return {
        name: GroupTarget(group.id or "", group.dn, group.name, {schema.group.member: tuple(members.get(group.id, ()))})
        for name, group in groups.items()
    }


def _values(account: Account, status: str | None, schema: Schema) -> Mapping[str, tuple[bytes, ...]]:
    names, quota = schema.account, account.quota
    limit = "0" if quota.unlimited else None if quota.limit_bytes is None else str(quota.limit_bytes)
    told: dict[str, Sequence[str | None]] = {
        names.status: [status],
        names.name[0]: [account.name],
        names.mail: [account.mail],
        names.forwards: account.forwards,
        names.aliases: account.aliases,
        names.employee_number: [account.employee_number],
        names.title: [account.title],
        names.phone: [account.phone],
        names.manager: [account.manager.dn if account.manager else None],
        names.services: account.services,
        names.expires: [encode_time(account.expires).decode() if account.expires else None],
        names.quota_limit: [limit],
    }
    return {
        name: tuple(value.encode("utf-8", "surrogateescape") for value in values if value is not None)
        for name, values in told.items()
        if name
    }
