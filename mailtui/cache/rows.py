"""Records turned into rows of the cache, and back: the one place that knows which column holds what."""

import json
import marshal
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from functools import lru_cache
from hashlib import blake2b
from operator import attrgetter
from typing import Any

from mailtui.cache.folding import fold, identifier_key, name_key, storable, stored_address_key
from mailtui.cache.keys import sort_key
from mailtui.cache.layout import UNLIMITED, from_stored, to_stored
from mailtui.domain import dn as names
from mailtui.domain.account import Delivery, Kind, Standing
from mailtui.domain.mirror import AccountRecord, GroupRecord

_TEXTS = ("id", "dn", "login", "name", "mail", "status", "department_number", "title", "employee_number", "phone",
          "manager_dn")  # fmt: skip
_PLAIN_RDN = re.compile(r"([A-Za-z][A-Za-z0-9-]*)=([^\s#+<>=,;\"\\\\][^+<>=,;\"\\\\]*)")
# How marshal writes what SQLite cannot hold; other bytes may look like it.
_SURROGATE = re.compile(b"\xed[\xa0-\xbf]")
_NOT_PLAIN = {"kind", "standing", "delivery", "expires", "last_login", "quota_as_of"}
_told = attrgetter(*(field.name for field in fields(AccountRecord) if field.name not in _NOT_PLAIN))


@dataclass(frozen=True, slots=True)
class AddressValue:
    """One address of an account as its table holds it."""

    kind: str
    place: int
    address: str
    key: str


def parent_dn(dn: str) -> str:
    """Give the DN of the entry above."""
    first, _comma, above = dn.partition(",")
    return above.strip() if _has_no_escapes(first) and ";" not in above else names.parent(dn)


def dn_key(dn: str) -> bytes:
    """Give the digest under which two spellings of one DN are equal."""
    return blake2b(_dn_text(dn).encode("utf-8", "surrogatepass"), digest_size=16).digest()


@lru_cache(maxsize=4096)
def shared_dn_key(dn: str) -> bytes:
    """Give the same for a DN that many entries name."""
    return dn_key(dn)


def _dn_text(dn: str) -> str:
    # Entries of one branch share all but their first RDN, and most of those are plain: only the rest is worth parsing.
    first, comma, above = dn.partition(",")
    plain = _PLAIN_RDN.fullmatch(first) if comma else None
    if plain:
        return f"{plain[1].casefold()}={' '.join(plain[2].casefold().split())},{names.key(above)}"
    return f"{names.key(first)},{names.key(above)}" if comma and _has_no_escapes(first) else names.key(dn)


def _has_no_escapes(text: str) -> bool:
    return "\\" not in text and '"' not in text and ";" not in text


def account_values(record: AccountRecord, as_of: datetime | None) -> dict[str, Any]:
    """Give the columns of an account but for its row, its unit, and what `using` adds."""
    row = account_row(record, to_stored(as_of))
    return dict(zip(ACCOUNT_COLUMNS, row, strict=True)) | {"sort_key": sort_key(storable(record.name))}


def account_row(record: AccountRecord, as_of: int | None) -> tuple[Any, ...]:
    """Give ACCOUNT_COLUMNS of an account."""
    moments = _moments(record)
    told = _written(record, moments)
    if _SURROGATE.search(told):
        record = _storable_record(record)
    limit, used, path = _size(record.quota_limit), _size(record.quota_used), record.department_path
    return (
        record.id,
        record.dn,
        dn_key(record.dn),
        record.login,
        identifier_key(record.login),
        record.name,
        name_key(record.name),
        record.mail,
        stored_address_key(record.mail) if record.mail else None,
        str(record.kind),
        str(record.standing),
        str(record.delivery) if record.delivery else None,
        record.status,
        path[-1] if path else None,
        _list(path),
        record.department_number,
        record.title,
        record.employee_number,
        (identifier_key(record.employee_number) or None) if record.employee_number else None,
        record.phone,
        record.manager_dn,
        shared_dn_key(record.manager_dn) if record.manager_dn else None,
        _list(record.services),
        *moments,
        UNLIMITED if limit == 0 else limit,
        used,
        as_of,
        _digest(told),
    )


ACCOUNT_COLUMNS = (
    "id", "dn", "dn_key", "login", "login_key", "name", "name_key", "mail", "mail_key", "kind", "standing",
    "delivery", "status", "department", "department_path", "department_number", "title", "employee_number",
    "employee_key", "phone", "manager_dn", "manager_key", "services", "expires", "own_last_login",
    "own_used_as_of", "limit_bytes", "own_used", "as_of", "digest",
)  # fmt: skip
"""The columns of an account but for its row and its unit, what its name is sorted by, and what `using` adds."""


def _storable_record(record: AccountRecord) -> AccountRecord:
    told: dict[str, Any] = {name: storable(text) for name in _TEXTS if (text := getattr(record, name)) is not None}
    told |= {name: tuple(map(storable, getattr(record, name))) for name in ("department_path", "services")}
    return replace(record, **told)


def _moments(record: AccountRecord) -> tuple[int | None, int | None, int | None]:
    return to_stored(record.expires), to_stored(record.last_login), to_stored(record.quota_as_of)


@lru_cache(maxsize=4096)
def _list(texts: tuple[str, ...]) -> str:
    return json.dumps(texts, ensure_ascii=False)


def _size(size: int | None) -> int | None:
    # What no mail store can mean (below zero) is unknown; what SQLite cannot count is as large as it can.
    return None if size is None or size < 0 else min(size, UNLIMITED - 1)


def digest(record: AccountRecord) -> bytes:
    """Give a digest of everything a record says: another one means that the account has changed."""
    return _digest(_written(record, _moments(record)))


def _digest(told: bytes) -> bytes:
    return blake2b(told, digest_size=16).digest()


def _written(record: AccountRecord, moments: tuple[int | None, ...]) -> bytes:
    delivery = str(record.delivery) if record.delivery else None
    # In this version of its format, marshal writes equal values alike.
    return marshal.dumps((_told(record), str(record.kind), str(record.standing), delivery, moments), 2)


def address_values(record: AccountRecord) -> list[AddressValue]:
    """Give every address of an account, each kind in its own order."""
    return [AddressValue(*values) for values in address_rows(record)]


def address_rows(record: AccountRecord) -> list[tuple[str, int, str, str]]:
    """Give the same as tuples."""
    of_kind = (("mail", (record.mail,) if record.mail else ()), ("alias", record.aliases), ("forward", record.forwards))
    return [
        (kind, place, storable(address), stored_address_key(address))
        for kind, addresses in of_kind
        for place, address in enumerate(addresses)
    ]


def group_values(record: GroupRecord) -> dict[str, Any]:
    """Give the columns of a group but for its row."""
    name = storable(record.name)
    description, posting = (None if text is None else storable(text) for text in (record.description, record.posting))
    return {
        "id": record.id, "dn": storable(record.dn), "dn_key": dn_key(record.dn), "name": name, "name_key": fold(name),
        "description": description, "posting": posting,
    }  # fmt: skip


def group_address_rows(record: GroupRecord) -> list[tuple[str, int, str, str]]:
    """Give kind, place, address and key of each address of a group."""
    of_kind = (("mail", (record.mail,) if record.mail else ()), ("alias", record.aliases))
    return [
        (kind, place, storable(address), stored_address_key(address))
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
        last_login=from_stored(row["own_last_login"]),
        quota_limit=0 if limit == UNLIMITED else limit,
        quota_used=row["own_used"],
        quota_as_of=from_stored(row["own_used_as_of"]),
    )
