"""Leaving the console: what would be lost from sight by it, and whether it is meant all the same."""

import asyncio
from collections.abc import Sequence

from textual.widget import Widget

from mailtui.desk import Desk
from mailtui.runner.front import Runner
from mailtui.texts import _, ngettext
from mailtui.ui import unfinished
from mailtui.ui.asking import ask
from mailtui.ui.dialogs.question import YesNoDialog
from mailtui.ui.pace import Pace


async def is_meant(widget: Widget, desk: Desk, runner: Runner, pace: Pace, marks: int, *, always_ask: bool) -> bool:
    """Have it confirmed where accounts are marked or a batch is open, or in any case."""
    reasons = await _reasons_to_stay(desk, runner, marks)
    if not (reasons or always_ask):
        return True
    question = " ".join([*reasons, _("Leave mailtui?")])
    return await ask(widget, YesNoDialog(_("Leave"), question, pace)) is True


async def _reasons_to_stay(desk: Desk, runner: Runner, marks: int) -> Sequence[str]:
    reasons = []
    if marks:
        reasons.append(_("Accounts are marked: {number}.").format(number=f"{marks:,}"))
    running = await asyncio.to_thread(unfinished.running, desk, runner)
    if running:
        text = ngettext(
            "{batches} is running; it goes on by itself.",
            "{batches} are running; they go on by themselves.",
            len(running),
        )
        reasons.append(text.format(batches=", ".join(running)))
    return reasons
