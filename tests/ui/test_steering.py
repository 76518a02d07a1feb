"""Batches steered from the console: stop, pause, go on, try again, conflicts; whoever carries them out."""

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from threading import Event

import pytest

from mailtui.demo import service
from mailtui.demo.address import DemoAddress
from mailtui.demo.controls import Asked
from mailtui.demo.requests import Message
from mailtui.demo.results import Result
from mailtui.demo.session import Session
from mailtui.desk import Desk
from mailtui.domain.batch import BatchState, RowState
from mailtui.domain.policy import Policy
from mailtui.ui.screens.batch import BatchScreen
from mailtui.ui.screens.batches import BatchesScreen
from tests.ui.batches import begin, cut_short, in_conflict
from tests.ui.conftest import desk_on, opened
from tests.ui.hands import Hands


class Holding(Session):
    """A server that answers modifies only while it is let."""

    go_on = Event()

    def modify(self, request: Message, asked: Asked) -> Result:
        Holding.go_on.wait(20)
        return super().modify(request, asked)


@pytest.fixture
def held_desk(tmp_path: Path) -> Iterator[Desk]:
    """A desk on a directory that keeps modifies waiting."""
    Holding.go_on.clear()
    with service.temporary(300, seed=1, session=Holding) as there:
        desk = desk_on(there, tmp_path, Policy())
        desk.sync(lambda _progress: None, Event())
        yield desk
        Holding.go_on.set()


def status(desk: Desk, account: str) -> tuple[bytes, ...]:
    """Read the status of an account."""
    with desk.connected() as directory:
        return directory.read_ids([account], ["accountStatus"])[account].get("accountStatus")


def usable(hands: Hands) -> set[str]:
    """Give what can be done on the screen in front."""
    deeds = ("stop", "pause", "resume", "retry", "undo", "keep", "replan", "settle")
    return {deed for deed in deeds if hands.app.screen.check_action(deed, ())}


async def test_a_batch_begun_elsewhere_is_followed_paused_and_goes_on(held_desk: Desk) -> None:
    runner = begin(held_desk, 200)
    async with opened(held_desk) as hands:
        await hands.sees("B1 is running: b shows it")
        await hands.press("b")
        await hands.sees("B1", "→ running")
        await hands.press("enter")
        await hands.sees("B1 Disable", "→ running", "0 of 200")
        assert usable(hands) == {"stop", "pause"}
        await hands.press("p")
        await hands.sees("→ running · paused")
        assert usable(hands) == {"stop", "pause", "resume"}
        Holding.go_on.set()
        await hands.press("c")
        await hands.sees("✓ done", "✓ verified 200")
        assert usable(hands) == {"undo"}
    assert runner.wait("B1", 20)


async def test_a_running_batch_is_paused_and_stopped_in_the_list(held_desk: Desk) -> None:
    begin(held_desk, 200)
    async with opened(held_desk) as hands:
        await hands.press("b")
        await hands.sees("B1", "→ running")
        await hands.press("p")
        await hands.sees("→ paused")
        await hands.press("p")
        await hands.sees("→ running")
        await hands.press("s")
        Holding.go_on.set()
        await hands.sees("– cancelled")
        assert "resume" in usable(hands)
        await hands.press("c")
        await hands.sees("Go on with B1")
        await hands.answer("y")
        await hands.sees("✓ done")


async def test_quitting_says_that_batches_go_on_by_themselves(held_desk: Desk) -> None:
    runner = begin(held_desk, 3)
    async with opened(held_desk) as hands:
        await hands.sees("B1 is running")
        await hands.press("q")
        await hands.sees("B1 is running; it goes on by itself.")
        await hands.answer("y")
        await hands.until(lambda: not hands.app.is_running, "the end")
        Holding.go_on.set()
    assert runner.wait("B1", 20)
    assert held_desk.batch("B1").state is BatchState.DONE


async def test_what_a_crash_left_open_is_settled_at_the_start_and_sent_after_a_question(desk: Desk) -> None:
    cut_short(desk, 3, sent=2)
    async with opened(desk) as hands:
        await hands.sees("B1 was cut short (3 of 3 open): b, then c goes on")
        await hands.until(lambda: not desk.batch("B1").counts[RowState.SENT], "what became of the rows")
        await hands.press("b")
        await hands.sees("✗ interrupted", "planned 3")
        await hands.press("c")
        await hands.sees("3 rows of B1 are still open")
        await hands.answer("n")
        assert desk.batch("B1").counts[RowState.PLANNED] == 3
        await hands.misses("Go on with")
        await hands.press("c")
        await hands.sees("3 rows of B1 are still open")
        await hands.answer("y")
        await hands.sees("✓ done")
    assert desk.batch("B1").counts[RowState.VERIFIED] == 3


async def test_without_the_password_nothing_is_settled_and_nobody_is_asked(desk: Desk) -> None:
    cut_short(desk, 3, sent=2)
    desk.forget_passwords()
    async with opened(desk) as hands:
        await hands.sees("B1 was cut short (3 of 3 open)")
        assert len(hands.app.screen_stack) == 1
    assert desk.batch("B1").counts[RowState.SENT] == 2


