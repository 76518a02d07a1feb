"""Accounts named by a list: whom each row means, and how sure that is.

A row is `exact` where its strongest clue that names one account decides (address, log-in, employee number, name) and
no other clue names somebody else. It is `ambiguous` where clues fit several or name different accounts; `probable`
where only a spelling is near, where a name fits but an address or number beside it fits nobody, or where a sentence
mentions somebody, or a free line says more than whom it means (see `remainders`, `mailblocks`); else `unknown`. Only
a person can make exact what is not.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import zip_longest

from mailtui.queries import mailblocks, mailtext
from mailtui.queries.clues import Clue, named_by, of_cells, of_columns, of_entry
from mailtui.queries.doubts import casts_doubt, negates
from mailtui.queries.headings import Role, roles_of
from mailtui.queries.listtext import Listing, Shape, decode, read
from mailtui.queries.mailtext import Place
from mailtui.queries.mirror import Mirror
from mailtui.queries.nearness import near_names
from mailtui.queries.records import ListRow
from mailtui.queries.remainders import known_of
from mailtui.queries.views import AccountLine

__all__ = ["ListMatch", "Matched", "Verdict", "decode", "match", "read_list"]


class Verdict(StrEnum):
    """How sure it is whom a row of a list means."""

    EXACT = "exact"
    AMBIGUOUS = "ambiguous"
    PROBABLE = "probable"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Matched:
    """One row of a list: where it stands, what it says, and whom it means.

    `key` is the cell that decided, or would; `repeats` are later lines that mean the same account.
    """

    line: int
    text: str
    verdict: Verdict
    candidates: tuple[AccountLine, ...] = ()
    key: str = ""
    repeats: tuple[int, ...] = ()

    @property
    def account(self) -> AccountLine | None:
        """The account that an exact row means; None for any other row."""
        return self.candidates[0] if self.verdict is Verdict.EXACT and self.candidates else None


@dataclass(frozen=True, slots=True)
class ListMatch:
    """A whole list; `header` is the first line where that was taken for headings."""

    rows: tuple[Matched, ...]
    header: str = ""

    def of(self, verdict: Verdict) -> tuple[Matched, ...]:
        """Give the rows of one verdict."""
        return tuple(row for row in self.rows if row.verdict is verdict)


@dataclass(frozen=True, slots=True)
class _Finding:
    verdict: Verdict
    rows: tuple[int, ...] = ()
    key: str = ""


def read_list(data: bytes) -> str:
    """Give the text of a list, whatever its encoding."""
    return decode(data)


def match(mirror: Mirror, text: str) -> ListMatch:
    """Find the accounts that a list names: a table, a plain list or the text of a mail.

    Raises:
        UsageError: It is too long, or its quotes do not tell where its rows end.
    """
    listing = read(text)
    with mirror.snapshot():
        if listing.shape is Shape.MAIL:
            return ListMatch(_finished(mirror, _match_mail(mirror, listing)))
        header, roles = _headings(mirror, listing)
        rows = listing.rows[1:] if header else listing.rows
        found = [(row, _judge(mirror, _clues(mirror, row, roles))) for row in rows]
        if listing.shape is Shape.PLAIN:
            found = list(_accounted(mirror, found, header))
        else:
            found = [
                (row, _unless_negated(mirror, row, finding, roles, is_alone=len(rows) == 1)) for row, finding in found
            ]
        return ListMatch(_finished(mirror, (_doubted(each, listing) for each in found)), header)


def _accounted(
    mirror: Mirror, found: Sequence[tuple[ListRow, _Finding]], header: str
) -> Iterator[tuple[ListRow, _Finding]]:
    """Doubt the lines of a plain list that say more than whom they mean, or stand beside or below one that denies."""
    headings = [header] if casts_doubt(header) else []
    for place, (row, finding) in enumerate(found):
        if not finding.rows and (casts_doubt(row.text) or _is_label(row)):
            headings.append(row.text)
        is_revoked = any(
            not finding.rows and negates(row.text) and not _is_label(row)
            for row, finding in found[place + 1 : place + 2]
        )
        if finding.verdict is Verdict.EXACT and (is_revoked or not _is_accounted(mirror, finding, row.text, headings)):
            yield row, replace(finding, verdict=Verdict.PROBABLE)
        else:
            yield row, finding


def _is_label(row: ListRow) -> bool:
    return row.text.endswith((":", "："))


def _is_accounted(mirror: Mirror, finding: _Finding, text: str, headings: Sequence[str]) -> bool:
    known = known_of(mirror, finding.rows[0])
    return known.accounts_for(text) and all(map(known.is_headed_by, headings))


def _unless_negated(
    mirror: Mirror, row: ListRow, finding: _Finding, roles: Sequence[Role | None], *, is_alone: bool
) -> _Finding:
    """Doubt the row of a table where a cell that counts denies it, or says more than what it was found by."""
    if finding.verdict is not Verdict.EXACT:
        return finding
    counting = [
        cell
        for cell, role in zip_longest(row.cells, roles)
        if cell is not None and (role is not None or not any(roles))
    ]
    suspects = [cell for cell in counting if negates(cell) or (finding.key in cell and finding.key != cell)]
    if is_alone and not any(roles):
        suspects.append(row.text)
    if not suspects:
        return finding
    known = known_of(mirror, finding.rows[0])
    return finding if all(map(known.accounts_for, suspects)) else replace(finding, verdict=Verdict.PROBABLE)


def _clues(mirror: Mirror, row: ListRow, roles: Sequence[Role | None]) -> list[Clue]:
    return of_columns(row.cells, roles) if any(roles) else of_cells(mirror, row.cells)


def _headings(mirror: Mirror, listing: Listing) -> tuple[str, tuple[Role | None, ...]]:
    """Give the first line and its roles if it is a header; a line that might be an account as well is none."""
    if not listing.rows:
        return "", ()
    first = listing.rows[0]
    roles = roles_of(first.cells)
    clues = of_cells(mirror, first.cells)
    names_somebody = _names_somebody(mirror, clues)
    if any(roles) and (sum(map(bool, roles)) > 1 or not names_somebody):
        return first.text, roles
    if names_somebody or any(clue.is_told or clue.text.isdigit() for clue in clues if clue.is_strong):
        return "", ()
    is_header = any(_names_somebody(mirror, of_cells(mirror, row.cells)) for row in listing.rows[1:])
    return (first.text if is_header else ""), ()


def _names_somebody(mirror: Mirror, clues: Sequence[Clue]) -> bool:
    return any(named_by(mirror, clue) for clue in clues)


def _doubted(found: tuple[ListRow, _Finding], listing: Listing) -> tuple[ListRow, _Finding]:
    """Doubt a first line that is a heading's word and somebody's log-in at once."""
    row, finding = found
    is_first = row == listing.rows[0] and len(listing.rows) > 1
    if finding.verdict is Verdict.EXACT and is_first and len(row.cells) == 1 and any(roles_of(row.cells)):
        return row, replace(finding, verdict=Verdict.AMBIGUOUS)
    return found


def _judge(mirror: Mirror, clues: Sequence[Clue]) -> _Finding:
    """Decide whom clues, strongest first, mean."""
    named = [(clue, rows) for clue in clues if (rows := named_by(mirror, clue))]
    decisive = next(((clue, rows[0]) for clue, rows in named if len(rows) == 1), None)
    everybody = tuple(dict.fromkeys(row for _clue, rows in named for row in rows))
    if decisive is None:
        return _Finding(Verdict.AMBIGUOUS, everybody, named[0][0].text) if named else _near(mirror, clues)
    clue, row = decisive
    if any(row not in rows for _other, rows in named):
        return _Finding(Verdict.AMBIGUOUS, everybody, clue.text)
    # Somebody else may bear the name, if the address or number given with it is nobody's here.
    fitting = {other for other, _rows in named}
    is_doubtful = not clue.is_strong and any(c.is_told and c.is_strong and c not in fitting for c in clues)
    return _Finding(Verdict.PROBABLE if is_doubtful else Verdict.EXACT, (row,), clue.text)


def _near(mirror: Mirror, clues: Sequence[Clue]) -> _Finding:
    for clue in clues:
        if clue.role is Role.NAME:
            rows = near_names(mirror, clue.text)
            if rows:
                return _Finding(Verdict.PROBABLE, tuple(rows), clue.text)
    return _Finding(Verdict.UNKNOWN)


def _match_mail(mirror: Mirror, listing: Listing) -> Iterator[tuple[ListRow, _Finding]]:
    said = tuple(mailtext.entries((row.line, row.cells[0]) for row in listing.rows))
    found = [(entry, _judge_entry(mirror, entry)) for entry in said]
    above = mailblocks.headings_of_main_block(
        [(entry, bool(finding.rows) or (entry.is_marked and entry.is_firm)) for entry, finding in found]
    )
    for entry, finding in found:
        if finding.verdict is Verdict.EXACT and not _is_certain(mirror, entry, finding, above):
            finding = replace(finding, verdict=Verdict.PROBABLE)
        if finding.rows or (entry.is_firm and entry.place is Place.BODY):
            yield ListRow(entry.line, entry.text, (entry.text,)), finding


def _judge_entry(mirror: Mirror, entry: mailtext.Entry) -> _Finding:
    clues = of_entry(entry, is_alone=True)
    if not entry.is_firm and (entry.is_talk or entry.place is not Place.BODY):
        clues = [clue for clue in clues if named_by(mirror, clue)]
    return _judge(mirror, clues)


def _is_certain(mirror: Mirror, entry: mailtext.Entry, finding: _Finding, above: Mapping[int, Sequence[str]]) -> bool:
    is_one_word = finding.key.isalpha() and finding.key.istitle()
    if entry.is_talk or is_one_word or entry.line not in above:
        return False
    return _is_accounted(mirror, finding, entry.text, above[entry.line])


def _finished(mirror: Mirror, found: Iterator[tuple[ListRow, _Finding]]) -> tuple[Matched, ...]:
    """Make two rows for one account one, and rows into lines."""
    kept: list[tuple[ListRow, _Finding]] = []
    repeats: dict[int, list[int]] = {}
    for row, finding in found:
        if finding.verdict is Verdict.EXACT:
            lines = repeats.setdefault(finding.rows[0], [])
            lines.append(row.line)
            if len(lines) > 1:
                continue
        kept.append((row, finding))
    return tuple(_matched(mirror, row, finding, repeats) for row, finding in kept)


def _matched(mirror: Mirror, row: ListRow, finding: _Finding, repeats: dict[int, list[int]]) -> Matched:
    again = repeats[finding.rows[0]][1:] if finding.verdict is Verdict.EXACT else []
    candidates = tuple(mirror.lines(finding.rows))
    return Matched(row.line, row.text, finding.verdict, candidates, finding.key, tuple(again))
