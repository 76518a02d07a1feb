"""Directories that say one thing and do another: what is told is what was read back."""

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from mailtui.directory.port import Directory
from mailtui.domain.batch import Batch, BatchRow, BatchState, RowState
from mailtui.errors import Unreachable
from tests.apply.conftest import FORWARDS, STATUS, World, connected, world_on
from tests.apply.faulty import Plain, Refusing
from tests.servers.faulty import Fault, faulty
from tests.servers.proxy import proxied
from tests.servers.rules import Action, At, Kind

BEFORE = {STATUS: [b"active"], FORWARDS: [b"a@home.net", b"B@Home.Net"]}
PLANNED: tuple[set[bytes], set[bytes]] = ({b"noaccess"}, set())
Wrap = Callable[[Directory], Directory]


def as_it_is(directory: Directory) -> Directory:
    return directory


BOTH = pytest.mark.parametrize("wrap", [as_it_is, Plain], ids=["with controls", "without controls"])


@contextmanager
def wrong_about_some(fault: Fault, folder: Path) -> Iterator[World]:
    """Open a directory that is wrong about every entry whose log-in ends in 0 or 5."""
    with (
        faulty(fault, lambda dn: dn.partition(",")[0][-1] in "05", late_s=0.3) as address,
        world_on(address, folder / "journal.db") as world,
    ):
        yield world


def people(world: World, count: int = 10) -> list[str]:
    return [world.person(BEFORE) for _ in range(count)]


def is_meant(row: BatchRow) -> bool:
    return row.login[-1] in "05"


def meant(batch: Batch) -> list[BatchRow]:
    found = [row for row in batch.rows if is_meant(row)]
    assert {row.state for row in batch.rows if row not in found} == {RowState.VERIFIED}
    assert found
    return found


def now(world: World, dn: str) -> tuple[set[bytes], set[bytes]]:
    return world.values(dn, STATUS), world.values(dn, FORWARDS)


def ends(world: World, batch: Batch) -> list[tuple[int, str]]:
    """Give every end of a row that the journal holds, in order."""
    return sorted(
        (event["row"], event["kind"])
        for event in world.journal.export()
        if event["batch"] == batch.id and event["row"] and event["kind"] not in {"planned", "sent"}
    )


@BOTH
@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (
            Fault.DROPPED,
            ["accountStatus is “active”; as planned, accountStatus is “noaccess”", "mailForwardingAddress"],
        ),
        (Fault.HALF, ["as planned, "]),
    ],
    ids=["dropped", "half"],
)
def test_a_yes_that_was_not_meant_is_drift_and_tells_what_differs(
    fault: Fault, words: list[str], wrap: Wrap, tmp_path: Path
) -> None:
    with wrong_about_some(fault, tmp_path) as world:
        batch = world.do(world.plan("disable", people(world)), wrap(world.directory))
        assert batch.state is BatchState.PARTIAL
        for row in meant(batch):
            assert row.state is RowState.DRIFTED
            assert [word for word in words if word not in row.detail] == []
            assert {values.attribute: set(values.values) for values in row.found} == dict(
                zip((STATUS, FORWARDS), now(world, row.dn), strict=True)
            )
            assert now(world, row.dn) != PLANNED


def test_another_attribute_that_is_changed_as_well_is_drift(tmp_path: Path) -> None:
    with wrong_about_some(Fault.ELSEWHERE, tmp_path) as world:
        batch = world.do(world.plan("disable", people(world)))
        for row in meant(batch):
            assert row.state is RowState.DRIFTED
            assert row.detail == "title is “Meddled with”; right before, title is absent"


@BOTH
@pytest.mark.parametrize("fault", [Fault.LATE, Fault.TWICE], ids=["late", "twice"])
def test_an_answer_that_comes_late_or_twice_ends_its_row_once(fault: Fault, wrap: Wrap, tmp_path: Path) -> None:
    with wrong_about_some(fault, tmp_path) as world:
        dns = people(world)
        batch = world.do(world.plan("disable", dns), wrap(world.directory))
        assert (batch.state, batch.counts[RowState.VERIFIED]) == (BatchState.DONE, 10)
        assert ends(world, batch) == [(number, "verified") for number in range(1, 11)]
        assert [now(world, dn) for dn in dns] == [PLANNED] * 10
        # Answers that are still to come are nobody's: the connection goes on to be used.
        assert world.undo(batch).is_clean
        assert [now(world, dn) for dn in dns] == [({b"active"}, set(BEFORE[FORWARDS]))] * 10


