"""Names checked before they are sent: Dovecot reads some as patterns, as paths or as networks."""

import re

from mailtui.config.sections import MailStoreConfig
from mailtui.domain.account import Account
from mailtui.errors import UsageError
from mailtui.texts import _, clean

# `*` and `?` match any account, `%` is expanded, and `/` makes a network of what ends somebody's sessions.
_FORBIDDEN = re.compile(r"""[\x00-\x20\x7f-\xa0\u2028\u2029\ud800-\udfff*?%/\\"<>():;,]""")
# What Dovecot takes for an IP address where it looks for sessions (inet_aton reads 127.1).
_NETWORK = re.compile(r"[0-9]+(\.[0-9]+)+")
_LONGEST = 255
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_LOCATION = re.compile(r"(sdbox|mdbox|maildir):(/[\w.@+=-]+)+", re.ASCII)
_GUID = re.compile(r"[0-9a-f]{32}")


def user_name(account: Account, config: MailStoreConfig) -> str:
    """Give the name by which the mail store knows an account.

    Raises:
        UsageError: The account has none, or one that cannot be sent.
    """
    return checked_user((account.mail or "") if config.user_name == "address" else account.login)


def checked_user(name: str) -> str:
    """Give the name of one account.

    Raises:
        UsageError: It is empty, or would mean several accounts, a network or something else.
    """
    if not name or len(name) > _LONGEST or _FORBIDDEN.search(name) or _NETWORK.fullmatch(name) or name[0] in "-.~":
        raise UsageError(
            _("“{name}” cannot name an account of the mail store").format(name=clean(name)),
            hint=_("Check the account's address and log-in in the directory."),
        )
    return name


def checked_folder(name: str) -> str:
    """Give the name of one folder.

    Raises:
        UsageError: It is empty, or would mean several folders.
    """
    if not name or len(name) > _LONGEST or _CONTROLS.search(name) or set(name) & set("*%"):
        raise UsageError(
            _("“{name}” cannot name a folder").format(name=clean(name)),
            hint=_("Leave out control characters, * and %."),
        )
    return name


def checked_script(name: str) -> str:
    """Give the name of one sieve script.

    Raises:
        UsageError: It is empty, or no name.
    """
    if not name or len(name) > _LONGEST or _CONTROLS.search(name) or "/" in name or name[0] in "-.":
        raise UsageError(
            _("“{name}” cannot name a sieve script").format(name=clean(name)),
            hint=_("Use letters, digits and blanks."),
        )
    return name


def checked_location(location: str) -> str:
    """Give a place on the server's disk for an archive.

    Raises:
        UsageError: It is none, or leads elsewhere.
    """
    if not _LOCATION.fullmatch(location) or ".." in location.split("/"):
        raise UsageError(
            _("“{location}” is no place for an archive").format(location=clean(location)),
            hint=_("Write sdbox:, mdbox: or maildir: and a whole path."),
        )
    return location


def checked_guid(guid: str) -> str:
    """Give the id of a folder.

    Raises:
        UsageError: It is none.
    """
    if not _GUID.fullmatch(guid):
        raise UsageError(_("“{guid}” is no id of a folder").format(guid=clean(guid)), hint=_("List the folders anew."))
    return guid
