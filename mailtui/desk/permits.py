"""What the operator at a desk may do, and the refusal of what goes beyond that before anything is planned."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

from mailtui.domain import dn
from mailtui.domain.entries import Act, EntryKind
from mailtui.domain.rights import Rights, rights_for
from mailtui.domain.rules import decode_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from mailtui.desk.desk import Desk
    from mailtui.domain.account import Account, Reference
    from mailtui.domain.batch import Batch, BatchRow
    from mailtui.domain.plan import UnitTarget
    from mailtui.plans.tasks import Task

Place = tuple[str, tuple[str, ...]]


class Permits:
    """Asks the rules of `[[operators]]` about tasks and batches."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.known = Rights()
        """The rights as they were last asked for, for who only shows them; all rights until then."""

    def rights(self) -> Rights:
        """Give the operator's rights, by the groups that the mirror has them in now.

        Raises:
            StoreError: A rule names a group, and there is no mirror to look into.
        """
        rules, operator = self._desk.config.operators, self._desk.operator().name
        self.known = rights_for(rules, operator, self._groups(operator) if any(rule.group for rule in rules) else ())
        return self.known

    def _groups(self, operator: str) -> tuple[Reference, ...]:
        from mailtui.queries.rights import groups_with

        with closing(self._desk.mirror()) as mirror:
            return groups_with(mirror, operator)

    def check(self, task: str, accounts: Iterable[Account], unit_dn: str = "") -> None:
        """Check that a task may be done to accounts, and at the unit that it takes them to.

        Raises:
            Refused: It may not.
        """
        places = [(account.login, account.department_path) for account in accounts]
        if unit_dn:
            path = dn.units(f"cn=any,{unit_dn}", self._desk.directory_config.base)
            places.append(("/".join(path) or unit_dn, path))
        self.rights().check(task, places)

    def check_units(self, task: Task, units: Mapping[str, UnitTarget]) -> None:
        """Check that a task may be done at the units that answers name: by what a unit is in, or what it would take in.

        Raises:
            Refused: It may not.
        """
        subject = task.subject.name if task.subject else ""
        for question, unit in units.items():
            if question != subject:
                self.check(task.name, (), unit.dn)
            else:
                self.rights().check(task.name, [(unit.name, self._path(unit.dn))])

    def check_batch(self, batch: Batch) -> None:
        """Check that the task which a batch does, or takes back, may be done to all that it is about.

        Raises:
            Refused: It may not.
        """
        rights = self.rights()
        if rights.rules is not None:
            rows = batch.rows or self._desk.batch(batch.id).rows
            rights.check(self._task_of(batch), list(self._places(rows)))

    def _task_of(self, batch: Batch) -> str:
        while batch.undoes:
            batch = self._desk.batch_summary(batch.undoes)
        return batch.task

    def _places(self, rows: Sequence[BatchRow]) -> Iterator[Place]:
        """Name whom rows are about: not those whose entries merely name one of these."""
        own = [row for row in rows if row.act is not Act.MODIFY or not row.rests_on]
        accounts = [row for row in own if row.kind is not EntryKind.GROUP]
        acted = [row for row in accounts if row.act is not Act.MODIFY]
        with closing(self._desk.mirror()) as mirror:
            known = mirror.by_ids([row.account_id for row in acted or accounts if row.account_id])
        now = {account.id: account.department_path for account in known}
        for row in acted or accounts:
            if row.account_id in now:
                yield row.login or row.name, now[row.account_id]
            if row.act is Act.RENAME or row.account_id not in now:
                yield row.login or row.name, self._path(row.dn)
            if row.new_dn:
                yield row.login or row.name, self._path(row.new_dn)
        if not acted:
            yield from self._members([row for row in own if row.kind is EntryKind.GROUP])

    def _members(self, rows: Iterable[BatchRow]) -> Iterator[Place]:
        """Name those who came into groups or went; the group itself where it came or went, or its mail is another."""
        is_by_value = self._desk.schema.is_by_value
        values: dict[bytes, None] = {}
        for row in rows:
            members = [change for change in row.changes if is_by_value(change.attribute)]
            if row.act is not Act.MODIFY or len(members) < len(row.changes):
                yield row.name, self._path(row.dn)
            else:
                values |= dict.fromkeys(v for change in members for v in (*change.remove, *change.add))
        for value in values:
            name = decode_text(value)
            yield dn.rdn(name).partition("=")[2], self._path(name)

    def _path(self, name: str) -> tuple[str, ...]:
        try:
            return dn.units(name, self._desk.directory_config.base)
        except ValueError:
            return ()
