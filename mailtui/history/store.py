"""The history: samples are taken in, thinned out with age, and forgotten with their accounts."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from itertools import groupby
from pathlib import Path

from sqlalchemy import Connection

from mailtui.domain.usage import Sample
from mailtui.history.accounts import drop_unseen_since, numbered, unseen_since
from mailtui.history.filing import PAGES, chunk_of, file, page_of, pages_where
from mailtui.history.opening import open_engine, writing
from mailtui.history.pages import Day, number_of
from mailtui.history.weeks import week_of

DAILY_DAYS = 90
"""For how long there is a sample a day; one a week of what is older."""


class History:
    """How full the mailboxes of one directory were, in one file; read by `queries.usage`, also while it is written.

    Every method raises StoreError when the file cannot be read or written; then nothing of its doing is in it.
    """

    def __init__(self, path: Path) -> None:
        """Open the history, made where there is none."""
        self.path = path
        self._engine = open_engine(path)

    def close(self) -> None:
        """Let go of the file."""
        self._engine.dispose()

    def record(self, day: date, samples: Iterable[Sample]) -> int:
        """Take in what was sampled on a day, in one transaction; gives of how many accounts.

        What is known takes the place of what was taken in before on the same day; what is unknown takes nobody's
        place. The latest log-in is kept, whatever day it is told on. Samples are those of everybody: what was asked of
        one account is better only shown, for the last sampled day counts as that of all where all are read at once.
        """
        return self.backfill({day: samples})

    def backfill(self, by_day: Mapping[date, Iterable[Sample]]) -> int:
        """Take in what was sampled on some days, as `record` does, in one transaction; gives how many samples."""
        taken = {day.toordinal(): {sample.account: sample for sample in samples} for day, samples in by_day.items()}
        with writing(self._engine, self.path) as connection:
            for week, days in groupby(sorted(taken), key=week_of):
                _file_week(connection, week, {day: taken[day] for day in days})
        return sum(map(len, taken.values()))

    def thin(self, today: date) -> int:
        """Keep one day a week of what is older than DAILY_DAYS: the fullest; gives how many pages became smaller."""
        first = week_of((today - timedelta(days=DAILY_DAYS)).toordinal())
        # More than one bit: more than one day.
        is_daily = PAGES.c.days.op("&")(PAGES.c.days - 1) != 0
        thinned = 0
        with writing(self._engine, self.path) as connection:
            for page in pages_where(connection, PAGES.c.week < first, is_daily):
                page.keep_one()
                file(connection, page)
                thinned += 1
        return thinned

    def forget(self, before: date) -> int:
        """Forget the accounts that were last sampled before a day, in one transaction; gives how many."""
        with writing(self._engine, self.path) as connection:
            gone = unseen_since(connection, before.toordinal())
            places = _places(gone)
            is_older = PAGES.c.week <= week_of(before.toordinal())
            for page in pages_where(connection, is_older, PAGES.c.chunk.in_(list(places))):
                if page.blank(places[page.chunk]):
                    file(connection, page)
            drop_unseen_since(connection, before.toordinal())
        return len(gone)


def _file_week(connection: Connection, week: int, taken: Mapping[int, Mapping[str, Sample]]) -> None:
    by_chunk: dict[int, dict[int, dict[int, Sample]]] = {}
    for ordinal, samples in taken.items():
        for account, number in numbered(connection, samples, ordinal).items():
            chunk, place = chunk_of(number)
            by_chunk.setdefault(chunk, {}).setdefault(ordinal, {})[place] = samples[account]
    for chunk, days in by_chunk.items():
        page = page_of(connection, week, chunk)
        for ordinal, placed in days.items():
            _enter(page.open_day(ordinal), placed)
        file(connection, page)


def _places(numbers: Iterable[int]) -> dict[int, list[int]]:
    places: dict[int, list[int]] = {}
    for number in numbers:
        chunk, place = chunk_of(number)
        places.setdefault(chunk, []).append(place)
    return places


def _enter(day: Iterable[Day], samples: Mapping[int, Sample]) -> None:
    used, messages, limits = day
    for place, sample in samples.items():
        # A limit of 0 stands for none; one that is only called 0 is not believed.
        limit = 0 if sample.unlimited else sample.limit_bytes or None
        for figures, figure in ((used, sample.used_bytes), (messages, sample.messages), (limits, limit)):
            if number := number_of(figure):
                figures[place] = number
