"""What names an entry elsewhere: members and owners of groups, and managers; changed with its DN, or gone with it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from mailtui.domain import dn as names
from mailtui.domain.account import Account
from mailtui.domain.change import Change
from mailtui.domain.plan import Caution, Facts, GroupTarget, PlanRow, UnitTarget
from mailtui.domain.rules import decode_text
from mailtui.plans.group_rows import row_of
from mailtui.plans.rows import wanting
from mailtui.texts import _

if TYPE_CHECKING:
    from mailtui.domain.schema import Schema


@dataclass(frozen=True, slots=True)
class Move:
    """An entry that goes to another DN, with all that is below it, or for good (empty), by the row of this number."""

    number: int
    entry: Account | UnitTarget | GroupTarget
    new_dn: str

    def concerns(self, dn: str) -> bool:
        """Tell whether it changes what a DN names."""
        if not self.new_dn:
            return names.key(dn) == names.key(self.entry.dn)
        return names.is_below(dn, self.entry.dn)

    @property
    def is_respelling(self) -> bool:
        """Whether the entry has the same DN afterwards, written otherwise: what names it still does."""
        return names.key(self.new_dn) == names.key(self.entry.dn)

    def value(self, value: bytes) -> tuple[bytes, ...]:
        """Give what stands in the place of a value that is a DN: itself, the DN there is then, or nothing."""
        text = decode_text(value)
        if not self.concerns(text):
            return (value,)
        moved = names.moved(text, self.entry.dn, self.new_dn)
        return (moved.encode("utf-8", "surrogateescape"),) if self.new_dn else ()


class Places:
    """Where entries are once all of some moves are done."""

    def __init__(self, moves: Mapping[str, str]) -> None:
        """Make it of old DNs and new ones, which are empty where entries go for good."""
        self._moves = {names.key(old): (old, new) for old, new in moves.items()}

    def of(self, dn: str) -> str:
        """Give the DN that an entry has then; empty where it is gone."""
        above = dn
        while above:
            old, new = self._moves.get(names.key(above), ("", ""))
            if old:
                return names.moved(dn, old, new) if new else ""
            above = names.parent(above)
        return dn


def reference_rows(moves: Sequence[Move], facts: Facts, schema: Schema) -> tuple[list[PlanRow], list[Caution]]:
    """Give the rows that change what names entries, and cautions where that cannot be.

    Each rests on the row of one entry: what does not move is not renamed. A server that keeps references itself has
    done it by then; such rows are skipped.
    """
    rows, cautions = [], []
    left: dict[str, int] = {}
    places = Places({move.entry.dn: move.new_dn for move in moves})
    naming_anew = [move for move in moves if not move.is_respelling]
    for move in naming_anew:
        for group in facts.groups_of.get(move.entry.id, ()):
            members = left.setdefault(group.id, len(group.values_of(schema.group.member).values))
            changes, is_stuck = _changes(group, move, schema, members)
            left[group.id] -= sum(
                len(one.remove) - len(one.add) for one in changes if one.attribute == schema.group.member
            )
            if is_stuck:
                text = _("{group} still names {name}: a group cannot be left without a member")
                said = text.format(group=group.name, name=move.entry.name)
                cautions.append(Caution("only-member", said, _("the group's own entry"), move.entry.id))
            if changes:
                row = row_of(group, changes, schema)
                rows.append(replace(row, dn=places.of(group.dn), rests_on=move.number))
    rows += _managed(naming_anew, places, facts, schema)
    return rows, cautions


def _changes(group: GroupTarget, move: Move, schema: Schema, members: int) -> tuple[list[Change], bool]:
    """Give what changes in a group of so many members by then, and whether it keeps its last though that goes."""
    changes, is_stuck = [], False
    for attribute in filter(None, (schema.group.member, schema.group.owner)):
        named = tuple(v for v in group.values_of(attribute).values if move.concerns(decode_text(v)))
        if named and not move.new_dn and attribute == schema.group.member and members == 1:
            is_stuck = True
        elif named:
            changes.append(Change(attribute, named, tuple(new for value in named for new in move.value(value))))
    return changes, is_stuck


def _managed(moves: Sequence[Move], places: Places, facts: Facts, schema: Schema) -> Iterator[PlanRow]:
    """Give the rows of those whom somebody manages; who moves in the same batch is at the new place by then."""
    attribute = schema.account.manager
    # Who has two managers that move has the first one's new name when the second one's turn comes.
    held: dict[str, tuple[bytes, ...]] = {}
    for move in moves if attribute else ():
        for target in facts.managed.get(move.entry.id, ()):
            place = places.of(target.account.dn)
            values = held.get(target.account.id, target.values_of(attribute).values)
            wanted = tuple(new for value in values for new in move.value(value))
            held[target.account.id] = wanted
            if place:
                now = replace(target, values={**target.values, attribute: values})
                row = wanting(now, {attribute: wanted}, schema, _("it is so already"))
                yield replace(row, dn=place, rests_on=move.number)
