"""How shared mailboxes are left staffed: warned of below the least that rules ask for, refused where nobody is left."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence

from mailtui.domain.plan import Caution, Facts
from mailtui.domain.staffing import Staffing
from mailtui.errors import Refused
from mailtui.plans.tasks import AnswerKind, Question
from mailtui.texts import _, ngettext

LAST_SEAT = Question(
    "force",
    AnswerKind.FLAG,
    _("Force"),
    _("Also the last active seat of a shared mailbox: nobody works it then."),
    default=False,
)


def below_least(staffed: Iterable[Staffing]) -> Iterator[Caution]:
    """Warn of mailboxes that would have fewer who can work them than rules ask for; not of those left with nobody."""
    for one in staffed:
        if 0 < one.left < min(one.least, one.working):
            text = ngettext(
                "{mailbox} would have {left} active seat, {rule} says at least {least}",
                "{mailbox} would have {left} active seats, {rule} says at least {least}",
                one.left,
            )
            text = text.format(mailbox=one.mailbox.name, left=one.left, rule=one.rule, least=one.least)
            yield Caution("understaffed", text, _("members of the groups in the mirror"), one.leaving[0])


def of_groups(facts: Facts, groups: Collection[str]) -> list[Staffing]:
    """Give what is known of the mailboxes whose seats some groups, by id, say."""
    return [one for one in facts.staffing if one.group in groups]


def check_staff(staffed: Sequence[Staffing], *, is_forced: bool) -> list[Caution]:
    """Warn of mailboxes that would have fewer who can work them than rules ask for, or nobody.

    Raises:
        Refused: One would have nobody, and it is not forced.
    """
    refuse_last(staffed, is_forced=is_forced)
    basis, text = _("members of the groups in the mirror"), _("Nobody active would be left in {group}")
    emptied = [
        Caution("unstaffed", text.format(group=one.mailbox.name), basis, one.leaving[0])
        for one in staffed
        if not one.left
    ]
    return [*emptied, *below_least(staffed)]


def refuse_last(staffed: Iterable[Staffing], *, is_forced: bool) -> None:
    """Refuse to take the last seat whose holder can work a mailbox.

    Raises:
        Refused: It is one, and it is not forced.
    """
    names = [one.mailbox.name for one in staffed if not one.left]
    if names and not is_forced:
        raise Refused(
            _("Nobody active would work {mailboxes} any more").format(mailboxes=", ".join(names)),
            hint=_("Give somebody else a seat first, or add --force."),
        )
