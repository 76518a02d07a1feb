"""Records as a sync would make them, and a cache filled with them."""

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from mailtui.cache.writing import Cache
from mailtui.domain.account import Kind, Standing
from mailtui.domain.dn import join, units
from mailtui.domain.mirror import AccountRecord, GroupRecord, Record, SyncCounts, UnitRecord

BASE = "dc=example,dc=com"
PEOPLE = f"ou=people,{BASE}"
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


def person(login: str, name: str = "", *, below: str = PEOPLE, **values: Any) -> AccountRecord:
    """An active person with an address made of the log-in."""
    dn = join("uid", login, below)
    known: dict[str, Any] = {
        "id": f"id-{login}",
        "dn": dn,
        "login": login,
        "name": name or login,
        "mail": f"{login}@example.com",
        "kind": Kind.PERSON,
        "standing": Standing.ACTIVE,
        "department_path": units(dn, BASE),
    }
    return AccountRecord(**known | values)


def unit(name: str, below: str = BASE) -> UnitRecord:
    """A unit; its id is made of its DN."""
    dn = join("ou", name, below)
    return UnitRecord(f"id-{dn}", dn, name)


def group(name: str, members: Iterable[AccountRecord | str] = (), owners: Iterable[AccountRecord] = ()) -> GroupRecord:
    """A group of accounts or DNs."""
    dns = tuple(member if isinstance(member, str) else member.dn for member in members)
    return GroupRecord(f"id-{name}", f"cn={name},ou=groups,{BASE}", name, dns, tuple(owner.dn for owner in owners))


def load(path: Path, records: Iterable[Record], as_of: datetime = NOW) -> SyncCounts:
    """Fill the cache with exactly these records."""
    cache = Cache(path)
    try:
        with cache.stage() as staging:
            staging.add(records)
            return staging.commit(as_of, cursor="timestamp", base=BASE)
    finally:
        cache.close()
