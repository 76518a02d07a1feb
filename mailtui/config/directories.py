"""The section `[directory]`: checked, with the operator's name put in."""

import os
import pwd
from typing import Any

from mailtui.config.checking import check_one_of, section, table, wrong
from mailtui.config.sections import DirectoryConfig, SyncConfig
from mailtui.domain import dn
from mailtui.texts import _

_BINDS = ("simple", "external", "anonymous")


def directory_values(held: Any, source: str, *, partial: bool = False) -> dict[str, Any]:
    """Give what is said of the directory; of a `partial` one, what is needed may stand in the other file.

    Raises:
        ConfigError: A key or value cannot be taken.
    """
    own = dict(table(held, source, "directory"))
    sync = own.pop("sync", None)
    values = section(DirectoryConfig, own, source, "directory", partial=partial)
    _check_bind(values, source, "directory.bind")
    if sync is not None:
        synced = section(SyncConfig, sync, source, "directory.sync")
        _check_bind(synced, source, "directory.sync.bind")
        values["sync"] = SyncConfig(**_with_user(synced))
    return _with_user(values)


def directory(held: Any, source: str) -> DirectoryConfig:
    """Give the whole section.

    Raises:
        ConfigError: A key or value cannot be taken, or what is needed is missing.
    """
    values = directory_values(held, source)
    if not values["urls"]:
        raise wrong(source, "directory.urls", _("names no server"), _('Write urls = ["ldaps://ldap.example.com"].'))
    return DirectoryConfig(**values)


def _check_bind(values: dict[str, Any], source: str, where: str) -> None:
    if "bind" in values:
        check_one_of(_BINDS, values["bind"], source, where)


def _with_user(values: dict[str, Any]) -> dict[str, Any]:
    if "bind_dn" not in values:
        return values
    user = pwd.getpwuid(os.getuid()).pw_name
    return {**values, "bind_dn": values["bind_dn"].replace("{user}", dn.escape(user))}
