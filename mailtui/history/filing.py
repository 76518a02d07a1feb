"""Pages as they are filed: read, changed and written back, within a transaction."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from sqlalchemy import Connection, Table, delete, select
from sqlalchemy.dialects.sqlite import insert

from mailtui.history.pages import ACCOUNTS, Day, nothing_known, pack, unpack
from mailtui.history.tables import PageRow
from mailtui.history.weeks import bits_of, ordinals

PAGES = cast("Table", vars(PageRow)["__table__"])
_KEY = ("week", "chunk")
FIGURES = ("used", "messages", "limits")


@dataclass(slots=True)
class Page:
    """One week of one chunk of accounts: a strip for each of FIGURES, a day in each for every one of `days`."""

    week: int
    chunk: int
    days: list[int] = field(default_factory=list)
    strips: tuple[list[Day], ...] = field(default_factory=lambda: tuple([] for _figure in FIGURES))

    def open_day(self, ordinal: int) -> Sequence[Day]:
        """Give what is known on a day, to be changed: an item for each of FIGURES."""
        if ordinal not in self.days:
            place = sum(day < ordinal for day in self.days)
            self.days.insert(place, ordinal)
            for strip in self.strips:
                strip.insert(place, nothing_known())
        place = self.days.index(ordinal)
        return [strip[place] for strip in self.strips]

    def keep_one(self) -> None:
        """Drop all days but the one on which most is known, the later of equals."""
        known = [sum(map(bool, day)) for day in self.strips[0]]
        place = max(range(len(known)), key=lambda place: (known[place], place))
        self.days = [self.days[place]]
        self.strips = tuple([strip[place]] for strip in self.strips)

    def blank(self, places: Sequence[int]) -> bool:
        """Forget what is known of accounts, by their places; tells whether anything was."""
        was_known = False
        for strip in self.strips:
            for day in strip:
                was_known = was_known or any(day[place] for place in places)
                for place in places:
                    day[place] = 0
        return was_known

    @property
    def is_empty(self) -> bool:
        """Whether nothing is known of anybody."""
        return not any(any(day) for strip in self.strips for day in strip)


def pages_where(connection: Connection, *conditions: Any) -> Iterator[Page]:
    """Give the pages that meet conditions, one after the other; they may be filed meanwhile."""
    keys = connection.execute(select(PAGES.c.week, PAGES.c.chunk).where(*conditions).order_by(*_KEY)).all()
    for week, chunk in keys:
        yield page_of(connection, week, chunk)


def page_of(connection: Connection, week: int, chunk: int) -> Page:
    """Give a page, empty where there is none yet."""
    found = connection.execute(select(PAGES).where(PAGES.c.week == week, PAGES.c.chunk == chunk)).mappings().first()
    if found is None:
        return Page(week, chunk)
    days = ordinals(week, found["days"])
    return Page(week, chunk, days, tuple(unpack(found[figure], len(days)) for figure in FIGURES))


def file(connection: Connection, page: Page) -> None:
    """Write a page, or take it away where nothing is left of it."""
    if page.is_empty:
        connection.execute(delete(PAGES).where(PAGES.c.week == page.week, PAGES.c.chunk == page.chunk))
        return
    strips = {figure: pack(strip) for figure, strip in zip(FIGURES, page.strips, strict=True)}
    values = {"days": bits_of(page.days), **strips}
    statement = insert(PAGES).values(week=page.week, chunk=page.chunk, **values)
    connection.execute(statement.on_conflict_do_update(index_elements=list(_KEY), set_=values))


def chunk_of(number: int) -> tuple[int, int]:
    """Give the chunk of an account's number, and its place in it."""
    return divmod(number, ACCOUNTS)
