"""What the operator may do to the account at hand, before a key is pressed; every plan asks again."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING

from mailtui.domain import dn
from mailtui.errors import StoreError

if TYPE_CHECKING:
    from mailtui.desk import Desk
    from mailtui.domain.account import Account
    from mailtui.ui.looking import Looking


class Permitted:
    """The operator's rights as they were last read, and the account that was last asked about."""

    def __init__(self, desk: Desk, looking: Looking) -> None:
        self._desk, self._looking = desk, looking
        self._account: Account | None = None

    async def look_again(self) -> None:
        """Read the rights anew, by what the mirror holds now."""
        self._account = None
        if self._desk.config.operators:
            with suppress(StoreError):
                await asyncio.to_thread(self._desk.permits.rights)

    def may_at(self, task: str, entry_dn: str) -> bool:
        """Tell whether a task may be done to what is at a DN."""
        rights = self._desk.permits.known
        return not rights.may_at(task, dn.units(entry_dn, self._desk.directory_config.base))

    def may(self, task: str, account_id: str | None) -> bool:
        """Tell whether a task may be done to an account; for None, to anybody at all."""
        rights = self._desk.permits.known
        if account_id is None or not rights.is_scoped:
            return not rights.may_anywhere(task)
        if self._account is None or self._account.id != account_id:
            self._account = self._looking.account(account_id)
        return self._account is None or not rights.may(task, self._account)
