"""A mirror filled with the records that a test gives."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from mailtui.domain.mirror import Record
from mailtui.domain.policy import Policy
from mailtui.queries.mirror import Mirror
from tests.cache.records import NOW, load

Filled = Callable[..., Mirror]


@pytest.fixture
def filled(tmp_path: Path) -> Iterator[Filled]:
    """Fills a cache with records and opens a mirror of it."""
    opened: list[Mirror] = []

    def fill(*records: Record, policy: Policy | None = None) -> Mirror:
        path = tmp_path / f"{len(opened)}.db"
        load(path, records)
        opened.append(Mirror(path, policy, clock=lambda: NOW))
        return opened[-1]

    yield fill
    for each in opened:
        each.close()
