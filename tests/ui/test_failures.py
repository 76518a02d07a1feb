"""When the directory, the password or the line is not as it should be."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from threading import Event

import pytest

from mailtui.demo import service
from mailtui.demo.address import DemoAddress
from mailtui.demo.controls import Asked
from mailtui.demo.requests import Message
from mailtui.demo.results import Code, Refusal, Result
from mailtui.demo.session import Session
from mailtui.desk import Desk
from mailtui.domain.batch import BatchState, RowState
from mailtui.domain.policy import Policy
from tests.ui.conftest import desk_on, opened
from tests.ui.hands import Hands


class Refusing(Session):
    """A server that refuses the second modify it sees, and goes on only when it is let."""

    seen = 0
    go_on = Event()

    def modify(self, request: Message, asked: Asked) -> Result:
        Refusing.seen += 1
        if Refusing.seen == 2:
            raise Refusal(Code.INSUFFICIENT_ACCESS_RIGHTS, "not on a Friday")
        Refusing.go_on.wait(10)
        return super().modify(request, asked)


@pytest.fixture
def refusing() -> Iterator[DemoAddress]:
    """A directory that refuses one modify."""
    Refusing.seen = 0
    Refusing.go_on.set()
    with service.temporary(20, seed=1, session=Refusing) as there:
        yield there


@pytest.fixture
def locked_desk(desk: Desk) -> Desk:
    """A desk that does not know its operator's password."""
    desk.forget_passwords()
    return desk


async def plan_of_two(hands: Hands) -> None:
    """Come to the plan of disabling two active people."""
    await hands.until(lambda: bool(hands.table.rows), "accounts")
    await hands.press("/")
    await hands.write("is:active")
    await hands.sees(" of ")
    await hands.press("enter", "space", "space", "x")
    await hands.sees("Ticket")
    await hands.press("enter")


async def test_a_password_is_asked_for_and_again_after_a_wrong_one(locked_desk: Desk, address: DemoAddress) -> None:
    async with opened(locked_desk) as hands:
        await plan_of_two(hands)
        await hands.sees("The directory asks for the password of", address.bind_dn)
        await hands.write("wrong")
        assert "wrong" not in hands.screen()
        await hands.press("enter")
        await hands.sees("Password", "That was not accepted")
        await hands.write(address.password.reveal())
        await hands.press("enter")
        await hands.sees("Type 2 and Enter")


async def test_without_a_password_nothing_is_done_and_nothing_lost(locked_desk: Desk) -> None:
    async with opened(locked_desk) as hands:
        await plan_of_two(hands)
        await hands.sees("The directory asks for the password of")
        await hands.press("escape")
        await hands.sees("No password was given. Nothing was changed.", "Disable: 2 marked accounts")
    assert locked_desk.batches() == []


async def test_a_log_in_that_is_given_up_is_no_failure(locked_desk: Desk) -> None:
    async with opened(locked_desk) as hands:
        await hands.press("r")
        await hands.sees("The directory asks for the password of")
        await hands.press("escape")
        await hands.misses("The directory asks for the password of")
        await hands.sees("r logs in and goes on")
        assert len(hands.app.screen_stack) == 1


async def test_the_password_cannot_be_copied(locked_desk: Desk) -> None:
    async with opened(locked_desk) as hands:
        await plan_of_two(hands)
        await hands.sees("The directory asks for the password of")
        await hands.write("secret")
        await hands.press("shift+home", "ctrl+c", "ctrl+x")
        assert "secret" not in hands.app.clipboard
        assert "•" * 6 in hands.screen()


async def test_without_the_directory_one_looks_and_is_told(address: DemoAddress, tmp_path: Path) -> None:
    desk = desk_on(address, tmp_path, Policy())
    desk.sync(lambda _progress: None, Event())
    desk.directory_config = replace(desk.directory_config, urls=("ldap://127.0.0.1:1",))
    async with opened(desk) as hands:
        await hands.until(lambda: bool(hands.table.rows), "accounts")
        await hands.press("r")
        await hands.sees("It did not work", "127.0.0.1")
        await hands.press("escape")
        await hands.sees("sync failed")
        await hands.press("x")
        await hands.sees("Ticket")
        await hands.press("enter")
        await hands.sees("Save it to be sent later?")
        await hands.answer("n")
        await hands.sees("127.0.0.1", "Disable: ")


async def test_a_console_without_a_mirror_reads_the_directory_first(address: DemoAddress, tmp_path: Path) -> None:
    async with opened(desk_on(address, tmp_path, Policy())) as hands:
        await hands.until(lambda: bool(hands.table.rows), "accounts")
        await hands.sees("All accounts", "mirrored just now")


async def test_a_refused_row_is_shown_with_its_reason_and_sent_again(refusing: DemoAddress, tmp_path: Path) -> None:
    desk = desk_on(refusing, tmp_path, Policy())
    desk.sync(lambda _progress: None, Event())
    async with opened(desk) as hands:
        await plan_of_two(hands)
        await hands.sees("Type 2 and Enter")
        await hands.answer("2", "enter")
        await hands.sees("! partial", "✗ failed 1", "✓ verified 1", "not on a Friday")
        await hands.press("t")
        await hands.sees("Send 1 failed row of B1 again")
        await hands.answer("y")
        await hands.sees("✓ done", "✓ verified 2")
    assert desk.batch("B1").counts.get(RowState.FAILED, 0) == 0


async def test_a_batch_goes_on_when_its_screen_is_left_and_leaving_asks(refusing: DemoAddress, tmp_path: Path) -> None:
    desk = desk_on(refusing, tmp_path, Policy())
    desk.sync(lambda _progress: None, Event())
    Refusing.go_on.clear()
    async with opened(desk) as hands:
        await plan_of_two(hands)
        await hands.sees("Type 2 and Enter")
        await hands.answer("2", "enter")
        await hands.sees("→ running", " of 2")
        await hands.press("escape")
        await hands.sees("2 Accounts")
        await hands.press("q")
        await hands.sees("B1 is running; it goes on by itself.")
        await hands.press("n")
        Refusing.go_on.set()
        await hands.until(lambda: not hands.main._runner.running, "its end")
    assert desk.batch("B1").total == 2


async def test_a_batch_is_stopped_between_rows_and_the_rest_is_left(tmp_path: Path) -> None:
    Refusing.seen = 10
    Refusing.go_on.clear()
    with service.temporary(200, seed=1, session=Refusing) as there:
        desk = desk_on(there, tmp_path, Policy())
        desk.sync(lambda _progress: None, Event())
        async with opened(desk) as hands:
            await hands.until(lambda: bool(hands.table.rows), "accounts")
            await hands.press("/")
            await hands.write("is:active")
            await hands.sees(" of ")
            number = len(hands.table.rows)
            await hands.press("enter", "*")
            await hands.sees(f"{number} marked")
            await hands.press("x")
            await hands.sees("Ticket")
            await hands.write("HD-1")
            await hands.press("enter")
            await hands.sees(f"Type {number} and Enter")
            await hands.answer(*str(number), "enter")
            await hands.sees("→ running")
            await hands.press("s")
            Refusing.go_on.set()
            await hands.sees("– cancelled", "· planned")
    batch = desk.batch("B1")
    assert batch.state is BatchState.CANCELLED
    assert 0 < batch.counts[RowState.VERIFIED] < number
    assert not batch.counts.get(RowState.SENT)
