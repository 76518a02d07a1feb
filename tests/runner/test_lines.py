"""Lines and servers that fail in the middle of a batch: it is cut short, and resumed with each row done once."""

from functools import partial
from pathlib import Path

import pytest

from mailtui.errors import Unreachable
from tests.runner.conftest import mirrored
from tests.runner.world import Place, World, company
from tests.servers.accesslog import times_modified
from tests.servers.proxy import proxied
from tests.servers.rules import Action, At, Kind
from tests.servers.slapd import SlapdOptions, slapd_server

CUTS = {
    "inside-a-request": At(Kind.MODIFY_REQUEST, 5, Action.CUT_INSIDE),
    "before-an-answer": At(Kind.MODIFY_REQUEST, 5, Action.CUT_AT_ANSWER),
    "inside-an-answer": At(Kind.MODIFY_RESPONSE, 5, Action.CUT_INSIDE),
}


@pytest.mark.parametrize("cut", CUTS)
def test_a_line_that_is_cut_leaves_rows_that_are_resumed(place: Place, cut: str) -> None:
    with proxied(place.address, CUTS[cut]) as proxy:
        world = World(place, proxy.address)
        batch = world.cut_short(world.disable(), Unreachable)
        world.finish(batch)
        world.assert_disabled(batch)


def test_an_answer_that_comes_twice_counts_once(small_place: Place) -> None:
    with proxied(small_place.address, At(Kind.MODIFY_RESPONSE, 3, Action.TWICE)) as proxy:
        world = World(small_place, proxy.address)
        world.assert_disabled(world.done(world.disable()))


def test_an_answer_that_comes_too_late_is_looked_up(small_place: Place) -> None:
    with proxied(small_place.address, At(Kind.MODIFY_RESPONSE, 3, Action.HOLD)) as proxy:
        world = World(small_place, proxy.address)
        batch = world.cut_short(world.disable(), Unreachable, patience=2)
        proxy.release()
        world.finish(batch)
        world.assert_disabled(batch)


def test_answers_out_of_order_are_told_apart(small_place: Place) -> None:
    with proxied(small_place.address, At(Kind.MODIFY_RESPONSE, 2, Action.HOLD, seconds=0.3)) as proxy:
        world = World(small_place, proxy.address)
        world.assert_disabled(world.done(world.disable()))


@pytest.mark.server
def test_a_server_that_is_killed_and_comes_back_finds_the_rest_done_once(tmp_path: Path) -> None:
    options = SlapdOptions(accesslog=True, fsync=True)
    with slapd_server(company(20), options) as server, proxied(server.address) as proxy:
        place = mirrored(server.address, partial(times_modified, server.address), tmp_path)
        world = World(place, proxy.address)
        proxy.on(Kind.MODIFY_RESPONSE, 6, server.kill, Action.CUT_BEFORE)
        batch = world.cut_short(world.disable(), Unreachable)
        server.start()
        world.finish(batch)
        assert max(world.times) == 1
        world.assert_disabled(batch, None)
