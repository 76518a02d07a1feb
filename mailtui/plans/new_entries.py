"""What a newcomer becomes as an entry: its names, the account as rules see it, and the values of its attributes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from mailtui.domain.account import Account, Kind, Reference, Standing
from mailtui.domain.change import Values
from mailtui.domain.names import split_name
from mailtui.domain.newcomer import Around, Newcomer
from mailtui.domain.pinyin import is_pinyin, surname_rank
from mailtui.domain.quota import Quota
from mailtui.domain.romanising import is_han
from mailtui.domain.rules import encode_time
from mailtui.errors import Refused
from mailtui.plans.newcomer_checks import Unsaid
from mailtui.plans.rows import needed
from mailtui.texts import _

if TYPE_CHECKING:
    from mailtui.domain.schema import Schema


def with_names(newcomer: Newcomer) -> Newcomer:
    """Fill in of name, given name and surname what the others tell."""
    if newcomer.kind is not Kind.PERSON:
        name = newcomer.name or newcomer.surname or newcomer.login
        if not name:
            raise Unsaid(_("A name is needed"), hint=_("Such as “Marketing”."))
        return replace(newcomer, name=name, surname=name, given="")
    if newcomer.surname:
        name = newcomer.name or full_name(newcomer.given, newcomer.surname)
        return replace(newcomer, name=name)
    parts = split_name(newcomer.name)
    if not parts.surname and not parts.given:
        raise Unsaid(_("A name is needed"), hint=_("A given name and a surname, or the whole name."))
    surname = parts.surname or parts.given
    return replace(newcomer, given=newcomer.given or (parts.given if parts.surname else ""), surname=surname)


def full_name(given: str, surname: str) -> str:
    """Put a name together as it is usual: Chinese ones with the surname first, in characters without a blank."""
    if is_han(given + surname):
        return surname + given
    words = given.casefold().split()
    is_chinese = surname_rank(surname.casefold()) is not None and bool(words) and all(map(is_pinyin, words))
    return " ".join(filter(None, (surname, given) if is_chinese else (given, surname)))


def sketched(newcomer: Newcomer, around: Around, now: datetime) -> Account:
    """Give what rules can be asked about: all but what they decide."""
    manager = around.manager or (around.owner if newcomer.kind is Kind.SERVICE else None)
    return Account(
        id="", dn="", login="", name=newcomer.name, mail=None, kind=newcomer.kind, standing=Standing.ACTIVE,
        quota=Quota(), as_of=now, department=around.path[-1] if around.path else None, department_path=around.path,
        title=newcomer.title or None, employee_number=newcomer.employee_number or None, phone=newcomer.phone or None,
        manager=Reference(manager.id, manager.name, manager.dn) if manager else None,
    )  # fmt: skip


def kind_values(kind: Kind, around: Around, schema: Schema) -> tuple[Values, ...]:
    """Give the attribute that tells the kind of an account, where its place does not.

    Raises:
        Refused: The place tells another kind, or the schema has nothing to tell this one by.
    """
    above = {unit.casefold() for unit in around.path}
    told = next((rule.kind for rule in schema.account.kinds if rule.below in above), Kind.PERSON)
    if told is kind:
        return ()
    mark = next((rule for rule in schema.account.kinds if rule.kind is kind and rule.attribute), None)
    if told is not Kind.PERSON or mark is None:
        raise Refused(
            _("Accounts in {unit} are of the kind “{kind}”").format(unit=around.unit.name, kind=told.value),
            hint=_("Name another department."),
        )
    return (Values(mark.attribute or "", ((mark.value or "").encode(),)),)


def entry_values(account: Account, newcomer: Newcomer, limit: int | None, schema: Schema) -> tuple[Values, ...]:
    """Give all that the entry is to have, but for what tells its kind."""
    fields = schema.account
    classes = needed(" ".join(fields.object_classes), _("the classes of a new entry"), schema).split()
    told: list[tuple[str, Sequence[str]]] = [
        ("objectClass", classes),
        (fields.named_by, [account.login]),
        (fields.login, [account.login]),
        *((name, [account.name]) for name in fields.name),
        (fields.surname, [newcomer.surname]),
        (fields.given, [newcomer.given]),
        (fields.mail, [account.mail or ""]),
        (fields.status, [schema.status_value(Standing.ACTIVE)]),
        (fields.title, [newcomer.title]),
        (fields.employee_number, [newcomer.employee_number]),
        (fields.phone, [newcomer.phone]),
        (fields.manager, [account.manager.dn if account.manager else ""]),
        (fields.quota_limit, ["" if limit is None else str(limit)]),
        (fields.services, account.services),
        (fields.expires, [encode_time(account.expires).decode() if account.expires else ""]),
    ]
    held: dict[str, tuple[bytes, ...]] = {}
    for attribute, texts in told:
        values = tuple(text.encode("utf-8", "surrogateescape") for text in texts if text)
        if attribute and values:
            held.setdefault(attribute, values)
    return tuple(Values(attribute, values) for attribute, values in held.items())
