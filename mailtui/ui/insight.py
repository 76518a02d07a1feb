"""What explains accounts before anything is done: why one does not work, and what rests on some.

Dialogs are imported where they are opened: the first frame does not wait for them.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import closing
from typing import TYPE_CHECKING

from textual.widget import Widget

from mailtui.desk import Desk
from mailtui.plans.catalogue import by_name
from mailtui.ui.asking import ask
from mailtui.ui.errands import Errands, hidden_words

if TYPE_CHECKING:
    from mailtui.domain.account import Account
    from mailtui.domain.batch import Batch
    from mailtui.domain.plan import Caution


class Insight:
    """Explains in dialogs. Each method must be awaited in a worker."""

    def __init__(self, desk: Desk, errands: Errands) -> None:
        self._desk, self._errands = desk, errands

    async def why(self, widget: Widget, account: Account) -> Batch | None:
        """Say why an account does not work; gives the batch that mended it, None where there is none.

        Raises:
            StoreError: The mirror cannot be read.
        """
        from mailtui.ui.dialogs.why import WhyDialog

        causes = await asyncio.to_thread(self._desk.causes, account)
        cause = await ask(widget, WhyDialog(account.name, causes, can_write=self._errands.can_write))
        if cause is None or cause.task is None:
            return None

        async def chosen() -> list[str]:
            return [account.id]

        return await self._errands.task(widget, by_name(cause.task), chosen, account.name, given=cause.answers)

    async def impact(self, widget: Widget, ids: Sequence[str], who: str, hidden: int) -> None:
        """Say what rests on accounts; `who` names them, `hidden` counts those that the filter hides.

        Raises:
            StoreError: The mirror cannot be read.
        """
        from mailtui.ui.dialogs.impact import ImpactDialog

        cautions = await asyncio.to_thread(self._cautions, ids)
        await ask(widget, ImpactDialog(who, cautions, hidden_words(hidden)))

    def _cautions(self, ids: Sequence[str]) -> list[Caution]:
        from mailtui.plans.impact import of_disabling, protected
        from mailtui.queries.impact import impact

        with closing(self._desk.mirror()) as mirror:
            accounts, facts = mirror.by_ids(ids), impact(mirror, ids)
        return [*protected(accounts, self._desk.protection(ids), self._desk.policy), *of_disabling(accounts, facts)]
