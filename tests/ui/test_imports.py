"""Opening the console loads no more than it draws with."""

import subprocess
import sys

HEAVY = ("sqlmodel", "sqlalchemy", "pydantic", "ldap3", "pyasn1", "keyring", "typer", "pypinyin", "cryptography")


def loaded_by(module: str) -> list[str]:
    """Import a module in a process of its own; gives the heavy packages that came along."""
    code = f"import sys, {module}; print(*[name for name in {HEAVY!r} if name in sys.modules])"
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()


def test_the_door_loads_no_textual() -> None:
    code = "import sys, mailtui.ui.app; print('textual' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "False\n"


def test_the_console_loads_nothing_heavy() -> None:
    assert loaded_by("mailtui.ui.app") == []
    assert loaded_by("mailtui.ui.console") == []
