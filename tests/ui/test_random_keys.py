"""Whoever falls asleep on the keyboard changes nothing, whatever is in front."""

import pytest

from mailtui.desk import Desk
from tests.ui.conftest import opened
from tests.ui.sleeping import SCENES, Sleeper, everything

# 20,000 in all: the first screen, from which most others are reached, gets a third.
NUMBER = 1_250
CASES = [(scene, seed) for scene in SCENES for seed in range(4 if scene == "main" else 1)]


@pytest.mark.parametrize(("scene", "seed"), CASES)
async def test_random_keys_and_pastes_carry_nothing_out(desk: Desk, scene: str, seed: int) -> None:
    prepare, screen = SCENES[scene]
    prepare(desk)
    before, batches = everything(desk), len(desk.batches())
    async with opened(desk) as hands:
        sleeper = Sleeper(hands, desk, seed)
        await sleeper.sleeps_on(screen, NUMBER)
        assert sleeper.was_confirmed == []
        assert hands.app.is_running, "it ended"
        assert hands.main._runner._spawned == {}
    assert len(desk.batches()) == batches
    assert everything(desk) == before


def test_there_are_20000_keys() -> None:
    assert len(CASES) * NUMBER >= 20_000
