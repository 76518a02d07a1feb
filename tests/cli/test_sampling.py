"""`sync` asks the mail store how full mailboxes are: once a day, or when it is told to."""

from pathlib import Path

import pytest

from tests.cli.commands import mailtui, write_config
from tests.mailstore.conftest import mail, record, records
from tests.servers.sample import sample_store


def test_sync_asks_the_mail_store_once_a_day_or_when_told_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("XDG_CACHE_HOME", "XDG_STATE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME"):
        monkeypatch.delenv(name, raising=False)
    with sample_store([*records(["anna", "ben"]), record("carla")]) as store:
        store.deliver("anna@example.com", mail(1, 5000))
        key = " ".join(f'"{part}",' for part in store.config.key_command)
        section = (
            f'[mailstore]\nkind = "doveadm"\nurl = "{store.config.url}"\nkey_command = [{key}]\n'
            f'last_login_dict = "{store.config.last_login_dict}"'
        )
        config = write_config(tmp_path / "config.toml", store.address, more=section)
        monkeypatch.setenv("MAILTUI_CONFIG", str(config))
        first, again = (mailtui("--json", "sync").json["usage"] for _turn in range(2))
        assert (first["accounts"], first["unknown"], first["without_account"], again) == (3, 0, 0, None)
        told = mailtui("sync", "--usage")
        assert "the use of 3 mailboxes is known" in told.out
        anna = mailtui("--json", "show", "anna").json
        assert (anna["quota"]["source"], anna["quota"]["messages"]) == ("mailstore", 1)
        assert anna["growth"]["reason"] == "too-few"
        store.host.mailstore.stop()
        down = mailtui("--json", "sync", "--usage")
        assert (down.exit_code, down.json["usage"]) == (0, None)
        assert "how full mailboxes are was not asked" in down.err
