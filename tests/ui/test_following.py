"""What changes outside comes to the screen by itself; and what is said where it cannot."""

import asyncio
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from threading import Event
from typing import Any

import ldap3
import pytest

from mailtui.config import CacheConfig
from mailtui.demo.address import DemoAddress
from mailtui.desk import Desk
from mailtui.domain.policy import Policy
from mailtui.sync.following import Following
from mailtui.ui.widgets.mirror_age import MirrorAge
from tests.ui.conftest import desk_on, opened


@pytest.fixture
def colleague(address: DemoAddress) -> Iterator[Any]:
    """Somebody else at work in the directory."""
    server = ldap3.Server(address.url, get_info=ldap3.NONE)
    connection: Any = ldap3.Connection(server, address.bind_dn, address.password.reveal(), raise_exceptions=True)
    with connection:
        yield connection


def add(colleague: Any, address: DemoAddress, login: str) -> None:
    attributes = {
        "objectClass": ["inetOrgPerson", "mailUser"], "uid": login, "cn": login.title(), "sn": "x",
        "mail": f"{login}@example.com",
    }  # fmt: skip
    colleague.add(f"uid={login},ou=people,{address.base}", attributes=attributes)


async def test_who_comes_and_goes_outside_comes_and_goes_in_the_list(
    desk: Desk, address: DemoAddress, colleague: Any
) -> None:
    async with opened(desk) as hands:
        await hands.until(lambda: bool(hands.table.rows), "accounts")
        number = len(hands.table.rows)
        await hands.press("down", "down", "down")
        at_hand = hands.table.account
        add(colleague, address, "aaron")
        await hands.shows(number + 1)
        assert hands.table.account == at_hand
        await hands.press("/")
        await hands.write("aaron")
        await hands.sees("Aaron", "1 of")
        colleague.delete(f"uid=aaron,ou=people,{address.base}")
        await hands.misses("Aaron ")
        await hands.sees("0 of")


async def test_the_account_at_hand_shows_what_it_is_now(desk: Desk, address: DemoAddress, colleague: Any) -> None:
    async with opened(desk, (120, 40)) as hands:
        await hands.until(lambda: hands.table.account is not None, "the account at hand")
        account = hands.table.account
        assert account is not None
        with closing(desk.mirror()) as mirror:
            whole = mirror.account(account.id)
        assert whole is not None
        colleague.modify(whole.dn, {"title": [(ldap3.MODIFY_REPLACE, ["Head of Cheese"])]})
        await hands.sees("Head of Cheese")


async def test_a_sync_that_is_asked_for_says_what_it_brought_and_by_which_means(desk: Desk) -> None:
    async with opened(desk) as hands:
        await hands.until(lambda: bool(hands.table.rows), "accounts")
        await hands.press("r")
        await hands.sees("0 added, 0 changed, 0 gone (by csn)")


async def test_a_mirror_that_a_service_keeps_is_only_read(desk: Desk, address: DemoAddress, colleague: Any) -> None:
    shared = Desk(replace(desk.config, cache=CacheConfig(path=desk.cache_file)), files=desk.files)
    shared.give_password("operator", address.password)
    before = desk.cache_file.stat().st_mtime_ns
    async with opened(shared) as hands:
        await hands.until(lambda: bool(hands.table.rows), "accounts")
        number = len(hands.table.rows)
        await hands.press("r")
        await hands.sees("kept by a service")
        add(colleague, address, "aaron")
        with closing(desk.mirror()) as mirror:
            assert mirror.exact("aaron") == []
        await asyncio.to_thread(desk.sync, lambda _progress: None, Event())
        await hands.shows(number + 1)
    assert desk.cache_file.stat().st_mtime_ns >= before


async def test_a_console_whose_operator_must_log_in_waits_for_that(address: DemoAddress, tmp_path: Path) -> None:
    desk_on(address, tmp_path, Policy()).sync(lambda _progress: None, Event())
    desk = desk_on(address, tmp_path, Policy())
    desk.forget_passwords()
    async with opened(desk) as hands:
        await hands.until(lambda: bool(hands.table.rows), "accounts")
        await hands.sees("r logs in and goes on")
        await hands.press("r")
        await hands.sees("The directory asks for the password of")
        await hands.write(address.password.reveal())
        await hands.press("enter")
        await hands.sees("mirrored just now")
        await hands.misses("r logs in")


async def test_two_consoles_follow_one_mirror(desk: Desk, address: DemoAddress, colleague: Any, tmp_path: Path) -> None:
    other = desk_on(address, tmp_path, Policy())
    async with opened(desk) as first:
        await first.until(lambda: bool(first.table.rows), "accounts")
        await first.until(lambda: first.find(MirrorAge)._following is not None, "the first to follow")
        number = len(first.table.rows)
        following = Following()
        syncs: list[object] = []
        second = asyncio.create_task(asyncio.to_thread(other.keeper().follow, following, lambda _p: None, syncs.append))
        add(colleague, address, "aaron")
        await first.shows(number + 1)
        assert syncs == []
        following.end()
        await second
