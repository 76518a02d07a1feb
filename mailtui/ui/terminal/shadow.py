"""What stands on the terminal, cell by cell, and the fewest bytes that make it another picture.

A full repaint of 80x24 is 5 to 10 kB; what really changes with a key is seldom more than some hundred cells.
"""

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import groupby
from unicodedata import category

from rich.cells import cell_len, split_graphemes

Span = tuple[str, str]
"""A text and how it looks: the parameters of SGR (ECMA-48 section 8.3.117), empty for plain."""
Cell = tuple[str, str]
"""What a cell shows, and how; the second cell of a wide character shows an empty text."""

_APART = 6
"""Runs of changed cells with fewer equal ones between them are sent as one: to move the cursor costs as much."""
_MANY = 10
_UNKNOWN: Cell = ("\0", "")
_PLAIN_SPACE: Cell = (" ", "")
_SO_ANYWAY = frozenset({"0", "39", "49", *map(str, range(22, 30))})
_INVISIBLE_ON_SPACE = frozenset({"1", "2", "3"} | {str(code) for code in (*range(30, 38), *range(90, 98))})
_SHOWS_ON_SPACE = frozenset({"4", "5", "6", "7", "9", "21", "53"})
_JOINER = "\u200d"
_STEERING = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
_NARROW = range(0x2000, 0x2C00)
"""Signs, arrows, boxes and blocks: terminals agree on their width."""


@dataclass(frozen=True, slots=True)
class Patch:
    """A piece of a line that is to be shown from a column on."""

    row: int
    column: int
    spans: Sequence[Span]


class Shadow:
    """The cells of a terminal, as far as we know; nothing is known of them at first.

    One that `is_basic` knows no more than a VT100.
    """

    def __init__(self, width: int, height: int, *, is_basic: bool = False) -> None:
        self.size, self._is_basic = (width, height), is_basic
        self._rows = [[_UNKNOWN] * width for _row in range(height)]

    def draw(self, patches: Sequence[Patch]) -> str:
        """Give what makes the terminal show patches, and take it as shown; empty where it does already."""
        width, height = self.size
        wanted: dict[int, dict[int, Cell]] = {}
        for patch in patches:
            if 0 <= patch.row < height:
                wanted.setdefault(patch.row, {}).update(
                    (column, cell) for column, cell in _cells(patch) if 0 <= column < width
                )
        pen = _Pen(is_basic=self._is_basic)
        for row in sorted(wanted):
            self._draw_row(row, wanted[row], pen)
        return pen.ended()

    def _draw_row(self, row: int, wanted: dict[int, Cell], pen: "_Pen") -> None:
        held = self._rows[row]
        changed = [column for column, cell in wanted.items() if held[column] != cell]
        for column in changed:
            held[column] = wanted[column]
        if not changed:
            return
        for start, end in _runs(sorted(changed), held):
            end_of_text = _end_of_text(held, start, end)
            pen.go_to(row, start)
            for blank, cells in groupby(held[start:end_of_text], _PLAIN_SPACE.__eq__):
                pen.put_all(list(cells), is_blank=blank)
            if end_of_text < end:
                pen.erase_to_end()


def _runs(changed: Sequence[int], held: Sequence[Cell]) -> Iterator[tuple[int, int]]:
    """Give the runs, from a column to before another, that are to be sent; none begins within a character."""
    start, end = _whole(changed[0], held)
    for column in changed[1:]:
        first, after = _whole(column, held)
        if first > end + _APART:
            yield start, end
            start = first
        end = max(end, after)
    yield start, end


def _whole(column: int, held: Sequence[Cell]) -> tuple[int, int]:
    """Give where the character of a cell begins, and where it ends."""
    start, end = column, column + 1
    while start > 0 and not held[start][0]:
        start -= 1
    while end < len(held) and not held[end][0]:
        end += 1
    return start, end


def _end_of_text(held: Sequence[Cell], start: int, end: int) -> int:
    """Give from where a run is blank to the end of the line, if it is long enough to be worth erasing."""
    if end != len(held):
        return end
    place = end
    while place > start and held[place - 1] == _PLAIN_SPACE:
        place -= 1
    return place if end - place > len("\x1b[K") else end


