"""The job, by keys alone."""

from mailtui.desk import Desk
from mailtui.domain.batch import BatchState
from tests.ui.hands import Hands


def statuses(desk: Desk, ids: tuple[str, ...]) -> set[tuple[bytes, ...]]:
    """Give the values of the status attribute that accounts have in the directory."""
    with desk.connected() as directory:
        return {entry.get("accountStatus") for entry in directory.read_ids(ids, ["accountStatus"]).values()}


async def test_marked_people_are_disabled_verified_and_taken_back(hands: Hands, desk: Desk) -> None:
    await hands.press("/")
    await hands.write("is:active")
    await hands.until(lambda: len(hands.table.rows) > 3, "some accounts")
    await hands.sees(" of ")
    await hands.press("enter", "space", "space", "space")
    await hands.until(lambda: len(hands.marked) == 3, "three marks")
    ids = hands.marked
    before = statuses(desk, ids)

    await hands.press("x")
    await hands.sees("Disable: 3 marked accounts", "Ticket")
    await hands.write("HD-1")
    await hands.press("enter")
    await hands.sees("Disable 3 accounts", "Ticket HD-1", "accountStatus: noaccess", "Type 3 and Enter")
    await hands.answer("3", "enter")
    await hands.sees("B1 Disable", "✓ done", "✓ verified 3")
    assert statuses(desk, ids) == {(b"noaccess",)}

    await hands.press("u")
    await hands.sees("Undo B1")
    await hands.press("enter")
    await hands.sees("Type 3 and Enter")
    await hands.answer("3", "enter")
    await hands.sees("B2 Undo", "✓ done")
    assert statuses(desk, ids) == before
    assert desk.batch("B1").undone_by == "B2"


async def test_one_account_takes_y_and_no_other_key(hands: Hands, desk: Desk) -> None:
    await hands.press("x")
    await hands.sees("Ticket")
    await hands.press("enter")
    await hands.sees("Press y to do it")
    await hands.answer("x")
    await hands.answer("n")
    assert desk.batches() == []
    await hands.answer("y")
    await hands.sees("B1 Disable", "✓ done")
    assert desk.batch("B1").state is BatchState.DONE


async def test_keys_typed_ahead_of_the_plan_confirm_nothing(hands: Hands, desk: Desk) -> None:
    await hands.press("space", "space", "x")
    await hands.sees("Ticket")
    await hands.press("enter", "2", "enter", "y", "2", "enter")
    await hands.press("escape", "escape")
    await hands.misses("Ticket")
    assert desk.batches() == []


async def test_a_wrong_number_changes_nothing(hands: Hands, desk: Desk) -> None:
    await hands.press("space", "space", "x")
    await hands.sees("Ticket")
    await hands.press("enter")
    await hands.sees("Type 2 and Enter")
    await hands.answer("3", "enter")
    await hands.sees("That is not the number")
    assert desk.batches() == []


async def test_enter_on_a_plan_cancels(hands: Hands, desk: Desk) -> None:
    await hands.press("space", "space", "x")
    await hands.sees("Ticket")
    await hands.press("enter")
    await hands.sees("[ Cancel ]")
    await hands.answer("enter")
    await hands.sees("Disable: 2 marked accounts")
    assert desk.batches() == []


async def test_marks_go_from_accounts_that_are_done_and_come_back(hands: Hands) -> None:
    await hands.press("space", "x")
    await hands.sees("Ticket")
    await hands.press("enter")
    await hands.sees("Press y")
    await hands.answer("y")
    await hands.sees("✓ done")
    await hands.press("escape")
    await hands.until(lambda: hands.marked == (), "no marks")
    await hands.press("U")
    await hands.until(lambda: len(hands.marked) == 1, "the mark back")
