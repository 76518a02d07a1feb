"""`[mailstore]` in the config, and where its key comes from."""

import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from mailtui.config import load
from mailtui.credentials import find_key
from mailtui.domain.account import Account, Kind, Standing
from mailtui.domain.quota import Quota
from mailtui.errors import ConfigError, CredentialsRefused, UsageError
from mailtui.mailstore import sieve
from mailtui.mailstore.names import user_name

URL = 'kind = "doveadm"\nurl = "https://mail.example.com:8080"\n'


def file(folder: Path, text: str, name: str = "config.toml") -> Path:
    path = folder / name
    path.write_text(f"[mailstore]\n{text}")
    return path


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("", "kind"),
        ('kind = "imap"', "kind"),
        ('kind = "doveadm"', "url"),
        ('kind = "doveadm"\nurl = "mail.example.com"', "url"),
        ('kind = "doveadm"\nurl = "https://host:port"', "url"),
        ('kind = "doveadm"\nurl = "https://key@host"', "url"),
        ('kind = "doveadm"\nurl = "http://mail.example.com:8080"', "url"),
        ('kind = "doveadm-ssh"', "ssh_command"),
        (URL + "timeout_s = 0", "timeout_s"),
        (URL + 'user_name = "dn"', "user_name"),
        (URL + 'folder_separator = ""', "folder_separator"),
        (URL + 'others_folders = [""]', "others_folders"),
        (URL + 'api_key = "x"', "api_key"),
    ],
)
def test_what_cannot_be_taken_is_named(tmp_path: Path, text: str, key: str) -> None:
    with pytest.raises(ConfigError, match=f"mailstore.{key}") as error:
        load(file(tmp_path, text), tmp_path / "none")
    assert error.value.hint


def test_the_sites_mail_store_cannot_be_overridden(tmp_path: Path) -> None:
    site, user = file(tmp_path, URL, "site.toml"), file(tmp_path, 'url = "https://other"\ntimeout_s = 3')
    config = load(user, site)
    assert config.mailstore is not None
    assert (config.mailstore.url, config.mailstore.timeout_s) == ("https://mail.example.com:8080", 3)
    assert config.overruled == ("mailstore.url",)
    assert load(None, tmp_path / "none").mailstore is None
    for text in ('kind = "doveadm"\nurl = "http://[::1]:1"', URL.replace("https", "http") + "allow_cleartext = true"):
        assert load(file(tmp_path, text), tmp_path / "none").mailstore is not None


def test_the_key_comes_from_the_command_or_from_systemd(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(CredentialsRefused, match="key of the mail store"):
        find_key(())
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    (tmp_path / "mailtui-mailstore").write_text("from systemd\n")
    assert find_key(()).reveal() == "from systemd"
    assert find_key((sys.executable, "-c", "print('from a command')")).reveal() == "from a command"


def test_an_account_is_named_by_address_or_log_in(tmp_path: Path) -> None:
    config = load(file(tmp_path, URL), tmp_path / "none").mailstore
    assert config is not None
    now = datetime.now(UTC)
    ann = Account("1", "uid=ann", "ann", "Ann", "ann@x.example", Kind.PERSON, Standing.ACTIVE, Quota(), now)
    assert user_name(ann, config) == "ann@x.example"
    assert user_name(ann, replace(config, user_name="login")) == "ann"
    with pytest.raises(UsageError):
        user_name(replace(ann, mail=None), config)


def test_a_script_holds_texts_as_they_are_and_nothing_that_they_could_begin() -> None:
    text = sieve.written(["b@x.example"], reply=sieve.Reply('a"; discard;\r\nb', '\\"; stop;\n', 0))
    assert text.splitlines() == [
        'require ["copy", "vacation"];',
        'vacation :days 1 :subject "a\\"; discard; b" "\\\\\\"; stop;',
        '";',
        'redirect :copy "b@x.example";',
    ]
    for addresses in ([], ["nobody"], ['a"@x.example']):
        with pytest.raises(UsageError):
            sieve.written(addresses)
