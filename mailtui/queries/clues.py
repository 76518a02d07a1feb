"""What a row of a list says of one account: its clues, in order of strength, and whom each names."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from mailtui.cache.folding import fold, han_runs, identifier_key, name_key, stored_address_key
from mailtui.domain.address import is_address
from mailtui.queries import mailtext
from mailtui.queries.headings import Role
from mailtui.queries.mirror import Mirror

_FIND = {
    Role.ADDRESS: "SELECT DISTINCT account_row AS row FROM address WHERE key = :key AND kind <> 'forward'",
    Role.LOGIN: "SELECT row FROM account WHERE login_key = :key",
    Role.NUMBER: "SELECT row FROM account WHERE employee_key = :key",
    Role.NAME: "SELECT row FROM account WHERE name_key = :key",
}
_EMPTY = frozenset({"", "-", "--", "n/a", "na", "none", "null", "nil", "无", "?"})


@dataclass(frozen=True, slots=True)
class Clue:
    """One reading of one cell: as what it names an account. `is_told` where a heading or its own shape says as what."""

    role: Role
    text: str
    is_told: bool = False

    @property
    def is_strong(self) -> bool:
        """Whether it names one mailbox by its nature, as names do not."""
        return self.role is not Role.NAME


def named_by(mirror: Mirror, clue: Clue) -> list[int]:
    """Give the row ids of the accounts that a clue names exactly."""
    make_key = {Role.ADDRESS: stored_address_key, Role.NAME: name_key}.get(clue.role, identifier_key)
    return [row["row"] for row in mirror.ask(_FIND[clue.role], {"key": make_key(clue.text)})]


def of_columns(cells: Sequence[str], roles: Sequence[Role | None]) -> list[Clue]:
    """Give the clues of a row whose columns have headings; columns without a known one say nothing."""
    told: dict[Role, str] = {}
    clues: list[Clue] = []
    for cell, role in zip(cells, roles, strict=False):
        if role is None or fold(cell) in _EMPTY:
            continue
        told.setdefault(role, cell)
        clues += _of_column(cell, role)
    parts = (told.get(Role.GIVEN, ""), told.get(Role.SURNAME, ""))
    if all(parts):
        is_chinese = all(han_runs(fold(part)) for part in parts)
        clues.append(Clue(Role.NAME, parts[1] + parts[0] if is_chinese else " ".join(parts), is_told=True))
    return _in_order(clues)


def _of_column(cell: str, role: Role) -> list[Clue]:
    if role in {Role.GIVEN, Role.SURNAME}:
        return []
    addresses = mailtext.ADDRESS.findall(cell) if role in {Role.ADDRESS, Role.LOGIN} else []
    clues = [Clue(Role.ADDRESS, address, is_told=True) for address in addresses]
    return clues or [Clue(role, cell, is_told=True)]


def of_cells(mirror: Mirror, cells: Sequence[str]) -> list[Clue]:
    """Give the clues of a row whose columns nobody named: each cell is tried as all that it may be."""
    filled = [cell for cell in cells if fold(cell) not in _EMPTY]
    is_alone = len(filled) == 1
    clues: list[Clue] = []
    for cell in filled:
        whole = _of_whole(cell, is_alone=is_alone or sum(map(_is_titled, filled)) < 2)
        if any(named_by(mirror, clue) for clue in whole):
            clues += whole
        else:
            clues += of_entry(mailtext.parts(0, cell), is_alone=is_alone) or whole
    if 1 < len(filled) <= 3 and not any(re.search(r"[\d@]", cell) for cell in filled):
        clues.append(Clue(Role.NAME, " ".join(filled)))
    return _in_order(clues)


def _of_whole(cell: str, *, is_alone: bool) -> list[Clue]:
    if "@" in cell:
        return [Clue(Role.ADDRESS, cell, is_told=is_address(cell))]
    strong = [Clue(Role.LOGIN, cell), Clue(Role.NUMBER, cell)] if is_alone or not _is_titled(cell) else []
    return [*strong, Clue(Role.NAME, cell)]


def of_entry(entry: mailtext.Entry, *, is_alone: bool = False) -> list[Clue]:
    """Give the clues of an entry of a mail, or of a cell with several things in it."""
    clues = [Clue(Role.ADDRESS, address, is_told=True) for address in entry.addresses]
    for number in entry.numbers:
        clues += [Clue(Role.NUMBER, number), Clue(Role.LOGIN, number)]
    for place, name in enumerate(entry.names):
        # `Anna` and `Sales` are words of a name and of a department; as log-ins they would be somebody else's.
        if not _is_titled(name) or (is_alone and len(entry.names) == 1):
            clues += [Clue(Role.LOGIN, name), Clue(Role.NUMBER, name)] if len(name.split()) == 1 else []
        if place == 0 or len(name.split()) > 1 or han_runs(fold(name)):
            clues.append(Clue(Role.NAME, name))
    return _in_order(clues)


def _is_titled(text: str) -> bool:
    return text.isalpha() and text.istitle()


def _in_order(clues: Iterable[Clue]) -> list[Clue]:
    return sorted(dict.fromkeys(clues), key=lambda clue: clue.role)
