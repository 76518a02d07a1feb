"""Runners killed at random moments: python -m tests.bench crashes [--rounds N] [--seed S].

A round disables people, and every second one takes that back; the runner is killed once or twice on the way, wherever
it is then. What is counted as a failure: a row that was not done exactly once, or a journal, a directory and a cache
that do not agree after settling and resuming.
"""

import argparse
import random
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

from mailtui.desk import Desk
from mailtui.domain.plan import Plan
from mailtui.errors import StoreError
from mailtui.paths import StorePaths
from mailtui.runner.front import Runner
from tests.runner.conftest import SERVERS, mirrored
from tests.runner.dying import dying
from tests.runner.world import ROWS, World

_LONGER, _SHORTER = 1.02, 0.95


class Killing:
    """Deaths at random moments of a runner's life, the length of which is learned on the way."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.killed = 0
        self._life_s = 0.5

    def begin(self, desk: Desk, plan: Plan) -> str:
        """Begin with a plan, and be killed; give the batch's id."""
        runner = Runner(desk, self._command())
        with suppress(StoreError):
            runner.start(plan)
        batch = desk.batches(1)[0].id
        self._await(runner, batch)
        if self.chance.random() < 0.5:
            runner = Runner(desk, self._command())
            with suppress(StoreError):
                runner.resume(batch)
            self._await(runner, batch)
        return batch

    def _command(self) -> tuple[str, ...]:
        return dying(alarm=max(0.001, self.chance.random() * self._life_s))

    def _await(self, runner: Runner, batch: str) -> None:
        assert runner.wait(batch, 60)
        is_killed = runner.summary(batch).ended is None
        self.killed += is_killed
        self._life_s *= _LONGER if is_killed else _SHORTER


def _round(world: World, killing: Killing, *, is_undone: bool) -> None:
    batch = killing.begin(world.desk, world.disable())
    world.finish(batch)
    world.assert_disabled(batch)
    if is_undone:
        undo = killing.begin(world.desk, world.desk.plans.prepare_undo(batch))
        world.finish(undo)
        world.assert_as_before(undo)


def _rounds(kind: str, rounds: int, seed: int, folder: Path) -> int:
    """Run rounds against one kind of directory, and give how many failed."""
    killing, done, failed = Killing(seed), 0, 0
    files = StorePaths(folder / "cache.db", folder / "journal.db", folder / "history.db")
    with SERVERS[kind](rounds * ROWS) as (address, times):
        place = mirrored(address, times, folder)
        try:
            for done in range(1, rounds + 1):
                failed += _is_failed(World(place, files=files), killing, done, f"{kind}, seed {seed}")
        finally:  # somebody may stop it, and wants to know so far
            rows = (done + done // 2) * ROWS
            print(f"{kind}: {done} rounds, {rows} rows, {killing.killed} kills in mid-batch, {failed} rounds failed")
    return failed


def _is_failed(world: World, killing: Killing, number: int, where: str) -> bool:
    try:
        _round(world, killing, is_undone=number % 2 == 0)
    except AssertionError as error:
        print(f"{where}, round {number}: {error!r}", file=sys.stderr)
        return True
    return False


def main(arguments: list[str]) -> int:
    """Run half of the rounds against each kind of directory; the exit code says whether any failed."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench crashes", description=__doc__)
    parser.add_argument("--rounds", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args(arguments)
    failed = 0
    for kind in SERVERS:
        with tempfile.TemporaryDirectory(prefix="mailtui-crashes-") as folder:
            failed += _rounds(kind, given.rounds // len(SERVERS), given.seed, Path(folder))
    return 1 if failed else 0
