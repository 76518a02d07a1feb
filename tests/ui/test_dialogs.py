"""What dialogs ask, refuse and give back."""

from dataclasses import replace

import pytest
from textual import events

from mailtui.desk import Desk
from mailtui.domain.account import Delivery
from mailtui.domain.change import Change
from mailtui.domain.policy import Policy, Profile
from mailtui.ui.dialogs.resolve import ResolveDialog
from mailtui.ui.widgets.push_button import PushButton
from tests.servers.changing import modify
from tests.ui.conftest import opened
from tests.ui.hands import Hands


async def plan_for(hands: Hands, number: int, *answers: str) -> None:
    """Mark some accounts and come to the plan of disabling them."""
    await hands.press(*["space"] * number, "x")
    await hands.sees("Ticket", "Reason")
    await hands.press(*answers, "enter")


async def test_a_question_is_asked_only_when_it_matters(hands: Hands) -> None:
    await hands.press("x")
    await hands.sees("Keep forwards")
    assert "Redirect to" not in hands.screen()
    await hands.press("shift+tab", "shift+tab", "down")
    await hands.sees("Redirect to")
    await hands.misses("Keep forwards")


async def test_what_becomes_of_mail_is_left_to_profiles_only_where_they_say_something(desk: Desk) -> None:
    bouncing = Profile("everybody", when=(("login", ("*",)),), delivery=Delivery.BOUNCE)
    for profiles, proposed, after in (
        ((), "is still received", "+ accountStatus: noaccess"),
        ((bouncing,), "as their profile says", "Mail of 1 account bounces, as profile everybody says"),
    ):
        desk.policy = replace(desk.policy, profiles=profiles)
        async with opened(desk) as hands:
            await hands.until(lambda: bool(hands.table.rows), "accounts")
            await hands.press("x")
            await hands.sees("Keep forwards", proposed)
            assert ("as their profile says" in hands.screen()) is bool(profiles)
            await hands.press("enter")
            await hands.sees(after)


async def test_what_is_missing_is_asked_for_in_place(hands: Hands) -> None:
    await hands.press("=")
    await hands.sees("Set quota")
    await hands.press("enter")
    await hands.sees("Quota: 10GiB, +2GiB")
    await hands.write("nonsense")
    await hands.press("enter")
    await hands.sees("“nonsense”")
    await hands.press("escape")
    await hands.misses("Set quota:")


async def test_a_required_ticket_is_asked_for_before_the_plan(desk: Desk) -> None:
    desk.policy = replace(desk.policy, ticket_required=True, ticket_pattern="HD-[0-9]+")
    async with opened(desk) as hands:
        await hands.until(lambda: bool(hands.table.rows), "accounts")
        await plan_for(hands, 1)
        await hands.sees("A ticket is required", "HD-[0-9]+")
        await hands.write("12")
        await hands.press("enter")
        await hands.sees("“12” is not a ticket of this site")
        await hands.press("home")
        await hands.write("HD-")
        await hands.press("enter")
        await hands.sees("Press y", "Ticket HD-12")


async def test_a_protected_account_takes_a_ticket_and_its_number(desk: Desk) -> None:
    everybody = Profile("everybody", when=(("login", ("*",)),), protected=True)
    desk.policy = replace(desk.policy, profiles=(everybody,))
    async with opened(desk) as hands:
        await hands.until(lambda: bool(hands.table.rows), "accounts")
        await plan_for(hands, 1)
        await hands.sees("A ticket is required")
        await hands.write("HD-1")
        await hands.press("enter")
        await hands.sees("is protected: profile everybody", "Type 1 and Enter")
        await hands.answer("1", "enter")
        await hands.sees("✓ done")


@pytest.mark.parametrize(
    ("rule", "said"),
    [("kind:person", "is protected: kind:person"), ("group:nobodys", "Anybody may be protected")],
)
async def test_a_rule_of_protection_is_named_and_takes_a_ticket_and_the_number(
    desk: Desk, rule: str, said: str
) -> None:
    desk.policy = replace(desk.policy, protected=(rule,))
    async with opened(desk) as hands:
        await hands.press("/")
        await hands.write("kind:person is:active")
        await hands.sees(" of ")
        await hands.press("enter")
        await plan_for(hands, 1)
        await hands.sees("A ticket is required: for protected accounts")
        await hands.write("HD-1")
        await hands.press("enter")
        await hands.sees(said, "Type 1 and Enter")
        await hands.answer("y")
        await hands.answer("enter")
        await hands.misses("Type 1 and Enter")
    assert desk.batches() == []


async def test_more_than_the_site_lets_through_at_once_takes_a_ticket(desk: Desk) -> None:
    desk.policy = replace(desk.policy, batch_limit=1)
    async with opened(desk) as hands:
        await hands.until(lambda: bool(hands.table.rows), "accounts")
        await plan_for(hands, 2)
        await hands.sees("A ticket is required: for protected")
        await hands.write("HD-1")
        await hands.press("enter")
        await hands.sees("Type 2 and Enter")


async def test_accounts_that_are_so_already_are_shown_as_such(hands: Hands) -> None:
    await hands.press("/")
    await hands.write("is:active")
    await hands.sees(" of ")
    await hands.press("enter", "e")
    await hands.sees("Restore")
    await hands.press("tab", "enter")
    await hands.sees("There is nothing to change", "Nothing to do for 1 account")
    await hands.press("enter")
    await hands.sees("Enable: ")


