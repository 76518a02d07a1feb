"""The load of a cache, as it was when the cache was made, and its size."""

from collections.abc import Iterator, Sequence

from tests.bench.caches import Filled
from tests.bench.measuring import Measure


def measure(caches: Sequence[Filled]) -> Iterator[Measure]:
    """Beside the same accounts as bare rows; making the records is not counted."""
    for cache in caches:
        yield Measure("load / bare rows", cache.accounts, cache.load_s, "s", cache.bare_s)
        yield Measure("load, accounts a second", cache.accounts, cache.accounts / cache.load_s, "")
        yield Measure("load, memory", cache.accounts, cache.peak_mib, "MiB")
        yield Measure("file", cache.accounts, cache.path.stat().st_size / (1 << 20), "MiB")
