"""Batches that are paused, cancelled, told to end and watched, and two at once, while the server holds its breath."""

import os
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event

import pytest

from mailtui.domain.batch import BatchState, RowState
from mailtui.errors import Refused
from mailtui.runner.front import Runner
from tests.runner.world import Place, World
from tests.servers.proxy import Proxy, proxied
from tests.servers.rules import Action, Kind
from tests.servers.waiting import until


@contextmanager
def under_way(place: Place) -> Iterator[tuple[World, Proxy, str]]:
    """Give a batch whose third request has reached a server that does nothing until it is released.

    The line is so slow that the runner, which looks for wishes every tenth of a second, does so before each window.
    """
    with proxied(place.address, delay_s=0.03) as proxy:
        world = World(place, proxy.address)
        plan, held = world.disable(), Event()
        proxy.on(Kind.MODIFY_REQUEST, 3, held.set, Action.HANG)
        runner, batch = world.start(plan)
        assert held.wait(20)
        try:
            yield world, proxy, batch
        finally:
            proxy.release()
            assert runner.wait(batch, 30)


def test_another_terminal_pauses_and_goes_on(place: Place) -> None:
    with under_way(place) as (world, proxy, batch):
        elsewhere = Runner(world.desk)
        elsewhere.pause(batch)
        assert elsewhere.summary(batch).is_paused
        proxy.release()
        until(lambda: not elsewhere.summary(batch).counts[RowState.SENT], "rows under way to end")
        assert elsewhere.summary(batch).state is BatchState.RUNNING
        assert elsewhere.summary(batch).counts[RowState.PLANNED]
        assert elsewhere.resume(batch)
        assert elsewhere.wait(batch, 30)
        world.assert_disabled(batch)


def test_a_batch_cancelled_from_another_terminal_leaves_the_rest_to_be_resumed(place: Place) -> None:
    with under_way(place) as (world, proxy, batch):
        elsewhere = Runner(world.desk)
        elsewhere.cancel(batch)
        elsewhere.cancel(batch)
        proxy.release()
        assert elsewhere.wait(batch, 30)
        cancelled = elsewhere.summary(batch)
        assert cancelled.state is BatchState.CANCELLED
        assert sum(world.times) == cancelled.counts[RowState.VERIFIED] == len(world.ids) - cancelled.open_rows
        assert cancelled.counts[RowState.PLANNED]
        elsewhere.cancel(batch)
        world.finish(batch)
        world.assert_disabled(batch)
        with pytest.raises(Refused, match="come to its end"):
            elsewhere.cancel(batch)


def test_a_runner_told_to_end_leaves_an_interrupted_batch(place: Place) -> None:
    with under_way(place) as (world, proxy, batch):
        runner = Runner(world.desk)
        pid = runner.summary(batch).runner_pid
        assert pid
        os.kill(pid, signal.SIGTERM)
        proxy.release()
        assert runner.wait(batch, 30)
        interrupted = runner.summary(batch)
        assert interrupted.state is BatchState.INTERRUPTED
        assert interrupted.counts[RowState.PLANNED]
        assert not interrupted.counts[RowState.SENT]
        world.finish(batch)
        world.assert_disabled(batch)


def test_a_runner_that_is_hung_up_on_goes_on(small_place: Place) -> None:
    with under_way(small_place) as (world, proxy, batch):
        runner = Runner(world.desk)
        pid = runner.summary(batch).runner_pid
        assert pid
        os.kill(pid, signal.SIGHUP)
        proxy.release()
        assert runner.wait(batch, 30)
        world.assert_disabled(batch)


def test_a_batch_is_not_worked_on_twice_at_once(small_place: Place) -> None:
    with under_way(small_place) as (world, proxy, batch):
        runner = Runner(world.desk)
        assert runner.settle() == []
        assert runner.resume(batch) is True
        with pytest.raises(Refused, match="being worked on"):
            world.desk.plans.prepare_undo(batch)
        proxy.release()
        assert runner.wait(batch, 30)
        world.assert_disabled(batch)


def test_batches_with_nothing_in_common_run_at_once(small_place: Place) -> None:
    with under_way(small_place) as (world, proxy, batch):
        other = World(small_place, files=world.desk.files)
        second = other.done(other.disable())
        other.assert_disabled(second)
        assert world.desk.batch_summary(batch).state is BatchState.RUNNING
        proxy.release()
        assert Runner(world.desk).wait(batch, 30)
        world.assert_disabled(batch)


def test_a_batch_that_touches_another_waits_and_overwrites_nothing(place: Place) -> None:
    with under_way(place) as (world, proxy, batch):
        other = World(place, people=world.mails, files=world.desk.files)
        runner, second = other.start(other.disable())
        until(lambda: any(batch in text for text in runner.summary(second).warnings), "it to say what it waits for")
        assert runner.summary(second).counts[RowState.PLANNED] == len(world.ids)
        proxy.release()
        assert runner.wait(second, 30)
        world.assert_disabled(batch)
        done = runner.summary(second)
        assert done.counts[RowState.CONFLICT] == len(world.ids)
        assert done.state is BatchState.PARTIAL


def test_two_who_go_on_at_once_both_see_it_done(place: Place) -> None:
    with under_way(place) as (world, proxy, batch):
        pid = Runner(world.desk).summary(batch).runner_pid
        assert pid
        os.kill(pid, signal.SIGTERM)
        proxy.release()
        assert Runner(world.desk).wait(batch, 30)
        assert world.desk.batch(batch).state is BatchState.INTERRUPTED
        runners = [Runner(world.desk) for _number in range(3)]
        with ThreadPoolExecutor(len(runners)) as threads:
            assert all(threads.map(lambda runner: runner.resume(batch), runners))
        assert all(runner.wait(batch, 30) for runner in runners)
        world.assert_disabled(batch)
