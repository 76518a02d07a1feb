"""The embedded directory with a small company, for commands to work on."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from mailtui.demo import service
from mailtui.demo.address import DemoAddress
from tests.cli.commands import write_config


@pytest.fixture(scope="module")
def address() -> Iterator[DemoAddress]:
    """A directory that the tests of one module share."""
    with service.temporary(120, 1) as running:
        yield running


@pytest.fixture
def config(address: DemoAddress, tmp_path: Path) -> str:
    """A config file for it."""
    return str(write_config(tmp_path / "config.toml", address))
