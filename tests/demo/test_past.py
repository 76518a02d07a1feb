"""The sample company has a past from the first look on, and it is told of once."""

from collections import Counter
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from mailtui.cli.context import Options, demo_desk
from mailtui.domain.forecast import Reason, forecast
from mailtui.domain.usage import Sample
from mailtui.history.store import History
from mailtui.queries.usage import UsageHistory

PEOPLE = 300


@pytest.mark.usefixtures("folder")
def test_a_company_looked_at_for_the_first_time_has_a_past_that_leads_to_today() -> None:
    desk = demo_desk(Options(), PEOPLE, 1)
    today = datetime.now(UTC).date()
    with desk.connected() as directory:
        entries = list(
            directory.search(desk.directory_config.base, "(mailQuotaUsed=*)", ("entryUUID", "mailQuotaUsed"))
        )
    with closing(UsageHistory(desk.files.history)) as history:
        latest = history.latest(today)
        assert sum(use.last_login is not None for use in latest.values()) > PEOPLE // 2
        assert latest.keys() == {entry.text("entryUUID") for entry in entries}
        reasons: Counter[Reason | None] = Counter()
        for entry in entries:
            identity = entry.text("entryUUID") or ""
            point = latest[identity].point
            assert point is not None
            assert (point.day, point.used_bytes) == (today, int(entry.get("mailQuotaUsed")[0]))
            assert point.limit_bytes or point.unlimited
            series = [(each.day, each.used_bytes) for each in history.series(identity) if each.used_bytes is not None]
            assert series[0][0] < today - timedelta(days=100)
            reasons[forecast(series, 5 << 30, today).reason] += 1
    # Some can be told, and of others there are reasons why not.
    assert reasons[None] > PEOPLE // 10
    assert len(reasons) > 3


@pytest.mark.usefixtures("folder")
def test_a_past_is_made_up_once_and_another_company_has_its_own() -> None:
    first = demo_desk(Options(), 30, 1).files.history
    today = datetime.now(UTC).date()
    with closing(UsageHistory(first)) as read:
        identity = next(iter(read.latest(today)))
    with closing(History(first)) as history:
        history.record(today, [Sample(identity, 12345)])
    assert demo_desk(Options()).files.history == first
    with closing(UsageHistory(first)) as read:
        assert read.series(identity)[-1].used_bytes == 12345
    other = demo_desk(Options(), 30, 2).files.history
    assert other != first
    with closing(UsageHistory(other)) as read:
        assert len(read.latest(date.min)) > 30


def test_a_past_that_cannot_be_written_keeps_nobody_from_the_demo(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "file"))
    desk = demo_desk(Options(), 5, 1)
    assert folder.exists()
    assert desk.config.mailstore is not None
