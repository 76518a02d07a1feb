"""Passwords, from where the site keeps them: a command, systemd, an encrypted keyring, or the person who sits there."""

import os
import subprocess
from pathlib import Path

from mailtui.domain.secret import Secret
from mailtui.errors import CredentialsRefused
from mailtui.texts import _

_PATIENCE_S = 60
# Backends that encrypt; keyrings.alt and others write what anybody can read, and are chosen silently.
_ENCRYPTED = ("keyring.backends.SecretService.", "keyring.backends.libsecret.", "keyring.backends.kwallet.")


class PasswordNeeded(CredentialsRefused):
    """Nobody but a person knows the password of this identity (`operator` or `sync`)."""

    code = "password-needed"

    def __init__(self, identity: str, bind_dn: str) -> None:
        super().__init__(
            _("The password of {dn} is needed").format(dn=bind_dn or identity),
            hint=_("Run it on a terminal, or set `password_command` in the config."),
        )
        self.identity = identity
        self.bind_dn = bind_dn


def find_key(command: tuple[str, ...]) -> Secret:
    """Give the key of the mail store: from the configured command, else $CREDENTIALS_DIRECTORY/mailtui-mailstore.

    It is the site's, not a person's: neither a keyring nor a prompt is asked for it.

    Raises:
        CredentialsRefused: The command failed, or neither has it.
    """
    found = _from_command(command) if command else _from_systemd("mailstore")
    if not found or not found.reveal():
        raise CredentialsRefused(
            _("The key of the mail store is needed"),
            hint=_("Set `key_command` in [mailstore], or LoadCredential=mailtui-mailstore: in the unit."),
        )
    return found


def find_password(identity: str, bind_dn: str, command: tuple[str, ...]) -> Secret:
    """Give the password of an identity, `operator` or `sync`.

    Asked in this order: the configured command, $CREDENTIALS_DIRECTORY/mailtui-IDENTITY, the keyring.

    Raises:
        CredentialsRefused: The command failed.
        PasswordNeeded: None of them has it.
    """
    if command:
        return _from_command(command)
    found = _from_systemd(identity) or _from_keyring(bind_dn)
    if found is None:
        raise PasswordNeeded(identity, bind_dn)
    return found


def _from_command(command: tuple[str, ...]) -> Secret:
    hint = _("Run it by hand and see what it says.")
    try:
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, timeout=_PATIENCE_S, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        reason = _("it took too long") if isinstance(error, subprocess.TimeoutExpired) else error.strerror
        message = _("The password command {name} cannot be run: {reason}").format(name=command[0], reason=reason)
        # The error itself would carry what the command had printed until then.
        raise CredentialsRefused(message, hint=hint) from None
    first, *_rest = done.stdout.decode("utf-8", "replace").splitlines() or [""]
    if done.returncode or not first:
        message = _("The password command {name} ended with {status} and no password").format(
            name=command[0], status=done.returncode
        )
        raise CredentialsRefused(message, hint=hint)
    return Secret(first)


def _from_systemd(identity: str) -> Secret | None:
    folder = os.environ.get("CREDENTIALS_DIRECTORY")
    if not folder:
        return None
    try:
        return Secret((Path(folder) / f"mailtui-{identity}").read_text(encoding="utf-8").rstrip("\r\n"))
    except FileNotFoundError:
        return None
    except OSError as error:
        raise CredentialsRefused(
            _("The credential mailtui-{identity} cannot be read: {reason}").format(
                identity=identity, reason=error.strerror
            ),
            hint=_("Check LoadCredential= in the unit."),
        ) from error


def _from_keyring(bind_dn: str) -> Secret | None:
    # Imported here: finding its backends takes longer than a whole look-up.
    import keyring
    from keyring.errors import KeyringError

    backend = keyring.get_keyring()
    kind = f"{type(backend).__module__}.{type(backend).__name__}"
    if not kind.startswith(_ENCRYPTED):
        return None
    try:
        password = backend.get_password("mailtui", bind_dn)
    except KeyringError as error:
        raise CredentialsRefused(
            _("The keyring does not open: {reason}").format(reason=error),
            hint=_("Unlock it, or set `password_command`."),
        ) from error
    return Secret(password) if password else None
