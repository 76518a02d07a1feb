"""New passwords handed over once: printed, or written to a file that is its owner's alone."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from mailtui.cli.context import notice
from mailtui.domain.batch import BatchRow
from mailtui.domain.secret import Secret
from mailtui.errors import UsageError
from mailtui.texts import _, clean, fit, width

Made = tuple[BatchRow, Secret]


def check_file(file: Path | None) -> None:
    """Refuse a file that is there already, before anything is changed.

    Raises:
        UsageError: It is there, or its folder is not.
    """
    if file is not None and (os.path.lexists(file) or not file.parent.is_dir()):
        raise UsageError(
            _("Passwords cannot be written to {file}").format(file=file),
            hint=_("Name a file that is not there yet, in a folder that is."),
        )


def handed_over(made: Sequence[Made], file: Path | None) -> Sequence[Made]:
    """Write passwords to a file where one is named; gives those that are still to be shown."""
    if file is None or not made:
        return made
    try:
        write_privately(file, "".join(f"{row.login}\t{secret.reveal()}\n" for row, secret in made))
    except OSError as error:
        # They hold by now: better shown than lost.
        notice(_("{file} cannot be written ({reason}); the passwords follow").format(file=file, reason=error.strerror))
        return made
    notice(_("{file} holds passwords: hand them over, then delete it").format(file=file))
    return ()


def write_privately(file: Path, text: str) -> None:
    """Write a new file that its owner alone can read.

    Raises:
        OSError: It is there already, or cannot be written.
    """
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as opened:
        opened.write(text)


def shape(made: Sequence[Made]) -> dict[str, Any]:
    """Give passwords for JSON; nothing where none were made."""
    listed = [{"id": row.account_id, "login": row.login, "password": secret.reveal()} for row, secret in made]
    return {"passwords": listed} if listed else {}


def show(made: Sequence[Made]) -> None:
    """Print passwords, a line each."""
    room = max((width(clean(row.login)) for row, _secret in made), default=0)
    for row, secret in made:
        print(f"{fit(clean(row.login), room)}  {secret.reveal()}")
    if made:
        notice(_("These passwords are shown once; nothing keeps them"))
