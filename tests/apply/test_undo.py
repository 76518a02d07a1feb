"""Undo: each entry gets its own prior values again, and nobody's later work is lost."""

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mailtui.domain.batch import BatchState
from tests.apply.conftest import FORWARDS, STATUS, Raw, World

ADDRESSES = st.sampled_from([b"a@home.net", b"B@Home.Net", b"c@example.com", b"heir@example.com"])
ENTRIES = st.fixed_dictionaries({FORWARDS: st.lists(ADDRESSES, unique_by=bytes.lower, max_size=3)})
DISABLES = st.sampled_from(
    [
        {"delivery": "receive"},
        {"delivery": "bounce"},
        {"delivery": "bounce", "keep_forwards": True},
        {"delivery": "redirect", "redirect_to": None},
    ]
)
ON_SERVERS = settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    database=None,
    derandomize=True,
)


def planned_answers(world: World, answers: dict[str, Any]) -> dict[str, Any]:
    return {**answers, "redirect_to": world.person()} if "redirect_to" in answers else answers


@ON_SERVERS
@given(entries=st.lists(ENTRIES, min_size=1, max_size=3), disables=st.lists(DISABLES, min_size=1, max_size=3))
def test_disable_then_enable_gives_back_what_was_taken(
    world: World, entries: list[Raw], disables: list[dict[str, Any]]
) -> None:
    dns = [world.person({**entry, STATUS: [b"active"]}) for entry in entries]
    before = world.entries(dns)
    for answers in disables:
        assert world.do(world.plan("disable", dns, **planned_answers(world, answers))).is_clean
    assert world.do(world.plan("enable", dns)).is_clean
    assert world.entries(dns) == before


def test_what_was_changed_since_is_reported_and_the_rest_restored(world: World) -> None:
    dns = [world.person({STATUS: [b"active"], FORWARDS: [b"a@home.net"]}) for _ in range(3)]
    done = world.do(world.plan("disable", dns))
    world.change(dns[0], FORWARDS, b"boss@example.com")
    world.change(dns[1], "title", b"Clerk")
    world.second.delete(dns[2])
    undone = world.undo(done)
    assert (undone.task, undone.undoes, undone.state) == ("undo", done.id, BatchState.PARTIAL)
    assert [str(row.state) for row in undone.rows] == ["conflict", "verified", "conflict"]
    assert "boss@example.com" in undone.rows[0].detail
    assert world.values(dns[0], STATUS) == {b"noaccess"}
    assert world.values(dns[0], FORWARDS) == {b"boss@example.com"}
    assert (world.values(dns[1], STATUS), world.values(dns[1], FORWARDS)) == ({b"active"}, {b"a@home.net"})
    assert world.journal.batch(done.id).undone_by == undone.id


def test_undo_twice_changes_nothing_the_second_time(world: World) -> None:
    dn = world.person({FORWARDS: [b"a@home.net"]})
    done = world.do(world.plan("disable", [dn]))
    assert [str(row.state) for row in world.undo(done).rows] == ["verified"]
    assert [str(row.state) for row in world.undo(done).rows] == ["skipped"]


def test_a_moved_entry_is_undone_where_it_is_now(world: World) -> None:
    dn = world.person({STATUS: [b"active"]})
    done = world.do(world.plan("disable", [dn]))
    world.second.modify_dn(dn, dn.partition(",")[0], new_superior=world.address.base)
    assert world.undo(done).is_clean
    assert world.values(f"{dn.partition(',')[0]},{world.address.base}", STATUS) == {b"active"}
