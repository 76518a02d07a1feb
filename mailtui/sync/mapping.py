"""Entries of a directory into records of the mirror, as its schema says."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from mailtui.directory.port import Entry
from mailtui.domain import dn as names
from mailtui.domain.account import Delivery, Kind, Standing
from mailtui.domain.address import address_key, local_part
from mailtui.domain.mirror import AccountRecord, GroupRecord, UnitRecord
from mailtui.domain.rules import decode_integer, decode_text, decode_time
from mailtui.domain.schema import Schema, StatusValue
from mailtui.errors import DirectoryError
from mailtui.texts import _, clean


def account_attributes(schema: Schema) -> tuple[str, ...]:
    """Name the attributes that an account record is made of; never a password."""
    account = schema.account
    wanted = [
        schema.id, account.login, *account.name, account.mail, account.aliases, account.forwards, account.status,
        account.employee_number, account.title, account.department_number, account.manager, account.phone,
        account.services, account.expires, *account.last_login, account.quota_limit, account.quota_used,
        account.quota_as_of, account.lock, *(rule.attribute or "" for rule in account.kinds),
    ]  # fmt: skip
    return tuple(dict.fromkeys(name for name in wanted if name))


def account_record(entry: Entry, schema: Schema, base: str) -> AccountRecord:
    """Give the record of an account."""
    fields = schema.account
    login = entry.text(fields.login) or ""
    mail, aliases = _addresses(entry, schema, login)
    raw_status = entry.text(fields.status)
    status = schema.status(raw_status)
    forwards = _texts(entry, fields.forwards)
    standing, delivery = _standing(entry, schema, status, has_forwards=bool(forwards))
    units = names.units(entry.dn, base)
    return AccountRecord(
        id=entry_id(entry, schema),
        dn=entry.dn,
        login=login,
        name=next((text for text in map(entry.text, fields.name) if text), login or entry.dn),
        mail=mail,
        kind=_kind(entry, schema, units),
        standing=standing,
        delivery=delivery,
        status=raw_status,
        aliases=aliases,
        forwards=forwards,
        department_path=units,
        department_number=entry.text(fields.department_number),
        title=entry.text(fields.title),
        employee_number=entry.text(fields.employee_number),
        phone=entry.text(fields.phone),
        manager_dn=entry.text(fields.manager),
        services=_texts(entry, fields.services),
        expires=_time(entry, (fields.expires,)),
        last_login=_time(entry, fields.last_login),
        quota_limit=_integer(entry, fields.quota_limit),
        quota_used=_integer(entry, fields.quota_used),
        quota_as_of=_time(entry, (fields.quota_as_of,)),
    )


def unit_record(entry: Entry, schema: Schema) -> UnitRecord:
    """Give the record of an organizational unit."""
    return UnitRecord(entry_id(entry, schema), entry.dn, entry.text(schema.unit.name) or entry.dn)


def group_record(entry: Entry, schema: Schema) -> GroupRecord:
    """Give the record of a group; its members may be anybody's DNs."""
    group = schema.group
    return GroupRecord(
        entry_id(entry, schema), entry.dn, entry.text(group.name) or entry.dn, _texts(entry, group.member),
        _texts(entry, group.owner),
    )  # fmt: skip


def entry_id(entry: Entry, schema: Schema) -> str:
    """Give what identifies an entry for good: its entryUUID (RFC 4530).

    Raises:
        DirectoryError: It is not shown.
    """
    held = entry.text(schema.id)
    if held is None:
        raise DirectoryError(
            _("The directory does not show {attribute} of {dn}").format(attribute=schema.id, dn=clean(entry.dn)),
            hint=_("Ask its administrator to let this identity read that attribute, or set `id` in the schema file."),
        )
    try:
        return str(UUID(held))
    except ValueError:
        return held


def _addresses(entry: Entry, schema: Schema, login: str) -> tuple[str | None, tuple[str, ...]]:
    """Choose the main address: the one whose local part is the log-in, else the first in code-point order."""
    mails = sorted(_texts(entry, schema.account.mail))
    own = [mail for mail in mails if local_part(mail).casefold() == login.casefold()]
    main = next(iter(own or mails), None)
    others = [address for address in (*mails, *_texts(entry, schema.account.aliases)) if address != main]
    unique = {address_key(address): address for address in reversed(others)}
    return main, tuple(reversed(unique.values()))


def _standing(
    entry: Entry, schema: Schema, status: StatusValue, *, has_forwards: bool
) -> tuple[Standing, Delivery | None]:
    """Tell whether an account works; one that expires is told from its date, at the moment it is shown."""
    if status.standing is Standing.DISABLED:
        redirected = status.delivery is Delivery.RECEIVE and has_forwards
        return Standing.DISABLED, Delivery.REDIRECT if redirected else status.delivery
    locks = _texts(entry, schema.account.lock)
    if any(lock in schema.lock_forever for lock in locks):
        return Standing.DISABLED, Delivery.RECEIVE
    return (Standing.LOCKED if locks else status.standing), None


def _kind(entry: Entry, schema: Schema, units: tuple[str, ...]) -> Kind:
    above = {unit.casefold() for unit in units}
    for rule in schema.account.kinds:
        if rule.below is not None and rule.below in above:
            return rule.kind
        if rule.attribute and rule.value in {text.casefold() for text in _texts(entry, rule.attribute)}:
            return rule.kind
    return Kind.PERSON


def _texts(entry: Entry, attribute: str) -> tuple[str, ...]:
    return tuple(decode_text(value) for value in entry.get(attribute))


def _integer(entry: Entry, attribute: str) -> int | None:
    values = entry.get(attribute)
    return decode_integer(values[0]) if values else None


def _time(entry: Entry, attributes: Iterable[str]) -> datetime | None:
    """Give the latest time that any of the attributes holds."""
    moments = [decode_time(value) for attribute in attributes for value in entry.get(attribute)]
    return max((moment for moment in moments if moment), default=None)
