"""Passwords that were to go into a file which cannot be written: refused before, or shown after; never lost."""

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from mailtui.cli.passwords import Made, check_file, handed_over
from mailtui.domain.batch import BatchRow, RowState
from mailtui.domain.secret import Secret
from mailtui.errors import UsageError

ROW = BatchRow(1, "id-anna", "anna", "Anna", "uid=anna,dc=example,dc=com", RowState.VERIFIED)
MADE: list[Made] = [(ROW, Secret("tapa-rafi"))]


@contextmanager
def full_disk() -> Iterator[None]:
    """Let no file of this process grow."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_passwords_that_find_no_room_are_shown(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with full_disk():
        shown = handed_over(MADE, tmp_path / "passwords")
    assert shown == MADE
    assert "the passwords follow" in capsys.readouterr().err


def test_they_are_written_for_their_owner_alone(tmp_path: Path) -> None:
    file = tmp_path / "passwords"
    assert handed_over(MADE, file) == ()
    assert file.read_text(encoding="utf-8") == "anna\ttapa-rafi\n"
    assert file.stat().st_mode & 0o777 == 0o600


def test_a_file_that_is_there_is_refused_a_link_into_the_void_too(tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(tmp_path / "void")
    for file in (link, tmp_path, tmp_path / "no folder" / "file"):
        with pytest.raises(UsageError):
            check_file(file)
    check_file(tmp_path / "new")
