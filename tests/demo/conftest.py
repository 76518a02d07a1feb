"""A data folder of one's own, and an end for whatever was started in it."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from mailtui.demo.service import is_held
from tests.servers.waiting import until


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Give the folder in which the shared directory keeps its data; what runs there is ended after the test."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    folder = tmp_path / "mailtui" / "demo"
    yield folder
    end(folder, signal.SIGTERM)


def end(folder: Path, how: signal.Signals) -> None:
    """End the directory that runs in a folder, if one does."""
    lock = folder / "server.lock"
    if lock.exists() and is_held(lock):
        os.kill(pid_of(folder), how)
        until(lambda: not is_held(lock), "the directory to end")


def pid_of(folder: Path) -> int:
    """Give the process that runs in a folder."""
    return int((folder / "server.lock").read_text())
