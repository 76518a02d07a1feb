"""Welcome letters for new accounts: by the site's own template beside the config, else in the reader's language."""

import os
from collections.abc import Iterable

from mailtui import paths
from mailtui.domain.account import Account
from mailtui.domain.secret import Secret
from mailtui.domain.welcome import CHINESE, ENGLISH, checked, default_for, filled
from mailtui.errors import UsageError
from mailtui.texts import _, clean

TEMPLATE = "welcome.txt"
"""The file beside the config that holds the site's own text."""
_BETWEEN = "\n" + "-" * 72 + "\n\n"


def templates() -> tuple[str, ...]:
    """Give the templates there are to choose from, the usual one first: the site's own alone where it has one.

    Raises:
        UsageError: The site's own cannot be read or used.
    """
    file = paths.user_config().with_name(TEMPLATE)
    try:
        return (checked(file.read_text(encoding="utf-8")),)
    except FileNotFoundError:
        usual = default_for(next(filter(None, map(os.environ.get, ("LC_ALL", "LC_MESSAGES", "LANG"))), ""))
        return tuple(dict.fromkeys((usual, ENGLISH, CHINESE)))
    except (OSError, UnicodeError) as error:
        raise UsageError(_("{file} cannot be read: {reason}").format(file=file, reason=error)) from error


def letters(template: str, welcomed: Iterable[tuple[Account, Secret]]) -> str:
    """Give the letters to all who have got an account and a password, with a line between two."""
    return _BETWEEN.join(filled(template, _values(account, secret)) for account, secret in welcomed)


def _values(account: Account, secret: Secret) -> dict[str, str]:
    told = {
        "name": account.name, "login": account.login, "address": account.mail, "department": account.department,
        "title": account.title,
    }  # fmt: skip
    return {**{name: clean(value or "") for name, value in told.items()}, "password": secret.reveal()}
