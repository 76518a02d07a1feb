"""Groups in groups: what somebody is in through them, by however many steps; groups that are in each other end it."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from mailtui.domain.account import Reference
from mailtui.domain.group import Nested
from mailtui.queries.mirror import Mirror

_DIRECT = (
    "SELECT DISTINCT g.row, g.id, g.name, g.dn, g.name_key FROM"
    " (SELECT dn_key FROM account WHERE id = :id UNION SELECT dn_key FROM directory_group WHERE id = :id) own"
    " CROSS JOIN membership m ON m.dn_key = own.dn_key AND m.role = 'member'"
    " CROSS JOIN directory_group g ON g.row = m.group_row ORDER BY g.name_key, g.row"
)
_ABOVE = (
    "SELECT b.id AS by_id, b.name AS by_name, b.dn AS by_dn, g.row, g.id, g.name, g.dn, g.name_key"
    " FROM json_each(:rows) j CROSS JOIN directory_group b ON b.row = j.value"
    " CROSS JOIN membership m ON m.dn_key = b.dn_key AND m.role = 'member'"
    " CROSS JOIN directory_group g ON g.row = m.group_row ORDER BY b.name_key, b.row, g.name_key, g.row"
)
_NAMING = (
    "SELECT DISTINCT o.id, o.name_key, o.row FROM directory_group g CROSS JOIN membership m ON m.dn_key = g.dn_key"
    " CROSS JOIN directory_group o ON o.row = m.group_row WHERE g.id = :id AND o.id <> :id ORDER BY o.name_key, o.row"
)


def groups_with(mirror: Mirror, entry_id: str) -> tuple[tuple[Reference, ...], tuple[Nested, ...]]:
    """Give the groups that an account or a group is a member of, and those it is in through these.

    Each is told once, with the group by which it is reached in the fewest steps.
    """
    with mirror.snapshot():
        direct = mirror.ask(_DIRECT, {"id": entry_id})
        reached = {row["id"] for row in direct} | {entry_id}
        nested: list[Mapping[str, Any]] = []
        rows = [row["row"] for row in direct]
        while rows:
            further = {row["id"]: row for row in reversed(mirror.ask(_ABOVE, {"rows": json.dumps(rows)}))}
            new = [row for one, row in further.items() if one not in reached]
            reached |= {row["id"] for row in new}
            nested += new
            rows = [row["row"] for row in new]
    told = sorted(nested, key=lambda row: (row["name_key"], row["row"]))
    return tuple(map(_reference, direct)), tuple(map(_nested, told))


def nested_groups(mirror: Mirror, entry_id: str) -> tuple[Nested, ...]:
    """Give the groups that an account or a group is in only through others."""
    return groups_with(mirror, entry_id)[1]


def groups_naming(mirror: Mirror, group_id: str) -> Sequence[str]:
    """Give the ids of the groups that a group is a member or an owner of."""
    return [row["id"] for row in mirror.ask(_NAMING, {"id": group_id})]


def _reference(row: Mapping[str, Any]) -> Reference:
    return Reference(row["id"], row["name"], row["dn"])


def _nested(row: Mapping[str, Any]) -> Nested:
    return Nested(_reference(row), Reference(row["by_id"], row["by_name"], row["by_dn"]))
