"""A history that cannot be read: said, with what to do."""

from pathlib import Path

from mailtui.errors import StoreError
from mailtui.texts import _


def broken(path: Path, reason: object) -> StoreError:
    """Give the failure that a history cannot be read."""
    message = _("The history {path} cannot be read: {reason}").format(path=path, reason=reason)
    return StoreError(message, hint=what_to_do())


def what_to_do() -> str:
    """Tell what to do about a history that is damaged."""
    return _("Put back a copy from your backup, or move the file away: a new history then begins today.")
