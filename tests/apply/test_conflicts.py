"""What an operator does when others were faster, the directory was down, or a batch is to be taken back, at a desk."""

import os
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from threading import Event

import pytest

from mailtui.apply.batches import carry_out
from mailtui.domain.batch import Batch, BatchState, RowState
from mailtui.domain.operator import Operator
from mailtui.domain.policy import Policy
from mailtui.errors import NothingToDo, Unreachable
from tests.apply.conftest import FORWARDS, QUOTA, STATUS, World
from tests.apply.desks import At, Opening, desk_at, opening
from tests.servers.proxy import proxied


@pytest.fixture
def at(world: World, tmp_path: Path) -> Opening:
    """Give what opens a desk with so many people, all of them mirrored."""
    return opening(world, tmp_path)


def states(batch: Batch) -> list[str]:
    return [str(row.state) for row in batch.rows]


def conflicting(here: At) -> Batch:
    """Give a batch in whose second row somebody else was faster."""
    plan = here.plan()
    here.world.change(here.dns[1], FORWARDS, b"boss@example.com")
    batch = here.do(plan)
    assert states(batch) == ["verified", "conflict", "verified"]
    return batch


ACTIVE = ({b"active"}, {b"a@home.net"})
DISABLED: tuple[set[bytes], set[bytes]] = ({b"noaccess"}, set())
THEIRS = ({b"active"}, {b"boss@example.com"})


def test_a_conflict_keeps_mine_theirs_and_what_the_plan_started_from(at: Opening) -> None:
    row = conflicting(at(3)).rows[1]
    mine = {change.attribute: change.add for change in row.changes}
    theirs = {values.attribute: values.values for values in row.found}
    started = {values.attribute: values.values for values in row.before or ()}
    assert (mine[STATUS], mine[FORWARDS]) == ((b"noaccess",), ())
    assert (theirs[STATUS], theirs[FORWARDS]) == ((b"active",), (b"boss@example.com",))
    assert (started[STATUS], started[FORWARDS]) == ((b"active",), (b"a@home.net",))


def test_theirs_is_kept_and_once_more_keeps_nothing(at: Opening) -> None:
    here = at(3)
    batch = conflicting(here)
    assert here.runner.keep_theirs(batch.id) == 1
    kept = here.desk.batch(batch.id)
    assert (states(kept), kept.state) == (["verified", "skipped", "verified"], BatchState.DONE)
    assert "boss@example.com" in kept.rows[1].detail
    assert here.runner.keep_theirs(batch.id) == 0
    assert here.desk.batch(batch.id) == kept
    with pytest.raises(NothingToDo):
        here.desk.plans.prepare_again(batch.id, conflicts=True)
    assert here.standing() == [DISABLED, THEIRS, DISABLED]


def test_a_conflict_is_planned_again_from_theirs_and_its_undo_gives_theirs_back(at: Opening) -> None:
    here = at(3)
    batch = conflicting(here)
    plan = here.desk.plans.prepare_again(batch.id, conflicts=True)
    assert [row.dn for row in plan.rows] == [here.dns[1]]
    assert [change.remove for change in plan.rows[0].changes] == [(b"active",), (b"boss@example.com",)]
    done = here.do(plan)
    assert here.standing() == [DISABLED] * 3
    assert here.do(here.desk.plans.prepare_undo(done.id)).is_clean
    assert here.standing() == [DISABLED, THEIRS, DISABLED]


def test_a_conflict_that_is_overtaken_again_is_a_conflict_again(at: Opening) -> None:
    here = at(3)
    plan = here.desk.plans.prepare_again(conflicting(here).id, conflicts=True)
    here.world.change(here.dns[1], STATUS, b"disabled")
    assert states(here.do(plan)) == ["conflict"]
    assert here.standing()[1] == ({b"disabled"}, {b"boss@example.com"})


def test_an_undo_that_others_were_in_the_way_of_can_overwrite_them_once_seen(at: Opening) -> None:
    here = at(3)
    done = here.do(here.plan())
    here.world.change(here.dns[1], FORWARDS, b"boss@example.com")
    undone = here.do(here.desk.plans.prepare_undo(done.id))
    assert states(undone) == ["verified", "conflict", "verified"]
    assert here.standing() == [ACTIVE, ({b"noaccess"}, {b"boss@example.com"}), ACTIVE]
    again = here.desk.plans.prepare_again(undone.id, conflicts=True)
    assert [row.dn for row in again.rows] == [here.dns[1]]
    assert here.do(again).is_clean
    assert here.standing() == [ACTIVE] * 3


