"""What was done: the list of batches, their rows, undo, retry, stopping."""

from mailtui.desk import Desk
from mailtui.domain.batch import Batch
from mailtui.queries.views import View
from mailtui.runner.front import Runner
from mailtui.ui.screens.batches import BatchesScreen
from tests.ui.conftest import opened
from tests.ui.hands import Hands

VIEW = View(query="is:active")


def disable(desk: Desk, number: int, reason: str = "") -> Batch:
    """Disable some active people."""
    mirror = desk.mirror()
    people = mirror.lines(mirror.hits(VIEW).rows[:number])
    mirror.close()
    runner = Runner(desk)
    batch = runner.start(desk.plans.prepare("disable", [line.id for line in people], {}, ticket="HD-9", reason=reason))
    assert runner.wait(batch, 20)
    return desk.batch(batch)


async def test_the_list_names_task_state_number_and_ticket(desk: Desk) -> None:
    disable(desk, 3, "left")
    async with opened(desk) as hands:
        await hands.press("b")
        await hands.sees("B1", "Disable", "✓ done", "HD-9", "left")
        await hands.press("enter")
        await hands.sees("B1 Disable", "ticket HD-9", "✓ verified 3")
        await hands.press("enter")
        await hands.sees("ou=people", "accountStatus: noaccess")
        await hands.press("enter")
        await hands.misses("ou=people")
        await hands.press("escape", "escape")
        await hands.sees("2 Accounts")


async def test_the_chosen_batch_is_undone_not_the_last(desk: Desk) -> None:
    disable(desk, 2)
    disable(desk, 2)
    async with opened(desk) as hands:
        await hands.press("b")
        await hands.sees("B2", "B1")
        await hands.press("down", "u")
        await hands.sees("Undo B1")
        await hands.press("enter")
        await hands.sees("Type 2 and Enter")
        await hands.answer("2", "enter")
        await hands.sees("B3 Undo", "✓ done")
        await hands.press("escape")
        await hands.sees("undone by B3", "undoes B1")
        await hands.until(lambda: isinstance(hands.app.screen, BatchesScreen), "the list")
    assert desk.batch("B1").undone_by == "B3"
    assert desk.batch("B2").undone_by is None


async def test_what_was_undone_cannot_be_undone_again(desk: Desk) -> None:
    disable(desk, 2)
    async with opened(desk) as hands:
        await hands.until(lambda: hands.main.check_action("undo", ()) is True, "something to undo")
        await hands.press("u")
        await hands.sees("Undo B1")
        await hands.press("enter")
        await hands.sees("Type 2 and Enter")
        await hands.answer("2", "enter")
        await hands.sees("B2 Undo", "✓ done")
        await hands.press("escape")
        await hands.until(lambda: hands.main.check_action("undo", ()) is None, "nothing to undo")


async def test_nothing_was_done_yet(hands: Hands) -> None:
    await hands.press("b")
    await hands.sees("Nothing was done yet")
    await hands.press("enter", "u")
    assert isinstance(hands.app.screen, BatchesScreen)
