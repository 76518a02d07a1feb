"""A group shown by keys alone, and the groups of groups in the detail of an account."""

from mailtui.desk import Desk
from tests.ui.conftest import opened


async def test_a_group_is_asked_for_by_the_first_letters_and_shown_whole(desk: Desk) -> None:
    async with opened(desk, (80, 24)) as hands:
        await hands.until(lambda: bool(hands.table.rows), "accounts in the table")
        await hands.press("t")
        await hands.sees("The name of the group")
        await hands.press("ctrl+u", *"proj")
        await hands.sees("projects")
        await hands.press("down", "enter")
        await hands.press("ctrl+u", *"projects", "enter")
        await hands.sees("2 members", "group", "pilot-users", "project-leads", "Is in")
        await hands.press("ctrl+u", *"nothing", "enter")
        await hands.sees("There is no group")
        await hands.press("escape")
        await hands.misses("The name of the group")


async def test_the_detail_names_the_groups_somebody_is_in_through_others(desk: Desk) -> None:
    async with opened(desk, (120, 60)) as hands:
        await hands.press("/", *"group:fire-wardens")
        await hands.sees(" of ")
        await hands.press("enter")
        await hands.sees("fire-wardens", "safety (through")
