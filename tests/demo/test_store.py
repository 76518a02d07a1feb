"""The log that changes are written to, its schema file, and hashed passwords."""

import errno
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

from mailtui.demo import company, origin, passwords, store
from mailtui.demo.hosting import new_tree
from mailtui.demo.naming import name
from mailtui.demo.origin import Company
from mailtui.demo.results import Refusal
from mailtui.demo.schema import server_schema
from mailtui.demo.store import Log
from mailtui.domain import dn


class FullDisk(io.FileIO):
    """Takes ten bytes, then no more."""

    taken = False

    def write(self, data: bytes) -> int:  # type: ignore[override]
        if self.taken:
            raise OSError(errno.ENOSPC, "No space left on device")
        self.taken = True
        return super().write(data[:10])


def test_what_is_logged_is_loaded(tmp_path: Path) -> None:
    tree = new_tree()
    company.populate(tree, 60, 1)
    entries = tree.subtree(tree.base.key)
    log = Log(tmp_path / "data.log", Company(60, 1), tree)
    log.append([entries[-1]], [], tree.csn)
    log.close()
    again = new_tree()
    store.load(tmp_path / "data.log", again)
    assert [(e.dn, e.attributes) for e in again.subtree(again.base.key)] == [(e.dn, e.attributes) for e in entries[:-1]]
    assert again.csn == tree.csn
    assert origin.read(tmp_path / "data.log") == Company(60, 1)


def test_a_full_disk_refuses_the_change_and_leaves_the_log_whole(tmp_path: Path) -> None:
    tree = new_tree()
    company.populate(tree, 0, 1)
    entries = tree.subtree(tree.base.key)
    log = Log(tmp_path / "data.log", Company(0, 1), tree)
    before = (tmp_path / "data.log").read_bytes()
    log._stream.close()
    log._stream = FullDisk(tmp_path / "data.log", "ab")
    with pytest.raises(Refusal, match="No space left"):
        log.append([], entries, tree.csn)
    log.close()
    assert (tmp_path / "data.log").read_bytes() == before


@pytest.mark.parametrize("text", [b"", b"no json\n", b'{"version": 99, "people": 1, "seed": 1}\n', b"[1]\n"])
def test_a_log_that_is_none_of_ours_is_no_company(tmp_path: Path, text: bytes) -> None:
    (tmp_path / "data.log").write_bytes(text)
    assert origin.read(tmp_path / "data.log") is None
    assert origin.read(tmp_path / "none") is None


def test_a_password_fits_what_was_made_from_it() -> None:
    kept = passwords.hashed(b"secret")
    assert kept != passwords.hashed(b"secret")
    assert passwords.fits(b"secret", kept)
    assert not passwords.fits(b"Secret", kept)
    assert passwords.fits(b"plain", b"plain")
    assert not passwords.fits(b"{SSHA}x", b"{SSHA}x")
    assert not passwords.fits(b"{CRYPT}x", b"{CRYPT}x")


def test_our_own_attributes_are_in_the_schema() -> None:
    schema = server_schema()
    mail_user = schema.object_class("mailuser")
    assert mail_user
    assert {"mailQuota", "mailQuotaUsed", "mailQuotaUsedAt", "mailLastLogin", "accountStatus"} <= mail_user.may
    assert schema.describe("MAILQUOTA;Lang-DE;x-A") == "mailQuota;lang-de;x-a"
    assert schema.describe("noSuchAttribute") is None


@given(some.lists(some.text(min_size=1, max_size=12), min_size=1, max_size=4))
def test_any_name_is_read_back_from_how_it_is_spelled(values: list[str]) -> None:
    text = ""
    for value in values:
        text = dn.join("ou", value, text)
    read = name(server_schema(), text)
    assert name(server_schema(), read.text) == read
    assert [value for _attribute, value in read.all_pairs()] == list(reversed(values))
