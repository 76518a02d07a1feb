"""The rows that are under way: sent many at a time on one connection, and taken in as they are answered."""

from collections import deque
from collections.abc import Sequence
from dataclasses import replace

from mailtui.apply.heeding import Heeding
from mailtui.apply.judging import looked_at, modification, overtaken, refused, verdict
from mailtui.apply.means import Means
from mailtui.apply.mirroring import Mirroring
from mailtui.apply.pace import Pace
from mailtui.apply.settling import attributes_of, entries_of
from mailtui.directory.port import Answer, Entry, Written
from mailtui.domain import dn as names
from mailtui.domain.batch import Batch, BatchRow, Closing, RowState
from mailtui.domain.entries import Act, EntryKind
from mailtui.domain.rules import decode_text
from mailtui.errors import AssertionFalse, EntryGone
from mailtui.texts import _


class Window:
    """One batch under way on one connection."""

    def __init__(self, batch: Batch, means: Means, heeding: Heeding) -> None:
        self._batch, self._means, self._heeding = batch.id, means, heeding
        self._attributes = attributes_of(batch.rows, means)
        self._pace = Pace()
        self._waiting: deque[BatchRow] = deque()
        self._in_flight: dict[int, BatchRow] = {}
        # What must be looked at once more: rows that the server wrote but did not show, or did not write, as it says.
        self._doubtful: list[tuple[BatchRow, Answer]] = []
        self._ended: list[Closing] = []
        self._before: dict[int, Entry] = {}
        self._states = {row.number: row.state for row in batch.rows}
        # Of entries that the batch added: what is done to them further is done to no other at the same DN.
        self._added = {names.key(r.dn): r.account_id for r in batch.rows if r.act is Act.ADD and r.account_id}
        self._adding = {names.key(r.dn): r.number for r in batch.rows if r.act is Act.ADD}
        self._mirroring = Mirroring(batch.id, means)

    def carry_out(self, rows: Sequence[BatchRow]) -> None:
        """Send rows until they are through or somebody stops it; what is under way then is still waited for."""
        self._waiting.extend(rows)
        try:
            while self._waiting and self._heeding.may_go_on(self._finish):
                self._pace.begin()
                self._send_some()
                self._take_answers(self._pace.low if self._waiting else 0)
                self._pace.end()
            self._take_answers(0)
        finally:
            # Also when the line was lost: what is known is written down.
            self._write_down([])
            self._mirroring.finish()

    def _finish(self) -> None:
        """Take in all that is under way, and write it down."""
        self._take_answers(0)
        self._write_down([])
        self._mirroring.finish()

    def _send_some(self) -> None:
        rows = self._next_rows()
        if not rows:
            # The next is related to one that is under way.
            self._take_answers(0)
            return
        self._mirroring.note_reading()
        # Whether an entry that is to be added is there already is told by the server, where nobody sent it before.
        entries = entries_of(
            [row for row in rows if row.act is not Act.ADD or row.was_sent], self._attributes, self._means
        )
        ready: list[tuple[BatchRow, str]] = []
        for row in rows:
            entry = entries.get(row.number)
            closing = self._baseless(row) or looked_at(row, entry, self._means.schema)
            if closing:
                self._close(row, closing, entry)
            else:
                ready.append((row, entry.dn if entry else row.dn))
                if entry and row.act is Act.PASSWORD:
                    self._before[row.number] = entry
        # Committed before any of the requests leaves: a crash from here on leaves rows that settling reads back.
        self._write_down([row.number for row, _dn in ready])
        changes = [modification(row, dn, self._means.schema, self._means.secrets.get(row.number)) for row, dn in ready]
        numbers = self._means.directory.send(changes, self._attributes)
        self._in_flight.update(zip(numbers, (row for row, _dn in ready), strict=True))

    def _baseless(self, row: BatchRow) -> Closing | None:
        """Say how a row ends that rests on one which was not done, or whose password nobody knows any more."""
        if row.act is Act.PASSWORD and row.number not in self._means.secrets:
            again = _("its new password is no longer known: reset it again")
            return Closing(row.number, RowState.FAILED, again)
        undone = [number for number in sorted(self._bases(row)) if self._states[number] is not RowState.VERIFIED]
        if not undone:
            return None
        detail = _("row {number} of the batch was not done").format(number=undone[0])
        return Closing(row.number, RowState.FAILED, detail)

    def _bases(self, row: BatchRow) -> set[int]:
        """Give the numbers of the rows that one rests on: its own word, and the entries that it puts into a group."""
        bases = {row.rests_on} if row.rests_on else set()
        if row.kind is EntryKind.GROUP and row.act is Act.MODIFY and self._adding:
            put = (names.key(decode_text(value)) for change in row.changes for value in change.add)
            bases |= {self._adding[key] for key in put if key in self._adding}
        return bases

    def _next_rows(self) -> list[BatchRow]:
        """Take rows that have nothing to do with each other, nor with those under way: a server keeps no order."""
        taken: list[BatchRow] = []
        under_way = {row.number for row in self._in_flight.values()}
        busy = [key for row in self._in_flight.values() for key in _places(row)]
        while self._waiting and len(self._in_flight) + len(taken) < self._pace.window:
            row = self._waiting[0]
            keys = _places(row)
            is_related = any(names.is_below_key(a, b) or names.is_below_key(b, a) for a in keys for b in busy)
            if is_related or self._bases(row) & under_way:
                break
            under_way.add(row.number)
            busy += keys
            taken.append(self._identified(self._waiting.popleft()))
        return taken

    def _identified(self, row: BatchRow) -> BatchRow:
        """Give a row with the id of its entry, where the batch has added that."""
        if row.account_id or row.act is Act.ADD:
            return row
        return replace(row, account_id=self._added.get(names.key(row.dn), ""))

    def _take_answers(self, down_to: int) -> None:
        """Take answers in until no more than so many requests are under way."""
        directory = self._means.directory
        while len(self._in_flight) > down_to:
            number, answer = directory.answer()
            self._take(self._in_flight.pop(number), answer)
        if self._doubtful:
            self._look_again()

    def _take(self, row: BatchRow, answer: Answer) -> None:
        if isinstance(answer, Written) and answer.after is not None and row.act is not Act.PASSWORD:
            self._close(row, verdict(row, answer.before, answer.after, self._means.schema), answer.after)
        else:
            self._doubtful.append((row, answer))

    def _look_again(self) -> None:
        """Read, in one search, what the server did not show, and what it says it did not write."""
        entries = entries_of([row for row, _answer in self._doubtful], self._attributes, self._means)
        for row, answer in self._doubtful:
            entry = entries.get(row.number)
            self._close(row, self._judged(row, answer, entry), entry)
        self._doubtful.clear()

    def _judged(self, row: BatchRow, answer: Answer, entry: Entry | None) -> Closing:
        schema = self._means.schema
        if isinstance(answer, Written):
            return verdict(row, answer.before or self._before.get(row.number), entry, schema)
        if isinstance(answer, AssertionFalse | EntryGone):
            return overtaken(row, entry, schema)
        return refused(row, entry, answer.message, schema)

    def _close(self, row: BatchRow, closing: Closing, entry: Entry | None) -> None:
        self._ended.append(closing)
        self._states[row.number] = closing.state
        if closing.entry_id:
            self._added[names.key(row.dn)] = closing.entry_id
        if entry is not None:
            self._mirroring.add(row.kind, entry)
        elif row.act is Act.DELETE:
            self._mirroring.add_gone(row.account_id)

    def _write_down(self, sent: Sequence[int]) -> None:
        """Journal what ended, and what is about to be sent, at once."""
        self._means.journal.advance(self._batch, self._ended, sent, self._means.clock())
        self._ended.clear()
        self._mirroring.go_on()


def _places(row: BatchRow) -> list[str]:
    """Give the keys of the DNs that a row has to do with."""
    return [names.key(dn) for dn in (row.dn, row.new_dn) if dn]
