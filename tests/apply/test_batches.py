"""A batch carried out: what is written, what is said of it, and what is left alone."""

import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import datetime

import pytest

from mailtui.apply.means import Seen
from mailtui.directory.port import Directory
from mailtui.domain.batch import BatchState, RowState
from mailtui.domain.change import Change, Values
from mailtui.errors import Refused, StoreError, Unreachable
from mailtui.journal.log import Journal
from tests.apply.conftest import FORWARDS, QUOTA, STATUS, World, connected
from tests.apply.faulty import Meddling, Plain, Refusing
from tests.servers.proxy import proxied
from tests.servers.rules import Action, At, Kind

Wrap = Callable[[Directory], Directory]


def as_it_is(directory: Directory) -> Directory:
    return directory


BOTH = pytest.mark.parametrize("kind", [as_it_is, Plain], ids=["with controls", "without controls"])


def states(batch_rows: Sequence[object]) -> list[str]:
    return [str(getattr(row, "state", "")) for row in batch_rows]


@BOTH
def test_a_batch_is_written_read_back_and_mirrored(kind: Wrap, world: World) -> None:
    dns = [
        world.person(),
        world.person({STATUS: [b"active"], FORWARDS: [b"a@home.net", b"b@home.net"]}),
        world.person({STATUS: [b"disabled"]}),
    ]
    batch = world.do(world.plan("disable", dns), kind(world.directory))
    assert (batch.state, states(batch.rows)) == (BatchState.DONE, ["verified"] * 3)
    assert [world.values(dn, STATUS) for dn in dns] == [{b"noaccess"}] * 3
    assert [world.values(dn, FORWARDS) for dn in dns] == [set()] * 3
    assert sorted(entry.dn for entry in world.mended) == sorted(dns)
    assert {entry.get(STATUS) for entry in world.mended} == {(b"noaccess",)}
    assert batch.ended
    assert world.journal.verify().ok


@BOTH
def test_rows_with_nothing_to_do_are_skipped_and_not_sent(kind: Wrap, world: World) -> None:
    done, open_one = world.person({STATUS: [b"noaccess"]}), world.person()
    batch = world.do(world.plan("disable", [done, open_one]), kind(world.directory))
    assert (batch.state, states(batch.rows)) == (BatchState.DONE, ["skipped", "verified"])
    assert [entry.dn for entry in world.mended] == [open_one]
    again = world.do(world.plan("disable", [done, open_one]))
    assert (again.state, states(again.rows)) == (BatchState.DONE, ["skipped", "skipped"])


@BOTH
def test_what_somebody_changed_since_is_a_conflict_and_stays(kind: Wrap, world: World) -> None:
    dns = [world.person({FORWARDS: [b"a@home.net"]}) for _ in range(3)]
    plan = world.plan("disable", dns)
    world.change(dns[1], FORWARDS, b"boss@example.com")
    batch = world.do(plan, kind(world.directory))
    assert (batch.state, states(batch.rows)) == (BatchState.PARTIAL, ["verified", "conflict", "verified"])
    assert "boss@example.com" in batch.rows[1].detail
    assert "a@home.net" in batch.rows[1].detail
    assert Values(FORWARDS, (b"boss@example.com",)) in batch.rows[1].found
    assert world.values(dns[1], FORWARDS) == {b"boss@example.com"}
    assert world.values(dns[1], STATUS) == set()
    assert dns[1] in [entry.dn for entry in world.mended]


@BOTH
def test_an_attribute_that_the_plan_does_not_touch_makes_no_conflict(kind: Wrap, world: World) -> None:
    dn = world.person()
    plan = world.plan("disable", [dn])
    world.change(dn, "title", b"Director")
    assert world.do(plan, kind(world.directory)).is_clean
    assert world.values(dn, "title") == {b"Director"}


@BOTH
def test_another_spelling_of_the_same_value_makes_no_conflict(kind: Wrap, world: World) -> None:
    dn = world.person({FORWARDS: [b"a@home.net"], STATUS: [b"active"]})
    plan = world.plan("disable", [dn])
    world.change(dn, FORWARDS, b"A@HOME.NET")
    assert world.do(plan, kind(world.directory)).is_clean
    assert world.values(dn, FORWARDS) == set()


@BOTH
def test_what_is_changed_under_our_hands_is_a_conflict(kind: Wrap, world: World) -> None:
    dn = world.person({STATUS: [b"active"]})
    meddling = Meddling(kind(world.directory), lambda dn: world.change(dn, STATUS, b"disabled"))
    batch = world.do(world.plan("disable", [dn]), meddling)
    assert states(batch.rows) == ["conflict"]
    assert "“disabled”" in batch.rows[0].detail
    assert world.values(dn, STATUS) == {b"disabled"}