async def test_what_was_filled_in_stays_when_the_plan_is_not_taken(hands: Hands) -> None:
    await plan_for(hands, 2, *"HD-77")
    await hands.sees("Type 2 and Enter")
    await hands.press("escape")
    await hands.sees("Disable: 2 marked accounts", "HD-77")


async def test_a_paste_on_the_main_screen_or_a_plan_acts_on_nothing(hands: Hands, desk: Desk) -> None:
    hands.app.post_message(events.Paste("x\ny\nq"))
    await hands.pilot.pause()
    assert len(hands.app.screen_stack) == 1
    await plan_for(hands, 2)
    await hands.sees("Type 2 and Enter")
    hands.app.post_message(events.Paste("2\n"))
    await hands.pilot.pause(0.1)
    assert desk.batches() == []


async def test_leaving_asks_while_accounts_are_marked_and_no_has_the_focus(hands: Hands) -> None:
    await hands.press("space", "q")
    await hands.sees("Accounts are marked: 1.", "Leave mailtui?")
    await hands.press("enter")
    await hands.misses("Leave mailtui?")
    await hands.press("ctrl+c")
    await hands.sees("Leave mailtui?")
    await hands.answer("y")
    await hands.until(lambda: not hands.app.is_running, "the end")


async def test_leaving_does_not_ask_without_a_reason(hands: Hands) -> None:
    await hands.press("q")
    await hands.until(lambda: not hands.app.is_running, "the end")


async def test_ctrl_c_always_asks_and_ctrl_q_does_nothing(hands: Hands) -> None:
    await hands.press("ctrl+q")
    await hands.press("ctrl+c")
    await hands.sees("Leave mailtui?")
    await hands.answer("n")
    await hands.misses("Leave mailtui?")
    assert hands.app.is_running


async def test_read_only_greys_what_writes(desk: Desk) -> None:
    async with opened(desk, read_only=True) as hands:
        await hands.until(lambda: bool(hands.table.rows), "accounts")
        await hands.sees("read-only")
        await hands.press("x", "e", "=", "u")
        assert len(hands.app.screen_stack) == 1


async def test_a_pasted_list_marks_the_exact_and_lets_the_rest_be_chosen(hands: Hands, desk: Desk) -> None:
    lines = [line for line in map(hands.table._windows.__getitem__, range(60)) if line and line.mail]
    logins = [line.login for line in lines]
    known, other, third = lines[40], lines[41], lines[42]
    await hands.press("p")
    await hands.sees("Paste a list")
    text = f"{known.mail}\n{other.login}, {third.login}\nnobody.at.all@example.com\n"
    hands.app.post_message(events.Paste(text))
    await hands.until(lambda: isinstance(hands.app.focused, PushButton), "the focus on the button")
    assert str(known.mail) in hands.screen()
    await hands.press("enter")
    await hands.sees("Found of the list", "✓ exact 1", "? ambiguous 1", "✗ unknown 1", "1 account will be marked")
    await hands.press("space")
    await hands.sees("2 accounts will be marked")
    await hands.press("enter")
    await hands.until(lambda: len(hands.marked) == 2, "two marks")
    assert set(hands.marked) <= {known.id, other.id, third.id}
    assert len(set(logins)) == len(logins)


async def test_an_uncertain_row_can_be_passed_over(hands: Hands) -> None:
    first, second = hands.table._windows[40], hands.table._windows[41]
    assert first is not None
    assert second is not None
    await hands.press("p")
    await hands.sees("Paste a list")
    hands.app.post_message(events.Paste(f"{first.login}, {second.login}\n"))
    await hands.until(lambda: isinstance(hands.app.focused, PushButton), "the focus on the button")
    await hands.press("enter")
    await hands.until(lambda: isinstance(hands.app.screen, ResolveDialog), "what was found")
    await hands.press("space", "space", "space")
    await hands.sees("0 accounts will be marked")
    await hands.press("escape", "escape")
    assert hands.marked == ()


async def test_a_conflict_is_shown_on_its_row_alone(hands: Hands, desk: Desk) -> None:
    await hands.press("/")
    await hands.write("is:active")
    await hands.sees(" of ")
    await hands.press("enter")
    await plan_for(hands, 3)
    await hands.sees("Type 3 and Enter")
    with desk.connected() as directory:
        (entry,) = directory.read_ids(hands.marked[1:2], ["accountStatus"]).values()
        modify(directory, entry.dn, [Change("accountStatus", remove=entry.get("accountStatus"), add=(b"disabled",))])
    await hands.answer("3", "enter")
    await hands.sees("! partial", "! conflict 1", "✓ verified 2")
    await hands.press("down", "enter")
    await hands.sees("ou=people")


@pytest.mark.parametrize("key", ["up", "down", "pagedown", "g", "G"])
async def test_a_long_plan_can_be_read_with_cancel_in_focus(hands: Hands, key: str) -> None:
    await hands.press("*")
    await hands.sees("marked")
    await hands.press("x")
    await hands.sees("Ticket")
    await hands.press("enter")
    await hands.sees("[ Cancel ]")
    await hands.press(key)
    await hands.sees("[ Cancel ]", "Type", "PgDn page down")
    assert Policy().batch_limit > len(hands.marked)