async def test_settling_is_a_key_in_the_list(desk: Desk, address: DemoAddress) -> None:
    cut_short(desk, 3, sent=2)
    desk.forget_passwords()
    async with opened(desk) as hands:
        await hands.sees("r logs in and goes on")
        desk.give_password("operator", address.password)
        await hands.press("b")
        await hands.sees("✗ interrupted", "→ sent 2")
        assert usable(hands) == {"stop", "resume", "undo", "settle"}
        await hands.press("S")
        await hands.sees("· planned 3")
        await hands.until(lambda: "settle" not in usable(hands), "nothing to settle")


async def test_a_conflict_shows_the_start_theirs_and_mine(desk: Desk) -> None:
    batch = in_conflict(desk)
    assert batch.counts[RowState.CONFLICT] == 1
    async with opened(desk) as hands:
        await hands.press("b", "enter")
        await hands.sees("! conflict 1")
        await hands.press("down", "enter")
        await hands.sees("accountStatus", "planned from", "theirs", "mine")
        lines = [line.split() for line in hands.screen().splitlines()]
        assert ["planned", "from", "absent"] in lines
        assert ["theirs", "disabled"] in lines
        assert ["mine", "noaccess"] in lines


async def test_theirs_is_kept_after_a_question(desk: Desk) -> None:
    batch = in_conflict(desk)
    async with opened(desk) as hands:
        await hands.press("b", "enter")
        await hands.sees("! conflict 1")
        assert {"keep", "replan"} <= usable(hands)
        await hands.press("K")
        await hands.sees("Leave 1 account of B1 as others made it?")
        await hands.answer("y")
        await hands.sees("– skipped 1", "✓ done")
        await hands.until(lambda: not {"keep", "replan"} & usable(hands), "no conflict")
    assert status(desk, batch.rows[1].account_id) == (b"disabled",)


async def test_a_conflict_is_planned_again_from_theirs_as_a_batch_of_its_own(desk: Desk) -> None:
    batch = in_conflict(desk)
    async with opened(desk) as hands:
        await hands.press("b", "enter")
        await hands.sees("! conflict 1")
        await hands.press("R")
        await hands.sees("accountStatus: disabled", "accountStatus: noaccess", "Press y to do it")
        await hands.answer("y")
        await hands.sees("B2 Disable", "✓ done")
        await hands.press("escape")
        await hands.until(lambda: isinstance(hands.app.screen, BatchScreen), "the first batch")
    assert status(desk, batch.rows[1].account_id) == (b"noaccess",)


async def test_the_list_shows_what_somebody_else_did_while_nothing_runs(desk: Desk) -> None:
    cut_short(desk, 3, sent=2)
    desk.forget_passwords()
    async with opened(desk) as hands:
        await hands.press("b")
        await hands.sees("→ sent 2")
        with closing(desk.journal()) as journal:
            journal.withdraw("B1", (1, 2), datetime.now(UTC))
        await hands.sees("· planned 3")
        await hands.until(lambda: "settle" not in usable(hands), "nothing to settle")


async def test_stopping_what_has_just_ended_is_no_failure(held_desk: Desk) -> None:
    runner = begin(held_desk, 3)
    async with opened(held_desk) as hands:
        await hands.press("b")
        await hands.sees("→ running")
        screen = hands.app.screen
        assert isinstance(screen, BatchesScreen)
        running = screen.chosen
        assert running
        Holding.go_on.set()
        assert runner.wait("B1", 20)
        await hands.main._errands.batches.stop(screen, running)
        await hands.sees("✓ done")
        assert hands.app.screen is screen


async def test_an_undo_can_be_undone_in_the_batch_screen(desk: Desk) -> None:
    runner = begin(desk, 2)
    assert runner.wait("B1", 20)
    async with opened(desk) as hands:
        await hands.press("b", "enter")
        await hands.sees("B1 Disable", "✓ done")
        await hands.press("u")
        await hands.sees("Give 2 accounts the values again that they had before batch B1")
        await hands.press("enter")
        await hands.sees("Type 2 and Enter")
        await hands.answer("2", "enter")
        await hands.sees("B2 Undo", "✓ done")
        await hands.press("u", "enter")
        await hands.sees("Undo B2: 2 accounts", "Type 2 and Enter")
        await hands.answer("2", "enter")
        await hands.sees("B3 Undo", "✓ done")
    assert status(desk, desk.batch("B1").rows[0].account_id) == (b"noaccess",)


async def test_the_cursor_stays_on_its_batch_when_another_is_begun(desk: Desk) -> None:
    runner = begin(desk, 2)
    assert runner.wait("B1", 20)
    async with opened(desk) as hands:
        await hands.press("b")
        await hands.sees("B1")
        screen = hands.app.screen
        assert isinstance(screen, BatchesScreen)
        runner = begin(desk, 2)
        assert runner.wait("B2", 20)
        screen.look_again()
        await hands.sees("B2")
        await hands.until(lambda: screen.chosen is not None and screen.chosen.id == "B1", "the cursor on B1")


async def test_read_only_leaves_nothing_but_stopping(held_desk: Desk) -> None:
    begin(held_desk, 3)
    async with opened(held_desk, read_only=True) as hands:
        await hands.press("b")
        await hands.sees("→ running")
        assert usable(hands) == {"stop"}
        Holding.go_on.set()
        await hands.sees("✓ done")
        assert usable(hands) == set()
