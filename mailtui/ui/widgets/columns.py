"""The columns of the account table: what each shows, and which of them a width has room for."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from mailtui.domain.outlook_words import full_text, growth_text
from mailtui.domain.quota import format_size
from mailtui.queries.views import AccountLine, Sort
from mailtui.texts import _, fit
from mailtui.ui import ages, wording
from mailtui.ui.widgets.spans import Line, Span

GUTTER = 2
"""Cells before the first column: a sign for the mark, and a blank."""
_GAP = 2
_WARNING_PERCENT, _FULL_PERCENT = 80.0, 95.0
_SOON_DAYS = 14


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its heading, the least and most cells it takes, and what it shows of an account.

    The lowest `worth` goes first where room is short. A list cannot be ordered by a column without a `sort`.
    """

    title: str
    sort: Sort | None
    least: int
    most: int
    worth: int
    show: Callable[[AccountLine, int], Line]
    right: bool = False


@dataclass(frozen=True, slots=True)
class Placed:
    """A column and the cells it got."""

    column: Column
    cells: int


@lru_cache(maxsize=32)
def place(columns: tuple[Column, ...], width: int) -> tuple[Placed, ...]:
    """Choose the columns that a width has room for; the first column gets what the others leave."""
    chosen = list(columns)
    while len(chosen) > 1 and _needed(chosen) > width:
        chosen.remove(min(chosen[1:], key=lambda column: column.worth))
    spare = max(0, width - _needed(chosen))
    cells = {column.title: column.least for column in chosen}
    for column in sorted(chosen, key=lambda column: -column.worth):
        more = min(spare, column.most - column.least)
        cells[column.title] += more
        spare -= more
    cells[chosen[0].title] = max(1, cells[chosen[0].title] + spare + min(0, width - _needed(chosen)))
    return tuple(Placed(column, cells[column.title]) for column in chosen)


def _needed(columns: list[Column]) -> int:
    return GUTTER + sum(column.least for column in columns) + _GAP * (len(columns) - 1)


def heading(placed: tuple[Placed, ...], sort: Sort, *, reverse: bool) -> Line:
    """Give the line of headings, with an arrow at the column that the list is sorted by."""
    spans: list[Span] = [(" " * GUTTER, "muted")]
    for number, (column, cells) in enumerate((p.column, p.cells) for p in placed):
        arrow = ("▼" if reverse else "▲") if column.sort is sort else ""
        title = (
            fit(column.title, min(cells, len(column.title))) if not arrow else column.title[: cells - 2] + " " + arrow
        )
        text = title.rjust(cells) if column.right else fit(title, cells)
        spans += [(" " * _GAP if number else "", "muted"), (text, "strong" if arrow else "muted")]
    return tuple(spans)


def line(placed: tuple[Placed, ...], account: AccountLine, mark: Span) -> Line:
    """Give the line of an account."""
    spans: list[Span] = [mark]
    for number, (column, cells) in enumerate((p.column, p.cells) for p in placed):
        spans += [(" " * _GAP if number else "", ""), *column.show(account, cells)]
    return tuple(spans)


def level(percent: float) -> str:
    """Give the tone of a use: nearly full warns, full is bad."""
    if percent < _WARNING_PERCENT:
        return "good"
    return "bad" if percent >= _FULL_PERCENT else "warning"


def bar(percent: float, cells: int) -> Line:
    """Draw a use as a bar with its percent behind it, in exactly so many cells."""
    room = max(0, cells - 5)
    filled = min(room, max(1 if percent else 0, round(room * percent / 100)))
    figure = f"{min(percent, 999):.0f}%".rjust(cells - room)
    tone = level(percent)
    return (("━" * filled, tone), ("─" * (room - filled), "muted"), (figure, "" if tone == "good" else tone))


def _text(value: Callable[[AccountLine], str | None], tone: str = "") -> Callable[[AccountLine, int], Line]:
    return lambda account, cells: ((fit(value(account) or "", cells), tone),)


def _figure(value: Callable[[AccountLine], str]) -> Callable[[AccountLine, int], Line]:
    return lambda account, cells: ((value(account)[:cells].rjust(cells), ""),)


def _standing(account: AccountLine, cells: int) -> Line:
    text, tone = wording.standing(account.standing)
    return ((fit(text, cells), tone),)


def _quota(account: AccountLine, cells: int) -> Line:
    if account.percent is not None:
        return bar(account.percent, cells)
    used = format_size(account.used_bytes)
    text = f"{used} ∞" if account.unlimited else used
    return ((text[:cells].rjust(cells), "muted"),)


def _limit(account: AccountLine) -> str:
    if account.unlimited:
        return _("unlimited")
    return format_size(account.limit_bytes) if account.limit_bytes is not None else _("default")


def _growth(account: AccountLine, cells: int) -> Line:
    text = growth_text(account.growth)
    return ((text[:cells].rjust(cells), "muted" if account.growth in {None, 0} else ""),)


def _full(account: AccountLine, cells: int) -> Line:
    """Say when it is full; soon is a warning, and why nothing is said is no news."""
    days = (account.full_early, account.full_likely, account.full_late)
    today = ages.today()
    early, likely, late = days
    if early is None or likely is None or late is None:
        return ((fit(full_text(None, account.reason, today), cells).rstrip().rjust(cells), "muted"),)
    text = full_text((early, likely, late), None, today)
    tone = "bad" if (likely - today).days < _SOON_DAYS else "warning" if (early - today).days < 2 * _SOON_DAYS else ""
    return ((text[:cells].rjust(cells), tone),)


def _source(account: AccountLine, cells: int) -> Line:
    told = wording.source(account.used_source)
    text = "?" if account.used_bytes is None else f"{ages.age(account.used_as_of)} {told}"
    return ((fit(text, cells), "muted"),)


_NAME = Column(_("Name"), Sort.NAME, 16, 28, 100, _text(lambda account: account.name))
_LOGIN = Column(_("Log-in"), Sort.LOGIN, 12, 16, 60, _text(lambda account: account.login, "muted"))
_USE = Column(_("Quota"), Sort.PERCENT, 11, 15, 80, _quota)
_MAIL = Column(_("Address"), Sort.MAIL, 22, 34, 40, _text(lambda account: account.mail))
_DEPARTMENT = Column(_("Department"), Sort.DEPARTMENT, 12, 24, 50, _text(lambda account: account.department))
_STATE = Column(_("Standing"), Sort.STANDING, 10, 10, 90, _standing)

DESK = (_NAME, _LOGIN, _MAIL, _DEPARTMENT, _STATE, _USE)
LENS = (
    _NAME,
    _LOGIN,
    Column(_("Limit"), Sort.LIMIT, 9, 10, 70, _figure(_limit), right=True),
    Column(_("Used"), Sort.USED, 9, 10, 75, _figure(lambda account: format_size(account.used_bytes)), right=True),
    Column(_("Percent"), Sort.PERCENT, 13, 40, 80, _quota),
    Column(_("A week"), Sort.GROWTH, 9, 10, 65, _growth, right=True),
    Column(_("Full in"), Sort.FULL, 9, 24, 68, _full, right=True),
    Column(
        _("Messages"),
        Sort.MESSAGES,
        9,
        9,
        35,
        _figure(lambda account: "?" if account.messages is None else f"{account.messages:,}"),
        right=True,
    ),
    Column(_("As of"), None, 11, 20, 45, _source),
    Column(
        _("Log-in seen"),
        Sort.LAST_LOGIN,
        11,
        11,
        30,
        _figure(lambda account: ages.date(account.last_login)),
        right=True,
    ),
)
