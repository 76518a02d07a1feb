"""What every test gets: folders of its own in place of the home folder, and no skip that goes unseen."""

from pathlib import Path

import pytest
from hypothesis import settings

# The same examples each time: what fails here fails anywhere. `--hypothesis-profile=default` looks for new ones.
settings.register_profile("same", derandomize=True, deadline=None, database=None, print_blob=True)
settings.load_profile("same")

_FOLDERS = ("XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME", "XDG_DATA_HOME", "XDG_RUNTIME_DIR")
_REMOVED = ("MAILTUI_CONFIG", "SSH_CONNECTION", "SSH_CLIENT", "NO_COLOR", "CREDENTIALS_DIRECTORY", "LANGUAGE", "TMUX")


@pytest.fixture(autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home folder that nobody else has; commands that a test starts see it too."""
    folder = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("HOME", str(folder))
    for name in _FOLDERS:
        monkeypatch.setenv(name, str(folder / name.lower()))
    for name in _REMOVED:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    return folder


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say what a skip means here."""
    if terminalreporter.stats.get("skipped"):
        terminalreporter.write_line("A skipped test counts as a failure: install what it needs.", red=True)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fail a run in which anything was skipped."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter and reporter.stats.get("skipped") and not session.exitstatus:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
