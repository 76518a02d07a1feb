"""What depends on accounts that are about to be switched off, as far as the mirror can tell.

Whoever is switched off together counts as gone together; of the others only those who work (active or locked by failed
log-ins, not expired) can stand in for them.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from mailtui.domain.account import Reference
from mailtui.domain.plan import Facts
from mailtui.queries.mirror import Mirror
from mailtui.queries.staffing import staffing


def _works(alias: str) -> str:
    return f"{alias}.standing IN ('active', 'locked') AND ({alias}.expires IS NULL OR {alias}.expires > :now)"


_LEAVING = "(SELECT value FROM json_each(:ids))"
# Statements are put together from constants; values are bound.
_THEIRS = " FROM account a CROSS JOIN membership m ON m.dn_key = a.dn_key AND m.role = :role"
# Each group is looked at once, not once for each of its members who are leaving: all of thousands may be.
_ALONE_IN_GROUPS = (
    f"WITH touched AS (SELECT DISTINCT m.group_row{_THEIRS} WHERE a.id IN {_LEAVING}),"
    " alone AS (SELECT group_row FROM touched t WHERE NOT EXISTS ("
    " SELECT 1 FROM membership n CROSS JOIN account o ON o.dn_key = n.dn_key"
    f" WHERE n.group_row = t.group_row AND n.role = :role AND o.id NOT IN {_LEAVING} AND {_works('o')}))"
    f" SELECT a.id AS leaver, g.id, g.name, g.dn, g.row AS group_row{_THEIRS}"
    " CROSS JOIN directory_group g ON g.row = m.group_row"
    f" WHERE a.id IN {_LEAVING} AND m.group_row IN (SELECT group_row FROM alone) ORDER BY g.name_key, g.row"
)
# A shared mailbox is worked by the members of the group that bears its log-in, its name or its address' local part:
# no directory schema that we know says it otherwise.
_WORKED_BY = (
    "SELECT g.row AS group_row, s.id, s.name, s.dn FROM directory_group g CROSS JOIN account s ON s.kind = 'shared'"
    " AND (s.login_key = g.name_key OR s.name_key = g.name_key"
    " OR substr(s.mail_key, 1, length(g.name_key) + 1) = g.name_key || '@')"
    f" WHERE g.row IN (SELECT value FROM json_each(:groups)) AND g.name_key <> '' AND s.id NOT IN {_LEAVING}"
    f" AND {_works('s')} ORDER BY s.sort_key, s.row"
)
_FORWARDED = (
    "SELECT a.id AS leaver, f.id, f.name, f.dn FROM account a"
    " CROSS JOIN address own ON own.account_row = a.row AND own.kind <> 'forward'"
    " CROSS JOIN address target ON target.key = own.key AND target.kind = 'forward'"
    " CROSS JOIN account f ON f.row = target.account_row"
    f" WHERE a.id IN {_LEAVING} AND f.id NOT IN {_LEAVING} AND (({_works('f')}) OR f.delivery = 'redirect')"
    " GROUP BY a.id, f.row ORDER BY f.sort_key, f.row"
)
_MANAGED = (
    "SELECT a.id AS leaver, count(*) AS number FROM account a CROSS JOIN account r ON r.manager_key = a.dn_key"
    f" WHERE a.id IN {_LEAVING} AND r.id NOT IN {_LEAVING} AND {_works('r')} GROUP BY a.id"
)


_REPORTS = (
    "SELECT a.id AS manager, r.id FROM json_each(:ids) j CROSS JOIN account a ON a.id = j.value"
    " CROSS JOIN account r ON r.manager_key = a.dn_key ORDER BY r.sort_key, r.row"
)


def managed_by(mirror: Mirror, ids: Sequence[str]) -> dict[str, list[str]]:
    """Give the ids of all accounts whose manager is one of these, by the manager's id."""
    found: dict[str, list[str]] = {}
    for row in mirror.ask(_REPORTS, {"ids": json.dumps(list(ids))}):
        found.setdefault(row["manager"], []).append(row["id"])
    return found


def impact(mirror: Mirror, ids: Sequence[str]) -> Facts:
    """Gather what would be left without somebody if all of these accounts were switched off at once.

    A group whose members work a shared mailbox is told as a seat of that mailbox, not as a group.
    """
    with mirror.snapshot():
        return _facts(mirror, ids)


def _facts(mirror: Mirror, ids: Sequence[str]) -> Facts:
    values = {"ids": json.dumps(list(ids))}
    alone = mirror.ask(_ALONE_IN_GROUPS, {**values, "role": "member"})
    groups = json.dumps(sorted({row["group_row"] for row in alone}))
    mailboxes: dict[int, list[Reference]] = {}
    for row in mirror.ask(_WORKED_BY, {**values, "groups": groups}):
        mailboxes.setdefault(row["group_row"], []).append(_reference(row))
    return Facts(
        manages={row["leaver"]: row["number"] for row in mirror.ask(_MANAGED, values)},
        sole_owner_of=_by_leaver(mirror.ask(_ALONE_IN_GROUPS, {**values, "role": "owner"})),
        last_member_of=_by_leaver(row for row in alone if row["group_row"] not in mailboxes),
        last_seat_of=_collected(
            (row["leaver"], mailbox) for row in alone for mailbox in mailboxes.get(row["group_row"], ())
        ),
        forwarded_from=_by_leaver(mirror.ask(_FORWARDED, values)),
        staffing=staffing(mirror, ids),
    )


def _reference(row: Mapping[str, Any]) -> Reference:
    return Reference(row["id"], row["name"], row["dn"])


def _by_leaver(rows: Iterable[Mapping[str, Any]]) -> dict[str, tuple[Reference, ...]]:
    return _collected((row["leaver"], _reference(row)) for row in rows)


def _collected(pairs: Iterable[tuple[str, Reference]]) -> dict[str, tuple[Reference, ...]]:
    found: dict[str, dict[Reference, None]] = {}
    for leaver, reference in pairs:
        found.setdefault(leaver, {})[reference] = None
    return {leaver: tuple(references) for leaver, references in found.items()}
