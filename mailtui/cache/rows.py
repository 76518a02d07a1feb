"""Records turned into rows of the cache, and back: the one place that knows which column holds what."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from functools import lru_cache
from hashlib import blake2b
from operator import attrgetter
from typing import Any

from mailtui.cache.folding import identifier_key, name_key, storable, stored_address_key
from mailtui.cache.keys import sort_key
from mailtui.cache.layout import UNLIMITED, from_stored, to_stored
from mailtui.domain import dn as names
from mailtui.domain.account import Delivery, Kind, Standing
from mailtui.domain.mirror import AccountRecord
from mailtui.domain.quota import Quota

_TEXTS = ("id", "dn", "login", "name", "mail", "status", "department_number", "title", "employee_number", "phone",
          "manager_dn")  # fmt: skip
_PLAIN_RDN = re.compile(r"([A-Za-z][A-Za-z0-9-]*)=([^\s#+<>=,;\"\\\\][^+<>=,;\"\\\\]*)")
_everything = attrgetter(*(field.name for field in fields(AccountRecord)))


@dataclass(frozen=True, slots=True)
class AddressValue:
    """One address of an account as its table holds it."""

    kind: str
    place: int
    address: str
    key: str


def parent_dn(dn: str) -> str:
    """Give the DN of the entry above."""
    return dn.partition(",")[2].strip() if _has_no_escapes(dn) else names.parent(dn)


@lru_cache(maxsize=4096)
def dn_key(dn: str) -> bytes:
    """Give the digest under which two spellings of one DN are equal."""
    key = _dn_text(dn)
    return blake2b(key.encode("utf-8", "surrogatepass"), digest_size=16).digest()


def _dn_text(dn: str) -> str:
    # Entries of one branch share all but their first RDN, and most RDNs are plain: only the rest is worth parsing.
    first, comma, above = dn.partition(",")
    if not comma or not _has_no_escapes(dn):
        return names.key(dn)
    plain = _PLAIN_RDN.fullmatch(first)
    own = f"{plain[1].casefold()}={' '.join(plain[2].casefold().split())}" if plain else names.key(first)
    return f"{own},{names.key(above)}"


def _has_no_escapes(dn: str) -> bool:
    return "\\" not in dn and '"' not in dn and ";" not in dn


def account_values(record: AccountRecord, as_of: datetime | None) -> dict[str, Any]:
    """Give the columns of an account but for its row and its unit."""
    limit, used = _size(record.quota_limit), _size(record.quota_used)
    text = {name: _text(getattr(record, name)) for name in _TEXTS}
    path = tuple(storable(name) for name in record.department_path)
    return text | {
        "dn_key": dn_key(record.dn),
        "login_key": identifier_key(text["login"] or ""),
        "name_key": name_key(text["name"] or ""),
        "sort_key": sort_key(text["name"] or ""),
        "mail_key": stored_address_key(record.mail) if record.mail else None,
        "kind": record.kind.value,
        "standing": record.standing.value,
        "delivery": record.delivery.value if record.delivery else None,
        "department": path[-1] if path else None,
        "department_path": _list(path),
        "employee_key": identifier_key(text["employee_number"] or "") or None,
        "manager_key": dn_key(record.manager_dn) if record.manager_dn else None,
        "services": _list(tuple(storable(name) for name in record.services)),
        "expires": to_stored(record.expires),
        "last_login": to_stored(record.last_login),
        "limit_bytes": UNLIMITED if limit == 0 else limit,
        "used_bytes": used,
        "used_as_of": to_stored(record.quota_as_of),
        "percent": Quota(limit_bytes=limit or None, used_bytes=used).percent,
        "as_of": to_stored(as_of),
        "digest": digest(record),
    }


@lru_cache(maxsize=4096)
def _list(texts: tuple[str, ...]) -> str:
    return json.dumps(texts, ensure_ascii=False)


def _text(text: str | None) -> str | None:
    return None if text is None else storable(text)


def _size(size: int | None) -> int | None:
    # What no mail store can mean (below zero) is unknown; what SQLite cannot count is as large as it can.
    return None if size is None or size < 0 else min(size, UNLIMITED - 1)


def digest(record: AccountRecord) -> bytes:
    """Give a digest of everything a record says: another one means that the account has changed."""
    values = repr(_everything(record))
    return blake2b(values.encode("utf-8", "surrogatepass"), digest_size=16).digest()


def address_values(record: AccountRecord) -> list[AddressValue]:
    """Give every address of an account, each kind in its own order."""
    of_kind = (("mail", (record.mail,) if record.mail else ()), ("alias", record.aliases), ("forward", record.forwards))
    return [
        AddressValue(kind, place, storable(address), stored_address_key(address))
        for kind, addresses in of_kind
        for place, address in enumerate(addresses)
    ]


def own_domains(addresses: Sequence[AddressValue]) -> set[str]:
    """Give the mail domains in which an account receives."""
    return {a.key.rpartition("@")[2] for a in addresses if a.kind != "forward" and "@" in a.key}


def stored_record(row: Mapping[str, Any], addresses: Sequence[AddressValue]) -> AccountRecord:
    """Give the record that a row was made from; texts are as they were stored."""
    limit = row["limit_bytes"]
    return AccountRecord(
        **{name: row[name] for name in _TEXTS},
        kind=Kind(row["kind"]),
        standing=Standing(row["standing"]),
        delivery=Delivery(row["delivery"]) if row["delivery"] else None,
        aliases=tuple(a.address for a in addresses if a.kind == "alias"),
        forwards=tuple(a.address for a in addresses if a.kind == "forward"),
        department_path=tuple(json.loads(row["department_path"])),
        services=tuple(json.loads(row["services"])),
        expires=from_stored(row["expires"]),
        last_login=from_stored(row["last_login"]),
        quota_limit=0 if limit == UNLIMITED else limit,
        quota_used=row["used_bytes"],
        quota_as_of=from_stored(row["used_as_of"]),
    )
