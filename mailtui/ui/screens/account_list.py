"""The account table with the list that it shows: made off the loop, and renewed as the mirror changes beneath it."""

import asyncio
from array import array
from contextlib import aclosing
from dataclasses import dataclass
from time import monotonic

from textual import work
from textual.message import Message
from textual.timer import Timer

from mailtui.errors import UsageError
from mailtui.queries.views import Hits, MirrorState
from mailtui.ui import keymap
from mailtui.ui.listing import Listing
from mailtui.ui.lists import Listed
from mailtui.ui.looking import Looking
from mailtui.ui.marks import Marks
from mailtui.ui.reporting import reporting
from mailtui.ui.row_set import RowSet
from mailtui.ui.widgets.account_table import AccountTable
from mailtui.ui.widgets.row_list import place_of

_REST = 10
"""A list is not made again before so many times as long as it took have passed."""


class AccountList(AccountTable):
    """The accounts of a listing; marks and the account at hand stay what they are when others come and go."""

    @dataclass
    class Shown(Message):
        """The list shows other accounts; it `is_whole` or goes on."""

        hits: Hits
        is_whole: bool

    @dataclass
    class Misread(Message):
        """The search cannot be understood as it stands."""

        why: str

    @dataclass
    class Lost(Message):
        """So many marks were on accounts that are gone."""

        number: int

    def __init__(self, looking: Looking, marks: Marks, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(looking.lines, marks, id=id)
        self._looking, self._held = looking, marks
        self._listing = Listing()
        self._state: MirrorState | None = None
        self._kept_at: MirrorState | None = None
        self._seen_generation = 0
        self._hits, self._row_set = Hits(array("I")), RowSet()
        self.has_begun, self._is_made = asyncio.Event(), asyncio.Event()
        self._settling = asyncio.Lock()
        self._returning: int | None = None
        self._left_at = 0
        self._rests_until = 0.0
        self._resting: Timer | None = None

    def ask(self, listing: Listing) -> None:
        """Show another list; one of other accounts begins at its top, another order keeps the account at hand."""
        waits = self._returning is not None and self.cursor == self._left_at
        at_hand = self._returning if waits else self.row if self.cursor else None
        self._returning = None if listing.is_other_than(self._listing) else at_hand
        self._listing = listing
        self._is_made.clear()
        self.look()

    @work(group="look", exclusive=True)
    async def look(self, *, again: bool = False) -> None:
        """Make the list, or make it `again`; what is shown stays until then. What is no search finds nobody."""
        with reporting(self):
            try:
                if self._looking.mirror is not None:
                    await self._make(again=again)
            except UsageError as error:
                # What stands there would not be what was searched for, and could be marked.
                self.show(array("I"), 0)
                self._tell(Hits(array("I")))
                self.post_message(self.Misread(error.message))
        self.has_begun.set()
        self._is_made.set()

    async def _make(self, *, again: bool) -> None:
        begun, is_begun = monotonic(), again
        async with aclosing(self._looking.answers(self._listing.view)) as answers:
            async for listed in answers:
                if listed.is_whole or not again:
                    await self.settle(listed.state)
                    self._take(listed, is_begun=is_begun, again=again)
                    is_begun = True
                    self.has_begun.set()
        self._rests_until = monotonic() + _REST * (monotonic() - begun)
        self.call_later(self.catch_up)

    def _take(self, listed: Listed, *, is_begun: bool, again: bool) -> None:
        """Show what is known of the list."""
        rows, row = listed.hits.rows, self._row_in(listed.state)
        self._state, self._seen_generation = listed.state, listed.state.generation
        wanted = self._returning
        if again:
            self.renew(rows, row)
        elif is_begun:
            is_untouched = self.cursor == self._left_at
            self.lengthen(rows)
            if wanted is not None and is_untouched:
                self.cursor = place_of(rows, wanted, 0) or 0
        else:
            # Not before there is something to stand below other headings: each would be painted for itself.
            self.columns = self._listing.columns
            self.sort, self.reverse = self._listing.view.sort, self._listing.view.reverse
            place = None if wanted is None else place_of(rows, wanted, self.cursor)
            self.show(rows, place or 0, is_whole=listed.is_whole)
            self._left_at = self.cursor
        self._returning = None if listed.is_whole else wanted
        self._tell(listed.hits)

    def _tell(self, hits: Hits) -> None:
        self.note = keymap.here(self, self._listing.note)
        self._hits, self._row_set = hits, RowSet()
        self.post_message(self.Shown(hits, self.is_whole))

    def _row_in(self, state: MirrorState) -> int | None:
        """Give the row of the account at hand, which has another number in another epoch."""
        if self._state is None or self._state.epoch == state.epoch:
            return self.row
        return self._looking.row_of(self.account.id) if self.account else None

    async def row_set(self) -> RowSet:
        """Give all accounts of the list, once it is whole; none of one that could not be read to its end."""
        await self._is_made.wait()
        hits = self._hits
        if not self.is_whole:
            return RowSet()
        if len(self._row_set) != len(hits.rows):
            found = await asyncio.to_thread(RowSet.of, hits.rows)
            if hits is not self._hits:
                return await self.row_set()
            self._row_set = found
        return self._row_set

    async def settle(self, state: MirrorState) -> None:
        """Carry the marks over to a state of the mirror; those of accounts that are gone are lost."""
        marks = self._held
        async with self._settling:
            before, self._kept_at = self._kept_at or state, self._kept_at or state
            if before.generation == state.generation:
                return
            held, kept = None, [RowSet(), RowSet()]
            # Somebody may mark while the marks are looked up.
            while marks.can_clear and held != (marks.rows, marks.cleared):
                held = (marks.rows, marks.cleared)
                kept, now = await self._looking.kept(held, before.epoch)
                state = now if now.as_of else state
            lost = len(marks) - len(kept[0])
            marks.replace(*kept)
            self._kept_at = state
        if lost:
            self.post_message(self.Lost(lost))

    def catch_up(self) -> None:
        """Show what changed in the mirror since: what is in sight at once, the list as often as that pays."""
        state = self._looking.state()
        if self._state is None:
            self.look()
        elif self._is_made.is_set() and state.generation != self._state.generation:
            if state.epoch == self._state.epoch and state.generation != self._seen_generation:
                self._seen_generation = state.generation
                self.read_again()
            rest = self._rests_until - monotonic()
            if rest <= 0:
                self._look_again()
            elif self._resting is None:
                self._resting = self.set_timer(rest, self._look_again)

    def _look_again(self) -> None:
        self._resting = None
        if self._is_made.is_set():
            self._is_made.clear()
            self.look(again=True)
