"""Stores that fail in the middle of a batch: without a journal nothing goes on, without a cache everything does."""

from collections.abc import Callable
from pathlib import Path

import pytest

from mailtui.errors import StoreError
from tests.runner.world import Place, World
from tests.servers.proxy import proxied
from tests.servers.rules import Kind

SQLITE_PAGE = 4096


def test_a_full_disk_ends_the_batch_and_resuming_finishes_it(world: World) -> None:
    batch = world.cut_short(world.disable(), StoreError, most_bytes=64 << 10)
    assert any(world.times)
    world.finish(batch)
    world.assert_disabled(batch)


def delete(file: Path) -> None:
    for end in ("", "-wal", "-shm"):
        file.with_name(file.name + end).unlink(missing_ok=True)


def replace(file: Path) -> None:
    delete(file)
    file.write_bytes(b"no cache" * SQLITE_PAGE)


def damage(file: Path) -> None:
    held = file.read_bytes()
    delete(file)
    file.write_bytes(held[:SQLITE_PAGE] + bytes(len(held) - SQLITE_PAGE))


@pytest.mark.parametrize("ruin", [delete, replace, damage])
def test_a_cache_that_is_lost_does_not_hold_a_batch_up(small_place: Place, ruin: Callable[[Path], None]) -> None:
    with proxied(small_place.address) as proxy:
        world = World(small_place, proxy.address)
        proxy.on(Kind.MODIFY_REQUEST, 5, lambda: ruin(world.desk.cache_file))
        batch = world.done(world.disable())
        world.read_anew()
        world.assert_disabled(batch)


def test_a_cache_that_cannot_be_written_is_named_among_the_warnings(small_place: Place) -> None:
    with proxied(small_place.address) as proxy:
        world = World(small_place, proxy.address)
        cache = world.desk.cache_file

        def block() -> None:
            delete(cache)
            cache.mkdir()

        proxy.on(Kind.MODIFY_REQUEST, 5, block)
        batch = world.done(world.disable())
        assert any("cache was not brought up to date" in text for text in world.desk.batch(batch).warnings)
        cache.rmdir()
        world.read_anew()
        world.assert_disabled(batch)


def test_a_clock_that_goes_back_changes_neither_order_nor_undo(small_place: Place) -> None:
    world = World(small_place)
    batch = world.dead(("after", "modifyResponse", 3), world.disable(), clock_back=True)
    world.dead(("after", "ended", 1), batch=batch, clock_back=True)
    world.finish(batch)
    world.read_anew()
    world.assert_disabled(batch)
    undo = world.dead(("after", "modifyResponse", 3), world.desk.plans.prepare_undo(batch), clock_back=True)
    world.finish(undo)
    world.read_anew()
    world.assert_as_before(undo)
    assert [one.id for one in world.desk.batches()] == [undo, batch]
    assert world.desk.batch(batch).undone_by == undo
