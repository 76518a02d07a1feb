"""Batches for the console to find: begun elsewhere, cut short, in conflict, saved."""

from contextlib import closing
from datetime import UTC, datetime

from mailtui.desk import Desk
from mailtui.domain.batch import Batch
from mailtui.domain.change import Change
from mailtui.queries.views import View
from mailtui.runner.front import Runner
from tests.servers.changing import modify


def people(desk: Desk, number: int) -> list[str]:
    """Give the ids of some active people."""
    with closing(desk.mirror()) as mirror:
        return [line.id for line in mirror.lines(mirror.hits(View(query="is:active")).rows[:number])]


def begin(desk: Desk, number: int) -> Runner:
    """Begin to disable some active people, in no console."""
    runner = Runner(desk)
    runner.start(desk.plans.prepare("disable", people(desk, number), {}, ticket="HD-9"))
    return runner


def cut_short(desk: Desk, number: int, sent: int) -> Batch:
    """Leave a batch as a runner does that was killed when it had sent the first rows."""
    plan = desk.plans.prepare("disable", people(desk, number), {}, ticket="HD-9")
    with closing(desk.journal()) as journal:
        now = datetime.now(UTC)
        batch = journal.open_batch(plan, desk.operator(), now)
        journal.start_batch(batch, desk.operator(), 1, now)
        journal.advance(batch, [], range(1, sent + 1), now)
        return journal.batch(batch)


def in_conflict(desk: Desk) -> Batch:
    """Carry out a batch of three of whom one was changed since it was planned."""
    plan = desk.plans.prepare("disable", people(desk, 3), {}, ticket="HD-9")
    with desk.connected() as directory:
        row = plan.rows[1]
        old = directory.read([row.dn], ["accountStatus"])[row.dn].get("accountStatus")
        modify(directory, row.dn, [Change("accountStatus", remove=old, add=(b"disabled",))])
    runner = Runner(desk)
    batch = runner.start(plan)
    assert runner.wait(batch, 20)
    return desk.batch(batch)


def saved(desk: Desk, number: int) -> str:
    """Save a plan of disabling some active people, made from the mirror."""
    return Runner(desk).save(desk.plans.prepare_unread("disable", people(desk, number), {}))
