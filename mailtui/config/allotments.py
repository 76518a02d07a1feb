"""The arrays `[[profiles]]` and `[[departments]]`: what accounts are allotted by position, need and org unit."""

from collections.abc import Iterator
from typing import Any

from mailtui.config.checking import known, table, tables, wrong
from mailtui.config.table_reader import TableReader, texts_of
from mailtui.domain.account import Delivery, Kind
from mailtui.domain.policy import Department, Profile
from mailtui.texts import _

PROFILE_KEYS = (
    "name", "when", "kind", "quota", "services", "groups", "protected", "naming", "delivery", "retention_days",
    "expires_days", "min_seats",
)  # fmt: skip
"""The keys of one of `[[profiles]]`."""
DEPARTMENT_KEYS = ("unit", "groups", "quota", "domain", "owner", "min_seats")
"""The keys of one of `[[departments]]`."""
CONDITIONS = ("title", "department", "department_number", "login", "mail", "kind", "name", "group")
"""The keys of `when`."""


def profiles(held: Any, source: str) -> Iterator[Profile]:
    """Give the profiles in the order of the file.

    Raises:
        ConfigError: A key or value cannot be taken.
    """
    for where, each in tables(held, source, "profiles"):
        known(each, PROFILE_KEYS, source, where)
        read = TableReader(each, source, where)
        kind, delivery = read.choice("kind", tuple(Kind)), read.choice("delivery", tuple(Delivery))
        yield Profile(
            read.needed("name", _("Give the profile a name.")),
            tuple(_when(each.get("when", {}), source, f"{where}.when")),
            read.quota(),
            protected=read.typed(bool, "protected") or False,
            kind=Kind(kind) if kind else None,
            services=tuple(name.strip().casefold() for name in read.names("services")),
            groups=read.names("groups"),
            naming=read.patterns(),
            delivery=Delivery(delivery) if delivery else None,
            retention_days=read.days("retention_days"),
            expires_days=read.days("expires_days"),
            min_seats=_seats(read, kind, source, where),
        )


def departments(held: Any, source: str) -> Iterator[Department]:
    """Give the departments in the order of the file.

    Raises:
        ConfigError: A key or value cannot be taken.
    """
    for where, each in tables(held, source, "departments"):
        known(each, DEPARTMENT_KEYS, source, where)
        read = TableReader(each, source, where)
        yield Department(
            read.needed("unit", _("Name a unit, or a path such as Research/Labs.")),
            groups=read.names("groups"),
            quota_bytes=read.quota(),
            domain=read.domain(),
            owner=read.typed(str, "owner") or "",
            min_seats=_seats(read, "", source, where),
        )


def _seats(read: TableReader, kind: str, source: str, where: str) -> int | None:
    """Give the least number of seats; only shared mailboxes have any."""
    seats: int | None = read.typed(int, "min_seats")
    if seats == 0:
        raise wrong(source, f"{where}.min_seats", _("is no number of seats"), _("Write 1 or more."))
    if seats and kind not in {"", Kind.SHARED}:
        raise wrong(source, f"{where}.min_seats", _("is for shared mailboxes"), _('Write kind = "shared", or drop it.'))
    return seats


def _when(held: Any, source: str, where: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    known(table(held, source, where), CONDITIONS, source, where)
    for name in held:
        yield name, texts_of(held[name], source, f"{where}.{name}")
