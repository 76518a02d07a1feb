"""The rows that are under way: sent many at a time on one connection, and taken in as they are answered."""

from collections import deque
from collections.abc import Sequence

from mailtui.apply.heeding import Heeding
from mailtui.apply.judging import obstacle, overtaken, verdict
from mailtui.apply.means import Means
from mailtui.apply.pace import Pace
from mailtui.apply.settling import attributes_of
from mailtui.directory.port import Answer, Entry, Modification, Written
from mailtui.domain import dn as names
from mailtui.domain.batch import Batch, BatchRow, Closing, RowState
from mailtui.errors import AssertionFalse, DirectoryError, EntryGone


class Window:
    """One batch under way on one connection."""

    def __init__(self, batch: Batch, means: Means, heeding: Heeding) -> None:
        self._batch, self._means, self._heeding = batch.id, means, heeding
        self._attributes = attributes_of(batch.rows, means)
        self._pace = Pace()
        self._waiting: deque[BatchRow] = deque()
        self._in_flight: dict[int, BatchRow] = {}
        # Written, but not shown by the server, with what it was before; refused, since it was not as expected.
        self._unread: list[tuple[BatchRow, Entry | None]] = []
        self._overtaken: list[BatchRow] = []
        self._ended: list[Closing] = []
        self._read: list[Entry] = []
        self._since = means.clock()

    def carry_out(self, rows: Sequence[BatchRow]) -> None:
        """Send rows until they are through or somebody stops it; what is under way then is still waited for."""
        self._waiting.extend(rows)
        try:
            while self._waiting and self._may_go_on():
                self._pace.begin()
                self._send_some()
                self._take_answers(self._pace.low if self._waiting else 0)
                self._pace.end()
            self._take_answers(0)
        finally:
            # Also when the line was lost: what is known is written down.
            self._write_down([])

    def _may_go_on(self) -> bool:
        if self._heeding.is_paused:
            self._take_answers(0)
            self._write_down([])
        return self._heeding.may_go_on()

    def _send_some(self) -> None:
        rows = self._next_rows()
        if not rows:
            # The next is related to one that is under way.
            self._take_answers(0)
            return
        since = self._means.clock()
        entries = self._means.directory.read_ids([row.account_id for row in rows], self._attributes)
        ready: list[tuple[BatchRow, str]] = []
        for row in rows:
            entry = entries.get(row.account_id)
            closing = obstacle(row, entry, self._means.schema)
            if closing or entry is None:
                self._close(closing or overtaken(row, entry, self._means.schema), entry)
            else:
                ready.append((row, entry.dn))
        # Committed before any of the requests leaves: a crash from here on leaves rows that settling reads back.
        self._write_down([row.number for row, _dn in ready])
        self._since = since
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
        if self._unread or self._overtaken:
            self._look_again()

    def _take(self, row: BatchRow, answer: Answer) -> None:
        if isinstance(answer, AssertionFalse | EntryGone):
            self._overtaken.append(row)
        elif isinstance(answer, DirectoryError):
            self._close(Closing(row.number, RowState.FAILED, answer.message), None)
        elif answer.after is None:
            self._unread.append((row, answer.before))
        else:
            self._close_written(row, answer)

    def _close_written(self, row: BatchRow, written: Written) -> None:
        self._close(verdict(row, written.before, written.after, self._means.schema), written.after)

    def _look_again(self) -> None:
        """Read, in one search, what the server did not show."""
        ids = [row.account_id for row in (*(row for row, _before in self._unread), *self._overtaken)]
        entries = self._means.directory.read_ids(ids, self._attributes)
        for row, before in self._unread:
            self._close_written(row, Written(before, entries.get(row.account_id)))
        for row in self._overtaken:
            entry = entries.get(row.account_id)
            self._close(overtaken(row, entry, self._means.schema), entry)
        self._unread.clear()
        self._overtaken.clear()

    def _close(self, closing: Closing, entry: Entry | None) -> None:
        self._ended.append(closing)
        if entry is not None:
            self._read.append(entry)

    def _write_down(self, sent: Sequence[int]) -> None:
        """Journal what ended, and what is about to be sent, at once; then bring the cache up to date."""
        self._means.journal.advance(self._batch, self._ended, sent, self._means.clock())
        self._ended.clear()
        read, self._read = self._read, []
        self._means.mirror(self._batch, read, self._since)
