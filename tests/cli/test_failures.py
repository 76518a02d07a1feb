"""What goes wrong ends in one clear message with what to do, its exit code, and nothing lost."""

import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from mailtui.demo.address import BASE, DemoAddress
from tests.cli.commands import mailtui, write_config
from tests.servers.slapd import BASE_ENTRY, SlapdOptions, slapd


def refused(*arguments: str, exit_code: int, said: str, **environment: str) -> dict[str, str]:
    """Run a command that must fail; gives the error as JSON, which says the same as the text."""
    outcome = mailtui("--json", *arguments, **environment)
    assert outcome.exit_code == exit_code, outcome
    error: dict[str, str] = outcome.json["error"]
    assert said in error["message"], error
    assert error["hint"]
    assert error["message"] in outcome.err
    return error


def test_a_server_that_is_down_is_named(address: DemoAddress, tmp_path: Path) -> None:
    config = write_config(tmp_path / "config.toml", address, urls='["ldap://127.0.0.1:1"]')
    refused("--config", str(config), "sync", exit_code=3, said="ldap://127.0.0.1:1")


def test_the_mirror_works_while_the_server_is_down_and_keeps_its_age(address: DemoAddress, tmp_path: Path) -> None:
    cache = f'[cache]\npath = "{tmp_path / "cache.db"}"'
    config = write_config(tmp_path / "config.toml", address, more=cache)
    mailtui("--config", str(config), "sync")
    before = mailtui("--config", str(config), "--json", "find", "kind:person").json
    write_config(config, address, more=cache, urls='["ldap://127.0.0.1:1"]')
    refused("--config", str(config), "sync", exit_code=3, said="Cannot reach")
    assert mailtui("--config", str(config), "--json", "find", "kind:person").json == before
    login = before[0]["login"]
    refused("--config", str(config), "disable", login, "--yes", exit_code=3, said="Cannot reach")


def test_a_wrong_password_ends_with_4(address: DemoAddress, tmp_path: Path) -> None:
    config = write_config(tmp_path / "config.toml", address, password="wrong")
    refused("--config", str(config), "sync", exit_code=4, said="invalidCredentials")


def test_a_password_that_nobody_can_be_asked_for_ends_with_4(address: DemoAddress, tmp_path: Path) -> None:
    config = write_config(tmp_path / "config.toml", address, password_command="[]")
    error = refused("--config", str(config), "sync", exit_code=4, said="password")
    assert error["code"] == "password-needed"


def test_a_certificate_that_is_not_trusted_says_what_to_set(address: DemoAddress, tmp_path: Path) -> None:
    config = write_config(tmp_path / "config.toml", address, start_tls="true")
    error = refused("--config", str(config), "sync", exit_code=3, said="not trusted")
    assert "ca_file" in error["hint"]


def test_a_base_that_is_not_there_is_said(address: DemoAddress, tmp_path: Path) -> None:
    config = write_config(tmp_path / "config.toml", address, base='"ou=nowhere,dc=example,dc=com"')
    error = refused("--config", str(config), "sync", exit_code=1, said="noSuchObject")
    assert "base" in error["hint"]


@pytest.mark.server
def test_a_size_limit_keeps_the_mirror_as_it_was(tmp_path: Path) -> None:
    people = [(f"uid=p{n},{BASE}", person(f"p{n}")) for n in range(30)]
    cache = f'[cache]\npath = "{tmp_path / "cache.db"}"'
    config = tmp_path / "config.toml"
    with slapd([BASE_ENTRY, *people]) as address:
        write_config(config, address, more=cache, bind='"anonymous"')
        assert mailtui("--config", str(config), "--json", "sync").json["total"] == 30
    with slapd([BASE_ENTRY, *people[:20]], SlapdOptions(limits="sizelimit 10")) as address:
        write_config(config, address, more=cache, bind='"anonymous"')
        error = refused("--config", str(config), "sync", exit_code=1, said="sizeLimitExceeded")
        assert "administrator" in error["hint"]
        assert len(mailtui("--config", str(config), "--json", "find", "p", "--limit", "99").json) == 30


