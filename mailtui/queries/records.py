"""The records of a text by RFC 4180 with any separator, and the line at which quotes no longer tell where one ends."""

import csv
import io
import re
from dataclasses import dataclass
from enum import StrEnum

from mailtui.errors import UsageError
from mailtui.queries import mailtext
from mailtui.texts import _

LONGEST_FIELD = 1 << 20
ONE_COLUMN = "\x1f"
"""A separator that does not occur: a plain list is a table of one column."""


class Failure(StrEnum):
    """Why a text cannot be taken apart."""

    UNCLOSED = "unclosed"
    QUOTE_WITHIN = "quote within"
    SWALLOWED = "swallowed"
    TOO_LONG = "too long"


@dataclass(frozen=True, slots=True)
class ListRow:
    """One row of a list: the line it begins on (from 1), what stands there, and its cells."""

    line: int
    text: str
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Records:
    """The records of a text up to the first that is broken: what is wrong with it, and the line it begins on."""

    rows: tuple[ListRow, ...]
    failure: Failure | None = None
    line: int = 0

    def whole(self) -> tuple[ListRow, ...]:
        """Give the records of a text that has no broken one.

        Raises:
            UsageError: It has one.
        """
        if self.failure is not None:
            raise UsageError(_message(self.failure).format(line=self.line), hint=_hint(self.failure))
        return self.rows


def records(text: str, separator: str) -> Records:
    """Take a text apart; blank records are left out."""
    csv.field_size_limit(LONGEST_FIELD)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, skipinitialspace=True, strict=True)
    rows: list[ListRow] = []
    width, line = 0, 1
    while True:
        try:
            record = next(reader)
        except StopIteration:
            return Records(tuple(rows))
        except csv.Error as error:
            return Records(tuple(rows), _failure(error), line)
        width = width or len(record)
        if any(_swallows(cell, separator, width) for cell in record):
            return Records(tuple(rows), Failure.SWALLOWED, line)
        cells = tuple(re.sub(r"\s+", " ", cell).strip() for cell in record)
        if any(cells):
            rows.append(ListRow(line, cells[0] if separator == ONE_COLUMN else separator.join(cells), cells))
        line = reader.line_num + 1


def _swallows(cell: str, separator: str, width: int) -> bool:
    """Tell whether a quoted cell holds a line that looks like a row of its own: its quote may be a stray one."""
    within = cell.split("\n")[1:]
    return any(
        mailtext.ADDRESS.search(line) is not None or (separator in line and line.count(separator) + 1 >= width)
        for line in within
    )


def _failure(error: csv.Error) -> Failure:
    # The csv module tells its errors apart by their words alone.
    said = str(error)
    if "expected after" in said:
        return Failure.QUOTE_WITHIN
    return Failure.TOO_LONG if "limit" in said else Failure.UNCLOSED


def _message(failure: Failure) -> str:
    return {
        Failure.UNCLOSED: _("Line {line} of the list opens a quote that is never closed"),
        Failure.QUOTE_WITHIN: _(
            "In the row that begins on line {line} a quote is followed by neither separator nor line end"
        ),
        Failure.SWALLOWED: _("A quote opened on line {line} of the list encloses what looks like further rows"),
        Failure.TOO_LONG: _("The row that begins on line {line} of the list has a cell longer than 1 MiB"),
    }[failure]


def _hint(failure: Failure) -> str:
    if failure is Failure.TOO_LONG:
        return _("Look for an unclosed quote there.")
    return _("Close it, or remove it; in a quoted cell a quote is written twice.")