def test_a_partial_batch_is_taken_back_as_far_as_it_came(at: Opening) -> None:
    here = at(5)
    plan = here.plan()
    here.world.change(here.dns[1], FORWARDS, b"boss@example.com")
    here.world.second.delete(here.dns[2])
    del here.dns[2]
    done = here.do(plan)
    assert (states(done), done.state) == (
        ["verified", "conflict", "failed", "verified", "verified"], BatchState.PARTIAL,
    )  # fmt: skip
    undo = here.desk.plans.prepare_undo(done.id)
    assert [row.account_id for row in undo.rows] == [done.rows[n].account_id for n in (0, 3, 4)]
    undone = here.do(undo)
    assert undone.is_clean
    assert here.standing() == [ACTIVE, THEIRS, ACTIVE, ACTIVE]
    redone = here.do(here.desk.plans.prepare_undo(undone.id))
    assert redone.is_clean
    assert here.standing() == [DISABLED, THEIRS, DISABLED, DISABLED]
    assert here.desk.batch(done.id).undone_by is None
    assert here.desk.batch(undone.id).undone_by == redone.id


def test_a_batch_that_changed_nothing_has_nothing_to_be_taken_back(at: Opening) -> None:
    here = at(2, {STATUS: [b"noaccess"]})
    with pytest.raises(NothingToDo):
        here.desk.plans.prepare_undo(here.do(here.plan()).id)


def site(folder: Path) -> Path:
    """Make a folder for a site's journal."""
    folder.mkdir()
    os.chown(folder, -1, os.getgid())
    folder.chmod(0o2770)
    return folder


def test_a_colleague_takes_a_batch_back_days_later(at: Opening, tmp_path: Path) -> None:
    policy = Policy(journal_dir=site(tmp_path / "site"), journal_days=30)
    here = at(3, policy=policy)
    done = here.do(here.plan(), days_ago=9)
    (tmp_path / "lee").mkdir(mode=0o700)
    elsewhere = replace(here, desk=desk_at(here.world.address, tmp_path / "lee", policy))
    with closing(elsewhere.desk.journal()) as journal:
        name = _undo_as(Operator("uid=lee", "lee"), elsewhere, done.id)
        undone = journal.batch(name)
        assert (undone.operator, undone.undoes, undone.is_clean) == ("uid=lee", done.id, True)
        assert journal.batch(done.id).undone_by == name
        assert journal.verify().ok
    assert here.standing() == [ACTIVE] * 3
    assert [batch.id for batch in here.desk.batches()] == [name, done.id]


def _undo_as(operator: Operator, here: At, batch: str) -> str:
    here.desk.sync(lambda _progress: None, Event())
    plan = here.desk.plans.prepare_undo(batch)
    with closing(here.desk.journal()) as journal, here.desk.connected() as directory:
        name = journal.open_batch(plan, operator, datetime.now(UTC))
        carry_out(name, here.desk.means(journal, directory, operator))
        return name


# Batches that wait


def test_a_plan_that_is_saved_while_the_directory_is_down_is_resumed_from_what_is_then(
    at: Opening, world: World
) -> None:
    with proxied(world.address) as proxy:
        here = at(4, via=proxy.address)
        proxy.shut()
        with pytest.raises(Unreachable):
            here.plan()
        plan = here.desk.plans.prepare_unread("disable", here.ids, {}, ticket="HD-7")
        with pytest.raises(Unreachable):
            here.runner.start(plan)
        assert here.desk.batches() == []
        saved = here.runner.save(plan)
        assert (here.desk.batch(saved).state, states(here.desk.batch(saved))) == (BatchState.PLANNED, ["planned"] * 4)
        for again in (lambda: here.desk.plans.prepare_again(saved), lambda: here.runner.resume(saved)):
            with pytest.raises(Unreachable):
                again()
        world.change(here.dns[1], FORWARDS, b"boss@example.com")
        world.change(here.dns[2], STATUS, b"noaccess")
        world.change(here.dns[2], FORWARDS)
        proxy.open()
        resumed = here.desk.plans.prepare_again(saved)
        assert (resumed.ticket, resumed.task) == ("HD-7", "disable")
        assert [bool(row.changes) for row in resumed.rows] == [True, True, False, True]
        assert (b"boss@example.com",) in [change.remove for change in resumed.rows[1].changes]
        here.runner.resume_planned(saved, resumed)
        done = here.resumed(saved)
        assert (done.state, states(done)) == (BatchState.DONE, ["verified", "verified", "skipped", "verified"])
        assert here.standing() == [DISABLED] * 4
        assert here.do(here.desk.plans.prepare_undo(saved)).is_clean
        assert here.standing() == [ACTIVE, THEIRS, DISABLED, ACTIVE]


