"""Read-only by key, by option and by policy; and who can end it."""

from dataclasses import replace
from pathlib import Path
from threading import Event

import pytest

from mailtui.config import Config
from mailtui.demo.address import DemoAddress
from mailtui.desk import Desk
from mailtui.domain.policy import Policy
from mailtui.domain.secret import Secret
from mailtui.errors import CredentialsRefused, Refused, Unreachable
from tests.ui.conftest import desk_on, opened
from tests.ui.hands import Hands


async def refuses_keys(hands: Hands, *pressed: str) -> None:
    """See that keys which change something open nothing."""
    await hands.press(*pressed)
    assert len(hands.app.screen_stack) == 1


async def test_a_key_stops_all_writing_at_once_and_says_so(hands: Hands, desk: Desk) -> None:
    await hands.press("x")
    await hands.sees("Ticket")
    await hands.press("escape")
    await hands.misses("Ticket")
    await hands.press("W")
    await hands.sees("read-only · ", "Read-only: nothing can be changed now.")
    await refuses_keys(hands, "x", "e", "=", "u")
    with pytest.raises(Refused, match="read-only"):
        hands.main._runner.retry("B1")


async def test_the_operators_password_ends_it_and_a_wrong_one_does_not(
    hands: Hands, desk: Desk, address: DemoAddress
) -> None:
    await hands.press("W")
    await hands.sees("read-only · ")
    await hands.press("W")
    await hands.sees("Changes can be made again once", address.bind_dn)
    await hands.write("wrong")
    await hands.press("enter")
    await hands.sees("That was not accepted", "It stays read-only.")
    assert desk.policy.read_only
    await hands.write(address.password.reveal())
    await hands.press("enter")
    await hands.sees("Changes can be made again.")
    await hands.misses("read-only · ")
    await hands.press("x")
    await hands.sees("Ticket")


async def test_no_password_leaves_it_read_only(hands: Hands, desk: Desk) -> None:
    await hands.press("W", "W")
    await hands.sees("Changes can be made again once")
    await hands.press("enter")
    await hands.sees("Changes can be made again once")
    await hands.press("escape")
    await hands.sees("It stays read-only.", "read-only · ")
    assert desk.policy.read_only


async def test_where_the_program_made_the_password_a_yes_ends_it(desk: Desk, address: DemoAddress) -> None:
    desk.give_password("operator", address.password, is_made=True)
    async with opened(desk) as hands:
        await hands.press("W", "W")
        await hands.sees("Let changes be made again?")
        await hands.answer("n")
        await hands.sees("It stays read-only.")
        await hands.press("W")
        await hands.sees("Let changes be made again?")
        await hands.answer("y")
        await hands.misses("read-only · ")
    assert not desk.policy.read_only


async def test_what_an_option_or_policy_says_no_key_ends(desk: Desk, tmp_path: Path, address: DemoAddress) -> None:
    async with opened(desk, read_only=True) as hands:
        await hands.sees("--read-only · ")
        await refuses_keys(hands, "W", "x", "u")
    by_policy = Desk(replace(desk.config, policy=Policy(read_only=True)), files=desk.files)
    async with opened(by_policy) as hands:
        await hands.sees("policy: read-only · ")
        await refuses_keys(hands, "W", "x", "u")
    with pytest.raises(Refused, match="policy"):
        by_policy.allow_writing(address.password)
    with pytest.raises(Refused, match="read-only"):
        Desk(desk.config, files=desk.files, read_only=True).allow_writing(address.password)


@pytest.fixture
def locked(address: DemoAddress, tmp_path: Path) -> Desk:
    """A desk that was made read-only by hand."""
    desk = desk_on(address, tmp_path, Policy())
    desk.stop_writing()
    return desk


@pytest.mark.parametrize("password", [None, Secret(""), Secret("wrong")])
def test_only_the_right_password_lets_changes_be_made_again(
    locked: Desk, address: DemoAddress, password: Secret | None
) -> None:
    with pytest.raises(CredentialsRefused):
        locked.allow_writing(password)
    assert locked.policy.read_only
    locked.allow_writing(address.password)
    assert not locked.policy.read_only
    locked.sync(lambda _progress: None, Event())


def test_a_directory_that_cannot_be_asked_lets_nothing_be_changed(locked: Desk, address: DemoAddress) -> None:
    away = replace(locked.directory_config, urls=("ldap://127.0.0.1:1",))
    desk = Desk(Config(directory=away), files=locked.files)
    desk.stop_writing()
    with pytest.raises(Unreachable):
        desk.allow_writing(address.password)
    assert desk.policy.read_only


def test_a_bind_without_a_name_is_no_proof(locked: Desk, address: DemoAddress) -> None:
    nameless = Desk(Config(directory=replace(locked.directory_config, bind_dn="")), files=locked.files)
    nameless.stop_writing()
    with pytest.raises(CredentialsRefused):
        nameless.allow_writing(address.password)
