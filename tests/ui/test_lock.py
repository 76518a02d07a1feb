"""A locked console shows nothing of the directory, and opens to the operator's password alone."""

from dataclasses import replace

from mailtui.demo.address import DemoAddress
from mailtui.desk import Desk
from mailtui.ui.console import Console
from mailtui.ui.dialogs.notice import NoticeDialog
from mailtui.ui.screens.lock import LockScreen
from mailtui.ui.widgets.fields import Field
from tests.ui.conftest import opened
from tests.ui.hands import Hands


async def test_a_lock_covers_every_name_and_opens_to_the_password_alone(
    desk: Desk, address: DemoAddress, hands: Hands
) -> None:
    await hands.press("space", "space", "x")
    await hands.sees("Disable: 2 marked accounts")
    names = [line.name for line in hands.main._looking.lines(hands.table.rows[:3])]
    await hands.press("escape", "L")
    await hands.sees("You locked it", desk.directory_config.bind_dn)
    assert not any(name in hands.screen() for name in names)
    assert desk._access._passwords == {}
    await hands.write("not this one")
    await hands.press("enter")
    await hands.sees("does not accept")
    await hands.press("escape", "q", "j")
    assert isinstance(hands.app.screen, LockScreen)
    hands.app.screen.query_one("#password", Field).clear()
    await hands.write(address.password.reveal())
    await hands.press("enter")
    await hands.sees(names[0], "2 marked")
    with desk.connected():
        pass


async def test_what_would_open_meanwhile_waits_behind_the_lock(hands: Hands, address: DemoAddress) -> None:
    await hands.press("L")
    await hands.sees("You locked it")
    hands.app.push_screen(NoticeDialog("Failed", "cn=Somebody is gone", ""))
    await hands.pilot.pause()
    assert "Somebody" not in hands.screen()
    await hands.write(address.password.reveal())
    await hands.press("enter")
    await hands.sees("Somebody is gone")


async def test_it_locks_by_itself_once_nobody_is_there(desk: Desk) -> None:
    desk.policy = replace(desk.policy, lock_after_minutes=1)
    async with opened(desk) as hands:
        assert isinstance(hands.app, Console)
        locking = hands.app._locking
        locking._idle_s = 0.05
        locking.begin()
        await hands.sees("Nobody pressed a key for 1 minute")
