"""Welcome texts for new accounts, printed or written to a file that is its owner's alone."""

from collections.abc import Callable, Sequence
from pathlib import Path

from mailtui.cli.context import notice
from mailtui.cli.passwords import Made, check_file
from mailtui.desk.private_files import write_privately
from mailtui.desk.welcoming import letters, templates
from mailtui.domain.account import Account
from mailtui.texts import _


def greeting(to: Path, accounts: Sequence[Account]) -> Callable[[Sequence[Made]], None]:
    """Give what writes the texts once it is known which of the accounts have got which password.

    Raises:
        UsageError: The file is there already, or the template cannot be read or used.
    """
    is_printed = str(to) == "-"
    if not is_printed:
        check_file(to)
    template = templates()[0]
    by_dn = {account.dn: account for account in accounts}

    def greet(made: Sequence[Made]) -> None:
        text = letters(template, [(by_dn[row.dn], secret) for row, secret in made if row.dn in by_dn])
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
