"""A mirror that a service fills and others only read: with the service at work, stopped, and killed."""

import os
import stat
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from threading import Event

import pytest

from mailtui.cache.writing import Cache
from mailtui.config import CacheConfig, Config, DirectoryConfig
from mailtui.demo.address import BASE, DemoAddress
from mailtui.desk import Desk
from mailtui.errors import Refused, StoreError
from mailtui.paths import StorePaths
from mailtui.queries.mirror import Mirror
from mailtui.ui.looking import Looking
from tests.servers.embedded import embedded
from tests.servers.slapd import SlapdOptions, slapd
from tests.servers.waiting import until
from tests.sync.changes import Changer
from tests.sync.test_deltas import desk_on
from tests.sync.test_full_load import quietly

NOBODY = 65534


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that its group may read; the test's own folders are closed to everybody else."""
    with tempfile.TemporaryDirectory(prefix="mailtui-shared-") as name:
        made = Path(name)
        if os.getuid() == 0:
            os.chown(made, 0, NOBODY)
        made.chmod(0o2750)
        yield made


@contextmanager
def service(address: DemoAddress, file: Path, home: Path) -> Iterator[subprocess.Popen[str]]:
    """The service of the README, as a process."""
    config = home / "config.toml"
    config.write_text(
        f'[directory]\nurls = ["{address.url}"]\nbase = "{address.base}"\nbind_dn = "{address.bind_dn}"\n'
        f'[cache]\npath = "{file}"\n'
    )
    (home / "mailtui-operator").write_text(address.password.reveal() + "\n")
    command = [sys.executable, "-m", "mailtui", "--config", str(config), "sync", "--follow"]
    environment = {**os.environ, "CREDENTIALS_DIRECTORY": str(home)}
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment, umask=0o027
    ) as process:
        try:
            assert process.stdout is not None
            assert "accounts" in process.stdout.readline()
            yield process
        finally:
            process.kill()


@contextmanager
def somebody_else(look: Callable[[], int]) -> Iterator[Callable[[], int]]:
    """Let somebody who may read the file and no more look at it, in a process of its own; give what was seen."""
    reading, writing = os.pipe()
    with warnings.catch_warnings(action="ignore"):
        child = os.fork()
    if child == 0:
        # Whatever happens here must not go on as a second run of the tests.
        with suppress(BaseException):
            if os.getuid() == 0:
                os.setgroups([])
                os.setgid(NOBODY)
                os.setuid(NOBODY)
            os.write(writing, str(look()).encode())
        os._exit(0)
    os.close(writing)

    def answer() -> int:
        with os.fdopen(reading) as stream:
            said = stream.read()
        assert said, "the mirror cannot be read"
        return int(said)

    try:
        yield answer
    finally:
        os.waitpid(child, 0)


def accounts(file: Path) -> int:
    """Count the accounts as somebody else sees them."""

    def look() -> int:
        with closing(Mirror(file)) as mirror:
            return mirror.state().accounts

    with somebody_else(look) as answer:
        return answer()


@pytest.mark.server
def test_others_read_what_a_service_keeps_whatever_becomes_of_it(folder: Path, tmp_path: Path) -> None:
    file = folder / "mirror.db"
    with slapd(options=SlapdOptions(syncprov=True)) as address, closing(Changer(address, 1)) as changer:
        changer.populate(40)
        with service(address, file, tmp_path) as process:
            assert accounts(file) == 40
            assert stat.S_IMODE(file.stat().st_mode) == 0o640
            changer.add("newcomer", BASE)
            until(lambda: accounts(file) == 41, "the newcomer")
            process.terminate()
            process.wait(20)
        assert accounts(file) == 41
        with service(address, file, tmp_path):
            changer.add("latecomer", BASE)
            until(lambda: accounts(file) == 42, "the latecomer")
        # Killed: what it left beside the file is read as well.
        assert accounts(file) == 42


@pytest.mark.server
def test_a_reader_of_a_mirror_at_rest_sees_what_comes_once_the_service_is_back(folder: Path, tmp_path: Path) -> None:
    file, opened = folder / "mirror.db", tmp_path / "opened"

    def look() -> int:
        looking = Looking(desk)
        seen = looking.state().accounts
        os.write(told, b"x")
        until(lambda: looking.state().accounts != seen, "something new")
        return looking.state().accounts

    with slapd(options=SlapdOptions(syncprov=True)) as address, closing(Changer(address, 1)) as changer:
        changer.populate(40)
        with service(address, file, tmp_path) as process:
            process.terminate()
            process.wait(20)
        config = DirectoryConfig((address.url,), address.base, bind_dn=address.bind_dn)
        desk = Desk(Config(config, cache=CacheConfig(path=file)), files=StorePaths(file, opened, opened))
        heard, told = os.pipe()
        with somebody_else(look) as answer:
            assert os.read(heard, 1) == b"x"
            with service(address, file, tmp_path):
                changer.add("newcomer", BASE)
                assert answer() == 41


def test_a_mirror_opened_at_rest_answers_once_though_its_service_begins_that_moment(folder: Path) -> None:
    file = folder / "mirror.db"

    def look() -> int:
        with closing(Mirror(file)) as mirror:
            os.write(told, b"x")
            until(lambda: file.with_name("mirror.db-wal").exists(), "the service")
            seen = mirror.state().accounts
            with pytest.raises(StoreError, match="being renewed"):
                mirror.state()
            return seen

    with closing(Cache(file, is_shared=True)):
        pass
    heard, told = os.pipe()
    with somebody_else(look) as answer:
        assert os.read(heard, 1) == b"x"
        with closing(Cache(file, is_shared=True)):
            assert answer() == 0


def test_a_mirror_at_rest_that_is_written_meanwhile_is_not_believed(folder: Path) -> None:
    file = folder / "mirror.db"

    def look() -> int:
        with closing(Mirror(file)) as mirror:
            try:
                with mirror.snapshot():
                    os.write(told, b"x")
                    before = file.stat().st_mtime_ns
                    until(lambda: file.stat().st_mtime_ns != before, "the service")
            except StoreError:
                return 1
        return 0

    with closing(Cache(file, is_shared=True)):
        pass
    heard, told = os.pipe()
    with somebody_else(look) as answer:
        assert os.read(heard, 1) == b"x"
        with closing(Cache(file, is_shared=True)) as cache:
            cache.note_failure("a reason", datetime.now(UTC))
        assert answer() == 1


def test_a_task_waits_for_the_service_and_says_so_when_it_does_not_come(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with embedded() as address, closing(Changer(address, 1)) as changer:
        changer.populate(5)
        private = desk_on(address, folder)
        private.sync(quietly, Event())
        with closing(private.mirror()) as mirror:
            [one] = mirror.exact("u1x13")
        desk = Desk(replace(private.config, cache=CacheConfig(path=private.cache_file)), files=private.files)
        desk.give_password("operator", address.password)
        changer.touch(one.dn)
        monkeypatch.setattr("mailtui.sync.mending.os.access", lambda *_wanted: False)
        assert desk.plans.prepare("disable", [one.id], {}).rows
        changer.retitle(one.dn, "Clerk of Works")
        monkeypatch.setattr("mailtui.sync.mending._PATIENCE_S", 0.3)
        with pytest.raises(Refused, match="shared mirror"):
            desk.plans.prepare("disable", [one.id], {})
