"""What explains accounts before anything is done: why one does not work, its addresses, and what rests on some.

Dialogs are imported where they are opened: the first frame does not wait for them.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from textual.widget import Widget

from mailtui.desk import Desk
from mailtui.plans.catalogue import by_name
from mailtui.ui.asking import ask
from mailtui.ui.errands import Errands, hidden_words

if TYPE_CHECKING:
    from mailtui.domain.account import Account
    from mailtui.domain.batch import Batch
    from mailtui.domain.group import Group
    from mailtui.domain.plan import Caution
    from mailtui.queries.address_book import Listed


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

    async def addresses(self, widget: Widget, account: Account) -> Batch | None:
        """Show the addresses of an account; gives the batch that changed one, None where there is none.

        Raises:
            StoreError: The mirror cannot be read.
        """
        from mailtui.ui.dialogs.addresses import AddressesDialog

        listed, why_not = await asyncio.to_thread(self._addresses, account)

        async def chosen() -> list[str]:
            return [account.id]

        batch: Batch | None = None
        while batch is None:
            deed = await ask(widget, AddressesDialog(account.name, listed, why_not))
            if deed is None:
                return None
            batch = await self._errands.task(widget, by_name(deed.task), chosen, account.name, given=deed.answers)
        return batch

    def _addresses(self, account: Account) -> tuple[tuple[Listed, ...], dict[str, str]]:
        """List the addresses of an account, and say why it cannot be done what is not possible."""
        from mailtui.queries.address_book import address_book
        from mailtui.ui.commands import Situation, why_not
        from mailtui.ui.dialogs.addresses import ADDRESS_TASKS

        desk = self._desk
        situation = Situation(1, self._errands.can_write, desk.schema, desk.permits.rights(), account)
        with closing(desk.mirror()) as mirror:
            listed = address_book(mirror, account, desk.policy, datetime.now(UTC))
        return listed, {name: why_not(by_name(name), situation) for name in ADDRESS_TASKS}

    async def impact(self, widget: Widget, ids: Sequence[str], who: str, hidden: int) -> None:
        """Say what rests on accounts; `who` names them, `hidden` counts those that the filter hides.

        Raises:
            StoreError: The mirror cannot be read.
        """
        from mailtui.ui.dialogs.impact import ImpactDialog

        cautions = await asyncio.to_thread(self._cautions, ids)
        await ask(widget, ImpactDialog(who, cautions, hidden_words(hidden)))

    async def group(self, widget: Widget, account: Account | None) -> None:
        """Show a group, to begin with the first of those that an account is in."""
        from mailtui.ui.completing import Completing
        from mailtui.ui.dialogs.group import GroupDialog

        first = account.groups[0].name if account and account.groups else ""
        await ask(widget, GroupDialog(self._group, Completing(self._desk.mirror), first))

    def _group(self, name: str) -> Group | None:
        from mailtui.queries.group_views import group_whole
        from mailtui.queries.groups import group_named

        with closing(self._desk.mirror()) as mirror:
            return group_whole(mirror, group_named(mirror, name).id or "")

    def _cautions(self, ids: Sequence[str]) -> list[Caution]:
        from mailtui.plans.impact import of_disabling, protected
        from mailtui.plans.keeping import held
        from mailtui.queries.impact import impact

        with closing(self._desk.mirror()) as mirror:
            accounts, facts = mirror.by_ids(ids), impact(mirror, ids)
        desk = self._desk
        return [
            *protected(accounts, desk.protection(ids), desk.policy),
            *held(accounts, desk.holds(ids), desk.policy),
            *of_disabling(accounts, facts),
        ]
