"""Results on stdout: JSON, CSV, or tables that fit the terminal; text from the directory made safe."""

import csv
import json
import re
import shutil
import sys
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, TextIO

from mailtui.texts import clean, fit, width

# What JSON leaves as it is and a terminal may obey: C1 controls, bidirectional controls, line separators.
_OBEYED = re.compile("[\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]")


def print_json(value: Any) -> None:
    """Print a value as JSON; bytes of the directory that are no UTF-8 show as U+FFFD."""
    text = json.dumps(value, ensure_ascii=False, indent=2)
    text = text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    print(_OBEYED.sub(lambda found: f"\\u{ord(found[0]):04x}", text))


def print_csv(header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print rows as RFC 4180 CSV."""
    writer = csv.writer(sys.stdout, lineterminator="\r\n")
    writer.writerow(header)
    # A file gets values as they are; a terminal would obey what is in them.
    shown = clean if sys.stdout.isatty() else _text
    writer.writerows([["" if cell is None else shown(str(cell)) for cell in row] for row in rows])


def _text(cell: str) -> str:
    return cell.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def print_table(
    header: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    right: Iterable[int] = (),
    to: TextIO | None = None,
) -> None:
    """Print rows in aligned columns; on a terminal too narrow for them the widest gives way."""
    cells = [[clean(cell) for cell in row] for row in rows]
    widths = [max(width(row[i]) for row in [list(header), *cells]) for i in range(len(header))]
    if (to or sys.stdout).isatty():
        excess = sum(widths) + 2 * (len(widths) - 1) - shutil.get_terminal_size().columns
        for _cell_too_many in range(excess):
            # The widest column gives way, so that the narrow ones stay whole.
            widths[widths.index(max(widths))] -= 1
    for row in [list(header), *cells]:
        print("  ".join(_cell(text, widths[i], i in right) for i, text in enumerate(row)).rstrip(), file=to)


def _cell(text: str, cells: int, to_the_right: bool) -> str:
    padded = fit(text, cells)
    if not to_the_right:
        return padded
    stripped = padded.rstrip(" ")
    return " " * (len(padded) - len(stripped)) + stripped


def print_pairs(pairs: Iterable[tuple[str, str]]) -> None:
    """Print names and values, one pair a line."""
    shown = [(name, clean(value)) for name, value in pairs if value]
    room = max((width(name) for name, _value in shown), default=0)
    for name, value in shown:
        print(f"{fit(name, room)}  {value}")


def local(time: datetime | None) -> str:
    """Give a time as the reader's clock has it."""
    return time.astimezone().strftime("%Y-%m-%d %H:%M") if time else "?"
