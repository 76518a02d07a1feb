"""Accounts created at the console: what the form begins with, the batch watched, and who hands its passwords over."""

from __future__ import annotations

import asyncio
from contextlib import closing
from typing import TYPE_CHECKING

from textual.widget import Widget

from mailtui.desk import Desk
from mailtui.domain.account import Kind
from mailtui.runner.front import Runner
from mailtui.texts import _
from mailtui.ui.batch_errands import BatchErrands
from mailtui.ui.pace import Pace
from mailtui.ui.reporting import reporting

if TYPE_CHECKING:
    from mailtui.domain.batch import Batch
    from mailtui.domain.plan import Answer


class Creating:
    """Has accounts created. It must be awaited in a worker."""

    def __init__(self, desk: Desk, runner: Runner, pace: Pace, batches: BatchErrands) -> None:
        self._desk, self._runner, self._pace, self._batches = desk, runner, pace, batches

    async def create(self, widget: Widget, unit_dn: str) -> Batch | None:
        """Have somebody told of and created, in the unit of a DN unless another is told; empty for none.

        Gives the batch, None where there is none.
        """
        from mailtui.ui.hiring import Hiring

        begun = None
        with reporting(widget):
            given = await asyncio.to_thread(self._given, unit_dn)
            begun = await Hiring(self._desk, self._runner, self._pace).hire(widget, given)
        if begun is None:
            return None
        batch_id, handing_over = begun
        self._batches.hand_over_by(batch_id, handing_over.hand_over)
        return await self._batches.watch(widget, batch_id)

    def _given(self, unit_dn: str) -> dict[str, Answer]:
        """Give what the form begins with: the unit, and the kind whose place it is.

        Raises:
            StoreError: The mirror cannot be read.
        """
        from mailtui.desk.private_files import spoken
        from mailtui.domain import dn
        from mailtui.queries.completions import unit_name
        from mailtui.ui.handing_over import free_file

        given: dict[str, Answer] = {"passwords_file": spoken(free_file(_("passwords") + ".txt"))}
        base = self._desk.directory_config.base
        above = {unit.casefold() for unit in dn.units(f"cn=any,{unit_dn}", base)} if unit_dn else set()
        kind = next((rule.kind for rule in self._desk.schema.account.kinds if rule.below in above), Kind.PERSON)
        if above and self._desk.has_mirror:
            with closing(self._desk.mirror()) as mirror:
                name = unit_name(mirror, unit_dn)
            given |= {"department": name, "home": name} if kind is Kind.PERSON else {"kind": kind.value, "place": name}
        return given
