"""Create: accounts that are not there yet, with their first passwords, their groups, and those who work them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from mailtui.domain import dn as names
from mailtui.domain.account import Kind
from mailtui.domain.change import Change, Values
from mailtui.domain.entries import Act, EntryKind
from mailtui.domain.newcomer import Draft
from mailtui.domain.plan import Caution, Facts, GroupTarget, Plan, PlanRow, Target
from mailtui.domain.policy import Policy
from mailtui.errors import Refused
from mailtui.plans.group_rows import row_of
from mailtui.plans.newcomer_questions import QUESTIONS
from mailtui.plans.rows import needed, plan_of
from mailtui.plans.tasks import About, Answers, Task
from mailtui.texts import _, ngettext

if TYPE_CHECKING:
    from mailtui.domain.schema import Schema

_TRUE = b"TRUE"
_NAME = "create"
_MOST_ROWS = 100
"""By how many rows one group is changed at most."""
Numbered = Sequence[tuple[int, Draft]]


def plan_create(
    drafts: Sequence[Draft],
    facts: Facts,
    schema: Schema,
    policy: Policy,
    *,
    groups: Mapping[str, GroupTarget],
    groups_place: str = "",
    has_passwords: bool = True,
) -> Plan:
    """Plan to add accounts; nothing more is done about one whose entry could not be added.

    `groups` are those that rules name, by that name; new ones, for seats, come below the DN `groups_place`. People and
    services get passwords, which the plan does not hold; people must change theirs.

    Raises:
        Refused: The schema lacks what a new entry, or a password, needs.
    """
    numbered = list(enumerate(drafts, 1))
    rows = [_account_row(draft) for draft in drafts]
    rows += [_seats_row(draft, number, groups_place, schema) for number, draft in numbered if draft.seats]
    cautions = [*_missing_groups(drafts, groups), *_other_profiles(drafts, policy), *_namesakes(drafts)]
    if has_passwords:
        rows += _password_rows(numbered, len(rows), facts, schema)
        cautions += _about_passwords(drafts, facts, schema)
    rows += _membership_rows(numbered, groups, schema)
    count = len(drafts)
    title = ngettext("Create {count} account", "Create {count} accounts", count).format(count=count)
    return plan_of(_NAME, title, [], rows, facts, policy, cautions, touched=[draft.account for draft in drafts])


def _account_row(draft: Draft) -> PlanRow:
    account = draft.account
    changes, before = _all_new(draft.values)
    return PlanRow("", account.login, account.name, account.dn, changes, before, act=Act.ADD)


def _all_new(values: Sequence[Values]) -> tuple[tuple[Change, ...], tuple[Values, ...]]:
    changes = tuple(Change(one.attribute, add=one.values) for one in values)
    return changes, tuple(Values(one.attribute) for one in values)


def _seats_row(draft: Draft, number: int, place: str, schema: Schema) -> PlanRow:
    """Give the row that adds the group of those who work a shared mailbox: it bears the mailbox's log-in."""
    fields, login = schema.group, draft.account.login
    classes = needed(" ".join(fields.object_classes), _("the classes of a new group"), schema).split()
    members = tuple(seat.dn.encode() for seat in draft.seats)
    values = [
        Values("objectClass", tuple(name.encode() for name in classes)),
        Values(fields.name, (login.encode(),)),
        Values(fields.member, members),
    ]
    if fields.owner and draft.owner:
        values.append(Values(fields.owner, (draft.owner.dn.encode(),)))
    changes, before = _all_new(values)
    dn = names.join(fields.name, login, place)
    return PlanRow("", "", login, dn, changes, before, kind=EntryKind.GROUP, act=Act.ADD, rests_on=number)


def _password_rows(numbered: Numbered, count: int, facts: Facts, schema: Schema) -> list[PlanRow]:
    """Give the rows of first passwords, and those by which people must change theirs; `count` rows come before."""
    needed("".join(schema.account.password_changed), _("when a password was set"), schema)
    before = tuple(map(Values, schema.account.password_changed))
    getting = [(number, draft) for number, draft in numbered if draft.account.kind is not Kind.SHARED]
    rows = [PlanRow("", *_called(draft), before=before, act=Act.PASSWORD, rests_on=number) for number, draft in getting]
    attribute = schema.account.must_change
    if attribute and attribute not in facts.unknown:
        change = (Change(attribute, add=(_TRUE,)),)
        rows += [
            PlanRow("", *_called(draft), change, (Values(attribute),), rests_on=number)
            for number, (_added, draft) in enumerate(getting, count + 1)
            if draft.account.kind is Kind.PERSON
        ]
    return rows


