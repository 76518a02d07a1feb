"""A delta: what has changed in the directory since a cursor, found, completed, and doubted where it removes much."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from mailtui.directory.port import Rung, Scope
from mailtui.domain import dn as names
from mailtui.domain.entries import EntryKind
from mailtui.domain.mirror import Record, SyncCounts, UnitRecord
from mailtui.errors import EntryGone
from mailtui.sync import gathering
from mailtui.sync.gathering import Gathering, TooMuch, check
from mailtui.sync.mapping import entry_id

if TYPE_CHECKING:
    from mailtui.cache.updating import Update
    from mailtui.cache.writing import Cache
    from mailtui.directory.port import Directory
    from mailtui.sync.cursor import SyncCursor
    from mailtui.sync.reading import Reading
    from mailtui.sync.searches import Scheme, Search

_FEW_GONE, _SHARE_GONE = 50, 0.05


def bring_up(
    directory: Directory, cache: Cache, scheme: Scheme, cursor: SyncCursor, reading: Reading, *, lists_all: bool
) -> SyncCounts:
    """Bring the mirror up to what the directory holds now.

    What is new and where the next delta goes on are written in one transaction, once everything was read. With
    `lists_all` it lists all entries too, by which it finds what is gone where only changes are told.

    Raises:
        TooMuch: A full load does it better; nothing was written.
        Stopped: A person stopped it; nothing was written.
        DirectoryError: The read failed, was cut short, or the cursor is not known any more; nothing was written.
    """
    # Taken before the first entry: what changes during the read is then newer than the mirror, never missed.
    as_of = datetime.now(UTC)
    with cache.update() as update:
        delta = _Delta(directory, update, scheme, reading)
        reached = {one.kind: delta.refresh(one, cursor, lists_all=lists_all) for one in scheme.searches}
        if cursor.rung is Rung.SYNCREPL:
            delta.look_below_gone_units()
        delta.follow_moves()
        delta.look_again(as_of)
        if delta.leaves_nobody():
            raise TooMuch
        following = cursor.gone_on(reached, listed_at=as_of if lists_all else None)
        return update.commit(delta.all_records(), delta.gone, cursor=following.text(), as_of=as_of)


class _Delta:
    """What is new so far: by kind the records by id, and the ids of what is gone.

    One entry may be of two kinds, and a server may say of any entry that a search does not, or no longer, find it.
    """

    def __init__(self, directory: Directory, update: Update, scheme: Scheme, reading: Reading) -> None:
        self._directory, self._update, self._scheme, self._reading = directory, update, scheme, reading
        self._base = names.key(scheme.base)
        self.records: dict[EntryKind, dict[str, Record]] = {kind: {} for kind in EntryKind}
        self.gone: dict[EntryKind, set[str]] = {kind: set() for kind in EntryKind}

    def all_records(self) -> list[Record]:
        """Give the records of all kinds."""
        return [record for records in self.records.values() for record in records.values()]

    def leaves_nobody(self) -> bool:
        """Tell whether every account would be gone: that is for a full load to find, and to doubt."""
        gone, total = len(self.gone[EntryKind.ACCOUNT]), self._update.total(EntryKind.ACCOUNT)
        return gone >= total > 0 and not self.records[EntryKind.ACCOUNT]

    def refresh(self, search: Search, cursor: SyncCursor, *, lists_all: bool) -> str:
        """Take what is new of one search, and what is gone; give where that leaves off."""
        assert cursor.rung is not None
        self._update.forget_names()
        known = cursor.reached[search.kind]
        found = Gathering(self._update, search, self._reading)
        found.gather(self._directory.refresh(cursor.rung, search.matching, search.attributes, known))
        self._keep(search, found.records)
        gone = found.gone
        if found.reached.names_all:
            self._update.name((one, None) for one in found.came)
            gone |= self._compared(search)
        if lists_all or (cursor.rung is Rung.SYNCREPL and self._is_doubtful(search, found)):
            gone = self._listed(search)
        self.gone[search.kind] |= gone
        return found.reached.cursor

    def _keep(self, search: Search, records: Iterable[Record]) -> None:
        # The base is no unit of the tree: nothing is in it rather than below it.
        kept = {one.id: one for one in records if not (isinstance(one, UnitRecord) and names.key(one.dn) == self._base)}
        self.records[search.kind].update(kept)
        check(self.records[search.kind])

    def _is_doubtful(self, search: Search, found: Gathering) -> bool:
        """Tell whether so much is said to be gone, or comes at once, that the server is asked what it really holds."""
        if not found.gone and not found.came:
            return False
        total = self._update.total(search.kind)
        # A server that knows a cursor no more may send everything, and not a word of what is gone.
        is_all_sent = not found.reached.names_all and 2 * len(found.came) > total
        return is_all_sent or len(found.gone) > min(_FEW_GONE, _SHARE_GONE * total)

    def _listed(self, search: Search) -> set[str]:
        """List all entries of a search; read those that are mirrored otherwise, and give those that are gone."""
        self._update.forget_names()
        scheme = self._scheme
        entries = self._reading.watch(self._directory.search(scheme.base, search.matching, (scheme.schema.id,)))
        self._update.name((entry_id(entry, scheme.schema), entry.dn) for entry in entries)
        return self._compared(search)

    def _compared(self, search: Search) -> set[str]:
        """Read entries that were named but are mirrored otherwise, and give those that are mirrored but not named."""
        misnamed = check(self._update.misnamed(search.kind, gathering.MOST + 1))
        self._read_again(search, [one for one in misnamed if one not in self.records[search.kind]])
        return set(check(self._update.unnamed(search.kind, gathering.MOST + 1)))

    def _read_again(self, search: Search, ids: Sequence[str]) -> None:
        """Read entries by their ids; those that are not there any more are gone."""
        if ids:
            found = self._directory.read_ids(ids, search.attributes, search.matching)
            records = [search.record(entry) for entry in found.values()]
            self._keep(search, records)
            self.gone[search.kind] |= set(ids) - {record.id for record in records}

    def look_below_gone_units(self) -> None:
        """List everything where a unit is gone that had accounts: it may have left the base, and they with it."""
        if self._update.had_accounts(self.gone[EntryKind.UNIT]):
            for search in self._scheme.searches:
                self.gone[search.kind] |= self._listed(search)

    def follow_moves(self) -> None:
        """Read what is below an entry with another DN: its own DN is another too, and the server does not tell."""
        for record in [one for one in self.all_records() if self._update.is_moved(one)]:
            # Gone, or moved on: the next delta tells.
            with suppress(EntryGone):
                if self._has_below(record.dn):
                    for search in self._scheme.searches:
                        entries = self._directory.search(record.dn, search.matching, search.attributes)
                        for entry in self._reading.watch(entries):
                            self._keep(search, [search.record(entry)])

    def _has_below(self, dn: str) -> bool:
        return any([*self._directory.search(dn, "(objectClass=*)", ("1.1",), scope=Scope.ONE)])

    def look_again(self, as_of: datetime) -> None:
        """Read entries again of which somebody may know something newer, or whose DN another one has now."""
        for search in self._scheme.searches:
            records, gone = self.records[search.kind], self.gone[search.kind]
            others = [other for one in records.values() for other in self._update.others_at(one)]
            doubted = [one for one in others if one not in records and one not in gone]
            if search.kind is EntryKind.ACCOUNT:
                doubted += self._update.mended_since(list(records), as_of)
            # What is below a unit that was moved and mended meanwhile may have been read at its old place.
            doubted += self._update.put_elsewhere(list(records.values()))
            self._read_again(search, doubted)
            gone.difference_update(records)
