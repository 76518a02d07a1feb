"""What has changed since a cursor: told by syncrepl, or found by polling where the server cannot be asked outright."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol, Self

from mailtui.directory import filters, syncrepl
from mailtui.directory.port import Entry, Gone, Named, News, Reached, Rung
from mailtui.directory.reader import Intermediate, Result
from mailtui.errors import DirectoryError
from mailtui.texts import _

Answer = Entry | tuple[Entry, dict[str, bytes]] | Intermediate | Result

_STAMPS = {Rung.CSN: "entryCSN", Rung.TIMESTAMP: "modifyTimestamp"}
_TAILS = {Rung.CSN: ".000000Z#000000#000#000000", Rung.TIMESTAMP: "Z"}
_DIGITS = "%Y%m%d%H%M%S"
# Stamps are given before a change can be seen, and another server's changes come a little late: so long after a stamp
# was first seen, the next search begins so much before it.
_OVERLAP = timedelta(seconds=5)
# An entry stamped far ahead of time, by a server whose clock was wrong, must not become the cursor.
_AHEAD = timedelta(hours=1)
_STAMPS_IN_COOKIE = re.compile(rb"[=;](\d{14})\.")
_LATELY = (timedelta(minutes=1), timedelta(hours=1), timedelta(days=1), timedelta(days=30))


class Searching(Protocol):
    """The part of a directory that polling needs: its search below the base."""

    def below_base(self, matching: str, attributes: Sequence[str]) -> Iterator[Entry]:
        """Give the entries that match."""


def shown_rung(entry: Entry) -> Rung | None:
    """Tell by which stamp of its entries a directory can be polled; None where it shows none."""
    return next((rung for rung, stamp in _STAMPS.items() if entry.get(stamp)), None)


def poll(directory: Searching, rung: Rung, matching: str, attributes: Sequence[str], cursor: str) -> Iterator[News]:
    """Give what was stamped since a cursor, with some overlap; what is gone leaves no trace. See `Directory.refresh`.

    Without a cursor: everything, and a cursor that no change during the reading can be older than.

    Raises:
        DirectoryError: The cursor is no stamp.
    """
    stamp, now = _STAMPS[rung], datetime.now(UTC)
    before = _Place.parse(cursor) if cursor else _Place(_newest(directory, rung, matching), now)
    if cursor:
        # The stamp first: where nothing is that new, a server need not look further.
        matching = filters.all_of((filters.at_least(stamp, before.start(rung, now)), matching))
    newest = before.stamp
    for entry in directory.below_base(matching, (*attributes, stamp)):
        yield entry
        if cursor:
            newest = max(newest, _sane(entry.text(stamp)))
    place = before if newest == before.stamp else _Place(newest, now)
    yield Reached(place.text(), names_all=not cursor)


@dataclass(frozen=True, slots=True)
class _Place:
    """The newest stamp, and when it was first seen by our clock."""

    stamp: str
    seen: datetime

    @classmethod
    def parse(cls, cursor: str) -> Self:
        try:
            stamp, seen = cursor.split()
            _moment(stamp)
            return cls(stamp, _moment(seen))
        except ValueError as error:
            raise DirectoryError(_("The place where the last sync left off cannot be made out")) from error

    def text(self) -> str:
        return f"{self.stamp} {self.seen.strftime(_DIGITS)}"

    def start(self, rung: Rung, now: datetime) -> str:
        """Give the stamp to search from."""
        is_fresh = abs(now - self.seen) <= 2 * _OVERLAP
        return (_moment(self.stamp) - _OVERLAP).strftime(_DIGITS) + _TAILS[rung] if is_fresh else self.stamp


def _moment(stamp: str) -> datetime:
    return datetime.strptime(stamp[:14], _DIGITS).replace(tzinfo=UTC)


def cookie_of(cursor: str) -> bytes:
    """Give the cookie that a cursor of syncrepl stands for."""
    return cursor.encode("latin-1")


def synchronize(answers: Iterable[Answer], cursor: str) -> Iterator[News]:
    """Tell what the answers to a syncrepl request mean (RFC 4533 section 3.3); see `Directory.refresh`.

    An entry that comes without its controls is one that is there.

    Raises:
        DirectoryError: They make no sense.
    """
    cookie, is_as_it_was = b"", True
    try:
        for found in answers:
            if isinstance(found, Entry):
                yield found
            elif isinstance(found, Intermediate):
                said = syncrepl.info(found.value) if found.name == syncrepl.INFO else syncrepl.Info()
                cookie = said.cookie or cookie
                if said.ids:
                    yield Gone(said.ids) if said.are_gone else Named(said.ids)
            elif isinstance(found, Result):
                done = syncrepl.done(found.controls[syncrepl.DONE])
                # Where something came and no cookie with it, nobody knows where that leaves off.
                cookie = done.cookie or cookie or (cookie_of(cursor) if is_as_it_was else b"")
                _check_date(cookie)
                yield Reached(_cursor(cookie), names_all=not (cursor and done.is_by_deletes))
            else:
                is_as_it_was = False
                yield _stated(*found)
    except (ValueError, KeyError, IndexError) as error:
        raise DirectoryError(_("The directory answered to syncrepl with what cannot be read")) from error


def _stated(entry: Entry, controls: dict[str, bytes]) -> News:
    state, entry_id = syncrepl.state(controls[syncrepl.STATE])
    if state is syncrepl.State.DELETE:
        return Gone((entry_id,))
    return Named((entry_id,)) if state is syncrepl.State.PRESENT else entry


def _check_date(cookie: bytes) -> None:
    # To a cookie from the future, all that changes from now on is old.
    if any(_sane(stamp.decode("latin-1")) == "" for stamp in _STAMPS_IN_COOKIE.findall(cookie)):
        raise DirectoryError(_("The directory's newest change is dated in the future"))


def _cursor(cookie: bytes) -> str:
    # A cookie of OpenLDAP that names no change is answered with everything, and without a word of what is gone.
    text = cookie.decode("latin-1")
    return "" if text.startswith("rid=") and "csn=" not in text else text


def _newest(directory: Searching, rung: Rung, matching: str) -> str:
    """Give the newest stamp; where anything changed lately, without a look at all the rest."""
    stamp, now = _STAMPS[rung], datetime.now(UTC)
    since = [filters.at_least(stamp, (now - span).strftime(_DIGITS) + _TAILS[rung]) for span in _LATELY]
    for wanted in (*(filters.all_of((one, matching)) for one in since), matching):
        stamps = (_sane(entry.text(stamp)) for entry in directory.below_base(wanted, (stamp,)))
        if newest := max(stamps, default=""):
            return newest
    # Nobody is there yet, so whoever comes is new.
    return f"19700102000000{_TAILS[rung]}"


def _sane(stamp: str | None) -> str:
    ceiling = (datetime.now(UTC) + _AHEAD).strftime(_DIGITS)
    return stamp if stamp and stamp[:14] <= ceiling else ""
