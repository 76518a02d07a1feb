"""Rows that a crash left open: the directory is asked, and what it holds decides."""

import pytest

from mailtui.apply.settling import settle
from mailtui.domain.batch import Batch, BatchState, RowState
from mailtui.errors import Refused, StoreError
from tests.apply.conftest import FORWARDS, QUOTA, STATUS, World

BEFORE = {STATUS: [b"active"], FORWARDS: [b"a@home.net", b"B@Home.Net"]}


def left_open(world: World, dns: list[str], task: str = "disable", **answers: object) -> Batch:
    """Give a batch whose runner died when every row was written down as sent, and none was."""
    name = world.open(world.plan(task, dns, **answers))
    numbers = [row.number for row in world.journal.batch(name).rows if row.state is RowState.PLANNED]
    world.journal.start_batch(name, world.operator, 1, world.means().clock())
    world.journal.advance(name, [], numbers, world.means().clock())
    return world.journal.batch(name)


def states(batch: Batch) -> list[str]:
    return [str(row.state) for row in batch.rows]


def events(world: World) -> list[tuple[str, int | None]]:
    return [(event["kind"], event["row"]) for event in world.journal.export()]


def as_planned(world: World, dn: str) -> str:
    world.change(dn, STATUS, b"noaccess")
    world.change(dn, FORWARDS)
    return "verified"


def as_planned_in_another_spelling(world: World, dn: str) -> str:
    world.change(dn, STATUS, b"NoAccess")
    world.change(dn, FORWARDS)
    return "verified"


def as_before(world: World, dn: str) -> str:
    world.change(dn, "title", b"Clerk")
    return "planned"


def as_before_in_another_spelling(world: World, dn: str) -> str:
    world.change(dn, FORWARDS, b"b@home.net", b"A@home.net")
    return "planned"


def half(world: World, dn: str) -> str:
    world.change(dn, STATUS, b"noaccess")
    return "conflict"


def another_value(world: World, dn: str) -> str:
    world.change(dn, STATUS, b"disabled")
    return "conflict"


def gone(world: World, dn: str) -> str:
    world.second.delete(dn)
    return "failed"


def moved(world: World, dn: str) -> str:
    world.second.modify_dn(dn, dn.partition(",")[0], new_superior=world.address.base)
    return "conflict"


def made_anew(world: World, dn: str) -> str:
    world.second.delete(dn)
    world.second.add(dn, ["inetOrgPerson", "mailUser"], {"cn": "x", "sn": "x", STATUS: "noaccess"})
    return "failed"


def moved_and_as_planned(world: World, dn: str) -> str:
    as_planned(world, dn)
    moved(world, dn)
    return "verified"


CASES = [
    as_planned, as_planned_in_another_spelling, as_before, as_before_in_another_spelling, half, another_value, gone,
    moved, made_anew, moved_and_as_planned,
]  # fmt: skip


def test_each_row_is_settled_by_what_is_found_and_once_more_changes_nothing(world: World) -> None:
    dns = [world.person(BEFORE) for _ in CASES]
    batch = left_open(world, dns)
    assert (batch.state, set(states(batch))) == (BatchState.INTERRUPTED, {"sent"})
    wanted = [case(world, dn) for case, dn in zip(CASES, dns, strict=True)]
    left = {dn: world.entries([dn])[0] for case, dn in zip(CASES, dns, strict=True) if case not in _ELSEWHERE}
    settled = world.settle(batch)
    assert dict(zip([case.__name__ for case in CASES], states(settled), strict=True)) == dict(
        zip([case.__name__ for case in CASES], wanted, strict=True)
    )
    assert all(row.detail for row in settled.rows if row.state in {RowState.CONFLICT, RowState.FAILED})
    assert settled.state is BatchState.INTERRUPTED
    written = events(world)
    assert world.settle(batch) == settled
    assert events(world) == written
    assert {dn: world.entries([dn])[0] for dn in left} == left
    assert world.journal.verify().ok


