"""What cannot be of a newcomer, whatever the rules of the site say."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import astuple
from functools import partial
from typing import TYPE_CHECKING
from unicodedata import category

from mailtui.domain.account import Account, Kind, Standing
from mailtui.domain.allocation import Allocation
from mailtui.domain.newcomer import Around, Newcomer
from mailtui.errors import UsageError
from mailtui.plans.editing import PHONE
from mailtui.plans.rows import needed
from mailtui.texts import _, ngettext

if TYPE_CHECKING:
    from mailtui.domain.schema import Schema

NEVER = "never"
"""What is said of an account that is to have no last day, though rules would give it one."""
# Control characters, halves of surrogate pairs (bytes that were no UTF-8), ends of lines and paragraphs.
_UNPRINTED = frozenset({"Cc", "Cs", "Zl", "Zp"})


class Unsaid(UsageError):
    """Something must be said that was not said yet."""


def checks(newcomer: Newcomer, schema: Schema) -> Sequence[Callable[[], None]]:
    """Give what is to be checked, each raising UsageError or Refused where it cannot be."""
    return (
        partial(_check_plain, newcomer),
        partial(_check_held, newcomer, schema),
        partial(_check_phone, newcomer),
        partial(_check_business, newcomer),
    )


def _check_plain(newcomer: Newcomer) -> None:
    for text in astuple(newcomer):
        if isinstance(text, str) and any(category(character) in _UNPRINTED for character in text):
            raise UsageError(
                _("“{text}” is not one line of text").format(text=text), hint=_("Take out what cannot be printed.")
            )


def _check_held(newcomer: Newcomer, schema: Schema) -> None:
    """Refuse what the directory cannot hold, where somebody asks for it; what rules would give is left out."""
    fields = schema.account
    needed(fields.named_by, _("what names a new entry"), schema)
    for said, attribute, what in (
        (newcomer.title, fields.title, _("a title")),
        (newcomer.employee_number, fields.employee_number, _("an employee number")),
        (newcomer.phone, fields.phone, _("a telephone number")),
        (newcomer.manager, fields.manager, _("a manager")),
        (newcomer.quota, fields.quota_limit, _("a quota")),
        (newcomer.expires.casefold().removeprefix(NEVER), fields.expires, _("a last day")),
    ):
        if said:
            needed(attribute, what, schema)


def _check_phone(newcomer: Newcomer) -> None:
    if newcomer.phone and not PHONE.fullmatch(newcomer.phone):
        raise UsageError(
            _("“{text}” is no telephone number").format(text=newcomer.phone),
            hint=_("Write it like +86 10 5555 1234."),
        )


def _check_business(newcomer: Newcomer) -> None:
    if newcomer.kind is not Kind.PERSON and not newcomer.owner:
        raise Unsaid(_("Who answers for {name} must be said").format(name=newcomer.said), hint=_("Name its owner."))
    if newcomer.kind is Kind.SHARED and not newcomer.seats:
        raise Unsaid(
            _("Nobody would work {name}").format(name=newcomer.said), hint=_("Give a seat to at least one account.")
        )


def working(around: Around) -> tuple[Account, ...]:
    """Give those who are to work a shared mailbox, its owner among them."""
    return tuple({one.id: one for one in (*around.seats, *filter(None, [around.owner]))}.values())


def check_seats(newcomer: Newcomer, around: Around, allotted: Allocation) -> None:
    """Refuse a shared mailbox that fewer could work than rules ask for.

    Raises:
        Unsaid: It is one.
    """
    if newcomer.kind is not Kind.SHARED or allotted.min_seats is None:
        return
    active = sum(one.standing in {Standing.ACTIVE, Standing.LOCKED} for one in working(around))
    if active < allotted.min_seats.value:
        text = ngettext(
            "{active} active account would work {name}, {rule} says at least {least}",
            "{active} active accounts would work {name}, {rule} says at least {least}",
            active,
        )
        least, rule = allotted.min_seats.value, allotted.min_seats.rule
        raise Unsaid(
            text.format(active=active, name=newcomer.said, rule=rule, least=least),
            hint=_("Give seats to more accounts that are active."),
        )
