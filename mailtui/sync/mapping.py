"""Entries of a directory into records of the mirror, as its schema says."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import fields, replace
from datetime import datetime
from functools import lru_cache, partial
from uuid import UUID

from mailtui.cache.rows import parent_dn
from mailtui.directory.port import ENTRY_UUID, Entry
from mailtui.domain import dn as names
from mailtui.domain.account import Delivery, Kind, Standing
from mailtui.domain.address import address_key, local_part
from mailtui.domain.mirror import AccountRecord, GroupRecord, UnitRecord
from mailtui.domain.rules import decode_integer, decode_text, decode_time
from mailtui.domain.schema import AccountSchema, KindRule, Schema, StatusValue
from mailtui.errors import DirectoryError
from mailtui.texts import _, clean

Attributes = Mapping[str, tuple[bytes, ...]]
Texts = tuple[str, ...]

_UUID = re.compile("[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


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


def group_attributes(schema: Schema) -> tuple[str, ...]:
    """Name the attributes that a group record is made of."""
    group = schema.group
    of_mail = (group.mail, group.aliases, group.posting)
    wanted = (schema.id, group.name, group.member, group.owner, group.description, *of_mail)
    return tuple(dict.fromkeys(name for name in wanted if name))


class AccountMapping:
    """Entries into records of accounts; what many entries share is worked out once."""

    def __init__(self, schema: Schema, base: str) -> None:
        self._schema = schema
        self._fields = _as_read(schema.account)
        self._told = {rule.attribute.lower() for rule in schema.account.kinds if rule.attribute}
        self._units: Callable[[str], Texts] = lru_cache(4096)(partial(_units, base))
        self._standing: Callable[..., tuple[Standing, Delivery | None]] = lru_cache(256)(partial(_standing, schema))
        self._kind: Callable[..., Kind] = lru_cache(4096)(partial(_kind, schema.account.kinds))

    def record(self, entry: Entry) -> AccountRecord:
        """Give the record of an account."""
        held, fields = entry.attributes, self._fields
        login = _text(held, fields.login) or ""
        mail, aliases = _addresses(_texts(held, fields.mail), _texts(held, fields.aliases), login)
        forwards, raw_status = _texts(held, fields.forwards), _text(held, fields.status)
        standing, delivery = self._standing(raw_status, _texts(held, fields.lock), bool(forwards))
        units = self._units(parent_dn(entry.dn))
        return AccountRecord(
            entry_id(entry, self._schema),
            entry.dn,
            login,
            next((text for name in fields.name if (text := _text(held, name))), login or entry.dn),
            mail,
            self._kind(units, *[(name, held[name]) for name in self._told if name in held]),
            standing,
            delivery,
            raw_status,
            aliases,
            forwards,
            units,
            _text(held, fields.department_number),
            _text(held, fields.title),
            _text(held, fields.employee_number),
            _text(held, fields.phone),
            _text(held, fields.manager),
            _texts(held, fields.services),
            _time(held, (fields.expires,)),
            _time(held, fields.last_login),
            _integer(held, fields.quota_limit),
            _integer(held, fields.quota_used),
            _time(held, (fields.quota_as_of,)),
        )

    def placed(self, record: AccountRecord, dn: str) -> AccountRecord | None:
        """Give the record of an account whose entry is at another DN now.

        None where what tells its kind there is not mirrored.
        """
        before, after = record.department_path, self._units(parent_dn(dn))
        kind = _kind_there(self._schema.account.kinds, record.kind, before, after)
        return None if kind is None else replace(record, dn=dn, department_path=after, kind=kind)


def _kind_there(rules: Sequence[KindRule], kind: Kind, before: Texts, after: Texts) -> Kind | None:
    """Tell the kind of an account that is in other units now; None where other rules than those by units tell it."""
    was, now = ({unit.casefold() for unit in units} for units in (before, after))
    if all((rule.below in was) == (rule.below in now) for rule in rules if rule.below):
        return kind
    for rule in rules:
        if rule.below is None:
            return None
        if rule.below in now:
            return rule.kind
    return Kind.PERSON


def unit_record(entry: Entry, schema: Schema) -> UnitRecord:
    """Give the record of an organizational unit."""
    return UnitRecord(entry_id(entry, schema), entry.dn, entry.text(schema.unit.name) or entry.dn)


def group_record(entry: Entry, schema: Schema) -> GroupRecord:
    """Give the record of a group; its members may be anybody's DNs."""
    group = schema.group
    members, owners = (tuple(map(decode_text, entry.get(name))) for name in (group.member, group.owner))
    name = entry.text(group.name) or entry.dn
    addresses, others = (tuple(map(decode_text, entry.get(one))) for one in (group.mail, group.aliases))
    mail, aliases = _addresses(addresses, others, name)
    return GroupRecord(
        entry_id(entry, schema), entry.dn, name, members, owners,
        description=entry.text(group.description), mail=mail, aliases=aliases,
        posting=group.posted_by(entry.text(group.posting)),
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
    if _UUID.fullmatch(held) or schema.id.lower() != ENTRY_UUID.lower():
        return held
    try:
        return str(UUID(held))
    except ValueError:
        return held


def _as_read(account: AccountSchema) -> AccountSchema:
    """Spell the names of attributes as entries have them."""
    spelled: dict[str, str | Texts] = {}
    for field in fields(account):
        named = getattr(account, field.name)
        if field.name not in {"filter", "kinds"}:
            spelled[field.name] = named.lower() if isinstance(named, str) else tuple(map(str.lower, named))
    return replace(account, **spelled)  # type: ignore[arg-type]


def _addresses(mails: Texts, aliases: Texts, login: str) -> tuple[str | None, Texts]:
    """Choose the main address: the one whose local part is the log-in, else the first in code-point order."""
    if not aliases and len(mails) < 2:
        return (mails[0] if mails else None), ()
    mails = tuple(sorted(mails))
    own = [mail for mail in mails if local_part(mail).casefold() == login.casefold()]
    main = next(iter(own or mails), None)
    others = [address for address in (*mails, *aliases) if address != main]
    unique = {address_key(address): address for address in reversed(others)}
    return main, tuple(reversed(unique.values()))


def _standing(
    schema: Schema, raw_status: str | None, locks: Texts, has_forwards: bool
) -> tuple[Standing, Delivery | None]:
    """Tell whether an account works; one that expires is told from its date, at the moment it is shown."""
    status: StatusValue = schema.status(raw_status)
    if status.standing is Standing.DISABLED:
        redirected = status.delivery is Delivery.RECEIVE and has_forwards
        return Standing.DISABLED, Delivery.REDIRECT if redirected else status.delivery
    if any(lock in schema.lock_forever for lock in locks):
        return Standing.DISABLED, Delivery.RECEIVE
    return (Standing.LOCKED if locks else status.standing), None


def _units(base: str, parent: str) -> Texts:
    """Name the units in which the entries below `parent` are."""
    return names.units(f"cn=any,{parent}", base) if parent else ()


def _kind(rules: Iterable[KindRule], units: Texts, *told: tuple[str, tuple[bytes, ...]]) -> Kind:
    """Tell an account's kind from the units it is in and from the attributes that tell of it."""
    above = {unit.casefold() for unit in units}
    values = {(name, decode_text(value).casefold()) for name, held in told for value in held}
    for rule in rules:
        if rule.below is not None and rule.below in above:
            return rule.kind
        if rule.attribute and (rule.attribute.lower(), rule.value) in values:
            return rule.kind
    return Kind.PERSON


def _text(held: Attributes, attribute: str) -> str | None:
    values = held.get(attribute)
    return values[0].decode("utf-8", "surrogateescape") if values else None


def _texts(held: Attributes, attribute: str) -> Texts:
    values = held.get(attribute)
    return tuple([value.decode("utf-8", "surrogateescape") for value in values]) if values else ()


def _integer(held: Attributes, attribute: str) -> int | None:
    values = held.get(attribute)
    return decode_integer(values[0]) if values else None


def _time(held: Attributes, attributes: Iterable[str]) -> datetime | None:
    """Give the latest time that any of the attributes holds."""
    latest: datetime | None = None
    for attribute in attributes:
        for value in held.get(attribute, ()):
            moment = decode_time(value)
            if moment and (latest is None or moment > latest):
                latest = moment
    return latest
