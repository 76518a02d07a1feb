"""Days as people name them."""

from datetime import UTC, date, datetime
from time import tzset

import pytest

from mailtui.domain.days import day_of, end_of
from mailtui.errors import UsageError

TODAY = date(2026, 11, 24)
# As POSIX has it: a machine without a time zone database knows it too.
BERLIN = "CET-1CEST,M3.5.0,M10.5.0/3"


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-12-31", date(2026, 12, 31)),
        (" 2026-12-31 ", date(2026, 12, 31)),
        ("+30d", date(2026, 12, 24)),
        ("+2W", date(2026, 12, 8)),
        ("+0d", TODAY),
    ],
)
def test_a_day_is_read(text: str, day: date) -> None:
    assert day_of(text, TODAY) == day


@pytest.mark.parametrize("text", ["", "tomorrow", "30d", "-30d", "+30", "2026-02-30", "31.12.2026", "9999-12-31"])
def test_what_is_no_day_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="no day"):
        day_of(text, TODAY)


@pytest.mark.parametrize(
    ("zone", "day", "end"),
    [
        ("UTC", date(2026, 12, 31), datetime(2026, 12, 31, 23, 59, 59, tzinfo=UTC)),
        ("CST-8", date(2026, 12, 31), datetime(2026, 12, 31, 15, 59, 59, tzinfo=UTC)),
        (BERLIN, date(2026, 7, 1), datetime(2026, 7, 1, 21, 59, 59, tzinfo=UTC)),
        (BERLIN, date(2026, 12, 1), datetime(2026, 12, 1, 22, 59, 59, tzinfo=UTC)),
    ],
)
def test_a_day_ends_where_the_operator_is(zone: str, day: date, end: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as here:
        here.setenv("TZ", zone)
        tzset()
        assert end_of(day) == end
    tzset()
