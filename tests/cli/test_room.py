"""`quota` tells growth and days to full, asks the mail store now, and sums up what is promised."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.commands import mailtui, write_config
from tests.mailstore.conftest import mail, record, records
from tests.servers.sample import SampleStore, sample_store


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SampleStore]:
    """A store of three, one without a limit; it was asked once."""
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("XDG_CACHE_HOME", "XDG_STATE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME"):
        monkeypatch.delenv(name, raising=False)
    with sample_store([*records(["anna", "ben"]), record("carla", 0)]) as store:
        key = " ".join(f'"{part}",' for part in store.config.key_command)
        section = f'[mailstore]\nkind = "doveadm"\nurl = "{store.config.url}"\nkey_command = [{key}]\n'
        monkeypatch.setenv("MAILTUI_CONFIG", str(write_config(tmp_path / "config.toml", store.address, more=section)))
        assert mailtui("sync").exit_code == 0
        yield store


def test_the_mail_store_is_asked_about_those_found_and_one_that_is_not_there_is_said(store: SampleStore) -> None:
    store.deliver("anna@example.com", mail(1, 5000), mail(2, 5000))
    assert mailtui("--json", "quota", "anna").json[0]["quota"]["messages"] == 0
    (anna,) = mailtui("--json", "quota", "anna", "--live").json
    assert (anna["quota"]["messages"], anna["quota"]["source"]) == (2, "mailstore")
    table = mailtui("quota", "--sort", "messages").out
    assert table.index("anna") < table.index("ben")
    assert "too few samples" in table
    store.host.mailstore.stop()
    down = mailtui("quota", "anna", "--live")
    assert (down.exit_code, "anna: " in down.err, "anna" in down.out) == (0, True, True)


def test_sums_are_of_limits_that_are_known_and_the_others_are_counted(store: SampleStore) -> None:
    (room,) = mailtui("--json", "quota", "--by", "department").json
    limit = mailtui("--json", "quota", "anna").json[0]["quota"]["limit_bytes"]
    assert (room["accounts"], room["limit_bytes"], room["unlimited"], room["near_full"]) == (3, 2 * limit, 1, 0)
    (read,) = csv.DictReader(io.StringIO(mailtui("quota", "--by", "profile", "--csv").out))
    assert (read["name"], read["accounts"]) == ("none", "3")
    assert "Promised" in mailtui("quota", "--by", "department").out


def test_without_a_mail_store_nobody_can_be_asked_now(store: SampleStore, tmp_path: Path) -> None:
    plain = str(write_config(tmp_path / "plain.toml", store.address))
    assert mailtui("--config", plain, "sync").exit_code == 0
    refused = mailtui("--config", plain, "quota", "--live")
    assert (refused.exit_code, "No mail store is configured" in refused.err) == (2, True)
