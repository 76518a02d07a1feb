"""The picture of the README, taken of the real console: python -m tests.bench.picture FILE.svg."""

import asyncio
import re
import sys
import tempfile
from pathlib import Path
from threading import Event

from mailtui.cli.context import demo_config
from mailtui.config import Config
from mailtui.demo import service
from mailtui.desk import Desk
from mailtui.paths import StorePaths
from mailtui.runner.front import Runner
from mailtui.ui.console import Console
from tests.sync.test_full_load import quietly

KEYS = ("/", *"sales", "enter", "o", "down", "down", "space", "space", "down", "space", "3", "2")


async def take(desk: Desk) -> str:
    """Open the console, press some keys, and give what it shows."""
    console = Console(desk, Runner(desk), read_only=False)
    async with console.run_test(size=(120, 34)) as pilot:
        for key in KEYS:
            await pilot.press(key)
            await pilot.pause(0.4)
        picture = console.export_screenshot(title="mailtui")
    # Readers' own fonts serve as well, and a picture should ask no server for anything.
    return re.sub(r"@font-face\s*{.*?}", "", picture, flags=re.DOTALL)


def main() -> None:
    """Take the picture."""
    with service.temporary(2000, 1) as address, tempfile.TemporaryDirectory() as name:
        files = StorePaths(*(Path(name) / file for file in ("cache.db", "journal.db", "history.db")))
        desk = Desk(demo_config(Config(), address), files=files)
        desk.give_password("operator", address.password)
        desk.sync(quietly, Event())
        Path(sys.argv[1]).write_text(asyncio.run(take(desk)), encoding="utf-8")


if __name__ == "__main__":
    main()
