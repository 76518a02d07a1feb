"""The Textual application: looks, the first screen, and the ways out."""

import os
import traceback
from collections.abc import Mapping
from pathlib import PurePath
from typing import ClassVar

from rich.text import Text
from textual import events
from textual.actions import ActionParseResult
from textual.app import App
from textual.dom import DOMNode

from mailtui import paths
from mailtui.desk import Desk
from mailtui.log import log
from mailtui.runner import Runner
from mailtui.texts import _
from mailtui.ui import keys
from mailtui.ui.errands import Errands
from mailtui.ui.pace import Pace
from mailtui.ui.screens.main import MainScreen
from mailtui.ui.terminal import clipboard, signals
from mailtui.ui.themes import DARK


class Console(App[None], inherit_bindings=False):
    """mailtui on a terminal."""

    TITLE = "mailtui"
    CSS_PATH: ClassVar[list[str | PurePath]] = list(paths.styles())
    ENABLE_COMMAND_PALETTE = False
    BINDINGS = keys.bindings((keys.LEAVE,))

    def __init__(self, desk: Desk, runner: Runner, *, read_only: bool) -> None:
        # Asked for here: with NO_COLOR Textual decides before the theme is set, and would keep greys.
        super().__init__(ansi_color=True)
        self._desk, self._runner = desk, runner
        self._pace = Pace()
        self._errands = Errands(desk, runner, self._pace, read_only=read_only)
        self.animation_level = "none"
        self.register_theme(DARK)
        self.theme = DARK.name
        self.set_keymap(dict(desk.config.keys))

    def on_mount(self) -> None:
        """Open the desk."""
        if not self.is_headless:
            signals.install(self.end)
        self.app_resume_signal.subscribe(self, self._resume)
        self.push_screen(
            MainScreen(self._desk, self._runner, self._errands, self._pace, self.exit, self.copy_to_clipboard)
        )

    def _resume(self, _app: App[object]) -> None:
        # After `fg` Textual leaves the screen blank (issues 6298, 6369).
        self.refresh(layout=True)

    def end(self, code: int) -> None:
        """End at once and in order; a batch goes on in its own thread to the row at hand."""
        self.workers.cancel_all()
        self.exit(return_code=code)

    async def on_event(self, event: events.Event) -> None:
        """Take down the rhythm of the keys, before anything acts on one."""
        if isinstance(event, events.Key) and not event.is_forwarded:
            self._pace.note(event.time)
        await super().on_event(event)

    async def run_action(
        self,
        action: "str | ActionParseResult",
        default_namespace: DOMNode | None = None,
        namespaces: Mapping[str, DOMNode] | None = None,
    ) -> bool:
        """Run an action, but not on a screen that is not built yet: the key was pressed at the one before."""
        return self.screen.is_mounted and await super().run_action(action, default_namespace, namespaces)

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
        message = _("mailtui failed; what happened is in {file}").format(file=paths.log_file())
        self._exit_renderables.append(Text(message))
        self._close_messages_no_wait()
