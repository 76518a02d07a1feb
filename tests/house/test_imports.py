"""What is not needed is not loaded: looking something up stays quick."""

import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from mailtui.cache.writing import Cache
from mailtui.cli.context import Options
from mailtui.cli.front import _without_verb
from mailtui.domain.account import Kind, Standing
from mailtui.domain.mirror import AccountRecord

HEAVY = (
    "textual",
    "rich",
    "sqlmodel",
    "sqlalchemy",
    "pydantic",
    "ldap3",
    "pyasn1",
    "keyring",
    "pypinyin",
    "cryptography",
)


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """A config whose directory is not there, and a mirror of it with one account."""
    cache = tmp_path / "cache.db"
    with closing(Cache(cache)) as opened, opened.stage() as staging:
        record = AccountRecord(
            "1b4e28ba-2fa1-41d2-883f-0016d3cca427", "uid=ann,dc=x", "ann", "Ann Lee", "ann@x.example", Kind.PERSON,
            Standing.ACTIVE, quota_limit=1 << 30, quota_used=1 << 29,
        )  # fmt: skip
        staging.add([record])
        staging.commit(as_of=datetime.now(UTC), cursor="timestamp", base="dc=x")
    file = tmp_path / "config.toml"
    file.write_text(f'[directory]\nurls = ["ldap://127.0.0.1:1"]\nbase = "dc=x"\n[cache]\npath = "{cache}"\n')
    return file


def loaded_by(code: str, watched: tuple[str, ...] = HEAVY) -> set[str]:
    """Run code in a process of its own and give the watched packages that it loaded."""
    script = f"import sys\n{code}\nprint('LOADED', *[n for n in {watched!r} if n in sys.modules])"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return set(done.stdout.rpartition("LOADED")[2].split())


@pytest.mark.parametrize(
    "verb", [["quota", "ann"], ["find", "ann"], ["show", "ann"], ["--version"], ["disable", "--help"]]
)
def test_looking_something_up_loads_nothing_heavy(config: Path, verb: list[str]) -> None:
    arguments = ["--config", str(config), *verb]
    assert loaded_by(f"from mailtui.cli.front import run\nassert run({arguments!r}) == 0") == set()


def test_the_core_loads_no_textual() -> None:
    code = "import mailtui.desk, mailtui.runner, mailtui.apply.batches, mailtui.sync.full, mailtui.journal.log"
    assert "textual" not in loaded_by(
        code + ", mailtui.directory.connection, mailtui.demo.service, mailtui.plans.catalogue"
    )


FIRST_FRAME = """
import sys
from pathlib import Path
from textual.app import App
from mailtui.cli.front import _without_verb
from mailtui.ui.console import Console
from mailtui.runner.front import Runner

class Watched(Console):
    def _display(self, screen, renderable):
        super()._display(screen, renderable)
        shown = "\\n".join(strip.text for strip in screen._compositor.render_strips())
        if renderable is not None and "2 Accounts" in shown:
            missing = [word for word in ("1 Units", "/ name", "x disable", "q quit") if word not in shown]
            # Not through what Textual puts in the place of the output: nothing would flush that.
            print(*missing, file=sys.__stdout__)
            print("LOADED", *[name for name in HEAVY if name in sys.modules], file=sys.__stdout__, flush=True)
            __import__("os")._exit(0)

desk = _without_verb(["--config", CONFIG]).desk()
Watched(desk, Runner(desk), read_only=False).run(headless=True, size=(80, 24))
"""
LATER = (
    *(name for name in HEAVY if name not in {"textual", "rich"}), "sqlite3", "typer", "mailtui.queries.mirror",
    "mailtui.queries.lists", "mailtui.cache", "mailtui.directory", "mailtui.journal", "mailtui.sync", "mailtui.demo",
    "mailtui.ui.dialogs.box", "mailtui.ui.screens.batch", "mailtui.ui.screens.help", "mailtui.ui.widgets.list_field",
)  # fmt: skip


def test_the_first_frame_is_painted_before_anything_heavy_is_loaded(config: Path) -> None:
    script = f"HEAVY = {LATER!r}\nCONFIG = {str(config)!r}\n{FIRST_FRAME}"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert done.stdout.splitlines() == ["", "LOADED"], done.stdout + done.stderr


def test_the_way_to_the_console_is_decided_before_the_command_line_is_put_together(config: Path) -> None:
    # No terminal: it is refused, but only after that was decided.
    code = f"from mailtui.cli.front import run\nassert run(['--config', {str(config)!r}]) == 2"
    assert loaded_by(code, ("typer", "textual")) == set()


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["--config"], ["--nonsense"], ["find", "--json"]])
def test_whatever_takes_explaining_is_no_wish_for_the_console(arguments: list[str]) -> None:
    assert _without_verb(arguments) is None


def test_global_options_alone_ask_for_the_console() -> None:
    options = _without_verb(["--demo", "--config=a.toml", "--read-only", "--json"])
    assert options == Options(Path("a.toml"), demo=True, read_only=True, json=True)