def _called(draft: Draft) -> tuple[str, str, str]:
    return draft.account.login, draft.account.name, draft.account.dn


def _about_passwords(drafts: Sequence[Draft], facts: Facts, schema: Schema) -> Iterator[Caution]:
    kinds = {draft.account.kind for draft in drafts}
    if kinds - {Kind.SHARED}:
        text = _("The new passwords are shown once, and are not kept")
        yield Caution("passwords", text, _("how directories keep passwords"))
    attribute = schema.account.must_change
    if Kind.PERSON in kinds and (not attribute or attribute in facts.unknown):
        text = _("Nobody is asked to change the new password: the directory cannot do that")
        yield Caution("must-change", text, _("the directory's schema"))


def _membership_rows(numbered: Numbered, groups: Mapping[str, GroupTarget], schema: Schema) -> Iterator[PlanRow]:
    """Give the rows that put newcomers into groups: each by a row of its own, or a hundredth of very many by one.

    A server reads a group whole for each change of it, which ten thousand times over takes longer than all the rest.
    """
    for name, group in groups.items():
        joining = [(number, draft) for number, draft in numbered if name in _group_names(draft)]
        size = -(-len(joining) // _MOST_ROWS)
        for start in range(0, len(joining), size or 1):
            some = joining[start : start + size]
            change = Change(schema.group.member, add=tuple(draft.account.dn.encode() for _number, draft in some))
            yield replace(row_of(group, [change], schema), rests_on=some[-1][0])


def _group_names(draft: Draft) -> tuple[str, ...]:
    return tuple(dict.fromkeys(draft.allotted.groups.value)) if draft.allotted.groups else ()


def _missing_groups(drafts: Sequence[Draft], groups: Mapping[str, GroupTarget]) -> Iterator[Caution]:
    missing = {
        name: draft.allotted.groups.rule
        for draft in drafts
        for name in _group_names(draft)
        if name not in groups and draft.allotted.groups
    }
    for name, rule in missing.items():
        text = _("There is no group “{name}”, which {rule} says").format(name=name, rule=rule)
        yield Caution("no-group", text, _("the groups in the mirror"))


def _other_profiles(drafts: Sequence[Draft], policy: Policy) -> Iterator[Caution]:
    """Warn where a profile that was chosen will not be that of the account: it is told from what the entry has."""
    for draft in drafts:
        account, profile = draft.account, policy.profile_of(draft.account)
        if draft.newcomer.profile and (profile is None or profile.name != account.profile):
            told = profile.name if profile else _("none")
            text = _("{name} gets what the profile {chosen} says, but later counts as: {told}")
            said = text.format(name=account.name, chosen=account.profile, told=told)
            yield Caution("other-profile", said, _("the profiles of the config"))


def _namesakes(drafts: Sequence[Draft]) -> Iterator[Caution]:
    """Warn where somebody of the name is there already: it may be the same person."""
    for draft in drafts:
        for namesake in draft.namesakes:
            text = _("Somebody is called {name} already: {dn}").format(name=namesake.name, dn=namesake.dn)
            yield Caution("namesake", text, _("names in the mirror"))


def _plan_nobody(
    _targets: Sequence[Target], _answers: Answers, _facts: Facts, _schema: Schema, _policy: Policy
) -> Plan:
    """Refuse to create what is there: newcomers are drafted one by one, before `plan_create` plans for them.

    Raises:
        Refused: Always.
    """
    raise Refused(_("Accounts that are there cannot be created"), hint=_("Tell anew who is to get one."))


CREATE = Task(
    name=_NAME,
    title=_("Create"),
    summary=_("Create accounts: people, shared mailboxes, services; one, or many from a table."),
    key="n",
    questions=QUESTIONS,
    planner=_plan_nobody,
    about=About.NEWCOMERS,
    needs=lambda schema: schema.account.named_by and " ".join(schema.account.object_classes),
)
