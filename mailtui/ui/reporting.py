"""Failures, shown once; and calls that may need a password, with the asking around them.

Dialogs are imported where they are opened: the first frame does not wait for them.
"""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from textual.widget import Widget

from mailtui.credentials import PasswordNeeded
from mailtui.desk import Desk
from mailtui.errors import CredentialsRefused, MailtuiError, Stopped
from mailtui.texts import _
from mailtui.ui.asking import ask

Answer = TypeVar("Answer")


@contextmanager
def reporting(widget: Widget) -> Iterator[None]:
    """Show what failed inside, with what to do about it, and go on after the block."""
    try:
        yield
    except MailtuiError as error:
        from mailtui.ui.dialogs.notice import NoticeDialog

        title = _("Given up") if isinstance(error, Stopped) else _("It did not work")
        widget.app.push_screen(NoticeDialog(title, error.message, error.hint))


async def with_password(widget: Widget, desk: Desk, call: Callable[[], Answer]) -> Answer:
    """Do in a thread what binds to the directory, asking for the password, and again after a wrong one.

    Must be awaited in a worker.

    Raises:
        Stopped: The operator gave no password.
    """
    asked: PasswordNeeded | None = None
    refusal = ""
    while True:
        try:
            return await asyncio.to_thread(call)
        except PasswordNeeded as needed:
            asked = needed
        except CredentialsRefused as refused:
            if asked is None:
                raise
            refusal = _("That was not accepted: {reason}.").format(reason=refused.message)
        from mailtui.ui.dialogs.password import PasswordDialog

        password = await ask(widget, PasswordDialog(asked.identity, asked.bind_dn, refusal))
        if password is None:
            raise Stopped(_("No password was given"), hint=_("Nothing was changed."))
        desk.give_password(asked.identity, password)
