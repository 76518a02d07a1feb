"""How screens ask each other: one is opened, and closes with an answer."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from textual.screen import Screen, ScreenResultType
from textual.widget import Widget
from textual.worker import NoActiveWorker, Worker, get_current_worker

_ERRAND = "errand"


async def ask(widget: Widget, screen: Screen[ScreenResultType]) -> ScreenResultType | None:
    """Open a screen and give the answer it closes with.

    Not Textual's push_screen_wait: that first awaits what the app has put off, the removal of another screen among
    it; a worker that is cancelled there takes the app's own message loop along, and the console is dead.
    """
    answer: asyncio.Future[ScreenResultType | None] = asyncio.get_running_loop().create_future()

    def take(given: ScreenResultType | None) -> None:
        if not answer.done():
            answer.set_result(given)

    widget.app.push_screen(screen, take)
    return await answer


def begin(widget: Widget, errand: Callable[[], Coroutine[None, None, None]]) -> None:
    """Begin what opens a dialog, unless the screen is at such a thing already: keys in flight would pile dialogs up.

    An errand may begin another one, to end itself.
    """
    if not _has_errand(widget.screen, but=_own_worker()):
        widget.run_worker(errand(), group=_ERRAND)


def is_between(screen: Screen[Any]) -> bool:
    """Tell whether the screen in front is not built yet, or about to open the one that what is typed now is for."""
    return not screen.is_mounted or _has_errand(screen)


def _has_errand(screen: Screen[Any], but: Worker[Any] | None = None) -> bool:
    open_ones = (worker for worker in screen.workers if worker.group == _ERRAND and not worker.is_finished)
    return any(worker.node.screen is screen for worker in open_ones if worker is not but)


def _own_worker() -> Worker[Any] | None:
    try:
        return get_current_worker()
    except NoActiveWorker:
        return None


def close(screen: Screen[ScreenResultType], answer: ScreenResultType | None = None) -> None:
    """Close a screen with an answer, if it is in front.

    Keys in flight may ask for it twice, and Textual would close what lies below.
    """
    if screen.app.screen is screen:
        screen.dismiss(answer)
