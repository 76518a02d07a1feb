"""Newcomers at a desk: looked around for, drafted by the rules, and planned; or all that speaks against it."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from threading import Event
from typing import TYPE_CHECKING

from mailtui.desk.facts import Gathering
from mailtui.desk.given_up import given_up
from mailtui.desk.reading import Reading
from mailtui.desk.sketching import Sketching
from mailtui.domain.account import Kind
from mailtui.domain.newcomer import Problem
from mailtui.domain.plan import Facts
from mailtui.errors import Refused, Stopped
from mailtui.texts import _

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from mailtui.desk.desk import Desk
    from mailtui.domain.newcomer import Draft, Newcomer
    from mailtui.domain.plan import GroupTarget, Plan
    from mailtui.queries.mirror import Mirror
    from mailtui.queries.newcomers import Looking

_STEP = 50


@dataclass(slots=True)
class Course:
    """How far the newcomers of a table have been looked at, and whether that is still wanted.

    `tell` is told how many they were, in the thread that looks at them.
    """

    tell: Callable[[int], object] = lambda _done: None
    stop: Event = field(default_factory=Event)

    def is_at(self, done: int) -> None:
        """Take down how many were looked at.

        Raises:
            Stopped: It is not wanted any more.
        """
        if self.stop.is_set():
            raise Stopped(_("The list was given up"))
        if done % _STEP == 0:
            self.tell(done)


@dataclass(frozen=True, slots=True)
class Prepared:
    """A plan for those newcomers of whom all is clear, None where there is none; and what is not clear of the rest."""

    plan: Plan | None
    problems: tuple[Problem, ...] = ()
    drafts: tuple[Draft, ...] = ()


class Creating:
    """Makes the plans by which newcomers get accounts."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._reading = Reading(desk)
        self._gathering = Gathering(desk, self._reading)

    def sketching(self) -> Sketching:
        """Give what sketches newcomers while they are being told of."""
        return Sketching(self._desk)

    def prepare_new(
        self,
        newcomers: Sequence[Newcomer],
        *,
        has_passwords: bool = True,
        ticket: str = "",
        reason: str = "",
        course: Course | None = None,
    ) -> Prepared:
        """Make the plan that gives newcomers accounts; the mirror is brought up to date first, so that names are free.

        Raises:
            Refused: The operator may not create accounts there, or the schema lacks what a new entry needs.
            Stopped: It is not wanted any more.
        """
        from mailtui.plans.creating import plan_create

        self._desk.permits.check("create", ())
        if self._desk.renews_mirror:
            self._desk.sync(lambda _progress: None, Event())
        with closing(self._desk.mirror()) as mirror, mirror.snapshot():
            drafts, problems, place = self._drafts(mirror, newcomers, course or Course())
            groups = self._groups(mirror, drafts)
        self._desk.permits.check("create", [draft.account for draft in drafts])
        if not drafts:
            return Prepared(None, tuple(problems))
        facts = Facts(
            protection=self._desk.protection([]),
            unknown=self._gathering.unheeded() if has_passwords else frozenset(),
        )
        plan = plan_create(
            drafts, facts, self._desk.schema, self._desk.policy,
            groups=groups, groups_place=place, has_passwords=has_passwords,
        )  # fmt: skip
        return Prepared(replace(plan, ticket=ticket, reason=reason), tuple(problems), tuple(drafts))

    def _drafts(
        self, mirror: Mirror, newcomers: Sequence[Newcomer], course: Course
    ) -> tuple[list[Draft], list[Problem], str]:
        from mailtui.plans.newcomers import Drafting
        from mailtui.queries.newcomers import Looking

        looking = Looking(mirror, self._desk.schema, self._desk.directory_config.base)
        domains, now = looking.domains(self._desk.policy.domains), datetime.now(UTC)
        gone = given_up(self._desk, now)
        drafting = Drafting(self._desk.schema, self._desk.policy, domains, looking.is_taken, now, gone)
        drafts: list[Draft] = []
        problems: list[Problem] = []
        for number, newcomer in enumerate(newcomers):
            course.is_at(number)
            around, missing = looking.around(newcomer)
            draft, wrong = drafting.draft(newcomer, around, missing)
            wrong += _clashes(draft, looking)
            problems += wrong
            if draft and not wrong:
                drafts.append(draft)
        return drafts, problems, looking.groups_place()

    def _groups(self, mirror: Mirror, drafts: Sequence[Draft]) -> dict[str, GroupTarget]:
        """Read the groups that rules name, by that name; those that are not there are left out."""
        from mailtui.queries.groups import group_named

        names = dict.fromkeys(n for draft in drafts if draft.allotted.groups for n in draft.allotted.groups.value)
        ids: dict[str, str] = {}
        for name in names:
            try:
                ids[name] = group_named(mirror, name).id or ""
            except Refused:
                continue
        held = self._reading.groups(list(dict.fromkeys(ids.values())))
        return {name: held[one] for name, one in ids.items() if one in held}


def _clashes(draft: Draft | None, looking: Looking) -> list[Problem]:
    """Refuse a shared mailbox whose log-in is the name of a group already: who is in that would work it."""
    if draft is None or draft.account.kind is not Kind.SHARED or not looking.has_group(draft.account.login):
        return []
    text = _("There is a group “{name}” already").format(name=draft.account.login)
    return [Problem(draft.newcomer, text, _("Choose another log-in, or delete the group."))]
