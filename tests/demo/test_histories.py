"""How full the sample company's mailboxes were: always the same, of every kind, and leading to what is so today."""

from collections import Counter
from datetime import date, timedelta

from mailtui.demo.histories import DAYS, history
from mailtui.domain.forecast import Reason, forecast

TODAY = date(2026, 11, 24)
GIB = 1 << 30


def test_a_history_is_always_the_same_and_ends_at_what_is_used_today() -> None:
    for place in range(200):
        points = history(f"login{place}", 3 * GIB + place, TODAY)
        assert points == history(f"login{place}", 3 * GIB + place, TODAY)
        assert points[-1] == (TODAY, 3 * GIB + place)
        assert points[0][0] - timedelta(days=1) <= TODAY - timedelta(days=DAYS - 1) <= points[0][0]
        assert all(size >= 0 for _day, size in points)
        assert [day for day, _size in points] == sorted({day for day, _size in points})
        assert len(points) < DAYS


def test_what_was_never_used_never_held_anything_and_unknown_use_was_never_known() -> None:
    assert {size for _day, size in history("ann", 0, TODAY)} == {0}
    assert history("ann", None, TODAY) == []


def test_mailboxes_differ_in_how_they_grow() -> None:
    reasons: Counter[Reason | None] = Counter(
        forecast(history(f"login{place}", 4 * GIB, TODAY), 5 * GIB, TODAY).reason for place in range(400)
    )
    assert reasons[None] > 100
    assert min(reasons[kind] for kind in (Reason.STEADY, Reason.STEP, Reason.UNEVEN, Reason.FAR)) > 2
