"""What it takes to keep the use of many mailboxes by the day, and to read it: printed by `histories --accounts N`."""

import random
import tempfile
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from time import perf_counter
from typing import TypeVar

from mailtui.domain.forecast import project
from mailtui.domain.usage import Sample
from mailtui.history.store import History
from mailtui.queries.usage import UsageHistory

LIMIT = 10 << 30
_FIRST = date(2026, 1, 1)
_NOW = datetime(2026, 1, 1, 9, tzinfo=UTC)

Answer = TypeVar("Answer")


def lines(accounts: int, days: int) -> Iterator[str]:
    """Sample so many accounts on so many days, then read them; a line for each thing that was measured."""
    with tempfile.TemporaryDirectory(prefix="mailtui-history-") as folder:
        path = Path(folder, "history.db")
        written, thinned = zip(*_sampled(path, accounts, days), strict=True)
        size = path.stat().st_size
        usual = sorted(written)[days // 2]
        yield f"a day of {accounts:,} accounts written: {usual:.2f} s, at most {max(written):.2f} s"
        yield f"thinned: at most {max(thinned):.2f} s"
        yield f"the file after {days} days: {size:,} bytes, {size / accounts / days:.1f} an account a day"
        last = _FIRST + timedelta(days=days - 1)
        with closing(UsageHistory(path)) as told:
            spent, latest = _timed(lambda: told.latest(last - timedelta(days=35)))
            yield f"the last of all: {spent:.2f} s"
            account = next(iter(latest))
            yield f"the series of one: {1000 * _timed(lambda: told.series(account))[0]:.1f} ms"
            spent, weekly = _timed(lambda: told.weekly(last))
            yield f"the weeks of all: {spent:.2f} s"
        today = last.toordinal()
        spent, _said = _timed(lambda: [project(weekly.days, used, LIMIT, today) for used in weekly.used.values()])
        yield f"the forecasts of all: {spent:.2f} s"


def _timed(act: Callable[[], Answer]) -> tuple[float, Answer]:
    begun = perf_counter()
    answer = act()
    return perf_counter() - begun, answer


def _sampled(path: Path, accounts: int, days: int) -> Iterator[tuple[float, float]]:
    """Record day after day; gives how long it took to write, and to thin."""
    dice = random.Random(1)
    names = [str(uuid.UUID(int=dice.getrandbits(128))) for _account in range(accounts)]
    # A quarter is idle, and of the others a third works at weekends.
    busy = [dice.random() < 0.75 for _account in range(accounts)]
    used = [int(LIMIT * dice.betavariate(1.4, 3.5)) for _account in range(accounts)]
    with closing(History(path)) as history:
        for place in range(days):
            day = _FIRST + timedelta(days=place)
            for account in range(accounts) if day.weekday() < 5 else range(0, accounts, 3):
                if busy[account]:
                    used[account] = max(0, used[account] + int(dice.gauss(5e6, 1e7)))
            login = _NOW + timedelta(days=place)
            samples = [
                Sample(name, size, size // 75_000, LIMIT, last_login=login)
                for name, size in zip(names, used, strict=True)
            ]
            written, _count = _timed(lambda: history.record(day, samples))  # noqa: B023
            thinned, _pages = _timed(lambda: history.thin(day))  # noqa: B023
            yield written, thinned
