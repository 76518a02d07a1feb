"""The verb `seats`: who works a shared mailbox, and what somebody works; and what `show` says of that."""

from collections.abc import Iterable
from contextlib import closing
from typing import Annotated

import typer

from mailtui.cli import output
from mailtui.cli.context import options_of
from mailtui.cli.one_account import the_account
from mailtui.cli.shapes import Shape, reference
from mailtui.domain.account import Account
from mailtui.queries.staff_views import Staff, Work
from mailtui.queries.staffing import seats_told
from mailtui.texts import _, clean

_NAMED = 20


def add_to(app: typer.Typer) -> None:
    """Add this verb to the command line."""
    app.command("seats", help=_("Who works a shared mailbox; or which of them somebody works, and what they own."))(
        seats
    )


def seats(
    context: typer.Context, account: Annotated[str, typer.Argument(help=_("An address, log-in or employee number."))]
) -> None:
    """Print who works a shared mailbox, or what somebody works."""
    with closing(options_of(context).mirrored_desk().mirror()) as mirror:
        found = the_account(mirror, account)
        told = seats_told(mirror, found)
    if options_of(context).json:
        output.print_json({"account": _named(found), **seats_shape(told)})
    elif isinstance(told, Staff):
        _print_staff(told)
    else:
        _print_work(told)


def seats_shape(told: Staff | Work) -> Shape:
    """Give that for JSON: `worked_by`, or `works` and `owns`."""
    if isinstance(told, Staff):
        return {"worked_by": _staff_shape(told)}
    works = [{**_named(staff.mailbox), **_count_shape(staff)} for staff in told.mailboxes]
    return {"works": works, "owns": [reference(group) for group in told.owned]}


def _staff_shape(staff: Staff) -> Shape:
    everyone = [
        {
            "id": seat.holder.id, "login": seat.holder.login, "name": seat.holder.name, "mail": seat.holder.mail,
            "standing": seat.holder.standing.value, "department": seat.holder.department, "can_work": seat.can_work,
        }
        for seat in staff.seats
    ]  # fmt: skip
    group = reference(staff.group) if staff.group else None
    return {"group": group, **_count_shape(staff), "seats": everyone}


def _count_shape(staff: Staff) -> Shape:
    return {"working": staff.working, "minimum": staff.least, "rule": staff.rule or None}


def _named(account: Account) -> Shape:
    return {"id": account.id, "login": account.login, "name": account.name, "mail": account.mail}


def seats_pairs(told: Staff | Work) -> list[tuple[str, str]]:
    """Give that as names and values."""
    if isinstance(told, Staff):
        return [(_("Worked by"), count_text(told)), (_("Seats"), _listed(seat.holder.name for seat in told.seats))]
    mailboxes = _listed(f"{staff.mailbox.name} ({count_text(staff)})" for staff in told.mailboxes)
    return [(_("Works"), mailboxes), (_("Owns"), _listed(group.name for group in told.owned))]


def _listed(names: Iterable[str]) -> str:
    every = list(names)
    return ", ".join(every[:_NAMED]) + (", …" if len(every) > _NAMED else "")


def count_text(staff: Staff) -> str:
    """Say how many can work a mailbox, and how many must."""
    text = _("{working} active of at least {least}").format(working=staff.working, least=staff.least)
    if staff.group is None:
        text = _("nobody can have a seat: no group bears its log-in")
    return f"! {text}" if staff.is_short else text


def _print_staff(staff: Staff) -> None:
    header = (_("Name"), _("Log-in"), _("Standing"), _("Department"))
    rows = [
        (seat.holder.name, seat.holder.login, seat.holder.standing.value, seat.holder.department or "")
        for seat in staff.seats
    ]
    if rows:
        output.print_table(header, rows)
    rule = f"  ({staff.rule})" if staff.rule else ""
    print(clean(f"{count_text(staff)}{rule}"))


def _print_work(work: Work) -> None:
    header = (_("Mailbox"), _("Address"), _("Seats"))
    rows = [(staff.mailbox.name, staff.mailbox.mail or "", count_text(staff)) for staff in work.mailboxes]
    if rows:
        output.print_table(header, rows)
    else:
        print(_("No shared mailbox is theirs to work."))
    if work.owned:
        print(clean(_("Owns: {groups}").format(groups=", ".join(group.name for group in work.owned))))
