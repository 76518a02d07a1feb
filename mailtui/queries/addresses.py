"""Who holds an address or a log-in already: nobody else can be given it."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from mailtui.cache.folding import identifier_key, stored_address_key
from mailtui.domain.account import Reference
from mailtui.queries.mirror import Mirror

_HELD = (
    "SELECT k.value AS key, d.kind, a.id, a.name, a.dn, a.sort_key, a.row FROM json_each(:keys) k"
    " CROSS JOIN address d ON d.key = k.value CROSS JOIN account a ON a.row = d.account_row"
    " UNION ALL"
    " SELECT k.value, 'login', a.id, a.name, a.dn, a.sort_key, a.row FROM json_each(:keys) k"
    " CROSS JOIN account a ON a.login_key = k.value"
    " ORDER BY 1, 6, 7, 2"
)

_HELD_BY_GROUPS = (
    "SELECT k.value AS key, g.id, g.name, g.dn FROM json_each(:keys) k CROSS JOIN group_address d ON d.key = k.value"
    " CROSS JOIN directory_group g ON g.row = d.group_row ORDER BY 1, g.row DESC"
)


class Held(StrEnum):
    """What an account has an address or a log-in as."""

    MAIL = "mail"
    ALIAS = "alias"
    FORWARD = "forward"
    LOGIN = "login"


@dataclass(frozen=True, slots=True)
class Holder:
    """An account that holds a key."""

    account: Reference
    held: Held


def holders(mirror: Mirror, keys: Iterable[str]) -> dict[str, tuple[Holder, ...]]:
    """Give the accounts that hold addresses or log-ins, by these as they were asked; what is free is left out.

    An address that somebody's mail is only forwarded to is held too: whoever got it would get that mail.
    """
    asked = {key: _key(key) for key in keys}
    found: dict[str, list[Holder]] = {}
    for row in mirror.ask(_HELD, {"keys": json.dumps(sorted(set(asked.values()) - {""}))}):
        holder = Holder(Reference(row["id"], row["name"], row["dn"]), Held(row["kind"]))
        found.setdefault(row["key"], []).append(holder)
    return {key: tuple(found[stored]) for key, stored in asked.items() if stored in found}


def taken(mirror: Mirror, keys: Iterable[str]) -> set[str]:
    """Tell which of these addresses and log-ins anybody holds, a group included."""
    keys = list(keys)
    with mirror.snapshot():
        return {*holders(mirror, keys), *groups_at(mirror, keys)}


def groups_at(mirror: Mirror, addresses: Iterable[str]) -> dict[str, Reference]:
    """Give the groups that have addresses, by these as they were asked."""
    asked = {address: _key(address) for address in addresses if "@" in address}
    rows = mirror.ask(_HELD_BY_GROUPS, {"keys": json.dumps(sorted(set(asked.values())))}) if asked else []
    found = {row["key"]: Reference(row["id"], row["name"], row["dn"]) for row in rows}
    return {address: found[stored] for address, stored in asked.items() if stored in found}


def _key(text: str) -> str:
    return stored_address_key(text) if "@" in text else identifier_key(text)