def test_a_moved_entry_is_a_conflict_and_one_that_is_gone_fails(world: World) -> None:
    moved, gone, there = world.person(), world.person(), world.person()
    plan = world.plan("disable", [moved, gone, there])
    world.second.modify_dn(moved, moved.partition(",")[0], new_superior=world.address.base)
    world.second.delete(gone)
    batch = world.do(plan)
    assert states(batch.rows) == ["conflict", "failed", "verified"]
    assert "moved" in batch.rows[0].detail
    assert "gone" in batch.rows[1].detail


@BOTH
def test_an_entry_that_goes_or_moves_under_our_hands_is_told_so(kind: Wrap, world: World) -> None:
    gone, moved = world.person(), world.person()

    def meddle(dn: str) -> None:
        if dn == gone:
            world.second.delete(dn)
        else:
            world.second.modify_dn(dn, dn.partition(",")[0], new_superior=world.address.base)

    batch = world.do(world.plan("disable", [gone, moved]), Meddling(kind(world.directory), meddle))
    assert states(batch.rows) == ["failed", "conflict"]


@BOTH
def test_what_the_server_refuses_fails_with_its_reason_on_that_row_alone(kind: Wrap, world: World) -> None:
    dns = [world.person() for _ in range(3)]
    plan = world.plan("set-quota", dns, to="1GiB")
    wrong = replace(plan.rows[1], changes=(Change(QUOTA, (), (b"much",)),))
    batch = world.do(replace(plan, rows=(plan.rows[0], wrong, plan.rows[2])), kind(world.directory))
    assert states(batch.rows) == ["verified", "failed", "verified"]
    assert "invalidAttributeSyntax" in batch.rows[1].detail
    assert batch.state is BatchState.PARTIAL


def test_failed_rows_alone_are_tried_again(world: World) -> None:
    dns = [world.person() for _ in range(3)]
    failed = world.do(world.plan("disable", dns), Refusing(world.directory, frozenset(dns[:2])))
    assert states(failed.rows) == ["failed", "failed", "verified"]
    assert "not today" in failed.rows[0].detail
    world.change(dns[1], STATUS, b"disabled")
    again = world.carry_out(failed.id, retry=True)
    assert (again.id, states(again.rows)) == (failed.id, ["verified", "conflict", "verified"])
    assert states(world.carry_out(failed.id, retry=True).rows) == states(again.rows)
    assert [world.values(dn, STATUS) for dn in dns] == [{b"noaccess"}, {b"disabled"}, {b"noaccess"}]


def test_the_journal_is_on_the_disk_before_a_request_leaves(world: World) -> None:
    dns = [world.person() for _ in range(3)]
    name = world.open(world.plan("disable", dns))
    told: list[RowState] = []

    def look(dn: str) -> None:
        with closing(Journal(world.journal.path)) as other:
            told.extend(row.state for row in other.batch(name).rows if row.dn == dn)

    assert world.carry_out(name, Meddling(world.directory, look)).is_clean
    assert told == [RowState.SENT] * 3


def test_a_large_batch_is_carried_out_whole(world: World) -> None:
    dns = [world.person() for _ in range(130)]
    batch = world.do(world.plan("disable", dns))
    assert (batch.counts[RowState.VERIFIED], batch.state) == (130, BatchState.DONE)
    assert {tuple(world.values(dn, STATUS)) for dn in dns} == {(b"noaccess",)}


def test_a_batch_is_stopped_between_rows_and_can_be_gone_on_with(world: World) -> None:
    dns = [world.person() for _ in range(70)]
    name = world.open(world.plan("disable", dns))
    meddling = Meddling(world.directory, lambda dn: world.stop.set() if dn == dns[4] else None)
    batch = world.carry_out(name, meddling)
    assert batch.state is BatchState.INTERRUPTED
    assert 5 <= batch.counts[RowState.VERIFIED] < 70
    assert batch.counts[RowState.VERIFIED] + batch.counts[RowState.PLANNED] == 70
    assert [world.values(row.dn, STATUS) == {b"noaccess"} for row in batch.rows] == [
        row.state is RowState.VERIFIED for row in batch.rows
    ]
    world.stop.clear()
    assert world.carry_out(name).state is BatchState.DONE


CUTS = pytest.mark.parametrize("action", [Action.CUT_BEFORE, Action.CUT_INSIDE, Action.CUT_AT_ANSWER])


