"""A list of accounts as text: its encoding, whether it is a table, a plain list or a mail, and its rows.

What kind of text it is, is told in this order:

1. a table, where the first record has two or more fields and a known heading among them;
2. a mail, where a line greets, closes, or is a header of a mail;
3. a table, where all records have the same number of fields, two or more;
4. a mail, where a line is a sentence;
5. else a plain list: one account a line.

In a table and in a plain list every row counts; in a mail, what names nobody may be noise (see `mailtext`).
"""

import codecs
import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from mailtui.queries import mailtext
from mailtui.queries.headings import roles_of

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_SEPARATORS = (",", ";", "\t")
_LONGEST_FIELD = 1 << 20


class Shape(StrEnum):
    """What kind of text a list is."""

    TABLE = "table"
    PLAIN = "plain"
    MAIL = "mail"


@dataclass(frozen=True, slots=True)
class ListRow:
    """One row of a list: the line it begins on (from 1), what stands there, and its cells."""

    line: int
    text: str
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Listing:
    """A list taken apart into rows; blank ones are left out."""

    shape: Shape
    rows: tuple[ListRow, ...]


def decode(data: bytes) -> str:
    """Give the text of a file: by its byte order mark, else UTF-8, else GB18030."""
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, "replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("gb18030", "replace")


def read(text: str) -> Listing:
    """Take a list apart."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
    lines = tuple(
        ListRow(n, line.strip(), (line.strip(),)) for n, line in enumerate(text.split("\n"), 1) if line.strip()
    )
    tables = [_records(text, separator) for separator in _SEPARATORS]
    headed = [rows for rows in tables if rows and len(rows[0].cells) > 1 and any(roles_of(rows[0].cells))]
    if headed:
        return Listing(Shape.TABLE, max(headed, key=lambda rows: len(rows[0].cells)))
    if any(mailtext.is_furniture(row.text) for row in lines):
        return Listing(Shape.MAIL, lines)
    even = [rows for rows in tables if _is_even(rows)]
    if even:
        return Listing(Shape.TABLE, max(even, key=lambda rows: len(rows[0].cells)))
    is_mail = any(mailtext.is_sentence(row.text) for row in lines)
    return Listing(Shape.MAIL if is_mail else Shape.PLAIN, lines if is_mail else _records(text, None))


def _is_even(rows: tuple[ListRow, ...]) -> bool:
    lengths = {len(row.cells) for row in rows}
    is_prose = len(rows) == 1 and mailtext.is_sentence(rows[0].text)
    return len(lengths) == 1 and lengths != {1} and not is_prose


def _records(text: str, separator: str | None) -> tuple[ListRow, ...]:
    # RFC 4180 with any separator; a plain list is a table whose separator does not occur, so quotes hold there as well.
    return tuple(_read_records(text, separator or "\x1f"))


def _read_records(text: str, separator: str) -> Iterator[ListRow]:
    csv.field_size_limit(_LONGEST_FIELD)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, skipinitialspace=True)
    before = 0
    while True:
        try:
            record = next(reader)
        except StopIteration:
            return
        except csv.Error:
            continue
        finally:
            line, before = before + 1, reader.line_num
        cells = tuple(re.sub(r"\s+", " ", cell).strip() for cell in record)
        if any(cells):
            yield ListRow(line, separator.join(cells) if separator != "\x1f" else cells[0], cells)
