"""Seats in words: who works a shared mailbox, and what somebody works and owns."""

from mailtui.queries.staff_views import Staff, Work
from mailtui.texts import _
from mailtui.ui import wording
from mailtui.ui.widgets.spans import Span

_NAMED = 8

Fact = tuple[str, list[Span]]


def seat_facts(told: Staff | Work) -> list[Fact]:
    """Give the facts with their labels; nothing of what there is none of."""
    if isinstance(told, Staff):
        return [(_("Worked by"), [_count(told), *_named(told)])]
    works = [(f"{staff.mailbox.name} · {_count(staff)[0]}", _count(staff)[1]) for staff in told.mailboxes]
    owns: list[Span] = [(group.name or group.dn, "") for group in told.owned]
    return [fact for fact in ((_("Works"), works), (_("Owns"), owns)) if fact[1]]


def _count(staff: Staff) -> Span:
    if staff.group is None:
        return _("! nobody: no group bears its log-in"), "warning"
    text = _("{working} active of at least {least}").format(working=staff.working, least=staff.least)
    return (f"! {text}", "warning") if staff.is_short else (text, "")


def _named(staff: Staff) -> list[Span]:
    """Give the first of those with a seat; of those who cannot work it, why."""
    names: list[Span] = [
        (seat.holder.name, "") if seat.can_work
        else (f"{seat.holder.name} {wording.standing(seat.holder.standing)[0]}", "muted")
        for seat in staff.seats
    ]  # fmt: skip
    more = len(names) - _NAMED
    return [*names[:_NAMED], *([(_("… {number} more").format(number=more), "muted")] if more > 0 else [])]
