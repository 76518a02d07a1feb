"""Locks the console by a key, or once nobody has pressed one for as long as policy says."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic
from typing import Any

from textual.app import App

from mailtui.desk import Desk
from mailtui.texts import _, ngettext

_MINUTE_S = 60.0


class Locking:
    """The lock of one console."""

    def __init__(self, app: App[Any], desk: Desk) -> None:
        self._app, self._desk = app, desk
        self._idle_s = desk.policy.lock_after_minutes * _MINUTE_S
        self._last_key = monotonic()
        self.is_open = True
        """Whether it is not locked."""
        self._held_back: list[Callable[[], object]] = []

    def begin(self) -> None:
        """Begin to watch for nobody being there."""
        if self._idle_s:
            self._app.set_timer(self._idle_s, self._look)

    def note_key(self) -> None:
        """Take note that somebody is there."""
        self._last_key = monotonic()

    def _look(self) -> None:
        left = self._idle_s - (monotonic() - self._last_key)
        if left <= 0 and self.is_open:
            minutes = self._desk.policy.lock_after_minutes
            why = ngettext("Nobody pressed a key for {n} minute.", "Nobody pressed a key for {n} minutes.", minutes)
            self.lock(why.format(n=minutes))
        self._app.set_timer(left if left > 0 else self._idle_s, self._look)

    def lock(self, why: str = "") -> None:
        """Cover the screen, and forget the passwords that were given."""
        from mailtui.ui.screens.lock import LockScreen

        if self.is_open:
            self._desk.lock()
            self._app.push_screen(LockScreen(self._desk, why or _("You locked it.")), self._opened)
            self.is_open = False

    def _opened(self, _answer: None) -> None:
        self.is_open = True
        held_back, self._held_back = self._held_back, []
        for opening in held_back:
            opening()

    def hold_back(self, opening: Callable[[], object]) -> None:
        """Have something opened once it is not locked any more: now it would cover the lock."""
        self._held_back.append(opening)
