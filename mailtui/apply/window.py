"""The rows that are under way: sent many at a time on one connection, and taken in as they are answered."""

from collections import deque
from collections.abc import Sequence

from mailtui.apply.heeding import Heeding
from mailtui.apply.judging import looked_at, overtaken, refused, verdict
from mailtui.apply.means import Means
from mailtui.apply.mirroring import Mirroring
from mailtui.apply.pace import Pace
from mailtui.apply.settling import attributes_of
from mailtui.directory.port import Answer, Entry, Modification, Written
from mailtui.domain import dn as names
from mailtui.domain.batch import Batch, BatchRow, Closing
from mailtui.errors import AssertionFalse, EntryGone


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
        entries = self._means.directory.read_ids([row.account_id for row in rows], self._attributes)
        ready: list[tuple[BatchRow, str]] = []
        for row in rows:
            entry = entries.get(row.account_id)
            closing = looked_at(row, entry, self._means.schema)
            if closing or entry is None:
                self._close(closing or overtaken(row, entry, self._means.schema), entry)
            else:
                ready.append((row, entry.dn))
        # Committed before any of the requests leaves: a crash from here on leaves rows that settling reads back.
        self._write_down([row.number for row, _dn in ready])
        changes = [Modification(dn, row.changes, row.before or (), row.account_id) for row, dn in ready]
        numbers = self._means.directory.send(changes, self._attributes)
        self._in_flight.update(zip(numbers, (row for row, _dn in ready), strict=True))

    def _next_rows(self) -> list[BatchRow]:
        """Take rows that have nothing to do with each other, nor with those under way: a server keeps no order."""
        taken: list[BatchRow] = []
        keys = [names.key(row.dn) for row in self._in_flight.values()]
        while self._waiting and len(keys) < self._pace.window:
            key = names.key(self._waiting[0].dn)
            if any(names.is_below_key(key, other) or names.is_below_key(other, key) for other in keys):
                break
            keys.append(key)
            taken.append(self._waiting.popleft())
        return taken

    def _take_answers(self, down_to: int) -> None:
        """Take answers in until no more than so many requests are under way."""
        directory = self._means.directory
        while len(self._in_flight) > down_to:
            number, answer = directory.answer()
            self._take(self._in_flight.pop(number), answer)
        if self._doubtful:
            self._look_again()

    def _take(self, row: BatchRow, answer: Answer) -> None:
        if isinstance(answer, Written) and answer.after is not None:
            self._close(verdict(row, answer.before, answer.after, self._means.schema), answer.after)
        else:
            self._doubtful.append((row, answer))

    def _look_again(self) -> None:
        """Read, in one search, what the server did not show, and what it says it did not write."""
        ids = [row.account_id for row, _answer in self._doubtful]
        entries = self._means.directory.read_ids(ids, self._attributes)
        for row, answer in self._doubtful:
            entry = entries.get(row.account_id)
            self._close(self._judged(row, answer, entry), entry)
        self._doubtful.clear()

    def _judged(self, row: BatchRow, answer: Answer, entry: Entry | None) -> Closing:
        schema = self._means.schema
        if isinstance(answer, Written):
            return verdict(row, answer.before, entry, schema)
        if isinstance(answer, AssertionFalse | EntryGone):
            return overtaken(row, entry, schema)
        return refused(row, entry, answer.message, schema)

    def _close(self, closing: Closing, entry: Entry | None) -> None:
        self._ended.append(closing)
        if entry is not None:
            self._mirroring.add(entry)

    def _write_down(self, sent: Sequence[int]) -> None:
        """Journal what ended, and what is about to be sent, at once."""
        self._means.journal.advance(self._batch, self._ended, sent, self._means.clock())
        self._ended.clear()
        self._mirroring.go_on()