def saved_and_overtaken(here: At) -> str:
    """Save a batch for four people, of whom two are changed and one goes before it is resumed."""
    saved = here.runner.save(here.plan("set-quota", to="+1GiB"))
    here.world.change(here.dns[1], QUOTA, b"4194304")
    here.world.change(here.dns[2], "title", b"Clerk")
    here.world.second.delete(here.dns[3])
    return saved


def test_a_saved_batch_is_planned_again_from_what_its_accounts_are(at: Opening) -> None:
    here = at(4, {QUOTA: [b"1048576"]})
    saved = saved_and_overtaken(here)
    plan = here.desk.plans.prepare_again(saved)
    here.runner.resume_planned(saved, plan)
    done = here.resumed(saved)
    assert states(done) == ["verified", "verified", "verified", "failed"]
    assert [here.world.values(dn, QUOTA) for dn in here.dns[:3]] == [
        {b"1074790400"}, {str(4194304 + (1 << 30)).encode()}, {b"1074790400"},
    ]  # fmt: skip
    assert "gone" in done.rows[3].detail
    with pytest.raises(NothingToDo):
        here.desk.plans.prepare_again(saved)
    here.runner.resume_planned(saved, plan)
    assert here.resumed(saved).rows == done.rows


def test_a_saved_batch_that_others_have_done_meanwhile_ends_without_a_change(at: Opening) -> None:
    here = at(2)
    saved = here.runner.save(here.plan())
    for dn in here.dns:
        here.world.change(dn, STATUS, b"noaccess")
        here.world.change(dn, FORWARDS)
    here.runner.resume_planned(saved, here.desk.plans.prepare_again(saved))
    done = here.resumed(saved)
    assert (done.state, states(done)) == (BatchState.DONE, ["skipped", "skipped"])
    assert done.ended
    with pytest.raises(NothingToDo):
        here.desk.plans.prepare_undo(saved)


def test_a_saved_batch_that_is_sent_as_it_was_overwrites_nobody(at: Opening) -> None:
    here = at(4, {QUOTA: [b"1048576"]})
    saved = saved_and_overtaken(here)
    assert here.runner.resume(saved)
    assert states(here.resumed(saved)) == ["verified", "conflict", "verified", "failed"]
    assert here.world.values(here.dns[1], QUOTA) == {b"4194304"}


def test_what_was_planned_again_is_what_enable_gives_back(at: Opening) -> None:
    here = at(1)
    saved = here.runner.save(here.plan())
    here.world.change(here.dns[0], FORWARDS, b"boss@example.com")
    here.runner.resume_planned(saved, here.desk.plans.prepare_again(saved))
    assert here.resumed(saved).is_clean
    assert here.do(here.plan("enable")).is_clean
    assert here.standing() == [THEIRS]


def test_a_batch_is_not_planned_again_while_it_is_worked_on(at: Opening) -> None:
    here = at(1)
    saved = here.runner.save(here.plan())
    plan = here.desk.plans.prepare_again(saved)
    with closing(here.desk.journal()) as journal, journal.batch_lock(saved):
        here.runner.resume_planned(saved, plan)
    assert states(here.desk.batch(saved)) == ["planned"]


def test_rows_under_way_of_a_batch_that_is_cancelled_are_still_settled(at: Opening) -> None:
    here = at(3)
    saved = here.runner.save(here.plan())
    with closing(here.desk.journal()) as journal:
        journal.start_batch(saved, here.desk.operator(), 1, datetime.now(UTC))
        journal.advance(saved, [], [1, 2], datetime.now(UTC))
    here.world.change(here.dns[0], STATUS, b"noaccess")
    here.world.change(here.dns[0], FORWARDS)
    here.runner.cancel(saved)
    assert [batch.id for batch in here.runner.settle()] == [saved]
    settled = here.desk.batch(saved)
    assert (states(settled), settled.state) == (["verified", "planned", "planned"], BatchState.CANCELLED)
    assert here.runner.settle() == []
    assert settled.counts[RowState.SENT] == 0
