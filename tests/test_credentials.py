"""Where passwords come from, in which order, and where they never show."""

import sys
from pathlib import Path

import keyring
import keyring.backend
import pytest
from keyring.backends import SecretService

from mailtui.credentials import PasswordNeeded, find_password
from mailtui.errors import CredentialsRefused

DN = "uid=kim,dc=x"


class Plaintext(keyring.backend.KeyringBackend):
    """A backend that would give a password which it kept readable."""

    priority = 1

    def get_password(self, service: str, username: str) -> str:
        return "readable"

    def set_password(self, service: str, username: str, password: str) -> None:
        raise AssertionError(service, username)


class Encrypting(Plaintext):
    """A backend that the site trusts, with one password in it."""

    def get_password(self, service: str, username: str) -> str:
        assert (service, username) == ("mailtui", DN)
        return "from the keyring"


def test_a_command_gives_the_first_line_it_prints() -> None:
    command = (sys.executable, "-c", "print('first\\nsecond')")
    assert find_password("operator", DN, command).reveal() == "first"


@pytest.mark.parametrize(
    "script",
    ["import sys; print('hunter2'); sys.exit(3)", "pass", "import sys; sys.stderr.write('hunter2'); sys.exit(1)"],
)
def test_a_command_that_fails_is_said_without_what_it_printed(script: str) -> None:
    with pytest.raises(CredentialsRefused) as failure:
        find_password("operator", DN, (sys.executable, "-c", script))
    assert "hunter2" not in failure.value.message + failure.value.hint
    assert failure.value.exit_code == 4


def test_a_command_that_is_not_there_is_named() -> None:
    with pytest.raises(CredentialsRefused, match="no-such-command"):
        find_password("operator", DN, ("no-such-command",))


def test_systemd_gives_each_identity_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    (tmp_path / "mailtui-sync").write_text("for sync\n")
    assert find_password("sync", DN, ()).reveal() == "for sync"
    with pytest.raises(PasswordNeeded):
        find_password("operator", DN, ())


def test_a_keyring_that_does_not_encrypt_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keyring, "get_keyring", Plaintext)
    with pytest.raises(PasswordNeeded) as needed:
        find_password("operator", DN, ())
    assert needed.value.bind_dn == DN
    assert needed.value.exit_code == 4


def test_a_keyring_that_encrypts_is_asked_by_bind_dn(monkeypatch: pytest.MonkeyPatch) -> None:
    Encrypting.__module__ = SecretService.__name__
    monkeypatch.setattr(keyring, "get_keyring", Encrypting)
    assert find_password("operator", DN, ()).reveal() == "from the keyring"
