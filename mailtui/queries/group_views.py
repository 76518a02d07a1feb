"""One group, whole: who is in it, who owns it, where it is in itself, and its mail."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from mailtui.domain.account import Reference
from mailtui.domain.group import Group, Member, MemberKind
from mailtui.queries.groups import worked_by
from mailtui.queries.mirror import Mirror
from mailtui.queries.nesting import groups_with

_GROUP = "SELECT row, id, dn, name, description, posting FROM directory_group WHERE id = :id"
_ADDRESSES = "SELECT kind, address FROM group_address WHERE group_row = :row ORDER BY kind DESC, place"
# Those whom the mirror does not hold come without an id.
_NAMED = (
    "SELECT m.role, 'account' AS kind, a.id, a.name, a.dn, a.login, a.mail, a.sort_key FROM membership m"
    " CROSS JOIN account a ON a.dn_key = m.dn_key WHERE m.group_row = :row"
    " UNION ALL"
    " SELECT m.role, 'group', g.id, g.name, g.dn, '', (SELECT address FROM group_address d"
    " WHERE d.group_row = g.row AND d.kind = 'mail'), g.name_key FROM membership m"
    " CROSS JOIN directory_group g ON g.dn_key = m.dn_key WHERE m.group_row = :row"
    " ORDER BY 1, 2 DESC, 8, 3"
)
_HELD = "SELECT role, count(*) AS number FROM membership WHERE group_row = :row GROUP BY role"


def group_whole(mirror: Mirror, group_id: str) -> Group | None:
    """Give everything the mirror knows of a group; None where there is none of that id.

    Members that are groups come first, then accounts, each in the order of names.
    """
    with mirror.snapshot():
        found = mirror.ask(_GROUP, {"id": group_id})
        return _whole(mirror, found[0]) if found else None


def _whole(mirror: Mirror, group: Mapping[str, Any]) -> Group:
    at = {"row": group["row"]}
    addresses = mirror.ask(_ADDRESSES, at)
    named = [(row["role"], _member(row)) for row in mirror.ask(_NAMED, at)]
    held = {row["role"]: row["number"] for row in mirror.ask(_HELD, at)}
    known = Counter(role for role, _one in named)
    direct, nested = groups_with(mirror, group["id"])
    return Group(
        group["id"], group["dn"], group["name"], group["description"] or "",
        mail=next((row["address"] for row in addresses if row["kind"] == "mail"), ""),
        aliases=tuple(row["address"] for row in addresses if row["kind"] == "alias"),
        # Nobody can write to a group without an address.
        posting=group["posting"] if addresses else None,
        owners=tuple(one for role, one in named if role == "owner"),
        members=tuple(one for role, one in named if role == "member"),
        unknown=max(0, held.get("member", 0) - known["member"]),
        groups=direct, nested=nested, works=worked_by(mirror, group["id"]),
    )  # fmt: skip


def _member(row: Mapping[str, Any]) -> Member:
    return Member(
        MemberKind(row["kind"]), Reference(row["id"], row["name"], row["dn"]), row["login"], row["mail"] or ""
    )