def person(login: str) -> dict[str, list[str]]:
    """The smallest account there is."""
    mail = [f"{login}@example.com"]
    return {"objectClass": ["inetOrgPerson", "mailUser"], "uid": [login], "cn": ["P"], "sn": ["P"], "mail": mail}


def test_a_schema_with_an_attribute_nobody_has_shows_what_is_unknown(address: DemoAddress, tmp_path: Path) -> None:
    schema = tmp_path / "odd.toml"
    schema.write_text('extends = "demo"\nname = "odd"\n[account]\nquota_used = "noSuchAttribute"\n')
    config = write_config(tmp_path / "config.toml", address, schema=f'"{schema}"')
    synced = mailtui("--config", str(config), "sync")
    assert synced.exit_code == 0
    assert "noSuchAttribute" in synced.err
    accounts = mailtui("--config", str(config), "--json", "quota").json
    assert accounts
    assert {account["quota"]["used_bytes"] for account in accounts} == {None}


@pytest.mark.parametrize(
    "text",
    [b"\x00\x01\x02\xff\xfe", b'"never closed;\nx', b"", b"\n\n\n", "\ud800".encode("utf-16-le", "surrogatepass")],
)
def test_a_broken_list_stops_the_command(config: str, tmp_path: Path, text: bytes) -> None:
    file = tmp_path / "list.csv"
    file.write_bytes(text)
    outcome = mailtui("--config", config, "--json", "disable", "--from", str(file), "--yes")
    assert outcome.exit_code in {2, 5}, outcome
    assert outcome.json["error"]["message"]
    assert mailtui("--config", config, "--json", "batches").json == []


def test_a_schema_whose_log_in_nobody_has_is_refused(address: DemoAddress, tmp_path: Path) -> None:
    schema = tmp_path / "odd.toml"
    schema.write_text('extends = "demo"\nname = "odd"\n[account]\nlogin = "noSuchAttribute"\n')
    config = write_config(tmp_path / "config.toml", address, schema=f'"{schema}"')
    refused("--config", str(config), "sync", exit_code=2, said="noSuchAttribute")


def test_a_first_sync_that_failed_leaves_no_mirror_that_is_believed(address: DemoAddress, tmp_path: Path) -> None:
    config = write_config(tmp_path / "config.toml", address, urls='["ldap://127.0.0.1:1"]')
    for _again in range(2):
        refused("--config", str(config), "find", "x", exit_code=3, said="Cannot reach")


