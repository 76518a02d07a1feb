"""Who is to come into groups and to leave them, gathered from many accounts: one row a group."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from mailtui.domain.account import Account
from mailtui.domain.change import Change
from mailtui.domain.plan import Facts, GroupTarget, PlanRow
from mailtui.domain.rules import value_key
from mailtui.domain.staffing import Staffing
from mailtui.errors import Refused
from mailtui.plans.group_rows import row_of
from mailtui.texts import _

if TYPE_CHECKING:
    from mailtui.domain.schema import Schema


@dataclass(slots=True)
class _Muster:
    """A group's members by the key of their DN, and who comes and goes."""

    group: GroupTarget
    held: dict[bytes, bytes]
    add: dict[bytes, bytes] = field(default_factory=dict)
    remove: dict[bytes, bytes] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)


class Members:
    """Gathers changes of the groups in `facts.groups_named`."""

    def __init__(self, facts: Facts, schema: Schema) -> None:
        self._schema, self._attribute, self._staffing = schema, schema.group.member, facts.staffing
        self._rule = schema.rule(self._attribute)
        self._groups = {name: self._muster(group) for name, group in facts.groups_named.items()}

    def _muster(self, group: GroupTarget) -> _Muster:
        values = group.values_of(self._attribute).values
        return _Muster(group, {self._key(value): value for value in values})

    def _key(self, value: bytes) -> bytes:
        return value_key(self._rule, value)

    def is_known(self, name: str) -> bool:
        """Tell whether there is one group of a name."""
        return name.casefold() in self._groups

    def join(self, account: Account, names: Iterable[str]) -> list[str]:
        """Put an account into groups, and give the names of those that it is not in yet; unknown ones are left out."""
        dn = account.dn.encode()
        key, joined = self._key(dn), []
        for muster in filter(None, map(self._groups.get, map(str.casefold, names))):
            if key not in muster.held:
                muster.add[key] = dn
                joined.append(muster.group.name)
        return joined

    def leave(self, account: Account, names: Iterable[str]) -> list[str]:
        """Take an account out of groups, and give the names of those that it was in."""
        key, left = self._key(account.dn.encode()), []
        for muster in filter(None, map(self._groups.get, map(str.casefold, names))):
            if key in muster.held:
                muster.remove[key] = muster.held[key]
                muster.gone.add(account.id)
                left.append(muster.group.name)
        return left

    def unseated(self) -> list[Staffing]:
        """Tell how the shared mailboxes are staffed whose seats are groups that accounts with work leave."""
        gone = {muster.group.id: muster.gone for muster in self._groups.values()}
        staffed = [
            replace(one, leaving=tuple(each for each in one.leaving if each in gone.get(one.group, ())))
            for one in self._staffing
        ]
        return [one for one in staffed if one.leaving]

    def rows(self) -> list[PlanRow]:
        """Give a row for each group that changes.

        Raises:
            Refused: One would be left without a member.
        """
        return [self._row(muster) for muster in self._groups.values() if muster.add or muster.remove]

    def _row(self, muster: _Muster) -> PlanRow:
        if not muster.add and len(muster.remove) == len(muster.held):
            raise Refused(
                _("{group} would be left without a member, which directories do not allow").format(
                    group=muster.group.name
                ),
                hint=_("Put somebody else into it first, or delete the group."),
            )
        change = Change(self._attribute, tuple(muster.remove.values()), tuple(muster.add.values()))
        return row_of(muster.group, [change], self._schema)
