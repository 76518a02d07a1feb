"""What is not needed is not loaded: looking something up stays quick."""

import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from mailtui.cache.writing import Cache
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


def loaded_by(code: str) -> set[str]:
    """Run code in a process of its own and give the heavy packages that it loaded."""
    script = f"import sys\n{code}\nprint('LOADED', *[n for n in {HEAVY!r} if n in sys.modules])"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return set(done.stdout.rpartition("LOADED")[2].split())


@pytest.mark.parametrize(
    "verb", [["quota", "ann"], ["find", "ann"], ["show", "ann"], ["--version"], ["disable", "--help"]]
)
def test_looking_something_up_loads_nothing_heavy(config: Path, verb: list[str]) -> None:
    arguments = ["--config", str(config), *verb]
    assert loaded_by(f"from mailtui.cli.app import run\nassert run({arguments!r}) == 0") == set()


def test_the_core_loads_no_textual() -> None:
    code = "import mailtui.desk, mailtui.runner, mailtui.apply.batches, mailtui.sync.full, mailtui.journal.log"
    assert "textual" not in loaded_by(
        code + ", mailtui.directory.connection, mailtui.demo.service, mailtui.plans.catalogue"
    )


def test_the_console_paints_before_it_loads_stores_or_ldap() -> None:
    assert loaded_by("import mailtui.ui.app") <= {"textual", "rich"}
