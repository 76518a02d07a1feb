"""A site's journal: one file that all its operators write into, whoever they are, and nobody else."""

import multiprocessing
import os
import stat
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from mailtui import paths
from mailtui.domain.batch import RowState
from mailtui.errors import MailtuiError, Refused
from mailtui.journal.log import Journal
from tests.journal.conftest import KIM, NOON, SyslogDouble, plan_for, plan_row, written

IS_ROOT = os.geteuid() == 0
# Numbers that no account has; who is not root plays all eight operators alone.
GROUP = 40_001 if IS_ROOT else os.getegid()
OPERATORS = [40_010 + number if IS_ROOT else os.getuid() for number in range(8)]
FORK = multiprocessing.get_context("fork")


@pytest.fixture
def site() -> Iterator[Path]:
    # Not below pytest's own folder, which is closed to all but one.
    with TemporaryDirectory() as above:
        Path(above).chmod(0o711)
        folder = Path(above, "journal")
        folder.mkdir()
        os.chown(folder, -1, GROUP)
        folder.chmod(0o2770)
        yield paths.site_journal(folder, "ldap.example.com_dc=example,dc=com")


def as_operators(*doings: Callable[[], None], uids: list[int] = OPERATORS, groups: tuple[int, ...] = (GROUP,)) -> None:
    """Do things at once, each as another operator with a umask that closes everything."""
    children = [FORK.Process(target=_be, args=(uid, groups, doing)) for uid, doing in zip(uids, doings, strict=False)]
    for child in children:
        child.start()
    for child in children:
        child.join(120)
    assert [child.exitcode for child in children] == [0] * len(children)


def _be(uid: int, groups: tuple[int, ...], doing: Callable[[], None]) -> None:
    os.umask(0o077)
    if IS_ROOT:
        os.setgroups(groups)
        os.setgid(uid)
        os.setuid(uid)
    doing()


def assert_shared(*files: Path) -> None:
    for file in files:
        found = file.stat()
        assert (stat.S_IMODE(found.st_mode), found.st_gid) == (0o660, GROUP), file


def test_its_file_is_named_after_the_directory(site: Path) -> None:
    assert site.name == "ldap.example.com_dc=example_dc=com.journal.db"
    assert (
        site.name.removesuffix(".journal.db") == paths.stores("ldap.example.com_dc=example,dc=com").journal.parent.name
    )


def test_eight_operators_writing_at_once_lose_nothing_and_keep_one_chain(site: Path) -> None:
    def work() -> None:
        for _number in range(6):
            # Opened and closed each time: the files beside it come and go under the others' hands.
            with closing(Journal(site, is_shared=True)) as journal:
                name = written(journal, plan_for(*(plan_row(f"user{row}") for row in range(5))))
                with journal.batch_lock(name):
                    assert_shared(site, site.with_name(f"{site.name}.{name}.lock"))

    def look() -> None:
        with closing(Journal(site, is_shared=True)) as journal:
            assert journal.verify().records == 48 * (1 + 5 + 1 + 5 + 5 + 1)
            batches = journal.batches()
            assert sorted(batch.id for batch in batches) == sorted(f"B{number}" for number in range(1, 49))
            assert all(batch.counts[RowState.VERIFIED] == 5 for batch in batches)
            for batch in batches:
                with journal.batch_lock(batch.id):
                    assert journal.is_held(batch.id)

    as_operators(*[work] * 8)
    for uid in OPERATORS:
        as_operators(look, uids=[uid])
    assert [file.name for file in site.parent.iterdir()] == [site.name]
    assert_shared(site)


