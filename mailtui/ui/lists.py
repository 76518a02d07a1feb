"""Lists of accounts, made in a thread: their beginning at once, then the whole; what is wanted no more is abandoned."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING

from mailtui.errors import Stopped
from mailtui.queries.views import Hits, MirrorState, View
from mailtui.texts import _

if TYPE_CHECKING:
    from mailtui.queries.mirror import Mirror

BEGINNING = 200
"""How many accounts the beginning of a list has: more than any terminal shows."""
_AT_ONCE_S = 0.01


@dataclass(frozen=True, slots=True)
class Listed:
    """A list as far as it is known, and the state of the mirror that it was made from."""

    hits: Hits
    state: MirrorState
    is_whole: bool


async def answers(view: View, open_mirror: Callable[[], Mirror]) -> AsyncGenerator[Listed, None]:
    """Give a list as it comes to be known: its beginning, unless the whole is there nearly as soon; then the whole.

    Whoever ends early closes the iterator: that abandons the rest.

    Raises:
        UsageError: The query holds a structured word that is none.
        StoreError: The mirror cannot be read.
    """
    question = _Question(view, open_mirror)
    try:
        beginning = await asyncio.to_thread(question.beginning)
        if beginning.is_whole:
            yield beginning
            return
        whole = asyncio.create_task(asyncio.to_thread(question.whole))
        try:
            if not (await asyncio.wait({whole}, timeout=_AT_ONCE_S))[0]:
                yield beginning
            yield await whole
        finally:
            whole.cancel()
    finally:
        question.abandon()


class _Question:
    """One list that is being made; its methods but `abandon` are for a thread, one at a time."""

    def __init__(self, view: View, open_mirror: Callable[[], Mirror]) -> None:
        self._view, self._open = view, open_mirror
        self._mirror: Mirror | None = None
        self._at_work = Lock()
        self._is_wanted = True

    def beginning(self) -> Listed:
        """Give the first accounts."""
        return self._ask(lambda mirror: mirror.first(self._view, BEGINNING), is_whole=False)

    def whole(self) -> Listed:
        """Give them all."""
        return self._ask(lambda mirror: mirror.hits(self._view), is_whole=True)

    def _ask(self, ask: Callable[[Mirror], Hits], *, is_whole: bool) -> Listed:
        with self._at_work:
            try:
                if not self._is_wanted:
                    raise Stopped(_("The search was stopped"))
                self._mirror = self._mirror or self._open()
                with self._mirror.snapshot():
                    hits = ask(self._mirror)
                    return Listed(hits, self._mirror.state(), is_whole or len(hits.rows) < BEGINNING)
            finally:
                if not self._is_wanted:
                    self._close()

    def abandon(self) -> None:
        """Have no more of it."""
        self._is_wanted = False
        if self._at_work.acquire(blocking=False):
            self._close()
            self._at_work.release()
        elif self._mirror is not None:
            self._mirror.interrupt()

    def _close(self) -> None:
        if self._mirror is not None:
            self._mirror.close()
            self._mirror = None
