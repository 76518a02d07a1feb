"""What is written into the journal is what is read out of it."""

import stat
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from mailtui.domain.batch import BatchState, Closing, RowState
from mailtui.domain.change import Change, Values
from mailtui.domain.plan import Caution, Friction, Plan
from mailtui.errors import Refused
from mailtui.journal.log import Journal
from tests.journal.conftest import FORWARDS, KIM, NOON, STATUS, plan_for, plan_row, written


def test_a_batch_is_read_as_it_was_written(journal: Journal) -> None:
    binary = plan_row("bert", Change(FORWARDS, (b"\xff\x00", b"a@b.c")), Values(FORWARDS, (b"\xff\x00", b"a@b.c")))
    rows = (plan_row("anna"), binary, plan_row("cleo", skip="nothing to do"), plan_row("dora", conflict="changed"))
    plan = Plan(
        "disable", "Disable", rows, Friction.COUNT, (Caution("k", "Anna is the boss", "mirror"),), "HD-7", "left"
    )
    name = journal.open_batch(plan, KIM, NOON)
    batch = journal.batch(name)
    assert (batch.id, batch.task, batch.ticket, batch.reason, batch.operator) == (
        "B1",
        "disable",
        "HD-7",
        "left",
        KIM.name,
    )
    assert (batch.started, batch.ended, batch.warnings) == (NOON, None, ("Anna is the boss",))
    assert [(row.number, row.account_id, row.login, row.name, row.dn) for row in batch.rows] == [
        (number, row.account_id, row.login, row.name, row.dn) for number, row in enumerate(rows, 1)
    ]
    assert [(row.changes, row.before) for row in batch.rows] == [(row.changes, row.before) for row in rows]
    assert [row.state for row in batch.rows] == ["planned", "planned", "skipped", "conflict"]
    assert [row.detail for row in batch.rows] == ["", "", "nothing to do", "changed"]
    assert batch.counts[RowState.PLANNED] == 2


def test_rows_tell_how_they_ended_and_what_was_found(journal: Journal) -> None:
    name = journal.open_batch(plan_for(plan_row("anna"), plan_row("bert")), KIM, NOON)
    journal.advance(name, [], [1, 2], NOON)
    found = (Values(STATUS, (b"disabled",)),)
    journal.advance(name, [Closing(1, RowState.CONFLICT, "it is disabled", found)], [], NOON)
    first, second = journal.batch(name).rows
    assert (first.state, first.detail, first.found) == (RowState.CONFLICT, "it is disabled", found)
    assert (second.state, second.found) == (RowState.SENT, ())
    journal.withdraw(name, [2], NOON)
    again = journal.batch(name).rows[1]
    assert (again.state, again.changes) == (RowState.PLANNED, second.changes)


STATES = [
    ("opened", [], False, BatchState.PLANNED),
    ("begun", ["start"], True, BatchState.RUNNING),
    ("left alone", ["start"], False, BatchState.INTERRUPTED),
    ("sent, left alone", ["start", "sent"], False, BatchState.INTERRUPTED),
    ("done", ["start", "sent", "verified", "end"], False, BatchState.DONE),
    ("done, its end not written", ["start", "sent", "verified"], False, BatchState.DONE),
    ("drifted", ["start", "sent", "drifted", "end"], False, BatchState.PARTIAL),
    ("failed", ["start", "sent", "failed", "end"], False, BatchState.PARTIAL),
    ("cancelled", ["start", "cancel"], False, BatchState.CANCELLED),
    ("cancelled, what was under way settled", ["start", "sent", "cancel", "verified"], False, BatchState.DONE),
    ("cancelled, gone on with", ["start", "cancel", "start"], True, BatchState.RUNNING),
]


@pytest.mark.parametrize(("steps", "held", "state"), [case[1:] for case in STATES], ids=[case[0] for case in STATES])
def test_the_state_of_a_batch_follows_from_its_events(
    steps: Sequence[str], held: bool, state: BatchState, journal: Journal
) -> None:
    name = journal.open_batch(plan_for(plan_row("anna"), plan_row("bert", skip="so already")), KIM, NOON)
    doings = {
        "start": lambda: journal.start_batch(name, KIM, 4711, NOON),
        "sent": lambda: journal.advance(name, [], [1], NOON),
        "end": lambda: journal.close_batch(name, NOON),
        "cancel": lambda: journal.close_batch(name, NOON, cancelled=True),
    }
    for step in steps:
        close = lambda step=step: journal.advance(name, [Closing(1, RowState(step))], [], NOON)  # noqa: E731
        doings.get(step, close)()
    if held:
        with journal.batch_lock(name):
            assert journal.batch(name).state is journal.batches()[0].state is state
    else:
        assert journal.batch(name).state is journal.batches()[0].state is state


