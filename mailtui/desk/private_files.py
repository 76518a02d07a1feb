"""Files that their owner alone may read, for what is handed over once; never one that is there already."""

import os
from pathlib import Path

from mailtui.errors import UsageError
from mailtui.texts import _


def at_home(text: str) -> Path:
    """Give the path that a person has typed; `~` is the home folder."""
    try:
        return Path(text.strip()).expanduser()
    except RuntimeError:
        # There is no such person.
        return Path(text.strip())


def spoken(file: Path) -> str:
    """Give a path as people read it, and may type it again: `~` for the home folder."""
    home = Path.home()
    return str(Path("~") / file.relative_to(home)) if file.is_relative_to(home) else str(file)


def check_new(file: Path) -> None:
    """Refuse a file that is there already, before anything is changed.

    Raises:
        UsageError: It is there, or its folder is not.
    """
    if os.path.lexists(file) or not file.parent.is_dir():
        raise UsageError(
            _("Passwords cannot be written to {file}").format(file=spoken(file)),
            hint=_("Name a file that is not there yet, in a folder that is."),
        )


def write_privately(file: Path, text: str) -> None:
    """Write a new file that its owner alone can read.

    Raises:
        OSError: It is there already, or cannot be written.
    """
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as opened:
        opened.write(text)