def test_a_batch_that_one_operator_holds_is_refused_to_another_until_she_is_gone(site: Path) -> None:
    held, gone = FORK.Event(), FORK.Event()

    def hold() -> None:
        with closing(Journal(site, is_shared=True)) as journal:
            journal.open_batch(plan_for(plan_row("anna")), KIM, NOON)
            with journal.batch_lock("B1"):
                assert_shared(*site.parent.iterdir())
                held.set()
                assert gone.wait(60)
                # As a process ends that is killed: the lock's file stays behind.
                os._exit(0)

    def meet() -> None:
        assert held.wait(60)
        with closing(Journal(site, is_shared=True)) as journal:
            assert journal.is_held("B1")
            with pytest.raises(Refused, match="B1"), journal.batch_lock("B1"):
                pass
            gone.set()

    as_operators(hold, meet)

    def take_over() -> None:
        with closing(Journal(site, is_shared=True)) as journal, journal.batch_lock("B1"):
            assert journal.is_held("B1")

    as_operators(take_over, uids=OPERATORS[1:2])
    assert not list(site.parent.glob("*.lock"))


def test_its_heads_bear_the_name_of_the_directory(site: Path, syslog: SyslogDouble) -> None:
    site.parent.chmod(0o2770)
    os.chown(site.parent, -1, os.getegid())
    site.parent.chmod(0o2770)
    with closing(Journal(site, is_shared=True, syslog=syslog.path)) as journal:
        written(journal, plan_for(plan_row("anna")))
        assert all(" journal ldap.example.com_dc=example_dc=com head " in line for line in syslog.lines)
        assert journal.verify(syslog.lines).untouched_to == 6


def refusal(site: Path) -> MailtuiError:
    with pytest.raises(Refused) as refused:
        Journal(site, is_shared=True)
    return refused.value


@pytest.mark.parametrize("mode", [0o770, 0o2750, 0o2775, 0o2771, 0o3770, 0o700])
def test_a_folder_of_another_mode_is_refused_with_the_fix(mode: int, site: Path) -> None:
    os.chown(site.parent, -1, os.getegid())
    site.parent.chmod(mode)
    error = refusal(site)
    assert f"{mode:04o}" in error.message
    assert f"chmod 2770 {site.parent}" in error.hint
    assert not list(site.parent.iterdir())
    assert stat.S_IMODE(site.parent.stat().st_mode) == mode


def test_a_folder_that_is_not_there_is_refused_with_the_fix_and_not_made(tmp_path: Path) -> None:
    error = refusal(tmp_path / "its journal" / "one.journal.db")
    where = f"'{tmp_path}/its journal'"
    assert f"mkdir {where}; chgrp helpdesk {where}; chmod 2770 {where}" in error.hint
    assert not list(tmp_path.iterdir())


def test_a_folder_of_a_group_one_is_not_in_is_refused_with_the_fix(site: Path) -> None:
    # Only root can give a folder to a group it is not in.
    folder = site.parent if IS_ROOT else Path("/usr")
    error = refusal(folder / site.name)
    assert (str(GROUP) if IS_ROOT else "root") in error.message
    assert f"chgrp helpdesk {folder}; chmod 2770 {folder}" in error.hint
    if not IS_ROOT:
        return

    def knock() -> None:
        with pytest.raises(Refused, match="no member"):
            Journal(site, is_shared=True)

    as_operators(knock, groups=())
    assert not list(site.parent.iterdir())


@pytest.mark.parametrize("ending", ["", "-wal"])
@pytest.mark.parametrize("mode", [0o600, 0o664])
def test_a_file_of_another_mode_is_refused_with_the_fix(mode: int, ending: str, site: Path) -> None:
    os.chown(site.parent, -1, os.getegid())
    site.parent.chmod(0o2770)
    Journal(site, is_shared=True).close()
    file = site.with_name(site.name + ending)
    file.touch()
    file.chmod(mode)
    before = file.read_bytes()
    error = refusal(site)
    assert f"{mode:04o}" in error.message
    assert f"chmod 0660 {file}" in error.hint
    assert file.read_bytes() == before


def test_a_private_journal_stays_private(path: Path) -> None:
    with closing(Journal(path)) as journal, journal.batch_lock("B1"):
        assert {stat.S_IMODE(file.stat().st_mode) for file in path.parent.iterdir()} == {0o600}
        assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
