"""Groups by what people call them, and the group whose members work a shared mailbox."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from mailtui.cache.folding import fold
from mailtui.domain import dn
from mailtui.domain.account import Kind, Reference
from mailtui.domain.group import GroupRoom
from mailtui.errors import Refused
from mailtui.queries.addresses import groups_at
from mailtui.queries.mirror import Mirror
from mailtui.texts import _

_NAMED = "SELECT id, name, dn FROM directory_group WHERE name_key = :name ORDER BY row"
_ALL = "SELECT id, name, dn FROM directory_group ORDER BY row"
# As `impact` has it: the group that bears the mailbox's log-in, its name or its address' local part.
_SEATS = (
    "SELECT g.id, g.name, g.dn FROM account s JOIN directory_group g ON g.name_key <> '' AND (g.name_key = s.login_key"
    " OR g.name_key = s.name_key OR substr(s.mail_key, 1, length(g.name_key) + 1) = g.name_key || '@')"
    " WHERE s.id = :id AND s.kind = 'shared' ORDER BY g.name_key <> s.login_key, g.row LIMIT 1"
)
_WORKED = (
    "SELECT s.id, s.name, s.dn FROM directory_group g JOIN account s ON s.kind = 'shared' AND g.name_key <> ''"
    " AND (s.login_key = g.name_key OR s.name_key = g.name_key"
    " OR substr(s.mail_key, 1, length(g.name_key) + 1) = g.name_key || '@')"
    " WHERE g.id = :id ORDER BY s.row LIMIT 1"
)

_BEARING = (
    "SELECT s.id, s.name, s.dn FROM account s WHERE s.kind = 'shared' AND :name <> '' AND (s.login_key = :name"
    " OR s.name_key = :name OR substr(s.mail_key, 1, length(:name) + 1) = :name || '@') ORDER BY s.row"
)
_PLACES = "SELECT dn FROM directory_group ORDER BY row LIMIT 1000"
_WORKING = (
    "SELECT count(*) AS number FROM directory_group g JOIN membership m ON m.group_row = g.row AND m.role = 'member'"
    " JOIN account a ON a.dn_key = m.dn_key WHERE g.id = :group AND a.standing IN ('active', 'locked')"
    " AND (a.expires IS NULL OR a.expires > :now)"
)
_NAMING = (
    "SELECT DISTINCT a.id AS account, g.id, g.name_key, g.row FROM json_each(:ids) j CROSS JOIN account a"
    " ON a.id = j.value CROSS JOIN membership m ON m.dn_key = a.dn_key JOIN directory_group g ON g.row = m.group_row"
    " ORDER BY g.name_key, g.row"
)


def group_named(mirror: Mirror, text: str) -> Reference:
    """Give the group of a name, whatever its case, of a DN, or of an address.

    Raises:
        Refused: There is none, or several bear the name.
    """
    found = [row for row in mirror.ask(_ALL, {}) if dn.key(row["dn"]) == dn.key(text)] if "=" in text else []
    found = found or list(mirror.ask(_NAMED, {"name": fold(text)}))
    addressed = {} if found else groups_at(mirror, [text])
    if addressed:
        return addressed[text]
    if not found:
        raise Refused(_("There is no group “{name}”").format(name=text), hint=_near(mirror, text))
    if len(found) > 1:
        said = _("Several groups are called “{name}”").format(name=text)
        raise Refused(said, hint=_("Give the DN: {dns}").format(dns="; ".join(row["dn"] for row in found)))
    return _reference(found[0])


def room_for(mirror: Mirror, name: str, base: str) -> GroupRoom:
    """Tell where a new group would be, and what bears its name already."""
    with mirror.snapshot():
        asked = {"name": fold(name)}
        called, mailboxes = mirror.ask(_NAMED, asked), mirror.ask(_BEARING, asked)
        return GroupRoom(groups_place(mirror, base), tuple(map(_reference, called)), tuple(map(_reference, mailboxes)))


def groups_place(mirror: Mirror, base: str) -> str:
    """Give the DN of the entry below which most groups are; the base where there are none."""
    parents = [dn.parent(row["dn"]) for row in mirror.ask(_PLACES, {})]
    return max(dict.fromkeys(parents), key=parents.count, default=base)


def groups_called(mirror: Mirror, names: Iterable[str]) -> dict[str, Reference]:
    """Give the groups of names, by these in lower case; names that none bears, or several, are left out."""
    found = {name.casefold(): list(mirror.ask(_NAMED, {"name": fold(name)})) for name in names}
    return {name: _reference(rows[0]) for name, rows in sorted(found.items()) if len(rows) == 1}


def _near(mirror: Mirror, text: str) -> str:
    names = [row["name"] for row in mirror.ask(_ALL, {})]
    near = get_close_matches(text, names, 3, 0.5)
    return _("Did you mean {names}?").format(names=", ".join(near)) if near else _("Name it as the directory does.")


def seats_named(mirror: Mirror, text: str) -> Reference:
    """Give the group whose members work the shared mailbox of an address or log-in.

    Raises:
        Refused: There is no such shared mailbox, or no such group.
    """
    mailboxes = [account for account in mirror.exact(text) if account.kind is Kind.SHARED]
    if len(mailboxes) != 1:
        raise Refused(
            _("“{name}” is no shared mailbox").format(name=text), hint=_("`find kind:shared` lists those there are.")
        )
    found = mirror.ask(_SEATS, {"id": mailboxes[0].id})
    if not found:
        raise Refused(
            _("Nobody can have a seat in {name}: it has no group").format(name=mailboxes[0].name),
            hint=_("Who works a mailbox is the group that bears its log-in."),
        )
    return _reference(found[0])


@dataclass(frozen=True, slots=True)
class Seats:
    """The group whose members work a shared mailbox, and how many of them can work."""

    group: Reference
    working: int


def seats_of(mirror: Mirror, account_id: str) -> Seats | None:
    """Tell who works a shared mailbox; None where no group says it."""
    found = mirror.ask(_SEATS, {"id": account_id})
    if not found:
        return None
    [counted] = mirror.ask(_WORKING, {"group": found[0]["id"]})
    return Seats(_reference(found[0]), counted["number"])


def groups_of(mirror: Mirror, ids: Sequence[str]) -> dict[str, list[str]]:
    """Give the ids of the groups that accounts are members or owners of, by account id."""
    found: dict[str, list[str]] = {}
    for row in mirror.ask(_NAMING, {"ids": json.dumps(list(ids))}):
        found.setdefault(row["account"], []).append(row["id"])
    return found


def worked_by(mirror: Mirror, group_id: str) -> Reference | None:
    """Give the shared mailbox that the members of a group work."""
    found = mirror.ask(_WORKED, {"id": group_id})
    return _reference(found[0]) if found else None


def _reference(row: Mapping[str, Any]) -> Reference:
    return Reference(row["id"], row["name"], row["dn"])
