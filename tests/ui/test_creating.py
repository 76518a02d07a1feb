"""Accounts created by keys alone, one or many; each problem is told before anything is done."""

from contextlib import closing
from dataclasses import replace
from pathlib import Path
from threading import Event

import ldap3
import pytest
from textual import events

from mailtui.demo.address import DemoAddress
from mailtui.demo.allotments import DEPARTMENTS, NAMING, PROFILES
from mailtui.desk import OPERATOR, Desk
from mailtui.domain.account import Account, Kind
from mailtui.domain.policy import Policy
from mailtui.domain.rights import OperatorRule, Role
from mailtui.domain.secret import Secret
from mailtui.plans.creating import CREATE
from mailtui.queries.views import View
from mailtui.ui.dialogs.newcomer import NewcomerForm
from mailtui.ui.dialogs.passwords import PasswordsDialog
from mailtui.ui.dialogs.preview import PreviewDialog
from mailtui.ui.dialogs.welcome import WelcomeDialog
from mailtui.ui.widgets.fields import Field
from mailtui.ui.widgets.push_button import PushButton
from tests.ui.conftest import desk_on, opened
from tests.ui.hands import Hands

TABLE = """\
surname,given,department,title,employee number
Yang,Wen,{unit},Clerk,7001
Смирнов,Пётр,{unit},Clerk,7002
Lee,Bo,The Moon,Clerk,7003
Ray,Al,{unit},Clerk,7001
Öz,Ayla,{unit},Clerk,7005
"""


