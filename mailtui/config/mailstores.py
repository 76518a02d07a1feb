"""The section `[mailstore]`, checked."""

from typing import Any
from urllib.parse import urlsplit

from mailtui.config.checking import check_one_of, section, wrong
from mailtui.config.sections import MailStoreConfig
from mailtui.texts import _

KINDS = ("doveadm", "doveadm-ssh")
"""The ways to ask a mail store."""
USER_NAMES = ("address", "login")
"""What a mail store may know an account by."""

_LOOPBACK = ("127.0.0.1", "::1", "localhost")


def mailstore_values(held: Any, source: str, *, partial: bool = False) -> dict[str, Any]:
    """Give what is said of the mail store; of a `partial` one, what is needed may stand in the other file.

    Raises:
        ConfigError: A key or value cannot be taken.
    """
    values = section(MailStoreConfig, held, source, "mailstore", partial=partial)
    for name, choices in (("kind", KINDS), ("user_name", USER_NAMES)):
        if name in values:
            check_one_of(choices, values[name], source, f"mailstore.{name}")
    if not values.get("timeout_s", 1):
        raise wrong(source, "mailstore.timeout_s", _("is no time"), _("Write one second or more."))
    if len(values.get("folder_separator", "/")) != 1:
        raise wrong(source, "mailstore.folder_separator", _("is not one character"), _("Write / or a dot."))
    if not all(values.get("others_folders", ())):
        raise wrong(source, "mailstore.others_folders", _("holds an empty name"), _("Take it out."))
    return values


def mailstore(held: Any, source: str) -> MailStoreConfig:
    """Give the whole section.

    Raises:
        ConfigError: A key or value cannot be taken, or what is needed is missing.
    """
    config = MailStoreConfig(**mailstore_values(held, source))
    if config.kind == "doveadm":
        _check_url(config, source)
    elif not config.ssh_command:
        hint = _('Write ssh_command = ["ssh", "mailtui@mail.example.com"].')
        raise wrong(source, "mailstore.ssh_command", _("is missing"), hint)
    return config


def _check_url(config: MailStoreConfig, source: str) -> None:
    hint = _('Write url = "https://mail.example.com:8080".')
    if not config.url:
        raise wrong(source, "mailstore.url", _("is missing"), hint)
    try:
        parts = urlsplit(config.url)
        host, _port = parts.hostname, parts.port
    except ValueError as error:
        raise wrong(source, "mailstore.url", _("is no address of a server"), hint) from error
    if parts.scheme not in {"https", "http"} or not host or parts.username or parts.query or parts.fragment:
        raise wrong(source, "mailstore.url", _("is no address of a server"), hint)
    if parts.scheme == "http" and host not in _LOOPBACK and not config.allow_cleartext:
        what = _("would send the key readable across the network")
        raise wrong(source, "mailstore.url", what, _("Use https://, or set allow_cleartext = true."))
