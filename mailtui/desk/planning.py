"""Plans made at a desk: of tasks, of batches again, and of taking them back."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from mailtui.desk.facts import Gathering
from mailtui.desk.group_facts import places_of_groups
from mailtui.desk.reading import Reading
from mailtui.domain.batch import BatchState, RowState
from mailtui.domain.entries import Act, EntryKind
from mailtui.domain.plan import Caution, Facts, Plan, Target
from mailtui.errors import NothingToDo, Refused, Unreachable
from mailtui.texts import _, ngettext

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from mailtui.desk.desk import Desk
    from mailtui.domain.account import Account
    from mailtui.domain.batch import Batch, BatchRow
    from mailtui.domain.plan import UnitTarget
    from mailtui.plans.tasks import Answers, Task


class Planning:
    """Makes plans from what the directory holds at this moment."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._reading = Reading(desk)
        self._gathering = Gathering(desk, self._reading)

    def prepare(self, task: str, ids: Sequence[str], answers: Answers, *, ticket: str = "", reason: str = "") -> Plan:
        """Make the plan of a task for accounts, from what the directory holds at this moment.

        Raises:
            Refused: An account is no longer in the directory, or the task cannot or may not be done to one.
            UsageError: An answer is missing or cannot be used.
        """
        from mailtui.plans.catalogue import by_name

        ids = list(dict.fromkeys(ids))
        targets = self._reading.targets(ids, is_whole=by_name(task).moves_entries)
        gone = len(ids) - len(targets)
        if gone:
            said = ngettext("{n} account is gone from the directory", "{n} accounts are gone from the directory", gone)
            raise Refused(said.format(n=gone), hint=_("The mirror was mended; choose again."))
        return replace(self._planned(by_name(task), targets, answers), ticket=ticket, reason=reason)

    def prepare_unread(
        self, task: str, ids: Sequence[str], answers: Answers, *, ticket: str = "", reason: str = ""
    ) -> Plan:
        """Make a plan from the mirror alone, to be saved until the directory can be reached and asked.

        Raises:
            Refused: The task cannot or may not be done to an account.
            UsageError: An answer is missing or cannot be used.
        """
        from mailtui.plans.catalogue import by_name
        from mailtui.queries.targets import mirrored_targets

        if by_name(task).needs_directory:
            raise Unreachable(
                _("“{task}” is planned from what the directory holds now: it cannot be saved").format(task=task),
                hint=_("Do it once the directory can be reached."),
            )
        with closing(self._desk.mirror()) as mirror:
            targets = mirrored_targets(mirror, list(dict.fromkeys(ids)), self._desk.schema)
        return replace(self._planned(by_name(task), targets, answers, is_read=False), ticket=ticket, reason=reason)

    def _planned(self, task: Task, targets: Mapping[str, Target], answers: Answers, *, is_read: bool = True) -> Plan:
        answers = task.dated(task.answered(answers), datetime.now().astimezone().date())
        accounts = [target.account for target in targets.values()]
        self._desk.permits.check(task.name, accounts)
        facts = self._gathering.facts(task, list(targets), answers, is_read=is_read)
        self._desk.permits.check_units(task, facts.units)
        for place in places_of_groups(task, facts):
            self._desk.permits.check(task.name, (), place)
        return task.plan(list(targets.values()), answers, facts, self._desk.schema, self._desk.policy)

    def prepare_undo(self, batch_id: str, *, ticket: str = "", reason: str = "") -> Plan:
        """Make the plan that takes a batch back, each entry to its own prior values.

        Raises:
            Refused: There is no such batch, it is being carried out, it changed nothing, or the operator may not
                do what it did.
        """
        batch = self._settled(batch_id)
        plan = self._undoing(batch, ())
        if batch.undone_by:
            text = _("It was undone already, by {batch}").format(batch=batch.undone_by)
            plan = replace(plan, warnings=(Caution("undone", text, _("the journal")), *plan.warnings))
        return replace(plan, ticket=ticket, reason=reason)

    def prepare_again(self, batch_id: str, *, conflicts: bool = False) -> Plan:
        """Make the plan of a batch again, from what the directory holds at this moment, under its own ticket.

        It is about the accounts of the rows that are planned; with `conflicts` about those that somebody else has
        changed, whose new values it starts from.

        Raises:
            Refused: There is no such batch, it is being carried out, no such row is left of it, or the operator may not
                do what it did.
        """
        from mailtui.plans.rows import as_planned, asked_for

        batch = self._settled(batch_id)
        wanted = RowState.CONFLICT if conflicts else RowState.PLANNED
        left = [row for row in batch.rows if row.state is wanted]
        ids = [row.account_id for row in left]
        if not ids:
            text = _("Nothing in {batch} is in conflict") if conflicts else _("{batch} has nothing left to be sent")
            hint = _("`mailtui batch {batch}` shows what became of it.")
            raise NothingToDo(text.format(batch=batch.id), hint=hint.format(batch=batch.id))
        if any(row.act is not Act.MODIFY for row in batch.rows) or self._hands_over(batch):
            again = as_planned(batch, left, conflicts=conflicts)
            _units, inside = self._units_of(replace(batch, rows=tuple(left)))
            protection = self._desk.protection([account.id for account in inside])
            return asked_for(again, inside, protection, self._desk.policy) if inside else again
        if batch.undoes:
            plan = self._undoing(self._desk.batch(batch.undoes), ids if conflicts else ())
        else:
            plan = self._again(batch, left)
        wanted_ids = set(ids)
        rows = tuple(row for row in plan.rows if row.account_id in wanted_ids)
        return replace(plan, rows=rows, ticket=batch.ticket, reason=batch.reason)

    def _hands_over(self, batch: Batch) -> bool:
        """Tell whether rows are of others than the accounts that a batch is about: its task is not for these."""
        from mailtui.plans.catalogue import by_name

        return not batch.undoes and by_name(batch.task).hands_over

    def _again(self, batch: Batch, rows: Sequence[BatchRow]) -> Plan:
        """Plan rows that change entries again: accounts by their task, and of groups what is left to do in them."""
        from mailtui.plans.catalogue import by_name
        from mailtui.plans.group_rows import plan_members_again

        of_groups = [row for row in rows if row.kind is EntryKind.GROUP]
        ids = [row.account_id for row in rows if row.kind is not EntryKind.GROUP]
        groups = self._reading.groups([row.account_id for row in of_groups])
        members = plan_members_again(batch, of_groups, groups, self._desk.schema, self._desk.policy)
        if not ids:
            return members
        task = by_name(batch.task)
        plan = self._planned(task, self._reading.targets(ids, is_whole=task.moves_entries), batch.answers)
        accounts = tuple(row for row in plan.rows if row.kind is not EntryKind.GROUP)
        return replace(plan, rows=(*accounts, *members.rows))

    def _settled(self, batch_id: str) -> Batch:
        """Give a batch of whose rows it is known what became."""
        batch = self._desk.batch(batch_id)
        self._desk.permits.check_batch(batch)
        if batch.state is BatchState.RUNNING:
            raise Refused(
                _("Batch {batch} is being worked on").format(batch=batch.id), hint=_("Wait until it has ended.")
            )
        if not batch.counts.get(RowState.SENT):
            return batch
        from mailtui.apply.settling import settle

        with self._desk.connected() as directory, closing(self._desk.journal()) as journal:
            return settle(batch.id, self._desk.means(journal, directory, self._desk.operator()))

    def _undoing(self, batch: Batch, overwriting: Sequence[str]) -> Plan:
        from mailtui.plans.undo import plan_undo

        accounts = [row for row in batch.rows if row.kind is EntryKind.ACCOUNT and row.account_id]
        is_whole = any(row.act is Act.ADD for row in accounts)
        targets = self._reading.targets(list(dict.fromkeys(row.account_id for row in accounts)), is_whole=is_whole)
        of_groups = [row for row in batch.rows if row.kind is EntryKind.GROUP and row.account_id]
        is_added = any(row.act is Act.ADD for row in of_groups)
        groups = self._reading.groups(list(dict.fromkeys(row.account_id for row in of_groups)), is_whole=is_added)
        units, inside = self._units_of(batch)
        ids = [*targets, *(account.id for account in inside)]
        facts = Facts(protection=self._desk.protection(ids), holds=self._desk.holds(ids), inside=inside)
        return plan_undo(
            batch, targets, facts, self._desk.schema, self._desk.policy,
            groups=groups, units=units, overwriting=overwriting,
        )  # fmt: skip

    def _units_of(self, batch: Batch) -> tuple[dict[str, UnitTarget], tuple[Account, ...]]:
        """Read the units that a batch changed, and give the accounts in those that it renamed or moved."""
        from mailtui.queries.units import accounts_in

        rows = [row for row in batch.rows if row.kind is EntryKind.UNIT and row.account_id]
        units = self._reading.units([row.account_id for row in rows], is_whole=any(row.act is Act.ADD for row in rows))
        moved = [row.account_id for row in rows if row.act is Act.RENAME]
        if not moved:
            return units, ()
        with closing(self._desk.mirror()) as mirror:
            return units, tuple(account for one in moved for account in accounts_in(mirror, one))