@pytest.fixture
def desk(address: DemoAddress, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """A desk by the rules of the sample company, mirrored; files are proposed in a folder of the test."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    desk = desk_on(address, tmp_path, Policy(naming=NAMING, profiles=PROFILES, departments=DEPARTMENTS))
    desk.sync(lambda _progress: None, Event())
    return desk


def known(desk: Desk, key: str) -> Account:
    with closing(desk.mirror()) as mirror:
        (account,) = mirror.exact(key)
    return account


def people(desk: Desk) -> list[Account]:
    with closing(desk.mirror()) as mirror:
        return list(mirror.accounts(View("kind:person is:active"), 5))


async def begin(hands: Hands, kind: int = 0) -> NewcomerForm:
    """Open the form, choose what it is to be, and go on to the first field."""
    await hands.until(lambda: bool(hands.table.rows), "accounts")
    await hands.press("n", *["down"] * kind, "enter")
    await hands.until(lambda: isinstance(hands.app.focused, Field), "the first field")
    form = hands.app.screen
    assert isinstance(form, NewcomerForm)
    return form


async def fill(hands: Hands, form: NewcomerForm, **answers: str) -> None:
    """Have texts stand in the fields of these names, as pasted: typed, a whole form takes a quarter of a minute."""
    for name, text in answers.items():
        field = next(one for one in form._fields if one.question.name == name)
        form.set_focus(field.field)
        await hands.press("home", "ctrl+k")
        hands.app.post_message(events.Paste(text))
        await hands.until(lambda field=field, text=text: field.answer == text.strip(), name)  # type: ignore[misc]


async def test_a_person_is_hired_by_keys_alone_and_welcomed(desk: Desk, address: DemoAddress, tmp_path: Path) -> None:
    async with opened(desk) as hands:
        await begin(hands)
        await hands.press(*"Wenxuan", "tab", *"Zhou", "tab", "tab", "home", "ctrl+k", *"sale")
        await hands.sees("→ zhou.wenxuan · zhou.wenxuan@example.com", "profile staff · 5 GiB", "Sales Asia")
        await hands.press("tab", "tab", *"Sales Director")
        await hands.sees("profile director · 20 GiB · in vpn-users", "Sales")
        await hands.press("enter")
        await hands.sees("Create 1 account", "added: uid=zhou.wenxuan", "Press y to do it: Zhou Wenxuan")
        await hands.answer("y")
        await hands.until(lambda: isinstance(hands.app.screen, PasswordsDialog), "the password")
        dialog = hands.app.screen
        assert isinstance(dialog, PasswordsDialog)
        ((row, secret),) = dialog._made
        await hands.press("escape", "escape")
        await hands.sees("Welcome letter: Zhou Wenxuan", f"Password:  {secret.reveal()}")
        await hands.press("y")
        await hands.sees("Copied")
        assert hands.app.clipboard.startswith("Dear Zhou Wenxuan,")
        await hands.press("l")
        await hands.sees("您好")
        await hands.press("s", "enter")
        letter = tmp_path / "welcome-zhou.wenxuan.txt"
        await hands.until(letter.exists, "the letter")
        await hands.sees("holds passwords")
        await hands.press("escape")
        await hands.sees("✓ done")
        assert secret.reveal() not in hands.screen()
    assert letter.stat().st_mode & 0o777 == 0o600
    assert secret.reveal() in letter.read_text(encoding="utf-8")
    account = known(desk, "zhou.wenxuan")
    assert (account.department, account.profile, [one.name for one in account.groups]) == (
        "Sales",
        "director",
        ["vpn-users"],
    )
    connection = ldap3.Connection(ldap3.Server(address.url, get_info=ldap3.NONE), row.dn, secret.reveal())
    assert connection.bind()
    connection.unbind()


async def test_a_shared_mailbox_is_given_an_owner_and_two_seats(desk: Desk) -> None:
    owner, first, second = people(desk)[:3]
    async with opened(desk, (120, 40)) as hands:
        form = await begin(hands, 1)
        await fill(hands, form, called="Night Watch", owner=str(owner.mail), seats=f"{first.mail}, {second.login}")
        await hands.sees("→ nightwatch · nightwatch@example.com", "profile shared · 20 GiB")
        offers = next(one for one in form._fields if one.question.name == "seats")._offers
        await hands.until(lambda: bool(offers.offers), "offers for the second seat")
        await hands.press("tab")
        assert form._answers["seats"] == f"{first.mail}, {second.mail}"
        await hands.press("enter")
        await hands.sees("Create 1 account", "added: cn=nightwatch")
        await hands.answer("y")
        await hands.sees("✓ done")
    box = known(desk, "nightwatch")
    assert box.kind is Kind.SHARED
    with closing(desk.mirror()) as mirror:
        members = {one.id for one in mirror.accounts(View("group:nightwatch"), 10)}
    assert members == {owner.id, first.id, second.id}


async def test_bad_lines_of_a_table_are_left_out_only_when_that_is_agreed_to(desk: Desk, tmp_path: Path) -> None:
    text = TABLE.format(unit=people(desk)[0].department)
    async with opened(desk) as hands:
        await begin(hands, 3)
        await hands.press("enter")
        await hands.sees("Paste a table")
        hands.app.post_message(events.Paste(text))
        await hands.until(lambda: isinstance(hands.app.focused, PushButton), "the focus on the button")
        await hands.press("enter")
        await hands.until(lambda: isinstance(hands.app.screen, PreviewDialog), "the preview")
        await hands.sees(
            "✓ can be created: 2", "✗ cannot be: 3", "✗ 3", "Latin letters", "✗ 4", "The Moon", "✗ 5", "7001"
        )
        await hands.sees("yang.wen · yang.wen@example.com", "profile staff · 5 GiB", "y leaves them out")
        await hands.press("escape", "escape")
        await hands.sees("Nothing was created", "several, from a table")
        await hands.press("enter")
        await hands.sees("Paste a table", "The Moon")
        await hands.press("tab", "enter")
        await hands.until(lambda: isinstance(hands.app.screen, PreviewDialog), "the preview again")
        hands.app.post_message(events.Paste("y\n"))
        await hands.press("enter")
        assert isinstance(hands.app.screen, PreviewDialog)
        await hands.answer("y")
        await hands.sees("Create 2 accounts", "Type 2 and Enter")
        await hands.answer("2", "enter")
        await hands.sees("passwords.txt holds 2 passwords", "Only you can read it")
        await hands.press("enter")
        await hands.until(lambda: isinstance(hands.app.screen, WelcomeDialog), "the letters")
        await hands.sees("Welcome letters: 2", "Yang Wen")
        await hands.press("escape")
        await hands.sees("✓ done")
    secrets = tmp_path / "passwords.txt"
    assert secrets.stat().st_mode & 0o777 == 0o600
    assert [line.split("\t")[0] for line in secrets.read_text().splitlines()] == ["yang.wen", "ayla.oez"]
    assert known(desk, "7005").login == "ayla.oez"


async def test_a_table_is_read_from_a_file_and_esc_goes_back_one_level_at_a_time(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "new people.csv").write_text(
        "name,kind,owner,seats\nAda Park,,,\nNight Watch,shared,chen.jing,chen.jing\n", encoding="utf-8"
    )
    (tmp_path / "odd.csv").write_text("name,kind\nAda Park,robot\n", encoding="utf-8")
    (tmp_path / "none.csv").write_text("phone\n1\n", encoding="utf-8")
    async with opened(desk) as hands:
        form = await begin(hands, 3)
        for name, said in (
            ("none.csv", "names no column of names"),
            ("odd.csv", "“robot” is no kind"),
            ("no such.csv", "Cannot read"),
        ):
            await fill(hands, form, file=f"~/{name}")
            await hands.press("enter")
            await hands.sees(said)
        await fill(hands, form, file="~/new people.csv")
        await hands.press("enter")
        await hands.sees("✓ can be created: 2", "ada.park@example.com", "profile shared", "Enter goes on to the plan")
        await hands.answer("enter")
        await hands.sees("Type 2 and Enter")
        await hands.press("escape")
        await hands.sees("new people.csv", "Passwords to", "~/passwords.txt")
        await hands.press("escape")
        await hands.until(lambda: hands.app.screen is hands.main, "the first screen")
    assert desk.batches() == []


async def test_what_speaks_against_it_is_said_while_it_is_typed_and_nothing_filled_in_is_lost(desk: Desk) -> None:
    there = known(desk, "chen.jing")
    async with opened(desk) as hands:
        form = await begin(hands)
        await fill(hands, form, name=there.name)
        await hands.sees("Called the same:", "uid=chen.jing")
        await fill(hands, form, employee_number=there.employee_number or "", login=there.login)
        taken = f"{there.login} is somebody's already"
        await hands.until(lambda: taken in form._against.span[0], "what speaks against it")
        said = form._against.span[0]
        assert f"has the employee number {there.employee_number}" in said
        await hands.press("enter")
        await hands.until(lambda: form._state.span == (said.removesuffix(".") + ".", "bad"), "the refusal")
        assert form._against.span[0] == ""
        assert form._answers["login"] == there.login
        await fill(hands, form, employee_number="new-1", login="admin.new")
        await hands.sees("→ admin.new · admin.new@example.com")
        assert form._state.span[0] == ""
    assert desk.batches() == []


async def test_without_the_directory_it_says_so_and_the_form_stays(desk: Desk) -> None:
    away = replace(desk.config.required_directory(), urls=("ldap://127.0.0.1:9",))
    alone = Desk(replace(desk.config, directory=away), files=replace(desk.files, cache=desk.cache_file))
    alone.give_password(OPERATOR, Secret("whatever"))
    async with opened(alone) as hands:
        form = await begin(hands)
        await fill(hands, form, given="Wenxuan", surname="Zhou")
        await hands.sees("→ zhou.wenxuan")
        await hands.press("enter")
        await hands.until(lambda: form._state.span[1] == "bad", "what failed")
        assert "127.0.0.1:9" in form._state.span[0]
        assert form._answers["surname"] == "Zhou"


@pytest.mark.parametrize("is_by_rule", [True, False], ids=["no right", "read-only"])
async def test_it_is_grey_with_the_reason(desk: Desk, address: DemoAddress, is_by_rule: bool) -> None:
    rules = (OperatorRule(1, "*", role=Role.HELPDESK),) if is_by_rule else ()
    limited = Desk(replace(desk.config, operators=rules), files=desk.files)
    reason = "does not allow “create”" if is_by_rule else "read-only"
    async with opened(limited, (120, 40), read_only=not is_by_rule) as hands:
        await hands.until(lambda: bool(hands.table.rows), "accounts")
        await hands.press("n")
        assert len(hands.app.screen_stack) == 1
        await hands.press(":", *CREATE.title)
        await hands.sees("Create", reason)
