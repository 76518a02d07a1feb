"""mailtui started as a user starts it, and what came of it."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mailtui.demo.address import DemoAddress


@dataclass(frozen=True)
class Outcome:
    """How a command ended."""

    exit_code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """What it printed, read as JSON."""
        return json.loads(self.out)


def mailtui(*arguments: str, **environment: str) -> Outcome:
    """Run a command to its end; a traceback is never right."""
    done = subprocess.run(
        [sys.executable, "-m", "mailtui", *arguments],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
        timeout=120,
        env={**os.environ, **environment},
    )
    outcome = Outcome(done.returncode, done.stdout.decode(), done.stderr.decode())
    assert "Traceback" not in outcome.err + outcome.out, outcome.err
    return outcome


def write_config(file: Path, address: DemoAddress, *, password: str = "", more: str = "", **changed: str) -> Path:
    """Write a config for a server, whose password is in a file beside it."""
    secret = file.with_suffix(".pw")
    secret.write_text(password or address.password.reveal())
    secret.chmod(0o600)
    keys = {
        "urls": f'["{address.url}"]', "base": f'"{address.base}"', "bind_dn": f'"{address.bind_dn}"',
        "password_command": f'["cat", "{secret}"]', "schema": '"demo"', **changed,
    }  # fmt: skip
    lines = [f"{key} = {value}" for key, value in keys.items()]
    file.write_text("\n".join(["[directory]", *lines, more]) + "\n", encoding="utf-8")
    return file
