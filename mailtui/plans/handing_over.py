"""What names people who leave, elsewhere: groups let them go, and a successor gets what they owned and managed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from mailtui.domain.account import Account
from mailtui.domain.change import Change
from mailtui.domain.plan import Caution, Facts, GroupTarget, PlanRow, Target
from mailtui.domain.rules import value_key
from mailtui.plans.group_rows import row_of
from mailtui.plans.rows import wanting
from mailtui.texts import _

if TYPE_CHECKING:
    from mailtui.domain.schema import Schema


class HandingOver:
    """Gathers the rows of groups and of reports, one for each that a leaver has.

    `bases` numbers the rows by which leavers are switched off, by account id: who stays, since that was not done,
    keeps what they have. Nothing holds back what is about leavers who are off already.
    """

    def __init__(
        self,
        leavers: Sequence[Account],
        bases: Mapping[str, int],
        successor: Account | None,
        facts: Facts,
        schema: Schema,
        *,
        leaves_groups: bool,
    ) -> None:
        self._leavers, self._bases, self._successor = leavers, bases, successor
        self._facts, self._schema, self._leaves_groups = facts, schema, leaves_groups
        self._ids = {leaver.id for leaver in leavers}
        self._inside: dict[str, int] = {}
        self._owning: set[str] = set()
        self.touched: set[str] = set()
        """The ids of the leavers that there are rows about; known once these were asked for."""
        self.cautions: list[Caution] = []
        """What the rows leave undone; known once they were asked for."""

    def rows(self) -> list[PlanRow]:
        """Give the rows: of groups, then of reports."""
        rows = [row for leaver in self._leavers for row in self._groups(leaver)]
        return rows + [row for leaver in self._leavers for row in self._reports(leaver)]

    def _resting(self, row: PlanRow, leaver: Account) -> PlanRow:
        self.touched.add(leaver.id)
        return replace(row, rests_on=self._bases.get(leaver.id, 0))

    def _groups(self, leaver: Account) -> Iterator[PlanRow]:
        for group in self._facts.groups_of.get(leaver.id, ()):
            changes = [*self._out(group, leaver), *self._owned(group, leaver)]
            if changes:
                yield self._resting(row_of(group, changes, self._schema), leaver)

    def _out(self, group: GroupTarget, leaver: Account) -> list[Change]:
        """Take a leaver out of a group, unless nobody would be left in it."""
        attribute = self._schema.group.member
        named = self._named(group, attribute, leaver)
        if not named or not self._leaves_groups:
            return []
        inside = self._inside.setdefault(group.id, len(group.values_of(attribute).values))
        if inside <= len(named):
            text = _("{group} still names {name}: a group cannot be left without a member")
            said = text.format(group=(group.seats_of or group).name, name=leaver.name)
            self.cautions.append(Caution("only-member", said, _("the group's own entry"), leaver.id))
            return []
        self._inside[group.id] = inside - len(named)
        return [Change(attribute, remove=named)]

    def _owned(self, group: GroupTarget, leaver: Account) -> list[Change]:
        """Let the successor own what a leaver owned; where there is none, whoever alone owns a group still does."""
        attribute = self._schema.group.owner
        named = self._named(group, attribute, leaver) if attribute else ()
        if not named:
            return []
        if self._successor:
            # The first of several who owned it hands it over: to give a value twice would be refused.
            is_owner = group.id in self._owning or self._named(group, attribute, self._successor)
            self._owning.add(group.id)
            return [Change(attribute, named, () if is_owner else (self._successor.dn.encode(),))]
        is_alone = group.id in {one.id for one in self._facts.sole_owner_of.get(leaver.id, ())}
        return [] if is_alone or not self._leaves_groups else [Change(attribute, named)]

    def _named(self, group: GroupTarget, attribute: str, account: Account) -> tuple[bytes, ...]:
        rule = self._schema.rule(attribute)
        key = value_key(rule, account.dn.encode())
        return tuple(value for value in group.values_of(attribute).values if value_key(rule, value) == key)

    def _reports(self, leaver: Account) -> Iterator[PlanRow]:
        """Let those whom a leaver managed, and who stay, have the successor as manager."""
        if self._successor is None or not self._schema.account.manager:
            return
        for target in self._facts.managed.get(leaver.id, ()):
            if target.account.id == self._successor.id:
                text = _("{name} takes over from {leaver}, and has nobody else as manager yet")
                said = text.format(name=target.account.name, leaver=leaver.name)
                self.cautions.append(Caution("successor-managed", said, _("managers in the mirror"), leaver.id))
            elif target.account.id not in self._ids:
                row = self._managed(target, leaver, self._successor)
                if not row.is_idle:
                    yield self._resting(row, leaver)

    def _managed(self, target: Target, leaver: Account, successor: Account) -> PlanRow:
        attribute = self._schema.account.manager
        rule = self._schema.rule(attribute)
        gone = value_key(rule, leaver.dn.encode())
        values = target.values_of(attribute).values
        named = [successor.dn.encode() if value_key(rule, value) == gone else value for value in values]
        return wanting(target, {attribute: tuple(named)}, self._schema, _("it is so already"))