@BOTH
def test_an_error_after_a_change_that_was_made_is_told_beside_what_was_found(wrap: Wrap, tmp_path: Path) -> None:
    with wrong_about_some(Fault.REFUSED, tmp_path) as world:
        dns = people(world)
        batch = world.do(world.plan("disable", dns), wrap(world.directory))
        for row in meant(batch):
            assert row.state is RowState.VERIFIED
            assert "the server reported an error" in row.detail
            assert "other (80)" in row.detail
        assert [now(world, dn) for dn in dns] == [PLANNED] * 10
        # Nothing is left to be tried again; an undo is refused as oddly, and is told as truly.
        assert world.carry_out(batch.id, retry=True).counts == batch.counts
        assert world.undo(batch).is_clean
        assert [now(world, dn) for dn in dns] == [({b"active"}, set(BEFORE[FORWARDS]))] * 10


@BOTH
def test_a_read_back_that_lies_as_well_is_believed_where_the_server_shows_it_itself(wrap: Wrap, tmp_path: Path) -> None:
    with wrong_about_some(Fault.CLAIMED, tmp_path) as world:
        batch = world.do(world.plan("disable", people(world)), wrap(world.directory))
        told = RowState.VERIFIED if wrap is as_it_is else RowState.DRIFTED
        assert {row.state for row in meant(batch)} == {told}


def test_a_drifted_row_is_taken_back_as_far_as_it_came(tmp_path: Path) -> None:
    with wrong_about_some(Fault.HALF, tmp_path) as world:
        dns = people(world)
        batch = world.do(world.plan("disable", dns))
        assert [row.state for row in meant(batch)] == [RowState.DRIFTED] * len(meant(batch))
        undone = world.undo(batch)
        # The undo is done by halves too; until it is told as done, it can be tried again.
        for _ in range(5):
            if undone.is_clean:
                break
            undone = world.undo(batch)
        left = {row.dn for row in undone.rows if row.state is RowState.DRIFTED}
        assert {dn for dn in dns if now(world, dn) != ({b"active"}, set(BEFORE[FORWARDS]))} == left


REFUSALS = [
    ("conflict", [b"boss@example.com"]),
    ("failed", BEFORE[FORWARDS]),
    ("drifted", BEFORE[FORWARDS][:1]),
    ("verified", []),
]


@pytest.mark.parametrize(("told", "forwards"), REFUSALS, ids=[told for told, _forwards in REFUSALS])
def test_a_refused_row_ends_by_what_is_found(told: str, forwards: list[bytes], world: World) -> None:
    dn = world.person(BEFORE)

    def others_change_it() -> None:
        world.change(dn, FORWARDS, *forwards)
        if told == "verified":
            world.change(dn, STATUS, b"noaccess")

    refusing = Refusing(world.directory, frozenset([dn]), others_change_it)
    batch = world.do(world.plan("disable", [dn]), refusing)
    assert [str(row.state) for row in batch.rows] == [told]
    assert "not today" in batch.rows[0].detail
    assert {values.attribute: set(values.values) for values in batch.rows[0].found} == {
        STATUS: world.values(dn, STATUS),
        FORWARDS: set(forwards),
    }


def test_an_answer_that_never_comes_leaves_the_row_to_be_settled(world: World) -> None:
    dns = [world.person(BEFORE) for _ in range(3)]
    name = world.open(world.plan("disable", dns))
    rules = [At(Kind.MODIFY_RESPONSE, 2, Action.DROP), At(Kind.MODIFY_RESPONSE, 3, Action.CUT_BEFORE)]
    with (
        proxied(world.address, *rules) as proxy,
        closing(connected(proxy.address)) as directory,
        pytest.raises(Unreachable),
    ):
        world.carry_out(name, directory)
    cut = world.journal.batch(name)
    assert [str(row.state) for row in cut.rows].count("sent") >= 2
    settled = world.settle(cut)
    assert (settled.counts[RowState.VERIFIED], settled.state) == (3, BatchState.DONE)
    assert ends(world, settled) == [(1, "verified"), (2, "verified"), (3, "verified")]