@CUTS
def test_a_lost_line_leaves_rows_open_that_are_settled_and_gone_on_with(action: Action, world: World) -> None:
    dns = [world.person() for _ in range(9)]
    batch = world.lose(world.plan("disable", dns), At(Kind.MODIFY_REQUEST, 6, action))
    assert batch.state is BatchState.INTERRUPTED
    assert "sent" in states(batch.rows)
    assert batch.warnings
    assert all(world.values(row.dn, STATUS) for row in batch.rows if row.state is RowState.VERIFIED)
    on = world.carry_out(batch.id)
    assert (on.state, states(on.rows)) == (BatchState.DONE, ["verified"] * 9)
    assert world.undo(on).is_clean
    assert [world.values(dn, STATUS) for dn in dns] == [set()] * 9


@CUTS
def test_what_a_lost_line_left_can_be_taken_back_at_once(action: Action, world: World) -> None:
    dns = [world.person() for _ in range(9)]
    cut = world.settle(world.lose(world.plan("disable", dns), At(Kind.MODIFY_REQUEST, 6, action)))
    undone = world.undo(cut)
    assert undone.is_clean
    assert undone.counts[RowState.VERIFIED] == cut.counts[RowState.VERIFIED]
    assert [world.values(dn, STATUS) for dn in dns] == [set()] * 9


def test_a_line_lost_before_the_read_back_leaves_rows_sent(world: World) -> None:
    dns = [world.person() for _ in range(3)]
    name = world.open(world.plan("disable", dns))
    # Searches: of the root DSE, of the entries before, and of the entries after.
    rule = At(Kind.SEARCH_REQUEST, 3, Action.CUT_BEFORE)
    with proxied(world.address, rule) as proxy, closing(connected(proxy.address)) as directory:
        assert directory.capabilities.paged
        with pytest.raises(Unreachable):
            world.carry_out(name, Plain(directory))
    batch = world.journal.batch(name)
    assert states(batch.rows) == ["sent"] * 3
    assert world.undo(batch).is_clean


def test_a_line_lost_at_once_leaves_everything_planned(world: World) -> None:
    plan = world.plan("disable", [world.person()])
    batch = world.lose(plan, At(Kind.SEARCH_REQUEST, 1, Action.CUT_BEFORE))
    assert (batch.state, states(batch.rows)) == (BatchState.INTERRUPTED, ["planned"])


def test_a_batch_that_somebody_works_on_is_refused(world: World) -> None:
    name = world.open(world.plan("disable", [world.person()]))
    with world.journal.batch_lock(name):
        assert world.journal.batch(name).state is BatchState.PLANNED
        with pytest.raises(Refused, match=name):
            world.carry_out(name)
    assert world.carry_out(name).is_clean


def test_a_cache_that_fails_does_not_end_a_batch(world: World) -> None:
    def mend(entries: Sequence[Seen], as_of: datetime, gone: Sequence[str]) -> None:
        raise StoreError("the cache is broken")

    name = world.open(world.plan("disable", [world.person()]))
    batch = world.carry_out(name, mend=mend)
    assert batch.state is BatchState.DONE
    assert "the cache is broken" in batch.warnings[0]


def test_a_journal_that_cannot_be_written_stops_before_anything_is_sent(world: World) -> None:
    dn = world.person()
    name = world.open(world.plan("disable", [dn]))
    with closing(sqlite3.connect(world.journal.path)) as other, other:
        other.execute(
            "CREATE TRIGGER stuck BEFORE INSERT ON event WHEN NEW.kind='sent' BEGIN SELECT RAISE(ABORT, 'no'); END"
        )
    with pytest.raises(StoreError):
        world.carry_out(name)
    assert world.values(dn, STATUS) == set()
    assert states(world.journal.batch(name).rows) == ["planned"]


def test_a_journal_that_cannot_be_closed_keeps_the_rows_sent(world: World) -> None:
    dn = world.person()
    name = world.open(world.plan("disable", [dn]))
    with closing(sqlite3.connect(world.journal.path)) as other, other:
        other.execute(
            "CREATE TRIGGER stuck BEFORE INSERT ON event WHEN NEW.kind='verified' BEGIN SELECT RAISE(ABORT, 'no'); END"
        )
    with pytest.raises(StoreError):
        world.carry_out(name)
    batch = world.journal.batch(name)
    assert (batch.state, states(batch.rows)) == (BatchState.INTERRUPTED, ["sent"])
    assert world.values(dn, STATUS) == {b"noaccess"}
