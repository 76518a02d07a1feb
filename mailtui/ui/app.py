"""The door to the console."""

from __future__ import annotations

import gc
import os
from typing import TYPE_CHECKING

from mailtui.ui.terminal import environment

if TYPE_CHECKING:
    from mailtui.desk import Desk
    from mailtui.runner.front import Runner


def run(desk: Desk, runner: Runner, *, mouse: bool, read_only: bool) -> int:
    """Open the console and stay until it is left; gives the exit code.

    Raises:
        ConfigError: The site's own keys cannot be taken.
    """
    # What is made until the frame stands is there to stay: to look through it for garbage takes a tenth of the time.
    gc.disable()
    environment.prepare(os.environ)
    # Not before: Textual reads the environment when it is imported.
    from mailtui.ui import keymap
    from mailtui.ui.console import Console
    from mailtui.ui.task_keys import ALL_KEYS

    keymap.check(desk.config.keys, ALL_KEYS)
    console = Console(desk, runner, read_only=read_only)
    console.run(mouse=mouse)
    return console.return_code or 0
