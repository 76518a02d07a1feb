"""mailtui as a process, on a real slapd that an operator with limited rights works on."""

import json
import os
import pty
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from mailtui.demo.address import DemoAddress
from tests.journeys.company import ACCESS, BASE, LIMITS, OPERATOR, SYNC, company
from tests.servers.slapd import SlapdOptions, slapd

PASSWORD = "correct horse"


@dataclass(frozen=True)
class Desk:
    """A help desk: a config, a server, and ways to run mailtui and the server's own tools."""

    address: DemoAddress
    config: Path
    folder: Path

    def run(self, *arguments: str, exit_code: int = 0) -> Any:
        """Run a command with --json and give what it printed."""
        done = subprocess.run(
            [sys.executable, "-m", "mailtui", "--config", str(self.config), "--json", *arguments],
            capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL,
        )  # fmt: skip
        assert done.returncode == exit_code, (done.returncode, done.stdout, done.stderr)
        assert "Traceback" not in done.stderr
        return json.loads(done.stdout) if done.stdout else None

    def asked(self, *arguments: str) -> "Asked":
        """Start a command that has a person at a terminal to ask."""
        return Asked([sys.executable, "-m", "mailtui", "--config", str(self.config), "--json", *arguments])

    def ldapsearch(self, *arguments: str) -> str:
        """Ask the server with OpenLDAP's own tool, as its administrator."""
        command = [
            "ldapsearch", "-x", "-LLL", "-o", "ldif-wrap=no", "-H", self.address.url, "-D", self.address.bind_dn,
            "-w", self.address.password.reveal(), "-b", BASE, *arguments,
        ]  # fmt: skip
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout

    def ldapmodify(self, ldif: str) -> None:
        """Change something behind mailtui's back."""
        command = [
            "ldapmodify", "-x", "-H", self.address.url, "-D", self.address.bind_dn,
            "-w", self.address.password.reveal(),
        ]  # fmt: skip
        subprocess.run(command, input=ldif, capture_output=True, text=True, check=True)

    def entries(self) -> dict[str, list[str]]:
        """Everything but operational attributes, as sorted LDIF lines by DN."""
        blocks = self.ldapsearch("(objectClass=*)", "*").strip().split("\n\n")
        return {block.splitlines()[0]: sorted(block.splitlines()) for block in blocks}


class Asked:
    """A command whose questions come on a terminal, and whose result goes to a pipe."""

    def __init__(self, command: list[str]) -> None:
        self._master, slave = pty.openpty()
        self._process = subprocess.Popen(command, stdin=slave, stderr=slave, stdout=subprocess.PIPE, text=True)
        os.close(slave)
        self.said = ""

    def wait_for(self, text: str) -> None:
        """Read what it says until a text comes."""
        while text not in self.said:
            try:
                piece = os.read(self._master, 4096)
            except OSError:
                piece = b""
            assert piece, f"ended before it said {text!r}: {self.said}"
            self.said += piece.decode("utf-8", "replace")

    def answer(self, text: str) -> tuple[int, Any]:
        """Type an answer, and give the exit code and what was printed."""
        os.write(self._master, text.encode() + b"\n")
        printed, _none = self._process.communicate(timeout=60)
        os.close(self._master)
        return self._process.returncode, json.loads(printed)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A slapd with 1,000 people, and an operator's config for it."""
    secret = tmp_path / "password"
    secret.write_text(PASSWORD)
    secret.chmod(0o600)
    with slapd(company(PASSWORD), SlapdOptions(access=ACCESS, limits=LIMITS)) as address:
        config = tmp_path / "config.toml"
        config.write_text(
            f'[directory]\nurls = ["{address.url}"]\nbase = "{BASE}"\nbind_dn = "{OPERATOR}"\n'
            f'password_command = ["cat", "{secret}"]\n'
            f'[directory.sync]\nbind_dn = "{SYNC}"\npassword_command = ["cat", "{secret}"]\n',
            encoding="utf-8",
        )
        yield Desk(address, config, tmp_path)
