"""A folder for the cache, and a reader of what is in it."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from mailtui.queries.mirror import Mirror
from tests.cache.records import NOW


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the cache is."""
    return tmp_path / "cache" / "cache.db"


@pytest.fixture
def mirror(path: Path) -> Iterator[Callable[[], Mirror]]:
    """Opens mirrors of the cache, and closes them in the end."""
    opened: list[Mirror] = []

    def reader() -> Mirror:
        opened.append(Mirror(path, clock=lambda: NOW))
        return opened[-1]

    yield reader
    for each in opened:
        each.close()
