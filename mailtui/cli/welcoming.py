"""Welcome texts for new accounts, printed or written to a file that is its owner's alone."""

import os
from collections.abc import Callable, Sequence
from pathlib import Path

from mailtui import paths
from mailtui.cli.context import notice
from mailtui.cli.passwords import Made, check_file, write_privately
from mailtui.domain.account import Account
from mailtui.domain.welcome import checked, default_for, filled
from mailtui.errors import UsageError
from mailtui.texts import _, clean

TEMPLATE = "welcome.txt"
"""The file beside the config that holds the site's own text."""
_BETWEEN = "\n" + "-" * 72 + "\n\n"


def greeting(to: Path, accounts: Sequence[Account]) -> Callable[[Sequence[Made]], None]:
    """Give what writes the texts once it is known which of the accounts have got which password.

    Raises:
        UsageError: The file is there already, or the template cannot be read or used.
    """
    is_printed = str(to) == "-"
    if not is_printed:
        check_file(to)
    template = _template()
    by_dn = {account.dn: account for account in accounts}

    def greet(made: Sequence[Made]) -> None:
        known = [(by_dn[row.dn], secret.reveal()) for row, secret in made if row.dn in by_dn]
        text = _BETWEEN.join(filled(template, _values(account, password)) for account, password in known)
        if is_printed:
            print(text)
        elif text:
            _write(to, text)

    return greet


def _write(to: Path, text: str) -> None:
    try:
        write_privately(to, text)
    except OSError as error:
        notice(_("{file} cannot be written: {reason}").format(file=to, reason=error.strerror))
    else:
        notice(_("{file} holds passwords: hand them over, then delete it").format(file=to))


def _values(account: Account, password: str) -> dict[str, str]:
    told = {
        "name": account.name, "login": account.login, "address": account.mail, "department": account.department,
        "title": account.title,
    }  # fmt: skip
    return {**{name: clean(value or "") for name, value in told.items()}, "password": password}


def _template() -> str:
    file = paths.user_config().with_name(TEMPLATE)
    try:
        return checked(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return default_for(next(filter(None, map(os.environ.get, ("LC_ALL", "LC_MESSAGES", "LANG"))), ""))
    except (OSError, UnicodeError) as error:
        raise UsageError(_("{file} cannot be read: {reason}").format(file=file, reason=error)) from error
