"""A search typed letter by letter: the first window after each key, and the whole list behind it."""

from collections.abc import Iterator, Sequence
from contextlib import closing

from mailtui.domain.language import parse
from mailtui.errors import UsageError
from mailtui.queries.mirror import Mirror
from mailtui.queries.views import Sort, View
from tests.bench.caches import Filled
from tests.bench.measuring import Measure, milliseconds, percentile

WINDOW = 50
MIXES = {
    "a word": ("jonath", "smith", "schnei", "kazo", "sales", "berlin", "o'brien"),
    "two words": ("jona smith", "anna schmi", "j s", "maria gar", "tom field", "smith sales"),
    "Chinese": ("张伟", "王", "陈秀英", "李 销售"),
    "pinyin, initials": ("zhangw", "wangxiu", "zw", "lixy", "chen wei"),
    "digits": ("10001234", "1000", "+49 30 0012345", "4930001", "987654"),
    "an address": ("anna.smith1@example.com", "jon.r", "smith@ex", "@example.com"),
    "no hit": ("zzzzzz", "qx vv", "jonathx"),
    "structured": (
        "dept:sales", "dept:berlin", 'dept:"field service"', "dept:store", "quota>90", "quota>50", "idle>60d",
        "idle>300d", "is:disabled", "is:locked", "is:expired", "is:active", "kind:shared", "kind:person",
        "title:director", "group:vpn", "group:support", "-is:active", "-dept:sales", "limit>=4GiB",
    ),
    "structured and words": (
        "jon dept:sales", "anna is:disabled", "j quota>90", "zhang idle>60d", "smith kind:shared", "m is:locked",
        "dept:sales quota>80", "is:disabled idle>90d", "dept:field is:disabled quota>60", "kind:shared idle>120d",
        "title:engineer dept:research", "group:vpn quota>80", "anna -is:active", "quota>95 -is:disabled",
    ),
}  # fmt: skip


def measure(caches: Sequence[Filled]) -> Iterator[Measure]:
    """Percentiles over all keystrokes, and over each kind; a structured word that is not whole yet is not asked."""
    for cache in caches:
        with closing(Mirror(cache.path)) as mirror:
            yield from _all_mixes(mirror, cache.accounts)


def _all_mixes(mirror: Mirror, accounts: int) -> Iterator[Measure]:
    rows = mirror.first(View(), WINDOW).rows
    window = milliseconds(lambda: mirror.lines(rows), 50)
    yield Measure("reference: a window of 50 rows by id", accounts, window)
    taken = {kind: [_first(mirror, View(text)) for text in _typed(queries)] for kind, queries in MIXES.items()}
    everything = [each for kind in taken.values() for each in kind]
    for percent in (50, 95, 99, 100):
        yield Measure(
            f"keystroke to first window, p{percent}", accounts, percentile_of(everything, percent), "ms", window
        )
    for kind, values in taken.items():
        yield Measure(f"  {kind}, p95", accounts, percentile_of(values, 95), "ms", window)
    texts = [text for queries in MIXES.values() for text in queries]
    by_percent = [_first(mirror, View(text, sort=Sort.PERCENT, reverse=True)) for text in texts]
    yield Measure("query typed, by percent used, p95", accounts, percentile_of(by_percent, 95), "ms", window)
    whole = [_whole(mirror, View(text)) for text in texts]
    for percent in (50, 95, 100):
        yield Measure(
            f"query typed, all its rows (thread), p{percent}", accounts, percentile_of(whole, percent), "ms", window
        )


def percentile_of(values: Sequence[float], percent: int) -> float:
    """A percentile; the hundredth is the slowest."""
    return max(values) if percent == 100 else percentile(values, percent)


def _typed(queries: Sequence[str]) -> Iterator[str]:
    """Give what stands in the box after each key."""
    seen = set()
    for query in queries:
        for end in range(1, len(query) + 1):
            text = query[:end]
            try:
                parse(text)
            except UsageError:
                continue
            if text not in seen:
                seen.add(text)
                yield text


def _first(mirror: Mirror, view: View) -> float:
    return milliseconds(lambda: mirror.lines(mirror.first(view, WINDOW).rows), 3)


def _whole(mirror: Mirror, view: View) -> float:
    return milliseconds(lambda: mirror.hits(view), 2)
