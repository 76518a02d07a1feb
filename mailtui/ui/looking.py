"""The mirror as the console asks it: what is in sight at once, long lists in a thread."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import closing, suppress
from datetime import timedelta
from typing import TYPE_CHECKING, TypeVar

from mailtui.desk import Desk
from mailtui.domain.account import Account
from mailtui.domain.allocation import Allocation, allocation
from mailtui.errors import StoreError
from mailtui.queries.views import AccountLine, MirrorState, UnitLine, View
from mailtui.ui import ages, lists
from mailtui.ui.lists import Listed
from mailtui.ui.row_set import RowSet

if TYPE_CHECKING:
    from mailtui.domain.group import Nested
    from mailtui.queries.lists import ListMatch
    from mailtui.queries.mirror import Mirror
    from mailtui.queries.staff_views import Staff, Work

Answer = TypeVar("Answer")
_TURNS = 2
_PAST_DAYS = 60


class Looking:
    """Look-ups in the mirror; without one, everything is empty.

    What a screen draws is read on the spot, by primary key. What may be long is asked in a thread.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._mirror: Mirror | None = None
        self._inode = 0

    @property
    def mirror(self) -> Mirror | None:
        """The mirror of the console's own thread; None while there is none that can be read."""
        if self._mirror is None and self._desk.has_mirror:
            self._inode = self._inode_now()
            with suppress(StoreError):
                self._mirror = self._desk.mirror()
        return self._mirror

    def _inode_now(self) -> int:
        try:
            return self._desk.cache_file.stat().st_ino
        except OSError:
            return 0

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

    def allocation(self, account: Account) -> Allocation:
        """Give what the site's rules allot to an account."""
        return allocation(account, self._desk.policy)

    def seats(self, account: Account) -> Staff | Work:
        """Give who works a shared mailbox, or what anybody else works."""
        from mailtui.queries.staff_views import Work
        from mailtui.queries.staffing import seats_told

        nothing: Staff | Work = Work((), ())
        return self._read(lambda mirror: seats_told(mirror, account), nothing)

    def nested(self, account: Account) -> Sequence[Nested]:
        """Give the groups that an account is in only through others."""
        from mailtui.queries.nesting import nested_groups

        return self._read(lambda mirror: nested_groups(mirror, account.id), ())

    def past(self, account: Account) -> Sequence[int | None]:
        """Give how full a mailbox was on each of the last days, oldest first; None where nobody knows."""
        from mailtui.domain.sparkline import by_day
        from mailtui.queries.usage import UsageHistory

        today = ages.today()
        first = today - timedelta(days=_PAST_DAYS)
        with suppress(StoreError), closing(UsageHistory(self._desk.files.history)) as history:
            return by_day([(point.day, point.used_bytes) for point in history.series(account.id, first)], first, today)
        return ()

    def units(self, above: str | None) -> list[UnitLine]:
        """Give the units below a unit, or the top ones."""
        return self._read(lambda mirror: mirror.children(above), [])

    def unit_name(self, unit_dn: str) -> str:
        """Give what a unit is called in answers."""
        from mailtui.queries.completions import unit_name

        return self._read(lambda mirror: unit_name(mirror, unit_dn), unit_dn)

    def path_to(self, unit_id: str) -> list[str]:
        """Give the ids of the units from the top down to one."""
        from mailtui.queries.units import path_to

        return self._read(lambda mirror: path_to(mirror, unit_id), [])

    def row_of(self, account_id: str) -> int | None:
        """Give the row id that an account has now."""
        return self._read(lambda mirror: mirror.row_of(account_id), None)

    def state(self) -> MirrorState:
        """Tell how old the mirror is; one that was made anew lies in another file."""
        if self._mirror is not None and self._inode != self._inode_now():
            self.close()
        return self._read(lambda mirror: mirror.state(), MirrorState(0, None))

    def _read(self, question: Callable[[Mirror], Answer], nothing: Answer) -> Answer:
        """Ask on the spot, in the middle of drawing: a mirror that broke is as none, and the next list will say it."""
        for _turn in range(_TURNS):
            try:
                return question(self.mirror) if self.mirror else nothing
            except StoreError:
                # The file may just have been made anew, or be written again.
                self.close()
        return nothing

    def answers(self, view: View) -> AsyncGenerator[Listed, None]:
        """Give a list as it comes to be known; see `lists.answers`."""
        return lists.answers(view, self._desk.mirror)

    async def ids(self, rows: RowSet) -> list[str]:
        """Give the entryUUIDs of rows, in the order of the rows."""
        return await self._asked(lambda mirror: mirror.ids_of(rows.rows), [])

    async def rows(self, ids: Sequence[str]) -> RowSet:
        """Give the rows of entryUUIDs, as far as they are there."""
        return await self._asked(lambda mirror: _rows(mirror, ids), RowSet())

    async def kept(self, sets: Sequence[RowSet], epoch: int) -> tuple[list[RowSet], MirrorState]:
        """Give sets of rows of an epoch as they are now, without accounts that are gone; and what state "now" is."""
        return await self._asked(lambda mirror: _kept(mirror, sets, epoch), (list(sets), MirrorState(0, None)))

    async def match(self, text: str) -> ListMatch:
        """Match a pasted list with the accounts."""
        from mailtui.queries.lists import ListMatch, match

        return await self._asked(lambda mirror: match(mirror, text), ListMatch(()))

    async def _asked(self, question: Callable[[Mirror], Answer], nothing: Answer) -> Answer:
        """Ask the mirror in a thread."""

        def ask() -> Answer:
            with closing(self._desk.mirror()) as mirror:
                return question(mirror)

        return await asyncio.to_thread(ask) if self.mirror else nothing


def _rows(mirror: Mirror, ids: Sequence[str]) -> RowSet:
    with mirror.snapshot():
        rows = [mirror.row_of(account_id) for account_id in ids]
    return RowSet.of([row for row in rows if row is not None])


def _kept(mirror: Mirror, sets: Sequence[RowSet], epoch: int) -> tuple[list[RowSet], MirrorState]:
    with mirror.snapshot():
        state = mirror.state()
        find = mirror.still_there if state.epoch == epoch else mirror.carried_over
        return [RowSet.of(find(rows.rows)) for rows in sets], state
