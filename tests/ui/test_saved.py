"""Plans that are saved while the directory is away, and sent later by somebody who was shown what changed."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from mailtui.desk import Desk
from mailtui.domain.batch import BatchState
from mailtui.domain.change import Change
from tests.servers.changing import modify
from tests.ui.batches import saved
from tests.ui.conftest import opened
from tests.ui.hands import Hands


@contextmanager
def away(desk: Desk) -> Iterator[None]:
    """Have nobody listen where the directory was."""
    there = desk.directory_config
    desk.directory_config = replace(there, urls=("ldap://127.0.0.1:1",))
    yield
    desk.directory_config = there


async def ask_for_two(hands: Hands) -> None:
    """Come to the form of disabling two active people, and go on."""
    await hands.press("/")
    await hands.write("is:active")
    await hands.sees(" of ")
    await hands.press("enter", "space", "space", "x")
    await hands.sees("Ticket")
    await hands.press("enter")


async def test_a_plan_that_cannot_be_read_is_confirmed_and_saved(desk: Desk) -> None:
    with away(desk):
        async with opened(desk) as hands:
            await ask_for_two(hands)
            await hands.sees("Save it to be sent later? It is never", "sent by itself.")
            await hands.answer("y")
            await hands.sees("Disable 2 accounts", "! The directory was not read", "Type 2 and Enter to save it:")
            assert desk.batches() == []
            assert "PgDn" not in hands.screen()
            await hands.answer("2", "enter")
            await hands.sees("B1 Disable", "· planned", "saved, to be sent later: c goes on")
    assert desk.batch("B1").state is BatchState.PLANNED


async def test_a_plan_that_cannot_be_started_is_saved_as_it_was_confirmed(desk: Desk) -> None:
    async with opened(desk) as hands:
        await ask_for_two(hands)
        await hands.sees("Type 2 and Enter")
        with away(desk):
            await hands.answer("2", "enter")
            await hands.sees("Save it to be sent later?")
            await hands.answer("y")
            await hands.sees("B1 Disable", "· planned")
    assert desk.batch("B1").total == 2


async def test_what_is_not_to_be_saved_is_not(desk: Desk) -> None:
    with away(desk):
        async with opened(desk) as hands:
            await ask_for_two(hands)
            await hands.sees("Save it to be sent later?")
            await hands.answer("n")
            await hands.sees("127.0.0.1:1", "Disable: 2 marked")
    assert desk.batches() == []


async def test_a_saved_batch_is_told_shown_as_it_is_now_and_sent_when_confirmed(desk: Desk) -> None:
    saved(desk, 3)
    changed, *_others = desk.batch("B1").rows
    with desk.connected() as directory:
        old = directory.read([changed.dn], ["accountStatus"])[changed.dn].get("accountStatus")
        modify(directory, changed.dn, [Change("accountStatus", remove=old, add=(b"disabled",))])
    async with opened(desk) as hands:
        await hands.sees("B1 waits to be sent: b, then c goes on")
        await hands.press("b")
        await hands.sees("· planned")
        await hands.press("c")
        await hands.sees(f"! {changed.name} has changed since", "is “disabled”", "Type 3 and Enter")
        assert hands.screen().count("has changed since") == 1
        await hands.answer("escape")
        await hands.misses("Type 3")
        assert desk.batch("B1").state is BatchState.PLANNED
        await hands.press("c")
        await hands.sees("Type 3 and Enter")
        await hands.answer("3", "enter")
        await hands.sees("✓ done")
    assert desk.batch("B1").state is BatchState.DONE


async def test_a_saved_batch_can_be_stopped_and_is_still_shown_before_it_is_sent(desk: Desk) -> None:
    saved(desk, 2)
    async with opened(desk) as hands:
        await hands.press("b")
        await hands.sees("· planned")
        await hands.press("s")
        await hands.sees("– cancelled")
        await hands.press("c")
        await hands.sees("Type 2 and Enter")
        await hands.answer("2", "enter")
        await hands.sees("✓ done")