def test_output_that_cannot_be_written_is_said_and_a_closed_one_is_no_fault(config: str) -> None:
    full = subprocess.run(
        f"{sys.executable} -m mailtui --config {config} find e > /dev/full",
        shell=True, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert full.returncode == 1
    assert "cannot be written" in full.stderr
    closed = subprocess.run(f"{sys.executable} -m mailtui --config {config} find e >&-", shell=True, check=False)
    assert closed.returncode == 0
    narrow = mailtui("--config", config, "find", "kind:person", PYTHONUTF8="0", PYTHONIOENCODING="ascii", LC_ALL="C")
    assert narrow.exit_code == 0


@pytest.mark.parametrize("arguments", [["find", "kind:person", "--limit", "999"], ["--help"]])
def test_a_reader_that_has_had_enough_ends_a_command_without_a_word(config: str, arguments: list[str]) -> None:
    mailtui("--config", config, "sync")
    command = [sys.executable, "-m", "mailtui", "--config", config, *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as running:
        assert running.stdout
        assert running.stderr
        running.stdout.close()
        assert running.wait(60) == 141
        assert running.stderr.read() == b""


def test_what_was_left_out_is_said(config: str, tmp_path: Path) -> None:
    first, second = mailtui("--config", config, "--json", "find", "kind:person", "--limit", "2").json
    lists = [tmp_path / name for name in ("one", "two")]
    lists[0].write_text(f"{first['login']}\nnosuchperson\n")
    lists[1].write_text(f"{second['login']}\n")
    arguments = [word for file in lists for word in ("--from", str(file))]
    outcome = mailtui("--config", config, "--json", "disable", *arguments, "--skip-unmatched", "--dry-run")
    assert [row["login"] for row in outcome.json["rows"]] == [first["login"], second["login"]]
    assert "nosuchperson" in outcome.err


def test_a_list_that_is_not_there_is_named(config: str) -> None:
    refused("--config", config, "disable", "--from", "/no/such/file", exit_code=2, said="/no/such/file")


def test_an_unknown_config_key_is_met_with_the_nearest_known_one(address: DemoAddress, tmp_path: Path) -> None:
    config = write_config(tmp_path / "config.toml", address, ca_fil='"x"')
    error = refused("--config", str(config), "sync", exit_code=2, said="directory.ca_fil")
    assert "ca_file" in error["hint"]


def test_a_config_that_is_not_there_is_named() -> None:
    refused("--config", "/no/such/config.toml", "find", "x", exit_code=2, said="/no/such/config.toml")


def test_a_home_that_cannot_be_written_is_said(address: DemoAddress, tmp_path: Path) -> None:
    config = write_config(tmp_path / "config.toml", address)
    # A file where the folder would have to be: nothing can be made there, whoever one is.
    blocked = tmp_path / "blocked"
    blocked.write_text("")
    places = {name: str(blocked / "x") for name in ("XDG_CACHE_HOME", "XDG_STATE_HOME", "XDG_DATA_HOME")}
    refused("--config", str(config), "find", "x", exit_code=1, said=str(blocked), **places)


def test_without_a_terminal_the_console_says_what_to_use(config: str) -> None:
    error = refused("--config", config, exit_code=2, said="terminal")
    assert "mailtui find" in error["hint"]


def test_without_a_config_a_commented_one_is_printed() -> None:
    outcome = mailtui()
    assert outcome.exit_code == 2
    assert "[directory]" in outcome.out
    assert "mailtui demo" in outcome.err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["fnd"], "fnd"), (["find"], "query"), (["find", "x", "--limit", "many"], "--limit"),
        (["disable", "x", "--delivery", "burn"], "burn"), (["disable"], "account"),
        (["disable", "x", "--delivery", "redirect"], "--redirect-to"), (["set-quota", "x"], "--to"),
        (["quota", "quota>much"], "quota>much"), (["demo", "--port", "3"], "--port"),
    ],
)  # fmt: skip
def test_wrong_words_end_with_2(config: str, arguments: list[str], said: str) -> None:
    outcome = mailtui("--config", config, "--json", *arguments)
    assert outcome.exit_code == 2, outcome
    assert said in outcome.json["error"]["message"] + outcome.json["error"]["hint"]


@pytest.mark.parametrize(
    ("verb", "said"), [(["show", "nobody"], "nobody"), (["batch", "B99"], "B99"), (["undo", "B99", "--yes"], "B99")]
)
def test_what_is_not_there_ends_with_5(config: str, verb: list[str], said: str) -> None:
    outcome = mailtui("--config", config, "--json", *verb)
    assert (outcome.exit_code, outcome.json["error"]["code"]) == (5, "refused")
    assert said in outcome.json["error"]["message"]


def test_a_message_without_json_is_two_lines(config: str) -> None:
    outcome = mailtui("--config", config, "show", "nobody")
    assert outcome.out == ""
    assert len(outcome.err.strip().splitlines()) <= 4
    assert "nobody" in outcome.err


def test_files_are_for_their_owner_alone(config: str, home: Path) -> None:
    mailtui("--config", config, "sync")
    mailtui("--config", config, "batches")
    found = [Path(folder) / name for folder, _folders, files in os.walk(home) for name in files]
    assert {file.suffix for file in found} >= {".db", ".log"}
    for file in found:
        assert stat.S_IMODE(file.stat().st_mode) & 0o077 == 0, file


def test_the_demo_serves_a_directory_whose_first_line_is_json() -> None:
    command = [sys.executable, "-m", "mailtui", "demo", "--serve", "--people", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout
        told = json.loads(server.stdout.readline())
        server.terminate()
        server.wait(20)
    assert set(told) == {"url", "base", "bind_dn", "password", "mailstore_url", "mailstore_key"}
    assert told["url"].startswith("ldap://127.0.0.1:")
