"""The mirror as the console asks it: what is in sight at once, long lists in a thread."""

import asyncio
from collections.abc import Callable, Collection, Sequence
from contextlib import closing, suppress
from typing import TypeVar

from mailtui.desk import Desk
from mailtui.domain.account import Account
from mailtui.errors import Stopped, StoreError
from mailtui.queries.lists import ListMatch, match
from mailtui.queries.mirror import Mirror
from mailtui.queries.views import AccountLine, Hits, MirrorState, UnitLine, View

Answer = TypeVar("Answer")


class Looking:
    """Look-ups in the mirror; without one, everything is empty.

    What a screen draws is read on the spot, by primary key. Lists are made in a thread of their own, and a newer
    question abandons the older.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._mirror: Mirror | None = None
        self._searching: Mirror | None = None

    @property
    def mirror(self) -> Mirror | None:
        """The mirror of the console's own thread; None while there is none that can be read."""
        if self._mirror is None and self._desk.has_mirror:
            with suppress(StoreError):
                self._mirror = self._desk.mirror()
        return self._mirror

    def close(self) -> None:
        """Let go of the mirror; the next question opens it again."""
        if self._mirror is not None:
            self._mirror.close()
            self._mirror = None

    def lines(self, rows: Sequence[int]) -> list[AccountLine]:
        """Give what a list shows of some rows."""
        return self._read(lambda mirror: mirror.lines(rows), [])

    def account(self, account_id: str) -> Account | None:
        """Give everything known of an account."""
        return self._read(lambda mirror: mirror.account(account_id), None)

    def units(self, above: str | None) -> list[UnitLine]:
        """Give the units below a unit, or the top ones."""
        return self._read(lambda mirror: mirror.children(above), [])

    def row_of(self, account_id: str) -> int | None:
        """Give the row id that an account has now."""
        return self._read(lambda mirror: mirror.row_of(account_id), None)

    def state(self) -> MirrorState:
        """Tell how old the mirror is."""
        return self._read(Mirror.state, MirrorState(0, None))

    def _read(self, question: Callable[[Mirror], Answer], nothing: Answer) -> Answer:
        """Ask on the spot, in the middle of drawing: a mirror that broke is as none, and the next list will say it."""
        try:
            return question(self.mirror) if self.mirror else nothing
        except StoreError:
            self.close()
            return nothing

    async def hits(self, view: View) -> Hits | None:
        """Give the rows of a list; None where a newer question came in between."""
        if self._searching is not None:
            self._searching.interrupt()
        if self.mirror is None:
            return None
        try:
            return await asyncio.to_thread(self._search, view)
        except Stopped:
            return None

    def _search(self, view: View) -> Hits:
        with closing(self._desk.mirror()) as mirror:
            self._searching = mirror
            try:
                return mirror.hits(view)
            finally:
                if self._searching is mirror:
                    self._searching = None

    async def ids(self, rows: Sequence[int]) -> list[str]:
        """Give the entryUUIDs of rows."""
        return await self._asked(lambda mirror: mirror.ids_of(rows), [])

    async def hidden(self, ids: Collection[str], rows: Sequence[int]) -> int:
        """Count the accounts that are not among the rows."""
        return await self._asked(lambda mirror: _missing(mirror, ids, rows), 0) if ids else 0

    async def match(self, text: str) -> ListMatch:
        """Match a pasted list with the accounts."""
        return await self._asked(lambda mirror: match(mirror, text), ListMatch(()))

    async def _asked(self, question: Callable[[Mirror], Answer], nothing: Answer) -> Answer:
        """Ask the mirror in a thread."""

        def ask() -> Answer:
            with closing(self._desk.mirror()) as mirror:
                return question(mirror)

        return await asyncio.to_thread(ask) if self.mirror else nothing


def _missing(mirror: Mirror, ids: Collection[str], rows: Sequence[int]) -> int:
    wanted = {mirror.row_of(account_id) for account_id in ids}
    return len(ids) - sum(row in wanted for row in rows)