class _Pen:
    """Writes characters, and remembers where the cursor is by then, and how it writes."""

    def __init__(self, *, is_basic: bool) -> None:
        self._written: list[str] = []
        self._look, self._is_basic = "", is_basic
        self._row, self._column, self._is_sure = -1, -1, True

    def go_to(self, row: int, column: int) -> None:
        """Move the cursor, if it is not there for sure; both count from 0."""
        if row != self._row or (self._is_basic and (column != self._column or not self._is_sure)):
            self._written.append(f"\x1b[{row + 1};{column + 1}H" if column else f"\x1b[{row + 1}H")
        elif column != self._column or not self._is_sure:
            self._written.append(f"\x1b[{column + 1}G")
        self._row, self._column, self._is_sure = row, column, True

    def put_all(self, cells: Sequence[Cell], *, is_blank: bool) -> None:
        """Write what cells show, one beside the other; many blanks in one word (ECH, ECMA-48 section 8.3.38)."""
        if not is_blank or self._is_basic or len(cells) < _MANY:
            for cell in cells:
                self.put(cell)
            return
        self.go_to(self._row, self._column)
        self._take("")
        self._written.append(f"\x1b[{len(cells)}X")
        # That leaves the cursor where it was.
        self._column, self._is_sure = self._column + len(cells), False

    def put(self, cell: Cell) -> None:
        """Write what one cell shows; the second half of a character was written with the first."""
        text, look = cell
        if text:
            self.go_to(self._row, self._column)
            self._take(look)
            self._written.append(text)
            # Terminals do not agree on how wide some are: what follows is put where it belongs.
            self._is_sure = _is_sure(text)
        self._column += 1

    def erase_to_end(self) -> None:
        """Make the rest of the line plain blanks."""
        self.go_to(self._row, self._column)
        self._take("")
        self._written.append("\x1b[K")

    def ended(self) -> str:
        """Give all that was written, the looks as they were at first."""
        self._take("")
        return "".join(self._written)

    def _take(self, look: str) -> None:
        if look != self._look:
            self._written.append(f"\x1b[0;{look}m" if look and self._look else f"\x1b[{look}m")
            self._look = look


def _cells(patch: Patch) -> Iterator[tuple[int, Cell]]:
    column = patch.column
    for text, asked in patch.spans:
        look = _needed(asked)
        on_space = _on_space(look)
        if text.isascii() and text.isprintable():
            for character in text:
                yield column, (character, on_space if character == " " else look)
                column += 1
            continue
        for character, cells in _characters(text):
            yield column, (character, on_space if character == " " else look)
            for more in range(1, cells):
                yield column + more, ("", look)
            column += cells


@lru_cache(4096)
def _characters(text: str) -> tuple[tuple[str, int], ...]:
    """Give the characters of a text as people see them, each with the cells it takes; what steers is left out."""
    clean = "".join(one for one in text if one == _JOINER or category(one) not in _STEERING)
    found: list[tuple[str, int]] = []
    for start, end, cells in split_graphemes(clean)[0]:
        if cells:
            found.append((clean[start:end], cells))
        elif found:
            found[-1] = (found[-1][0] + clean[start:end], found[-1][1])
    lacking = cell_len(text) - sum(cells for _text, cells in found)
    return (*found, *[(" ", 1)] * max(0, lacking))


@lru_cache(4096)
def _is_sure(text: str) -> bool:
    return len(text) == 1 and (ord(text) < 0x0300 or ord(text) in _NARROW)


@cache
def _needed(look: str) -> str:
    """Give a look without what is so anyway: we begin with plain letters in the terminal's own colours."""
    return ";".join(code for code in _codes(look) if code not in _SO_ANYWAY)


@cache
def _on_space(look: str) -> str:
    """Give of a look what can be seen of it where there is no letter."""
    codes = list(_codes(look))
    if not _SHOWS_ON_SPACE.isdisjoint(codes):
        return look
    return ";".join(code for code in codes if code not in _INVISIBLE_ON_SPACE and not code.startswith("38;"))


def _codes(look: str) -> Iterator[str]:
    """Give the parameters of a look one by one, those of a colour of many together."""
    codes = deque(look.split(";") if look else ())
    while codes:
        code = codes.popleft()
        more = 0 if code not in {"38", "48"} or not codes else 2 if codes[0] == "5" else 4
        yield ";".join((code, *(codes.popleft() for _more in range(min(more, len(codes))))))
