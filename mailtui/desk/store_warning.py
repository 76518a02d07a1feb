"""What a site should know of its mail store's key before it is used."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from mailtui.errors import MailtuiError
from mailtui.texts import _

if TYPE_CHECKING:
    from mailtui.desk.desk import Desk

_NAMED = 3


def store_warning(desk: Desk) -> str:
    """Say that the key could do more than mailtui needs; empty where it could not, or where the store cannot be asked.

    Nothing is changed by that; that a store cannot be asked is told where its figures are.
    """
    with suppress(MailtuiError):
        store = desk.mailstore()
        if store and (excess := store.powers().excess):
            named = ", ".join(excess[:_NAMED]) + (", …" if len(excess) > _NAMED else "")
            return _("The mail store lets our key do more than is needed ({commands}): see [mailstore]").format(
                commands=named
            )
    return ""
