"""Random keys and pastes by the million, in front of every screen: python -m tests.bench.keys [--keys N] [--seed S].

It ends with 1 at the first seed by which something was carried out or the console ended, and names it.
"""

import argparse
import asyncio
import sys
import tempfile
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from threading import Event

from mailtui.demo import service
from mailtui.domain.policy import Policy
from tests.ui.conftest import PEOPLE, desk_on, opened
from tests.ui.sleeping import SCENES, Sleeper, everything

_AT_ONCE = 5_000


def main() -> None:
    """Press keys until there were so many."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.keys", description=__doc__)
    parser.add_argument("--keys", type=int, default=1_000_000, metavar="N")
    parser.add_argument("--seed", type=int, default=0, metavar="S", help="begin with this seed")
    given = parser.parse_args()
    pressed = 0
    for scene, seed in _cases(given.seed):
        if pressed >= given.keys:
            break
        trouble = asyncio.run(_press(scene, seed, min(_AT_ONCE, given.keys - pressed)))
        pressed += _AT_ONCE
        print(f"{pressed:>10,} keys: {scene}, seed {seed}: {trouble or 'nothing carried out'}", flush=True)
        if trouble:
            sys.exit(1)


def _cases(first: int) -> Iterator[tuple[str, int]]:
    for seed in count(first):
        for scene in SCENES:
            yield scene, seed


async def _press(scene: str, seed: int, number: int) -> str:
    """Press keys on a fresh directory; gives what went wrong, if anything did."""
    prepare, screen = SCENES[scene]
    with tempfile.TemporaryDirectory() as folder, service.temporary(PEOPLE, seed=1) as there:
        desk = desk_on(there, Path(folder), Policy())
        desk.sync(lambda _progress: None, Event())
        prepare(desk)
        before, batches = everything(desk), len(desk.batches())
        async with opened(desk) as hands:
            sleeper = Sleeper(hands, desk, seed)
            await sleeper.sleeps_on(screen, number)
            if not hands.app.is_running:
                return "the console ended"
        if sleeper.was_confirmed or len(desk.batches()) != batches:
            return "a plan was confirmed"
        return "" if everything(desk) == before else "the directory was changed"


if __name__ == "__main__":
    main()