def test_a_batch_in_which_nothing_changes_is_done_at_once(journal: Journal) -> None:
    name = journal.open_batch(plan_for(plan_row("anna", skip="so already")), KIM, NOON)
    assert journal.batch(name).state is BatchState.DONE


def test_batches_are_listed_newest_first_with_their_counts(journal: Journal) -> None:
    for logins in (["anna"], ["bert", "cleo"], ["dora", "emil", "fred"]):
        written(journal, plan_for(*map(plan_row, logins)))
    assert [(batch.id, batch.total, batch.rows) for batch in journal.batches(2)] == [("B3", 3, ()), ("B2", 2, ())]
    assert journal.batches()[0].counts == journal.batch("B3").counts
    assert journal.batches()[0].is_clean


def test_an_undo_and_what_it_undoes_know_each_other(journal: Journal) -> None:
    written(journal, plan_for(plan_row("anna")))
    written(journal, plan_for(plan_row("anna"), task="undo", undoes="B1"))
    assert (journal.batch("B1").undone_by, journal.batch("B2").undoes) == ("B2", "B1")
    assert [batch.undone_by for batch in journal.batches()] == [None, "B2"]


def test_a_note_shows_among_the_warnings(journal: Journal) -> None:
    name = journal.open_batch(plan_for(plan_row("anna")), KIM, NOON)
    journal.note(name, "the line was lost", NOON)
    assert journal.batch(name.lower()).warnings == ("the line was lost",)


@pytest.mark.parametrize("name", ["B2", "17", "", "B0", "../B1", "B1.lock", "Bx"])
def test_a_batch_that_is_not_there_is_refused(name: str, journal: Journal) -> None:
    written(journal, plan_for(plan_row("anna")))
    with pytest.raises(Refused, match="There is no batch"):
        journal.batch(name)


def test_two_runners_never_hold_one_batch(journal: Journal, path: Path) -> None:
    with journal.batch_lock("B1"):
        assert journal.is_held("B1")
        assert not journal.is_held("B2")
        with pytest.raises(Refused, match="B1"), journal.batch_lock("b1"):
            pass
    assert not journal.is_held("B1")
    with journal.batch_lock("B1"):
        pass
    assert [file.name for file in path.parent.glob("*.lock")] == []


def test_nobody_else_may_read_the_journal(journal: Journal, path: Path) -> None:
    journal.open_batch(plan_for(plan_row("anna")), KIM, NOON)
    modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in path.parent.iterdir()}
    assert set(modes.values()) == {0o600}
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_events_hold_no_personal_data(journal: Journal, path: Path) -> None:
    plan = plan_for(plan_row("quincy", Change(FORWARDS, (b"q@home.net",)), Values(FORWARDS, (b"q@home.net",))))
    name = written(journal, plan)
    journal.note(name, "quincy called", NOON)
    assert journal.purge(NOON + timedelta(days=1), NOON) == 1
    journal.close()
    rest = b"".join(file.read_bytes() for file in path.parent.iterdir())
    events = rest.lower().replace(b"id-quincy", b"")
    assert b"home.net" not in events
    assert b"quincy" not in events


def test_a_purge_leaves_the_chain_whole_and_rows_without_what_was_before(journal: Journal) -> None:
    old = written(journal, plan_for(plan_row("anna")))
    journal.open_batch(plan_for(plan_row("bert")), KIM, NOON)
    assert journal.purge(NOON, NOON) == 0
    assert journal.purge(NOON + timedelta(days=1), NOON) == 1
    assert journal.purge(NOON + timedelta(days=1), NOON) == 0
    (row,) = journal.batch(old).rows
    assert (row.before, row.changes, row.login, row.state) == (None, (), "", RowState.VERIFIED)
    assert journal.batch("B2").rows[0].before == (Values(STATUS),)
    assert journal.verify().ok


def test_a_purge_spares_what_can_still_be_gone_on_with(journal: Journal) -> None:
    journal.open_batch(plan_for(plan_row("anna")), KIM, NOON)
    assert journal.purge(NOON + timedelta(days=1), NOON) == 0
