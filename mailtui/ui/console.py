"""The Textual application: looks, the first screen, and the ways out."""

import asyncio
import gc
import os
import threading
import traceback
from collections import deque
from collections.abc import Mapping
from contextlib import suppress
from functools import partial
from pathlib import PurePath
from typing import Any, ClassVar

from rich.console import RenderableType
from rich.text import Text
from textual import events, on
from textual._compositor import ChopsUpdate, LayoutUpdate
from textual.actions import ActionParseResult
from textual.app import App
from textual.await_complete import AwaitComplete
from textual.dom import DOMNode
from textual.message import Message
from textual.screen import Screen
from typing_extensions import override

from mailtui import paths
from mailtui.desk import Desk
from mailtui.log import log
from mailtui.runner.front import Runner
from mailtui.texts import _
from mailtui.ui import keys
from mailtui.ui.asking import is_between
from mailtui.ui.errands import Errands
from mailtui.ui.locking import Locking
from mailtui.ui.pace import Pace
from mailtui.ui.screens.main import MainScreen
from mailtui.ui.terminal import clipboard, signals
from mailtui.ui.terminal.driver import TerminalDriver
from mailtui.ui.terminal.painting import painting
from mailtui.ui.themes import DARK
from mailtui.ui.widgets.spans import TONES

_BETWEEN_S = 0.01
_PATIENCE_S = 1.0


