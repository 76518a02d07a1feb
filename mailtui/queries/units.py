"""Org units by what people call them, and what is in one by the mirror."""

import json
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import Any

from mailtui.cache.folding import fold
from mailtui.domain import dn
from mailtui.domain.account import Account, Reference
from mailtui.errors import Refused
from mailtui.queries.mirror import Mirror
from mailtui.queries.views import View
from mailtui.texts import _

_ALL = "SELECT id, name, dn FROM org_unit ORDER BY row"
_BASE = "SELECT base FROM sync_state"
_BELOW = (
    "WITH RECURSIVE below(row) AS (SELECT row FROM org_unit WHERE id = :id"
    " UNION SELECT u.row FROM org_unit u JOIN below ON u.parent_row = below.row)"
)
# Members and owners are kept as digests of their DNs: those of accounts, groups and units are known, no others.
_NAMING_ACCOUNTS = (
    f"{_BELOW} SELECT DISTINCT g.id FROM below CROSS JOIN account a ON a.unit_row = below.row"
    " CROSS JOIN membership m ON m.dn_key = a.dn_key JOIN directory_group g ON g.row = m.group_row"
)
_NAMING_UNITS = (
    f"{_BELOW} SELECT DISTINCT g.id FROM below CROSS JOIN org_unit u ON u.row = below.row"
    " CROSS JOIN membership m ON m.dn_key = u.dn_key JOIN directory_group g ON g.row = m.group_row"
)
_NAMING_GROUPS = (
    "SELECT DISTINCT g.id FROM json_each(:ids) j CROSS JOIN directory_group i ON i.id = j.value"
    " CROSS JOIN membership m ON m.dn_key = i.dn_key JOIN directory_group g ON g.row = m.group_row"
)
_GROUPS = "SELECT id, dn FROM directory_group"
_MANAGERS = "SELECT DISTINCT manager_dn FROM account WHERE manager_dn IS NOT NULL"
_MANAGED = "SELECT id FROM account WHERE manager_dn IN (SELECT value FROM json_each(:dns)) ORDER BY sort_key, row"
_ABOVE = (
    "WITH RECURSIVE above(row, depth) AS (SELECT row, 0 FROM org_unit WHERE id = :id"
    " UNION SELECT u.parent_row, depth + 1 FROM org_unit u JOIN above ON u.row = above.row WHERE depth < 1000)"
    " SELECT u.id FROM above JOIN org_unit u ON u.row = above.row ORDER BY depth DESC"
)


def unit_named(mirror: Mirror, text: str) -> Reference:
    """Give the org unit of a name, of a path such as `Research/Labs`, or of a DN; case does not matter.

    Raises:
        Refused: There is none, or several are called so.
    """
    rows = mirror.ask(_ALL, {})
    found = [row for row in rows if "=" in text and dn.key(row["dn"]) == dn.key(text)]
    if not found:
        # A name may hold what parts the names of a path, or a DN.
        paths = ([fold(text)], [fold(part) for part in text.split("/") if part.strip()])
        found = [row for row in rows if any(path and _path(row["dn"])[-len(path) :] == path for path in paths)]
    if not found:
        near = get_close_matches(text, [row["name"] for row in rows], 3, 0.5)
        hint = (
            _("Did you mean {names}?").format(names=", ".join(near))
            if near
            else _("Give its name, its path such as Research/Labs, or its DN.")
        )
        raise Refused(_("There is no org unit “{name}”").format(name=text), hint=hint)
    if len(found) > 1:
        said = _("Several org units are called “{name}”").format(name=text)
        raise Refused(said, hint=_("Give its path or DN: {dns}").format(dns="; ".join(row["dn"] for row in found)))
    return Reference(found[0]["id"], found[0]["name"], found[0]["dn"])


def place_named(mirror: Mirror, text: str) -> Reference:
    """Give where units may be: one of a name, path or DN, or the base, by its DN or by nothing.

    Raises:
        Refused: There is none, or several are called so.
    """
    base = base_of(mirror)
    return base if not text or dn.key(text) == dn.key(base.dn) else unit_named(mirror, text)


def base_of(mirror: Mirror) -> Reference:
    """Give the entry that all units are below: no unit of the tree, and without an id."""
    base = mirror.ask(_BASE, {})[0]["base"]
    return Reference(None, base, base)


def _path(unit_dn: str) -> list[str]:
    return [fold(name) for name in dn.units(dn.join("cn", "any", unit_dn), "")]


def accounts_in(mirror: Mirror, unit_id: str) -> tuple[Account, ...]:
    """Give the accounts in a unit and below."""
    return tuple(mirror.by_rows(mirror.hits(View(unit=unit_id)).rows))


def entry_in(mirror: Mirror, unit_id: str, unit_dn: str) -> str:
    """Name a unit, a group or an account that is below a unit; empty where there is none."""
    units = [row["name"] for row in mirror.ask(_ALL, {}) if _is_inside(row, unit_dn)]
    groups = [row["dn"] for row in mirror.ask(_GROUPS, {}) if _is_inside(row, unit_dn)]
    accounts = mirror.accounts(View(unit=unit_id), 1)
    return next(iter([*units, *(account.name for account in accounts), *groups]), "")


def naming_what_is_in(mirror: Mirror, unit_id: str, unit_dn: str) -> tuple[list[str], list[str]]:
    """Give the ids of the groups that name a unit, or anything mirrored in it, and those whose managers are there."""
    with mirror.snapshot():
        inside = [row["id"] for row in mirror.ask(_GROUPS, {}) if _is_inside(row, unit_dn)]
        found = [
            *mirror.ask(_NAMING_ACCOUNTS, {"id": unit_id}),
            *mirror.ask(_NAMING_UNITS, {"id": unit_id}),
            *mirror.ask(_NAMING_GROUPS, {"ids": json.dumps(inside)}),
        ]
        managers = [row["manager_dn"] for row in mirror.ask(_MANAGERS, {})]
        theirs = json.dumps([one for one in managers if dn.is_below(one, unit_dn)])
        managed = _ids(mirror.ask(_MANAGED, {"dns": theirs}))
    return sorted(dict.fromkeys(_ids(found))), managed


def path_to(mirror: Mirror, unit_id: str) -> list[str]:
    """Give the ids of the units from the top down to one, that one included; none where it is not there."""
    return _ids(mirror.ask(_ABOVE, {"id": unit_id}))


def _is_inside(row: Mapping[str, Any], unit_dn: str) -> bool:
    return dn.is_below(row["dn"], unit_dn) and dn.key(row["dn"]) != dn.key(unit_dn)


def _ids(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    return [row["id"] for row in rows]
