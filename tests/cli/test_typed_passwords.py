"""Passwords that are typed at the terminal: twice, unseen, and in no file."""

import re
from pathlib import Path

from mailtui.config import DirectoryConfig
from mailtui.demo.address import DemoAddress
from mailtui.directory.connection import Login, connect
from mailtui.domain.secret import Secret
from tests.cli.commands import mailtui
from tests.servers.waiting import until
from tests.ui.terminal_driver import Terminal

TYPED = "wood-6-rain-and-more"


def answer(terminal: Terminal, number: int, text: str) -> None:
    """Type a line once so many questions were asked; what is typed before one is thrown away."""

    def is_asked() -> bool:
        terminal.settle(0.02)
        return len(re.findall(rb"New password of [^\r]*: |Once more: ", terminal.raw)) == number

    until(is_asked, f"question {number}")
    terminal.send(f"{text}\n")


def test_a_password_is_typed_twice_at_the_terminal(config: str, address: DemoAddress, home: Path) -> None:
    [account] = mailtui("--config", config, "--json", "find", "is:active kind:person", "--limit", "1").json
    command = ["-m", "mailtui", "--config", config, "reset-password", account["login"], "--ask", "--yes"]
    with Terminal(command) as terminal:
        for number, text in enumerate((TYPED, "something else", TYPED, TYPED), 1):
            answer(terminal, number, text)
        terminal.sees("not the same", "verified")
        assert terminal.wait() == 0, terminal.screen
        assert TYPED.encode() not in terminal.raw
    login = Login("simple", account["dn"], Secret(TYPED))
    connect(DirectoryConfig((address.url,), address.base), login).close()
    assert not [file for file in home.rglob("*") if file.is_file() and TYPED.encode() in file.read_bytes()]


def test_the_first_password_of_an_account_can_be_typed_too(config: str, address: DemoAddress) -> None:
    [somebody] = mailtui("--config", config, "--json", "find", "is:active kind:person", "--limit", "1").json
    newcomer = ["--name", "Typed Tester", "--login", "typed.tester", "--department", somebody["department"]]
    refused = mailtui("--config", config, "--json", "create", *newcomer, "--ask", "--welcome", "-")
    assert refused.exit_code == 2
    with Terminal(["-m", "mailtui", "--config", config, "create", *newcomer, "--ask", "--yes"]) as terminal:
        for number in (1, 2):
            answer(terminal, number, TYPED)
        assert terminal.wait() == 0, terminal.screen
        assert TYPED.encode() not in terminal.raw
    dn = mailtui("--config", config, "--json", "show", "typed.tester").json["dn"]
    connect(DirectoryConfig((address.url,), address.base), Login("simple", dn, Secret(TYPED))).close()


def test_it_takes_a_person_and_one_account(config: str) -> None:
    found = mailtui("--config", config, "--json", "find", "is:active kind:person", "--limit", "2").json
    first, second = (account["login"] for account in found)
    for accounts, said in (((first,), "Nobody is here to type"), ((first, second), "one account at a time")):
        refused = mailtui("--config", config, "--json", "reset-password", *accounts, "--ask", "--yes")
        assert (refused.exit_code, said in refused.json["error"]["message"]) == (5, True), refused
        assert refused.json["error"]["hint"]
    assert mailtui("--config", config, "--json", "batches").json == []