class Console(App[None], inherit_bindings=False):
    """mailtui on a terminal."""

    TITLE = "mailtui"
    COMPONENT_CLASSES: ClassVar[set[str]] = set(TONES)
    CSS_PATH: ClassVar[list[str | PurePath]] = list(paths.styles())
    ENABLE_COMMAND_PALETTE = False
    BINDINGS = keys.bindings((keys.LEAVE, keys.REPAINT, keys.LOCK))

    class Typed(Message):
        """Something was typed that is not taken yet."""

    def __init__(self, desk: Desk, runner: Runner, *, read_only: bool) -> None:
        # Asked for here: with NO_COLOR Textual decides before the theme is set, and would keep greys.
        super().__init__(driver_class=TerminalDriver, ansi_color=True)
        self._desk, self._runner = desk, runner
        self._pace = Pace()
        self._typed: deque[events.Key | events.Paste] = deque()
        self._locking = Locking(self, desk)
        self._errands = Errands(desk, runner, self._pace, read_only=read_only)
        self.animation_level = "none"
        self._painting = painting(self.console.color_system, os.environ)
        self._take_theme()
        self.set_keymap(dict(desk.config.keys))

    def _take_theme(self) -> None:
        """Take our theme from the start: to change to it would parse every style sheet once more, before the frame."""
        self.register_theme(DARK)
        self.set_reactive(App.theme, DARK.name)
        self.stylesheet.set_variables(self.get_css_variables())

    def on_mount(self) -> None:
        """Be ready to end, and to come back."""
        if not self.is_headless:
            signals.install(self.end)
            threading.excepthook = self._thread_failed
        self._locking.begin()
        self.app_resume_signal.subscribe(self, self._resume)
        self.call_after_refresh(gc.enable)

    @override
    def get_default_screen(self) -> MainScreen:
        return MainScreen(self._desk, self._runner, self._errands, self._pace, self.exit, self.copy_to_clipboard)

    def _resume(self, _app: App[object]) -> None:
        # After `fg` Textual leaves the screen blank (issues 6298, 6369).
        self.repaint()

    def end(self, code: int) -> None:
        """End at once and in order; batches go on, each in a process of its own."""
        self.workers.cancel_all()
        self.exit(return_code=code)

    async def on_event(self, event: events.Event) -> None:
        """Take what is typed or pasted one after the other, in a strict order; all else as Textual does."""
        if not isinstance(event, events.Key | events.Paste):
            await super().on_event(event)
        elif not event.is_forwarded:
            # What was forwarded and comes back was looked up before; by now another screen may be in front.
            self._typed.append(event)
            if len(self._typed) == 1:
                # Behind what came in with it: a key must know whether it came alone.
                self.post_message(self.Typed())

    @on(Typed)
    async def take_typed(self) -> None:
        """Take what was typed, as far as the screen is there that it is for; once the console ends, none is."""
        while self._typed and self.screen_stack and not is_between(self.screen):
            event = self._typed[0]
            if isinstance(event, events.Key):
                self._locking.note_key()
                self._pace.note(event.time, is_followed=len(self._typed) > 1)
            await self._take(event)
            self._typed.popleft()
        if self._typed and self.screen_stack:
            self.set_timer(_BETWEEN_S, lambda: self.post_message(self.Typed()))

    async def _take(self, event: events.Key | events.Paste) -> None:
        """Do what a key is bound to, or hand it to the field that has the focus.

        Textual hands every key to the widget with the focus first, and looks bindings up when it comes back: of keys
        that arrive together, those after `/` would act on the list in place of being searched for.
        """
        is_text = isinstance(event, events.Key) and self._is_text(event)
        if isinstance(event, events.Key) and not is_text and await self._check_bindings(event.key):
            return
        await super().on_event(event)
        if self.screen_stack and self.focused is not None:
            taken = asyncio.Event()
            # What follows may be Enter: the field must have the whole text before.
            if self.focused.call_later(taken.set):
                with suppress(TimeoutError):
                    await asyncio.wait_for(taken.wait(), _PATIENCE_S)

    def _is_text(self, key: events.Key) -> bool:
        # Textual looks some characters up by names that Unicode does not know, `/` among them.
        return self.focused is not None and self.focused.check_consume_key(key.key, key.character)

    async def run_action(
        self,
        action: "str | ActionParseResult",
        default_namespace: DOMNode | None = None,
        namespaces: Mapping[str, DOMNode] | None = None,
    ) -> bool:
        """Run an action, but not on a screen that is not built yet: the key was pressed at the one before."""
        return self.screen.is_mounted and await super().run_action(action, default_namespace, namespaces)

    @override
    def push_screen(self, screen: Any, *rest: Any, **named: Any) -> Any:
        """Open a screen; while the console is locked, once it is not."""
        if self._locking.is_open:
            return super().push_screen(screen, *rest, **named)
        self._locking.hold_back(partial(super().push_screen, screen, *rest, **named))
        return AwaitComplete()

    def action_lock(self) -> None:
        """Lock the console."""
        self._locking.lock()

    def _display(self, screen: Screen[Any], renderable: RenderableType | None) -> None:
        """Show what has changed; Textual's own sends all that was laid out again, ten to fifty times as much."""
        driver, painter = self._driver, self._painting
        if not isinstance(renderable, LayoutUpdate | ChopsUpdate) or painter is None or driver is None:
            super()._display(screen, renderable)
            return
        if self._batch_count:
            return
        if self._running and not self._closed:
            size = self.screen.outer_size
            frame = painter.frame(renderable, size, size.clamp_offset(self.cursor_position))
            if frame:
                driver.write(frame)
                driver.flush()
        self.post_display_hook()

    def repaint(self) -> None:
        """Paint the whole screen anew, whatever has come upon it."""
        if self._painting is not None:
            self._painting.forget()
        self.refresh(layout=True)

    def action_repaint(self) -> None:
        """Paint the screen anew."""
        self.repaint()

    def copy_to_clipboard(self, text: str) -> None:
        """Copy a text to the operator's clipboard."""
        self._clipboard = text
        if self._driver is not None:
            clipboard.copy(text, os.environ, self._driver.write)

    def action_leave(self) -> None:
        """Ask whether to leave, whatever is open."""
        main = next((screen for screen in self.screen_stack if isinstance(screen, MainScreen)), None)
        if main is not None and self.screen is main:
            main.leave(always_ask=True)

    def _fatal_error(self) -> None:
        # Textual's own prints the locals of every frame, passwords among them.
        self.bell()
        log.critical("the console failed\n%s", traceback.format_exc())
        self._exit_renderables.append(_farewell())
        self._close_messages_no_wait()

    def _thread_failed(self, failed: threading.ExceptHookArgs) -> None:
        # Nobody waits for such a thread, and what Python prints would land in the middle of the screen.
        trace = traceback.format_exception(failed.exc_type, failed.exc_value, failed.exc_traceback)
        log.critical("a thread failed\n%s", "".join(trace))
        # Not to wait for it: the loop may wait for this very thread.
        self.call_later(self.exit, return_code=1, message=_farewell())


def _farewell() -> Text:
    return Text(_("mailtui failed; what happened is in {file}").format(file=paths.log_file()))
