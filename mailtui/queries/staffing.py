"""Who works which shared mailbox: the members of the group that bears its log-in, its name or its local part."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from mailtui.domain.account import Account, Kind, Reference
from mailtui.domain.allocation import allocation, least_seats
from mailtui.domain.staffing import Staffing
from mailtui.queries.groups import Seats, seats_of
from mailtui.queries.mirror import Mirror
from mailtui.queries.staff_views import Seat, Staff, Work

_CAN_WORK = "a.standing IN ('active', 'locked') AND (a.expires IS NULL OR a.expires > :now)"
# Each of the three ways has an index; the kind has one too, of no use where thousands of mailboxes are shared.
_OF_THEIR_GROUPS = (
    "SELECT DISTINCT s.id, g.id AS group_id FROM directory_group g CROSS JOIN account s ON"
    " (s.login_key = g.name_key OR s.name_key = g.name_key"
    " OR (s.mail_key >= g.name_key || '@' AND s.mail_key < g.name_key || 'A')) AND +s.kind = 'shared'"
    " WHERE g.row IN (SELECT m.group_row FROM json_each(:ids) j CROSS JOIN account l ON l.id = j.value"
    " CROSS JOIN membership m ON m.dn_key = l.dn_key AND m.role = 'member')"
    " AND g.name_key <> '' ORDER BY s.sort_key, s.row"
)
_AT_WORK = (
    "SELECT a.id FROM directory_group g CROSS JOIN membership m ON m.group_row = g.row AND m.role = 'member'"
    f" CROSS JOIN account a ON a.dn_key = m.dn_key WHERE g.id = :group AND {_CAN_WORK}"
    " AND a.id IN (SELECT value FROM json_each(:ids)) ORDER BY a.row"
)
_MEMBERS = (
    f"SELECT DISTINCT a.row, a.sort_key, {_CAN_WORK} AS works FROM directory_group g"
    " CROSS JOIN membership m ON m.group_row = g.row AND m.role = 'member' CROSS JOIN account a ON a.dn_key = m.dn_key"
    " WHERE g.id = :group ORDER BY works DESC, a.sort_key, a.row"
)
_OWNED = (
    "SELECT DISTINCT g.id, g.name, g.dn, g.name_key, g.row FROM account a CROSS JOIN membership m"
    " ON m.dn_key = a.dn_key AND m.role = 'owner' JOIN directory_group g ON g.row = m.group_row"
    " WHERE a.id = :id ORDER BY g.name_key, g.row"
)


def staffing(mirror: Mirror, ids: Sequence[str]) -> tuple[Staffing, ...]:
    """Tell how the shared mailboxes that some accounts work are staffed, and without those of them who can work."""
    them = json.dumps(list(ids))
    with mirror.snapshot():
        return tuple(
            Staffing(
                Reference(mailbox.id, mailbox.name, mailbox.dn), held.group.id or "", held.working,
                tuple(row["id"] for row in found), *_least(mirror, mailbox),
            )
            for mailbox, held in _worked(mirror, them)
            if (found := mirror.ask(_AT_WORK, {"ids": them, "group": held.group.id}))
        )  # fmt: skip


def seats_told(mirror: Mirror, account: Account) -> Staff | Work:
    """Tell who works a shared mailbox, or what anybody else works."""
    return staff_of(mirror, account) if account.kind is Kind.SHARED else work_of(mirror, account)


def staff_of(mirror: Mirror, mailbox: Account) -> Staff:
    """Tell who works a shared mailbox."""
    with mirror.snapshot():
        held = seats_of(mirror, mailbox.id)
        found = mirror.ask(_MEMBERS, {"group": held.group.id}) if held else []
        lines = {line.row: line for line in mirror.lines([row["row"] for row in found])}
    seats = tuple(Seat(lines[row["row"]], bool(row["works"])) for row in found if row["row"] in lines)
    return Staff(mailbox, held.group if held else None, seats, *_least(mirror, mailbox))


def work_of(mirror: Mirror, account: Account) -> Work:
    """Tell what somebody works and owns."""
    with mirror.snapshot():
        worked = _worked(mirror, json.dumps([account.id]))
        mailboxes = tuple(staff_of(mirror, mailbox) for mailbox, _held in worked)
        return Work(mailboxes, tuple(map(_reference, mirror.ask(_OWNED, {"id": account.id}))))


def _least(mirror: Mirror, mailbox: Account) -> tuple[int, str]:
    allotted = allocation(mailbox, mirror.policy)
    return least_seats(allotted), allotted.min_seats.rule if allotted.min_seats else ""


def _worked(mirror: Mirror, ids: str) -> list[tuple[Account, Seats]]:
    """Give the shared mailboxes that accounts work, each with its group and how many can work it.

    A mailbox has one group, though several may bear a name of its.
    """
    found = mirror.ask(_OF_THEIR_GROUPS, {"ids": ids})
    named = {(row["id"], row["group_id"]) for row in found}
    worked = []
    for mailbox in mirror.by_ids(list(dict.fromkeys(row["id"] for row in found))):
        held = seats_of(mirror, mailbox.id)
        if held and (mailbox.id, held.group.id) in named:
            worked.append((mailbox, held))
    return worked


def _reference(row: Mapping[str, Any]) -> Reference:
    return Reference(row["id"], row["name"], row["dn"])
