"""The mail of groups: the addresses at which they receive, and who may write to them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from mailtui.domain.address import address_key
from mailtui.domain.change import Change, change_between
from mailtui.domain.group import Posting
from mailtui.domain.plan import Caution, Facts, GroupTarget, Plan, Target
from mailtui.domain.policy import Policy
from mailtui.domain.rules import decode_text
from mailtui.errors import Refused
from mailtui.plans.addresses import free_address
from mailtui.plans.group_rows import CLASSES, row_of
from mailtui.plans.groups import GROUP, the_group
from mailtui.plans.rows import needed, plan_of
from mailtui.plans.tasks import About, AnswerKind, Answers, Choice, Question, Task
from mailtui.texts import _

if TYPE_CHECKING:
    from mailtui.domain.schema import Schema


def plan_add_group_alias(
    _targets: Sequence[Target], answers: Answers, facts: Facts, schema: Schema, policy: Policy
) -> Plan:
    """Plan to let a group receive at one more address; its first one becomes its main address.

    Raises:
        UsageError: It is no address.
        Refused: The domain is not ours, somebody has the address, or the schema has no addresses of groups.
    """
    group = the_group(facts)
    aliases = needed(schema.group.aliases, _("the aliases of groups"), schema)
    address = free_address(str(answers["address"]), [], facts, group.id)
    main = schema.group.mail
    attribute = main if main and not group.values_of(main).values else aliases
    changes = [] if _holding(group, address, schema) else [Change(attribute, add=(_raw(address),))]
    title = _("Let {group} receive at {address}").format(group=group.name, address=address)
    return _planned("add-group-alias", title, group, changes, facts, schema, policy)


def plan_remove_group_alias(
    _targets: Sequence[Target], answers: Answers, facts: Facts, schema: Schema, policy: Policy
) -> Plan:
    """Plan to let a group receive at an address no more; the main address goes last.

    Raises:
        Refused: It is the main address and there are others, or the schema has no addresses of groups.
    """
    group = the_group(facts)
    aliases = needed(schema.group.aliases, _("the aliases of groups"), schema)
    address = str(answers["address"]).strip()
    held = _holding(group, address, schema)
    if any(change.attribute == schema.group.mail for change in held) and group.values_of(aliases).values:
        raise Refused(
            _("{address} is the main address of {name}").format(address=address, name=group.name),
            hint=_("Take its aliases away first."),
        )
    title = _("Let {group} receive at {address} no more").format(group=group.name, address=address)
    return _planned("remove-group-alias", title, group, held, facts, schema, policy)


def plan_set_posting(
    _targets: Sequence[Target], answers: Answers, facts: Facts, schema: Schema, policy: Policy
) -> Plan:
    """Plan who may write to a group.

    Raises:
        Refused: The schema has nothing that says it, or no value for this.
    """
    group = the_group(facts)
    attribute = needed(schema.group.posting, _("who may write to a group"), schema)
    to = Posting(str(answers["to"]))
    value = next((one.value for one in schema.group.postings if one.to is to), None)
    if value is None:
        known = ", ".join(one.to for one in schema.group.postings)
        raise Refused(
            _("The schema “{schema}” has no value for “{to}”").format(schema=schema.name, to=to),
            hint=_("It has: {known}").format(known=known),
        )
    before = group.values_of(attribute)
    is_so = schema.group.posted_by(decode_text(before.values[0]) if before.values else None) == to
    change = None if is_so else change_between(before, (value.encode(),), schema.rule(attribute))
    title = _("Let {who} write to {group}").format(who=_LABELS[to], group=group.name)
    return _planned("set-posting", title, group, [change] if change else [], facts, schema, policy, to=to)


def _planned(
    task: str,
    title: str,
    group: GroupTarget,
    changes: Sequence[Change],
    facts: Facts,
    schema: Schema,
    policy: Policy,
    to: Posting | None = None,
) -> Plan:
    cautions = []
    if to is Posting.OWNERS and changes and not group.values_of(schema.group.owner).values:
        text = _("{group} has no owner: nobody could write to it").format(group=group.name)
        cautions.append(Caution("no-owner", text, _("the group's own entry")))
    changes = [*_becoming(group, schema, changes), *changes]
    return plan_of(task, title, [], [row_of(group, changes, schema)], facts, policy, cautions, touched=[])


def _becoming(group: GroupTarget, schema: Schema, changes: Sequence[Change]) -> list[Change]:
    """Give what makes a group one that can have mail: the classes which the schema says that it lacks."""
    held = {decode_text(value).casefold() for value in group.values_of(CLASSES).values}
    missing = tuple(name.encode() for name in schema.group.object_classes if name.casefold() not in held)
    return [Change(CLASSES, add=missing)] if held and missing and any(one.add for one in changes) else []


def _holding(group: GroupTarget, address: str, schema: Schema) -> list[Change]:
    """Give what takes an address from a group; nothing where it has no such address."""
    attributes = filter(None, (schema.group.mail, schema.group.aliases))
    found = [
        (attribute, tuple(v for v in group.values_of(attribute).values if _is(v, address))) for attribute in attributes
    ]
    return [Change(attribute, remove=values) for attribute, values in found if values]


def _is(held: bytes, address: str) -> bool:
    return address_key(decode_text(held)) == address_key(address)


def _raw(address: str) -> bytes:
    return address.encode("utf-8", "surrogateescape")


_LABELS = {
    Posting.EVERYBODY: _("everybody"),
    Posting.INSIDE: _("whoever has an address of ours"),
    Posting.MEMBERS: _("its members"),
    Posting.OWNERS: _("its owners"),
}

ADD_GROUP_ALIAS = Task(
    name="add-group-alias",
    title=_("Add group alias"),
    summary=_("Let a group receive mail at one more address."),
    key="",
    questions=(
        GROUP,
        Question("address", AnswerKind.ADDRESS, _("Address"), _("An address in a domain of ours that nobody has.")),
    ),
    planner=plan_add_group_alias,
    about=About.GROUP,
    needs=lambda schema: schema.group.aliases,
)
REMOVE_GROUP_ALIAS = Task(
    name="remove-group-alias",
    title=_("Remove group alias"),
    summary=_("Take an address from a group: mail to it is refused from then on."),
    key="",
    questions=(GROUP, Question("address", AnswerKind.ADDRESS, _("Address"), _("An address of the group."))),
    planner=plan_remove_group_alias,
    about=About.GROUP,
    needs=lambda schema: schema.group.aliases,
)
SET_POSTING = Task(
    name="set-posting",
    title=_("Who can post"),
    summary=_("Decide who may write to a group."),
    key="",
    questions=(
        GROUP,
        Question(
            "to",
            AnswerKind.CHOICE,
            _("Who"),
            _("Who may write to it, as far as the directory's schema has it."),
            choices=tuple(Choice(posting.value, label) for posting, label in _LABELS.items()),
        ),
    ),
    planner=plan_set_posting,
    about=About.GROUP,
    needs=lambda schema: schema.group.posting,
)
