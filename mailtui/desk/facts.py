"""What is known about the effect of a task, gathered before it is planned: from mirror, journal and directory."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from mailtui.desk.given_up import given_up
from mailtui.desk.group_facts import with_group_facts
from mailtui.desk.unit_facts import with_units
from mailtui.domain.protection import Protection
from mailtui.errors import Refused
from mailtui.texts import _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mailtui.desk.desk import Desk
    from mailtui.desk.reading import Reading
    from mailtui.domain.plan import Facts, GroupTarget
    from mailtui.plans.tasks import Answers, Task


class Gathering:
    """Gathers the facts of tasks at a desk."""

    def __init__(self, desk: Desk, reading: Reading) -> None:
        self._desk, self._reading = desk, reading

    def facts(self, task: Task, ids: Sequence[str], answers: Answers, *, is_read: bool = True) -> Facts:
        """Give the facts of a task for accounts, by id; where the directory is not to be read, from the mirror alone.

        Raises:
            Refused: An answer names what is not there.
        """
        from mailtui.domain.days import end_of
        from mailtui.plans.tasks import About
        from mailtui.queries.holders import with_holders
        from mailtui.queries.impact import impact

        with closing(self._desk.mirror()) as mirror:
            facts = with_holders(impact(mirror, ids), mirror, task.looked_up(answers), self._desk.policy.domains)
        redirect_to = facts.named.get("redirect_to", ())
        restorable, now = {}, datetime.now(UTC)
        if task.name in {"enable", "delete"}:
            with closing(self._desk.journal()) as journal:
                restorable = journal.last_disable(ids, self._desk.schema.account.switching)
        facts = replace(
            facts,
            redirect_target=redirect_to[0] if len(redirect_to) == 1 else None,
            restorable=restorable,
            protection=self._desk.protection(ids),
            group=self._group(task, answers),
            groups_named=self._groups_named(task, ids, answers, is_read=is_read),
            **(self._reading.surroundings(ids) if task.concerns_others and task.about is About.ACCOUNTS else {}),
            unknown=self.unheeded() if task.makes_passwords else frozenset(),
            now=now,
            holds=self._desk.holds(ids) if task.name == "delete" else Protection(),
            given_up=given_up(self._desk, now) if _gives_names(task) else {},
            ends={name: end_of(day) for name, day in task.days(answers).items()},
        )
        facts = with_units(self._desk, self._reading, task, answers, facts)
        return with_group_facts(self._desk, self._reading, task, answers, facts)

    def _group(self, task: Task, answers: Answers) -> GroupTarget | None:
        """Read the group that a task changes, as the directory holds it now; None where it changes none.

        Raises:
            Refused: There is none of that name, or several.
        """
        from mailtui.plans.tasks import AnswerKind
        from mailtui.queries.groups import group_named, seats_named

        question = task.group_question
        if question is None:
            return None
        named = seats_named if question.kind is AnswerKind.MAILBOX else group_named
        with closing(self._desk.mirror()) as mirror:
            group = named(mirror, str(answers[question.name]))
        held = next(iter(self._reading.groups([group.id or ""], is_whole=task.moves_entries).values()), None)
        if held is None:
            raise Refused(_("The group {name} is gone from the directory").format(name=group.name))
        return held

    def _groups_named(
        self, task: Task, ids: Sequence[str], answers: Answers, *, is_read: bool
    ) -> dict[str, GroupTarget]:
        """Give the groups that rules name for accounts, by name in lower case; what there is none of is left out.

        From the mirror alone, they have those members alone that are among the accounts.
        """
        from mailtui.queries.groups import groups_called
        from mailtui.queries.targets import mirrored_groups

        if task.groups_named is None:
            return {}
        with closing(self._desk.mirror()) as mirror:
            accounts = mirror.by_ids(ids)
            called = groups_called(mirror, task.groups_named(accounts, answers, self._desk.policy))
        if not is_read:
            return mirrored_groups(called, accounts, self._desk.schema)
        held = self._reading.groups([group.id or "" for group in called.values()])
        return {name: held[group.id] for name, group in called.items() if group.id in held}

    def unheeded(self) -> frozenset[str]:
        """Name the attribute that asks for another password, where the directory has no policy that heeds it."""
        attribute = self._desk.schema.account.must_change
        with self._desk.connected() as directory:
            is_heeded = directory.capabilities.password_policy and not directory.unknown([attribute])
        return frozenset() if is_heeded else frozenset({attribute})


def _gives_names(task: Task) -> bool:
    """Tell whether accounts get log-ins or addresses by a task, which somebody else may have had until lately."""
    from mailtui.plans.tasks import AnswerKind

    kinds = {AnswerKind.ADDRESS, AnswerKind.LOGIN}
    return any(question.kind in kinds and not question.is_recipient for question in task.questions)