_ELSEWHERE = (gone, moved, moved_and_as_planned)


def test_a_conflict_that_settling_finds_shows_what_is_and_what_was(world: World) -> None:
    dn = world.person(BEFORE)
    batch = left_open(world, [dn])
    another_value(world, dn)
    (row,) = world.settle(batch).rows
    assert row.detail == "accountStatus is “disabled”; when it was planned: “active”"
    assert {values.attribute: values.values for values in row.found}[STATUS] == (b"disabled",)


def test_what_was_found_is_mirrored(world: World) -> None:
    dns = [world.person(BEFORE) for _ in range(3)]
    batch = left_open(world, dns)
    as_planned(world, dns[0])
    another_value(world, dns[1])
    world.settle(batch)
    assert {entry.dn: entry.get(STATUS) for entry in world.mended} == {
        dns[0]: (b"noaccess",), dns[1]: (b"disabled",), dns[2]: (b"active",),
    }  # fmt: skip


def test_going_on_settles_first_and_sends_only_what_was_not_done(world: World) -> None:
    dns = [world.person({QUOTA: [b"1048576"]}) for _ in range(4)]
    batch = left_open(world, dns, "set-quota", to="+1GiB")
    for dn in dns[:2]:
        world.change(dn, QUOTA, str(1048576 + (1 << 30)).encode())
    done = world.carry_out(batch.id)
    assert (done.state, states(done)) == (BatchState.DONE, ["verified"] * 4)
    # A difference that is sent twice would show.
    assert [world.values(dn, QUOTA) for dn in dns] == [{str(1048576 + (1 << 30)).encode()}] * 4
    sent = [row for kind, row in events(world) if kind == "sent"]
    assert sorted(row for row in sent if row) == [1, 2, 3, 3, 4, 4]
    assert world.carry_out(batch.id).rows == done.rows


def test_an_undo_that_was_cut_short_is_settled_like_any_batch(world: World) -> None:
    dns = [world.person(BEFORE) for _ in range(2)]
    done = world.do(world.plan("disable", dns))
    name = world.open(world.plan_undo(done))
    world.journal.start_batch(name, world.operator, 1, world.means().clock())
    world.journal.advance(name, [], [1, 2], world.means().clock())
    for attribute, values in BEFORE.items():
        world.change(dns[0], attribute, *values)
    undone = world.carry_out(name)
    assert states(undone) == ["verified", "verified"]
    assert [world.values(dn, FORWARDS) for dn in dns] == [set(BEFORE[FORWARDS])] * 2
    assert world.journal.batch(done.id).undone_by == name


def test_what_somebody_works_on_is_not_settled(world: World) -> None:
    batch = left_open(world, [world.person(BEFORE)])
    with world.journal.batch_lock(batch.id), pytest.raises(Refused, match=batch.id):
        world.settle(batch)
    assert states(world.settle(batch)) == ["planned"]


def test_many_rows_are_settled_together(world: World) -> None:
    dns = [world.person() for _ in range(130)]
    batch = left_open(world, dns)
    for dn in dns[::2]:
        world.change(dn, STATUS, b"noaccess")
    settled = world.settle(batch)
    assert states(settled) == ["verified", "planned"] * 65


def test_a_purged_before_image_leaves_nothing_to_be_judged_by(world: World) -> None:
    done = world.do(world.plan("disable", [world.person(BEFORE)]))
    now = world.means().clock()
    assert world.journal.purge(now, now) == 1
    assert world.journal.batch(done.id).rows[0].before is None
    undone = world.undo(world.journal.batch(done.id))
    assert states(undone) == ["conflict"]
    assert undone.rows[0].detail


def test_a_cache_that_fails_does_not_keep_rows_open(world: World) -> None:
    def broken(*_arguments: object) -> None:
        raise StoreError("the cache is broken")

    batch = left_open(world, [world.person(BEFORE)])
    settled = settle(batch.id, world.means(mend=broken))
    assert states(settled) == ["planned"]
    assert "the cache is broken" in settled.warnings[-1]
