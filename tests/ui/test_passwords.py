"""New passwords in the console: shown once the batch has ended, closed by two keys, and then gone; or typed."""

from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from threading import Event

import ldap3

from mailtui.demo.address import DemoAddress
from mailtui.domain.policy import Policy
from mailtui.ui.dialogs.passwords import PasswordsDialog
from tests.ui.batches import people
from tests.ui.conftest import desk_on, opened


async def test_a_password_is_reset_by_keys_and_shown_once(address: DemoAddress, tmp_path: Path) -> None:
    desk = desk_on(address, tmp_path, Policy())
    desk.sync(lambda _progress: None, Event())
    async with opened(desk) as hands:
        await hands.until(lambda: bool(hands.table.rows), "accounts")
        await hands.press("slash", *"chen.jing", "enter", "P")
        await hands.sees("Reset password", "Ticket")
        await hands.press("enter")
        await hands.sees("gets a new password", "Press y")
        await hands.answer("y")
        await hands.sees("New passwords", "chen.jing", "They are shown once")
        dialog = hands.app.screen
        assert isinstance(dialog, PasswordsDialog)
        ((row, secret),) = dialog._made
        await hands.sees(secret.reveal())
        server = ldap3.Server(address.url, get_info=ldap3.NONE)
        connection = ldap3.Connection(server, row.dn, secret.reveal())
        assert connection.bind()
        connection.unbind()
        await hands.press("y")
        await hands.sees("Copied")
        assert hands.app.clipboard == secret.reveal()
        await hands.press("escape")
        await hands.sees("Esc once more")
        await hands.press("escape")
        await hands.sees("verified 1")
        await hands.press("escape", "b")
        await hands.sees("Batches")
        await hands.press("enter")
        await hands.sees("verified 1")
        assert secret.reveal() not in hands.screen()


async def test_a_password_is_typed_twice_and_not_shown(address: DemoAddress, tmp_path: Path) -> None:
    desk = desk_on(address, tmp_path, Policy(password_length=9))
    desk.sync(lambda _progress: None, Event())
    async with opened(desk) as hands:
        await hands.until(lambda: bool(hands.table.rows), "accounts")
        await hands.press("slash", *"chen.jing", "enter", "P")
        await hands.sees("Reset password", "Typed by you")
        await hands.press("shift+tab", "space", "enter")
        await hands.sees("is typed, and not shown", "Press y")
        await hands.answer("y")
        await hands.sees("New password", "Once more")
        await hands.press(*"wood-6-rain", "enter", *"wood-6", "enter")
        await hands.sees("not the same")
        await hands.press(*"wood-6-rain", "enter", *"wood-6-rain")
        assert "wood-6" not in hands.screen()
        await hands.press("enter")
        await hands.sees("verified 1")
        assert "wood-6" not in hands.screen()
        dn = desk.batch("B1").rows[0].dn
    connection = ldap3.Connection(ldap3.Server(address.url, get_info=ldap3.NONE), dn, "wood-6-rain")
    assert connection.bind()
    connection.unbind()


async def test_passwords_of_a_batch_that_is_gone_on_with_in_the_list_are_shown_there(
    address: DemoAddress, tmp_path: Path
) -> None:
    desk = desk_on(address, tmp_path, Policy())
    desk.sync(lambda _progress: None, Event())
    plan = desk.plans.prepare("reset-password", people(desk, 3), {})
    with closing(desk.journal()) as journal:
        now = datetime.now(UTC)
        journal.start_batch(journal.open_batch(plan, desk.operator(), now), desk.operator(), 1, now)
    async with opened(desk) as hands:
        await hands.press("b")
        await hands.sees("B1", "interrupted")
        await hands.press("c")
        await hands.sees("Go on?")
        await hands.answer("y")
        await hands.sees("New passwords", "They are shown once")
        dialog = hands.app.screen
        assert isinstance(dialog, PasswordsDialog)
        assert len(dialog._made) == 3
