"""Config files: what is refused, how it is said, and what the site has the last word on."""

from pathlib import Path

import pytest

from mailtui.config import Config, load
from mailtui.errors import ConfigError

GOOD = """
[directory]
urls = ["ldaps://ldap.example.com"]
base = "dc=example,dc=com"
bind_dn = "uid={user},ou=operators,dc=example,dc=com"
password_command = ["cat", "/run/pw"]
[directory.sync]
bind_dn = "cn=sync,dc=example,dc=com"
[policy]
ticket_required = true
ticket_pattern = "HD-[0-9]+"
[[profiles]]
name = "executive"
when = { title = ["CEO", "*Director*"] }
quota = "50 GiB"
protected = true
"""


def read(folder: Path, user: str, site: str = "") -> Config:
    files = folder / "user.toml", folder / "site.toml"
    for file, text in zip(files, (user, site), strict=True):
        file.write_text(text, encoding="utf-8")
    return load(*files)


def test_a_config_is_read_whole(tmp_path: Path) -> None:
    config = read(tmp_path, GOOD)
    assert config.directory is not None
    assert config.directory.urls == ("ldaps://ldap.example.com",)
    assert "{user}" not in config.directory.bind_dn
    assert config.directory.sync is not None
    assert config.directory.sync.bind_dn == "cn=sync,dc=example,dc=com"
    assert config.policy.accepts_ticket("HD-1")
    assert not config.policy.accepts_ticket("HD-")
    assert config.policy.profiles[0].quota_bytes == 50 << 30


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("[directry]\n", "directry"),
        ("[directory]\nurl = []\n", "directory.url"),
        ("[directory]\nurls = 'ldap://x'\n", "directory.urls"),
        ("[directory]\nurls = ['ldap://x']\n", "directory.base"),
        ("[directory]\nurls = []\nbase = 'dc=x'\n", "directory.urls"),
        ("[directory]\nurls = ['ldap://x']\nbase = 'dc=x'\nbind = 'magic'\n", "directory.bind"),
        ("[directory.sync]\npassword = 'x'\n", "directory.sync.password"),
        ("[policy]\nbatch_limit = true\n", "policy.batch_limit"),
        ("[policy]\nbatch_limit = -1\n", "policy.batch_limit"),
        ("[policy]\nticket_pattern = '['\n", "policy.ticket_pattern"),
        ("[[profiles]]\nquota = '1 GiB'\n", "profiles[1].name"),
        ("[[profiles]]\nname = 'x'\nquota = 'much'\n", "profiles[1].quota"),
        ("[[profiles]]\nname = 'x'\nwhen = { titel = 'CEO' }\n", "profiles[1].when.titel"),
        ("policy = 3\n", "policy"),
        ("[directory\n", "no valid TOML"),
    ],
)
def test_what_cannot_be_taken_is_named_with_its_file_and_a_hint(tmp_path: Path, text: str, named: str) -> None:
    with pytest.raises(ConfigError) as failure:
        read(tmp_path, text)
    assert named in failure.value.message
    assert "user.toml" in failure.value.message
    assert failure.value.hint
    assert failure.value.exit_code == 2


def test_an_unknown_key_is_met_with_the_nearest_known_one(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as failure:
        read(tmp_path, "[policy]\nticket_requird = true\n")
    assert "ticket_required" in failure.value.hint


def test_what_the_site_sets_stands(tmp_path: Path) -> None:
    site = "[policy]\nticket_required = true\nbatch_limit = 5\n"
    config = read(tmp_path, "[policy]\nbatch_limit = 5000\nlock_after_minutes = 3\n", site)
    assert config.policy.batch_limit == 5
    assert config.policy.ticket_required
    assert config.policy.lock_after_minutes == 3
    assert config.overruled == ("policy.batch_limit",)


def test_a_users_profiles_do_not_replace_the_sites(tmp_path: Path) -> None:
    config = read(tmp_path, "[[profiles]]\nname = 'mine'\n", "[[profiles]]\nname = 'site'\n")
    assert [profile.name for profile in config.policy.profiles] == ["site"]


def test_without_any_file_nothing_is_configured(tmp_path: Path) -> None:
    config = load(tmp_path / "none.toml", tmp_path / "neither.toml")
    assert config.directory is None
    with pytest.raises(ConfigError, match="No directory"):
        config.required_directory()


def test_a_file_that_was_named_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"none\.toml"):
        load(tmp_path / "none.toml", tmp_path / "neither.toml", user_required=True)
