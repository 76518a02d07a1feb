"""What names an entry elsewhere: members and owners of groups, and managers; changed with its DN, or gone with it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from mailtui.domain.account import Account
from mailtui.domain.change import Change
from mailtui.domain.plan import Caution, Facts, GroupTarget, PlanRow
from mailtui.domain.rules import value_key
from mailtui.plans.group_rows import row_of
from mailtui.plans.rows import wanting
from mailtui.texts import _

if TYPE_CHECKING:
    from mailtui.domain.schema import Schema


@dataclass(frozen=True, slots=True)
class Move:
    """An account whose entry goes to another DN, or goes for good (empty), by the row of this number."""

    number: int
    account: Account
    new_dn: str


def reference_rows(moves: Sequence[Move], facts: Facts, schema: Schema) -> tuple[list[PlanRow], list[Caution]]:
    """Give the rows that change what names entries, and cautions where that cannot be.

    Each rests on the row of one entry: what does not move is not renamed. A server that keeps references itself has
    done it by then; such rows are skipped.
    """
    rows, cautions = [], []
    left: dict[str, int] = {}
    for move in moves:
        for group in facts.groups_of.get(move.account.id, ()):
            members = left.setdefault(group.id, len(group.values_of(schema.group.member).values))
            changes, is_stuck = _changes(group, move, schema, members)
            left[group.id] -= sum(
                len(one.remove) - len(one.add) for one in changes if one.attribute == schema.group.member
            )
            if is_stuck:
                text = _("{group} still names {name}: a group cannot be left without a member")
                said = text.format(group=group.name, name=move.account.name)
                cautions.append(Caution("only-member", said, _("the group's own entry"), move.account.id))
            if changes:
                rows.append(replace(row_of(group, changes, schema), rests_on=move.number))
    places = {move.account.id: move.new_dn for move in moves}
    rows += [row for move in moves for row in _managed(move, places, facts, schema)]
    return rows, cautions


def _changes(group: GroupTarget, move: Move, schema: Schema, members: int) -> tuple[list[Change], bool]:
    """Give what changes in a group of so many members by then, and whether it keeps its last though that goes."""
    changes, is_stuck = [], False
    for attribute in filter(None, (schema.group.member, schema.group.owner)):
        rule = schema.rule(attribute)
        values = group.values_of(attribute).values
        named = tuple(v for v in values if value_key(rule, v) == value_key(rule, move.account.dn.encode()))
        if named and not move.new_dn and attribute == schema.group.member and members == 1:
            is_stuck = True
        elif named:
            changes.append(Change(attribute, named, (move.new_dn.encode(),) if move.new_dn else ()))
    return changes, is_stuck


def _managed(move: Move, places: Mapping[str, str], facts: Facts, schema: Schema) -> Iterator[PlanRow]:
    """Give the rows of those whom somebody manages; who moves in the same batch is at the new place by then."""
    attribute = schema.account.manager
    for target in facts.managed.get(move.account.id, ()) if attribute else ():
        place = places.get(target.account.id, target.account.dn)
        if place:
            wanted = {attribute: (move.new_dn.encode(),) if move.new_dn else ()}
            yield replace(wanting(target, wanted, schema, _("it is so already")), dn=place, rests_on=move.number)
