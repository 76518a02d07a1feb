"""The configured mail store, opened; nothing is sent by that."""

from mailtui.config.sections import MailStoreConfig
from mailtui.credentials import find_key
from mailtui.mailstore.doveadm import Doveadm
from mailtui.mailstore.over_http import HttpLine
from mailtui.mailstore.over_ssh import SshLine
from mailtui.mailstore.port import MailStore


def open_store(config: MailStoreConfig) -> MailStore:
    """Give the mail store of a config; the key is asked for where it needs one.

    Raises:
        CredentialsRefused: There is no key.
    """
    if config.kind == "doveadm-ssh":
        return Doveadm(SshLine(config), config)
    return Doveadm(HttpLine(config, find_key(config.key_command)), config)
