"""What the screens about batches have in common: the keys by which something is done about the one at hand."""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import ClassVar

from textual.screen import Screen
from typing_extensions import override

from mailtui.domain.batch import Batch
from mailtui.ui import keymap, keys, possible
from mailtui.ui.asking import begin, close
from mailtui.ui.batch_errands import BatchErrands
from mailtui.ui.keys import Key


class AboutBatch(Screen[None]):
    """A screen with a batch at hand; a subclass says which one, and looks at the journal again."""

    KEYS: ClassVar[tuple[Key, ...]] = ()
    """The keys of the screen."""

    def __init__(self, errands: BatchErrands) -> None:
        super().__init__()
        self._errands = errands

    @property
    def chosen(self) -> Batch | None:
        """The batch at hand, as the journal last had it."""
        raise NotImplementedError

    def look_again(self) -> None:
        """Show what the journal says now."""
        raise NotImplementedError

    @override
    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Grey what cannot be done to the batch now."""
        if not possible.is_deed(action):
            return True
        batch = self.chosen
        if batch is None:
            return None
        can_write = self._errands.can_write and self._errands.may_change(batch)
        return True if possible.can(action, batch, can_write=can_write) else None

    def show_help(self) -> None:
        """Show the keys that hold here."""
        from mailtui.ui.screens.help import HelpScreen

        idle = [one.binding.id for one in self.active_bindings.values() if not one.enabled and one.binding.id]
        self.app.push_screen(HelpScreen(keymap.moved((*keys.CURSOR, *self.KEYS), self._errands.keymap), idle))

    def _do(self, deed: Callable[[Screen[None], Batch], Awaitable[object]]) -> None:
        if self.chosen is not None:
            begin(self, partial(self._done, deed, self.chosen))

    async def _done(self, deed: Callable[[Screen[None], Batch], Awaitable[object]], batch: Batch) -> None:
        await deed(self, batch)
        self.look_again()

    def action_stop(self) -> None:
        """Stop between rows."""
        self._do(self._errands.stop)

    def action_pause(self) -> None:
        """Wait between rows, or go on."""
        self._do(self._errands.pause)

    def action_resume(self) -> None:
        """Go on."""
        self._do(self._errands.resume)

    def action_retry(self) -> None:
        """Send failed rows again."""
        self._do(self._errands.retry)

    def action_undo(self) -> None:
        """Reverse the batch."""
        self._do(self._errands.undo)

    def action_keep(self) -> None:
        """Leave conflicts as others made them."""
        self._do(self._errands.keep)

    def action_replan(self) -> None:
        """Plan conflicts again."""
        self._do(self._errands.replan)

    def action_settle(self) -> None:
        """Find out what a crash left open."""
        self._do(self._errands.settle)

    def action_help(self) -> None:
        """Show the keys."""
        self.show_help()

    def action_close(self) -> None:
        """Close without an answer."""
        close(self)
