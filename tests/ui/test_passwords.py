"""New passwords in the console: shown once the batch has ended, closed by two keys, and then gone."""

from pathlib import Path
from threading import Event

import ldap3

from mailtui.demo.address import DemoAddress
from mailtui.domain.policy import Policy
from mailtui.ui.dialogs.passwords import PasswordsDialog
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
