"""Groups that come and go: created around their first members, deleted with what names them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from mailtui.domain import dn as names
from mailtui.domain.account import Account
from mailtui.domain.change import Change, Values
from mailtui.domain.entries import Act, EntryKind
from mailtui.domain.plan import Caution, Facts, Friction, GroupTarget, Plan, PlanRow, Target
from mailtui.domain.policy import Policy
from mailtui.errors import Refused
from mailtui.plans.addresses import free_address
from mailtui.plans.deleting import deleting_group
from mailtui.plans.friction import friction_of
from mailtui.plans.group_rules import naming_rules
from mailtui.plans.references import Move, reference_rows
from mailtui.plans.rows import needed, plan_of
from mailtui.plans.tasks import About, AnswerKind, Answers, Question, Task
from mailtui.texts import _, ngettext

if TYPE_CHECKING:
    from mailtui.domain.schema import Schema


def plan_create_group(
    targets: Sequence[Target], answers: Answers, facts: Facts, schema: Schema, policy: Policy
) -> Plan:
    """Plan to add a group whose first members are the targets.

    Raises:
        UsageError: The address is none.
        Refused: The name or the address is somebody's, or the schema lacks what a new group needs.
    """
    name = str(answers["name"]).strip()
    _refuse_name(name, facts, seats=bool(answers.get("seats")))
    members = [target.account for target in targets]
    told = [
        ("objectClass", _classes(schema)),
        (schema.group.name, [name]),
        (schema.group.member, [one.dn for one in members]),
        *_asked_for(answers, facts, schema),
    ]
    row = _adding(name, facts.group_room.place, told, schema)
    title = ngettext(
        "Create the group {group} with {n} member", "Create the group {group} with {n} members", len(members)
    )
    title = title.format(group=name, n=len(members))
    return plan_of("create-group", title, targets, [row], facts, policy, touched=members)


def _asked_for(answers: Answers, facts: Facts, schema: Schema) -> Iterator[tuple[str, Sequence[str]]]:
    """Give what a group is to have besides, by attribute."""
    owner, description, address = (str(answers.get(name) or "").strip() for name in ("owner", "description", "address"))
    if owner:
        attribute = needed(schema.group.owner, _("the owners of a group"), schema)
        yield attribute, [_the_owner(owner, facts).dn]
    if description:
        yield needed(schema.group.description, _("what a group is for"), schema), [description]
    if address:
        yield needed(schema.group.mail, _("the address of a group"), schema), [free_address(address, [], facts)]


def _classes(schema: Schema) -> Sequence[str]:
    return needed(" ".join(schema.group.object_classes), _("the classes of a new group"), schema).split()


def _the_owner(key: str, facts: Facts) -> Account:
    found = facts.named.get("owner", ())
    if len(found) != 1:
        said = _("“{key}” is no account of this directory") if not found else _("“{key}” may be several accounts")
        raise Refused(said.format(key=key), hint=_("Name one by address, log-in or employee number."))
    return found[0]


def _refuse_name(name: str, facts: Facts, *, seats: bool) -> None:
    room = facts.group_room
    if room.groups:
        raise Refused(
            _("There is a group “{name}” already: {dn}").format(name=name, dn=room.groups[0].dn),
            hint=_("Choose another name."),
        )
    if room.mailboxes and not seats:
        raise Refused(
            _("Whoever is in a group of this name works the shared mailbox {mailbox}").format(
                mailbox=room.mailboxes[0].name
            ),
            hint=_("Choose another name, or say that this is meant: --seats."),
        )


def _adding(name: str, place: str, told: Sequence[tuple[str, Sequence[str]]], schema: Schema) -> PlanRow:
    changes = tuple(Change(attribute, add=tuple(map(_raw, texts))) for attribute, texts in told)
    before = tuple(Values(change.attribute) for change in changes)
    dn = names.join(schema.group.name, name, place)
    return PlanRow("", "", name, dn, changes, before, kind=EntryKind.GROUP, act=Act.ADD)


def _raw(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")


def plan_delete_group(
    _targets: Sequence[Target], answers: Answers, facts: Facts, schema: Schema, policy: Policy
) -> Plan:
    """Plan to delete a group, and to take it out of the groups that it is in.

    It counts as a change of all its members.

    Raises:
        Refused: There is no such group, or its members work a shared mailbox and that is not forced.
    """
    group = the_group(facts)
    _refuse_seats(group, is_forced=bool(answers.get("force")))
    references, stuck = reference_rows([Move(1, group, "")], facts, schema)
    ruled = naming_rules(group, facts, policy)
    cautions = [*_lost(group, schema), *ruled, *stuck]
    title = _("Delete the group {group}").format(group=group.name)
    rows = [deleting_group(group), *references]
    plan = plan_of("delete-group", title, [], rows, facts, policy, cautions, touched=[])
    size = len(group.values_of(schema.group.member).values)
    friction = Friction.GUARDED if group.seats_of or ruled else friction_of([], size, facts.protection, policy)
    return replace(plan, accounts=size, friction=friction)


def _refuse_seats(group: GroupTarget, *, is_forced: bool) -> None:
    if group.seats_of and not is_forced:
        raise Refused(
            _("Nobody could work {mailbox} without the group {group}").format(
                mailbox=group.seats_of.name, group=group.name
            ),
            hint=_("Add --force if that is meant."),
        )


def the_group(facts: Facts) -> GroupTarget:
    """Give the group that a task is about.

    Raises:
        Refused: There is none.
    """
    if facts.group is None:
        raise Refused(_("There is no such group"), hint=_("Name it as the directory does; `find group:` searches."))
    return facts.group


def _lost(group: GroupTarget, schema: Schema) -> Iterator[Caution]:
    basis = _("the group's own entry")
    count = len(group.values_of(schema.group.member).values)
    text = ngettext("{n} member loses the group", "{n} members lose the group", count)
    yield Caution("members", text.format(n=f"{count:,}"), basis)
    if group.seats_of:
        text = _("Nobody works {mailbox} any more").format(mailbox=group.seats_of.name)
        yield Caution("last-seat", text, _("groups and mailboxes in the mirror"))
    for attribute in filter(None, (schema.group.mail, schema.group.aliases)):
        for address in group.values_of(attribute).values:
            text = _("Mail to {address} is refused from then on")
            yield Caution("address", text.format(address=address.decode("utf-8", "replace")), basis)


GROUP = Question("group", AnswerKind.GROUP, _("Group"), _("The name of the group, or its DN."))

CREATE_GROUP = Task(
    name="create-group",
    title=_("Create group"),
    summary=_("Create a group, with accounts as its first members."),
    key="",
    questions=(
        Question("name", AnswerKind.TEXT, _("Name"), _("A name that no group has yet.")),
        Question("owner", AnswerKind.ACCOUNT, _("Owner"), _("Who owns it; nobody without."), default=""),
        Question("description", AnswerKind.TEXT, _("Description"), _("What it is for, in one line."), default=""),
        Question("address", AnswerKind.ADDRESS, _("Address"), _("Where mail for it is sent to, if any."), default=""),
        Question("below", AnswerKind.UNIT, _("Below"), _("An org unit; without, where most groups are."), default=""),
        Question(
            "seats",
            AnswerKind.FLAG,
            _("Seats"),
            _("It may bear the log-in of a shared mailbox: its members work that."),
            default=False,
        ),
    ),
    planner=plan_create_group,
    needs=lambda schema: schema.group.member and " ".join(schema.group.object_classes),
    adds_group=True,
)
DELETE_GROUP = Task(
    name="delete-group",
    title=_("Delete group"),
    summary=_("Delete a group; its members stay."),
    key="",
    questions=(
        GROUP,
        Question(
            "force",
            AnswerKind.FLAG,
            _("Force"),
            _("Also a group whose members work a shared mailbox: nobody does then."),
            default=False,
        ),
    ),
    planner=plan_delete_group,
    about=About.GROUP,
    needs=lambda schema: schema.group.member,
    moves_entries=True,
)
