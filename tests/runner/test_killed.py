"""A runner that is killed at any step: what was open is settled, and each row is done exactly once."""

from typing import Any

import pytest

from mailtui.domain.plan import Plan
from mailtui.runner.front import Runner
from tests.runner.dying import AFTER, BEFORE
from tests.runner.world import Place, World

Step = tuple[str, str, int]
JOURNAL: list[Step] = [
    (BEFORE, "started", 1),
    (AFTER, "started", 1),
    (BEFORE, "sent", 1),
    (AFTER, "sent", 1),
    (AFTER, "sent", 2),
    (BEFORE, "verified", 1),
    (AFTER, "verified", 1),
    (AFTER, "ended", 1),
]
WIRE: list[Step] = [
    (AFTER, "searchRequest", 2),
    (AFTER, "searchResultDone", 2),
    (BEFORE, "modifyRequest", 1),
    (AFTER, "modifyRequest", 1),
    (AFTER, "modifyResponse", 1),
    (BEFORE, "modifyRequest", 3),
    (AFTER, "modifyResponse", 3),
    (BEFORE, "ended", 1),
]
READ_BACK: list[Step] = [(BEFORE, "searchRequest", 3), (AFTER, "searchRequest", 4), (AFTER, "searchResultDone", 4)]
SETTLING: list[Step] = [
    (AFTER, "modifyResponse", 2),
    (AFTER, "searchRequest", 1),
    (AFTER, "searchResultDone", 1),
    (BEFORE, "settled", 1),
    (AFTER, "settled", 1),
]
CHAINS: dict[str, tuple[list[Step], dict[str, Any]]] = {
    "journal": (JOURNAL, {}),
    "wire": (WIRE, {}),
    "read-back": (READ_BACK, {"hide_post_read": True}),
    "settling": (SETTLING, {}),
}
UNDO: list[Step] = [
    (AFTER, "started", 1),
    (AFTER, "sent", 1),
    (BEFORE, "modifyRequest", 2),
    (AFTER, "modifyResponse", 2),
    (BEFORE, "verified", 1),
    (BEFORE, "ended", 1),
]


def killed_at(world: World, steps: list[Step], plan: Plan, **more: Any) -> str:
    """Let a batch be killed at each of the steps, one after the other; give its id."""
    batch = world.dead(steps[0], plan, **more)
    for step in steps[1:]:
        world.dead(step, batch=batch, **more)
    return batch


@pytest.mark.parametrize("chain", CHAINS)
def test_a_batch_killed_at_each_step_is_finished_with_each_row_done_once(place: Place, chain: str) -> None:
    world = World(place, people=place.people(24))
    steps, more = CHAINS[chain]
    batch = killed_at(world, steps, world.disable(), **more)
    world.finish(batch)
    world.assert_disabled(batch)


def test_an_undo_killed_at_each_step_gives_everybody_back_what_they_had(place: Place) -> None:
    world = World(place, people=place.people(24))
    batch = world.done(world.disable())
    undo = killed_at(world, UNDO, world.desk.plans.prepare_undo(batch))
    world.finish(undo)
    world.assert_as_before(undo)
    assert world.desk.batch(batch).undone_by == undo


def test_a_batch_killed_with_all_rows_closed_is_mirrored_and_ended_by_settling(small_place: Place) -> None:
    world = World(small_place, people=small_place.people(3))
    batch = world.dead((AFTER, "verified", 1), world.disable())
    assert world.desk.batch(batch).ended is None
    assert [one.id for one in Runner(world.desk).settle()] == [batch]
    world.assert_disabled(batch)
    assert Runner(world.desk).settle() == []


def test_what_an_operator_does_a_second_time_changes_nothing(world: World) -> None:
    batch = world.dead((AFTER, "modifyResponse", 3), world.disable())
    world.finish(batch)
    world.assert_second_time_changes_nothing(batch)
    undo = world.done(world.desk.plans.prepare_undo(batch))
    world.assert_second_time_changes_nothing(undo)
    world.assert_as_before(undo)


def test_an_undo_of_a_batch_that_was_cut_short_takes_back_what_was_done(world: World) -> None:
    batch = world.dead((AFTER, "modifyResponse", 5), world.disable())
    undo = world.done(world.desk.plans.prepare_undo(batch))
    assert world.entries() == world.before
    assert max(world.times) == 2
    world.assert_is_mirrored()
    world.assert_journal()
    assert world.desk.batch(batch).undone_by == undo
