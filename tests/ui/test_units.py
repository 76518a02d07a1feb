"""The org tree's own keys: units are made, renamed and moved where the cursor is, and the tree shows it at once."""

from mailtui.ui.screens.help import HelpScreen
from mailtui.ui.widgets.org_tree import OrgTree
from tests.ui.hands import Hands


async def go_to(hands: Hands, name: str) -> OrgTree:
    """Put the cursor of the tree on a unit in sight."""
    tree = hands.find(OrgTree)
    places = [place for place, branch in enumerate(tree.branches) if branch.name == name]
    await hands.press("g", *["down"] * places[0])
    await hands.sees(f"Accounts · {name}")
    return tree


async def confirmed(hands: Hands, what: str) -> None:
    """Go on from the form, confirm the plan for one account, or for none, and come back."""
    await hands.press("enter")
    await hands.sees(f"Press y to do it: {what}")
    await hands.answer("y")
    await hands.sees("✓ done")
    await hands.press("escape")
    await hands.sees("1 Units")


def branch_of(tree: OrgTree) -> tuple[str, str]:
    """Give the name and the DN of the unit at the cursor."""
    assert tree.branch is not None
    return tree.branch.name, tree.branch.unit.dn if tree.branch.unit else ""


async def test_a_unit_is_made_and_moved_from_the_tree_and_put_back(hands: Hands) -> None:
    await hands.press("1")
    tree = await go_to(hands, "Research")
    await hands.sees("N new unit", "R rename unit", "M move unit")
    await hands.press("N")
    await hands.sees("New unit", "Below", "Research")
    await hands.write("Optics")
    await confirmed(hands, "Optics")
    await hands.until(lambda: branch_of(tree)[0] == "Optics", "the cursor on the new unit")
    await hands.sees("Accounts · Optics")
    await hands.press("R")
    await hands.sees("Rename unit", "Optics")
    await hands.press("escape", "M")
    await hands.sees("Move unit")
    await hands.write("Legal")
    await confirmed(hands, "Optics")
    await hands.until(lambda: ",ou=Legal," in branch_of(tree)[1], "the unit at its new place")
    await hands.press("u")
    await hands.sees("Undo B2")
    await confirmed(hands, "Optics")
    await hands.until(lambda: ",ou=Research," in branch_of(tree)[1], "the unit at its old place")


async def test_all_accounts_are_no_unit_that_could_be_renamed(hands: Hands) -> None:
    await hands.press("1", "g")
    tree = hands.find(OrgTree)
    await hands.until(lambda: tree.cursor == 0, "the first line")
    await hands.press("R", "M")
    assert len(hands.app.screen_stack) == 1
    await hands.press("question_mark")
    await hands.until(lambda: isinstance(hands.app.screen, HelpScreen), "the help")
    await hands.press("escape", "N")
    await hands.sees("New unit", "Below")
    await hands.press("escape", "2", "N")
    await hands.misses("New unit")
