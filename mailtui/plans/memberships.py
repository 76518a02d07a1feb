"""Join and leave: who is in a group, who owns it, and who works a shared mailbox."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import partial
from typing import TYPE_CHECKING

from mailtui.domain.account import Account
from mailtui.domain.change import Change
from mailtui.domain.plan import Caution, Facts, GroupTarget, Plan, PlanRow, Target
from mailtui.domain.policy import Policy
from mailtui.domain.rules import value_key
from mailtui.errors import Refused
from mailtui.plans.group_rows import row_of
from mailtui.plans.rows import needed, plan_of
from mailtui.plans.staffing import LAST_SEAT, below_least, of_groups, refuse_last
from mailtui.plans.tasks import AnswerKind, Answers, Question, Task
from mailtui.texts import _, ngettext

if TYPE_CHECKING:
    from mailtui.domain.schema import Schema


class Role(Enum):
    """What somebody is in a group."""

    MEMBER = "member"
    OWNER = "owner"
    SEAT = "seat"


@dataclass(frozen=True, slots=True)
class Membership:
    """A planner: accounts get a role in one group, or lose it; the group is `facts.group`.

    `titled` gives the title for so many accounts, with `{count}` and `{group}` in it.
    """

    task: str
    role: Role
    is_given: bool
    titled: Callable[[int], str]

    def __call__(
        self, targets: Sequence[Target], answers: Answers, facts: Facts, schema: Schema, policy: Policy
    ) -> Plan:
        """Plan it as one change of the group's entry, which names those values alone that it is about.

        Raises:
            Refused: There is no such group, or it would be left without anybody who must be there, or a shared mailbox
                without anybody who can work it and that is not forced.
        """
        group, attribute = _group(facts), self._attribute(schema)
        accounts = [target.account for target in targets]
        row = _row(group, attribute, accounts, self.is_given, schema)
        about = _about(row, accounts, schema, attribute)
        cautions = [] if self.is_given else self._left(group, attribute, about)
        if about and not self.is_given and self.role is not Role.OWNER:
            staffed = of_groups(facts, {group.id})
            refuse_last(staffed, is_forced=bool(answers.get("force")))
            cautions += [*_unstaffed(group, about, facts), *below_least(staffed)]
        return plan_of(
            self.task, self._title(len(about), group), targets, [row], facts, policy, cautions, touched=about
        )

    def _attribute(self, schema: Schema) -> str:
        if self.role is Role.OWNER:
            return needed(schema.group.owner, _("the owners of a group"), schema)
        return needed(schema.group.member, _("the members of a group"), schema)

    def _title(self, count: int, group: GroupTarget) -> str:
        name = group.seats_of.name if self.role is Role.SEAT and group.seats_of else group.name
        return self.titled(count).format(count=count, group=name)

    def _left(self, group: GroupTarget, attribute: str, about: Sequence[Account]) -> list[Caution]:
        """Warn of what is left behind, or refuse it."""
        held = group.values_of(attribute).values
        if not about or len(held) > len(about):
            return []
        if self.role is not Role.OWNER:
            raise Refused(
                _("{group} would be left without a member, which directories do not allow").format(group=group.name),
                hint=_("Put somebody else into it first, or delete the group."),
            )
        text = _("{group} would be left without an owner").format(group=group.name)
        return [Caution("no-owner", text, _("the group's own entry"))]


def _group(facts: Facts) -> GroupTarget:
    if facts.group is None:
        raise Refused(_("There is no such group"), hint=_("Name it as the directory does; `find group:` searches."))
    return facts.group


def _row(group: GroupTarget, attribute: str, accounts: Sequence[Account], is_given: bool, schema: Schema) -> PlanRow:
    rule = schema.rule(attribute)
    held = {value_key(rule, value): value for value in group.values_of(attribute).values}
    wanted = {value_key(rule, dn): dn for dn in (account.dn.encode() for account in accounts)}
    add = tuple(dn for key, dn in wanted.items() if key not in held) if is_given else ()
    remove = () if is_given else tuple(held[key] for key in wanted if key in held)
    return row_of(group, [Change(attribute, remove, add)] if remove or add else [], schema)


def _unstaffed(group: GroupTarget, about: Sequence[Account], facts: Facts) -> list[Caution]:
    """Warn where nobody who works is left; members who are disabled do not work a mailbox."""
    known = {group.id, group.seats_of.id if group.seats_of else group.id}
    alone = [facts.last_member_of.get(account.id, ()) + facts.last_seat_of.get(account.id, ()) for account in about]
    if not any(reference.id in known for references in alone for reference in references):
        return []
    text = _("Nobody active would be left in {group}").format(group=(group.seats_of or group).name)
    return [Caution("unstaffed", text, _("members of the groups in the mirror"))]


def _about(row: PlanRow, accounts: Sequence[Account], schema: Schema, attribute: str) -> list[Account]:
    rule = schema.rule(attribute)
    named = {value_key(rule, value) for change in row.changes for value in (*change.remove, *change.add)}
    return [account for account in accounts if value_key(rule, account.dn.encode()) in named]


_GROUP = Question("group", AnswerKind.GROUP, _("Group"), _("The name of the group, or its DN."))
_MAILBOX = Question("mailbox", AnswerKind.MAILBOX, _("Mailbox"), _("The address or log-in of the shared mailbox."))


def _needs(role: Role, schema: Schema) -> str:
    return schema.group.owner if role is Role.OWNER else schema.group.member


def _task(
    name: str, title: str, summary: str, role: Role, titled: Callable[[int], str], *, is_given: bool, key: str = ""
) -> Task:
    """Make the task by which accounts get a role, or lose it."""
    force = () if is_given or role is Role.OWNER else (LAST_SEAT,)
    return Task(
        name=name,
        title=title,
        summary=summary,
        key=key,
        questions=(_MAILBOX if role is Role.SEAT else _GROUP, *force),
        planner=Membership(name, role, is_given, titled),
        needs=partial(_needs, role),
    )


JOIN = _task(
    "join",
    _("Join"),
    _("Put accounts into a group."),
    Role.MEMBER,
    lambda n: ngettext("Put {count} account into {group}", "Put {count} accounts into {group}", n),
    is_given=True,
)
LEAVE = _task(
    "leave",
    _("Leave"),
    _("Take accounts out of a group."),
    Role.MEMBER,
    lambda n: ngettext("Take {count} account out of {group}", "Take {count} accounts out of {group}", n),
    is_given=False,
)
ADD_OWNER = _task(
    "add-owner",
    _("Add owner"),
    _("Make accounts owners of a group."),
    Role.OWNER,
    lambda n: ngettext("Make {count} account an owner of {group}", "Make {count} accounts owners of {group}", n),
    is_given=True,
)
REMOVE_OWNER = _task(
    "remove-owner",
    _("Remove owner"),
    _("Let accounts own a group no longer."),
    Role.OWNER,
    lambda n: ngettext("{count} account owns {group} no longer", "{count} accounts own {group} no longer", n),
    is_given=False,
)
GRANT_SEAT = _task(
    "grant-seat",
    _("Grant seat"),
    _("Let accounts work a shared mailbox."),
    Role.SEAT,
    lambda n: ngettext("Give {count} account a seat in {group}", "Give {count} accounts a seat in {group}", n),
    is_given=True,
    key="s",
)
REVOKE_SEAT = _task(
    "revoke-seat",
    _("Revoke seat"),
    _("Let accounts work a shared mailbox no longer."),
    Role.SEAT,
    lambda n: ngettext(
        "Take the seat in {group} of {count} account", "Take the seats in {group} of {count} accounts", n
    ),
    is_given=False,
)
