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
from dataclasses import dataclass
from enum import StrEnum

from mailtui.errors import UsageError
from mailtui.queries import mailtext
from mailtui.queries.headings import roles_of
from mailtui.queries.records import LONGEST_FIELD, ONE_COLUMN, Failure, ListRow, Records, records
from mailtui.texts import _

MOST_BYTES = 32 << 20
MOST_LINES = 200_000

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_SEPARATORS = (",", ";", "\t")


class Shape(StrEnum):
    """What kind of text a list is."""

    TABLE = "table"
    PLAIN = "plain"
    MAIL = "mail"


@dataclass(frozen=True, slots=True)
class Listing:
    """A list taken apart into rows; blank ones are left out."""

    shape: Shape
    rows: tuple[ListRow, ...]


def decode(data: bytes) -> str:
    """Give the text of a file: by its byte order mark, else UTF-8, else GB18030.

    Raises:
        UsageError: It is longer than a list can be.
    """
    if len(data) > MOST_BYTES:
        raise UsageError(_("The list is longer than 32 MiB"), hint=_advice())
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, "replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("gb18030", "replace")


def read(text: str) -> Listing:
    """Take a list apart.

    Raises:
        UsageError: It is too long, or its quotes do not tell where a row ends: nothing of a list is ever passed over.
    """
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
    lines = _lines(text)
    tables = [records(text, separator) for separator in _SEPARATORS]
    headed = [table for table in tables if _width(table) > 1 and any(roles_of(table.rows[0].cells))]
    if headed:
        return Listing(Shape.TABLE, max(headed, key=_width).whole())
    if any(mailtext.is_furniture(row.text) for row in lines):
        return Listing(Shape.MAIL, lines)
    even = [table for table in tables if _is_even(table)]
    if even:
        return Listing(Shape.TABLE, max(even, key=_width).whole())
    is_mail = any(mailtext.is_sentence(row.text) for row in lines)
    return Listing(Shape.MAIL if is_mail else Shape.PLAIN, lines if is_mail else _plain(text, lines))


def _lines(text: str) -> tuple[ListRow, ...]:
    found = text.split("\n")
    if len(found) > MOST_LINES + 1 or len(text) > MOST_BYTES:
        message = _("The list is too long: at most {lines} lines can be matched at once").format(lines=MOST_LINES)
        raise UsageError(message, hint=_advice())
    for number, line in enumerate(found, 1):
        if len(line) > LONGEST_FIELD:
            raise UsageError(_("Line {line} of the list is longer than 1 MiB").format(line=number), hint=_advice())
    return tuple(ListRow(n, line.strip(), (line,)) for n, line in enumerate(found, 1) if line.strip())


def _advice() -> str:
    return _("Check that it is a list; if it is, split it.")


def _width(table: Records) -> int:
    return len(table.rows[0].cells) if table.rows else 0


def _is_even(table: Records) -> bool:
    lengths = {len(row.cells) for row in table.rows}
    if not lengths:
        return table.failure is Failure.UNCLOSED
    is_prose = len(table.rows) == 1 and mailtext.is_sentence(table.rows[0].text)
    return len(lengths) == 1 and lengths != {1} and not is_prose


def _plain(text: str, lines: tuple[ListRow, ...]) -> tuple[ListRow, ...]:
    """Give the rows of a plain list: one column whose cells may be quoted, else each line as it stands."""
    column = records(text, ONE_COLUMN)
    if column.failure is Failure.QUOTE_WITHIN:
        for row in lines:
            if row.text.startswith('"') and row.text.count('"') % 2:
                raise UsageError(
                    _("Line {line} of the list opens a quote that its end does not close").format(line=row.line),
                    hint=_("Close it, or remove it; in a quoted cell a quote is written twice."),
                )
        return tuple(ListRow(row.line, row.text, (row.text,)) for row in map(_unquoted, lines))
    return column.whole()


def _unquoted(row: ListRow) -> ListRow:
    alone = records(row.text, ONE_COLUMN)
    if alone.failure is not None or not alone.rows:
        return row
    return ListRow(row.line, alone.rows[0].text, alone.rows[0].cells)
