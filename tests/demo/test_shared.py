"""The shared directory: found or started, kept from one run to the next, and gone when nobody needs it."""

import os
import shutil
import signal
import stat
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from mailtui.demo import service
from mailtui.demo.address import DemoAddress, read
from mailtui.errors import StoreError
from tests.conformance.client import REPLACE, Client
from tests.demo.conftest import end, pid_of
from tests.servers.waiting import until

PEOPLE = "ou=people,dc=example,dc=com"


def administrator(address: DemoAddress) -> Client:
    client = Client(address, address.bind_dn, address.password.reveal())
    assert client.bound.code == 0
    return client


def number_of_people(address: DemoAddress) -> int:
    client = administrator(address)
    number = len(client.search(PEOPLE, "(title=*)").entries)
    client.close()
    return number


def test_it_is_started_once_and_found_again(folder: Path) -> None:
    first = service.ensure(people=5)
    assert service.ensure() == service.ensure(people=5) == first
    assert number_of_people(first) == 5
    assert read(folder / "address.json") == first


def test_only_its_owner_may_read_what_it_keeps(folder: Path) -> None:
    service.ensure(people=5)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    for file in ("address.json", "data.log", "server.key", "mailstore.key"):
        assert stat.S_IMODE((folder / file).stat().st_mode) == 0o600


def test_the_process_is_detached_and_tells_no_password_and_no_key(folder: Path) -> None:
    there = service.ensure(people=5)
    assert there.mailstore is not None
    password, key = there.password.reveal().encode(), there.mailstore.key.reveal().encode()
    assert there.mailstore.key_file.read_bytes() == key + b"\n"
    assert not {password.decode(), key.decode()} & set(repr(there).split("'"))
    process = Path(f"/proc/{pid_of(folder)}")
    assert os.getsid(pid_of(folder)) not in {os.getsid(0), os.getsid(os.getppid())}
    shown = (process / "cmdline").read_bytes() + (process / "environ").read_bytes()
    assert password not in shown
    assert key not in shown
    assert {(process / "fd" / number).readlink() for number in "012"} == {Path("/dev/null")}


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
def test_changes_outlive_the_process(folder: Path, how: signal.Signals) -> None:
    before = service.ensure(people=5)
    client = administrator(before)
    assert (
        client.add(f"uid=new,{PEOPLE}", ["inetOrgPerson"], {"cn": "N\x1b", "sn": "N", "description": [b"x", "é"]}).code
        == 0
    )
    assert client.add(f"ou=unit,{PEOPLE}", ["organizationalUnit"], {"ou": "unit"}).code == 0
    assert client.rename(f"uid=new,{PEOPLE}", "uid=newer", f"ou=unit,{PEOPLE}").code == 0
    assert client.rename(f"ou=unit,{PEOPLE}", "ou=moved").code == 0
    assert client.delete(next(iter(client.search(PEOPLE, "(title=CFO)").entries))).code == 0
    kept = client.search("dc=example,dc=com", attributes=["*", "+"]).entries
    client.close()
    end(folder, how)
    after = service.ensure()
    client = administrator(after)
    again = client.search("dc=example,dc=com", attributes=["*", "+"]).entries
    client.close()
    assert f"uid=newer,ou=moved,{PEOPLE}" in again
    assert again == kept
    assert after == before


def test_times_go_on_from_where_they_were(folder: Path) -> None:
    client = administrator(service.ensure(people=5))
    before = client.read("dc=example,dc=com", "contextCSN")["contextCSN"][0]
    client.close()
    end(folder, signal.SIGTERM)
    client = administrator(service.ensure())
    assert client.read("dc=example,dc=com", "contextCSN")["contextCSN"][0] == before
    assert client.modify("dc=example,dc=com", ("description", REPLACE, ["x"])).code == 0
    assert client.read("dc=example,dc=com", "contextCSN")["contextCSN"][0] > before
    client.close()


def test_a_change_that_was_cut_short_is_forgotten(folder: Path) -> None:
    service.ensure(people=5)
    end(folder, signal.SIGKILL)
    with (folder / "data.log").open("ab") as log:
        log.write(b'{"gone": ["dc=example,dc=com"], "come": {"dc=exam')
    assert number_of_people(service.ensure()) == 5


def test_another_company_replaces_the_one_that_is_there(folder: Path) -> None:
    assert number_of_people(service.ensure(people=5)) == 5
    assert number_of_people(service.ensure(people=7)) == 7
    other = administrator(service.ensure(people=7, seed=9))
    names = other.search(PEOPLE, "(title=*)").entries.keys()
    other.close()
    assert len(names) == 7
    assert number_of_people(service.ensure()) == 7


def test_it_starts_anew_where_it_died(folder: Path) -> None:
    first = service.ensure(people=5)
    end(folder, signal.SIGKILL)
    assert number_of_people(service.ensure()) == 5
    assert service.ensure().password == first.password


def test_two_who_ask_at_once_get_one_and_the_same(folder: Path) -> None:
    code = "from mailtui.demo import service; print(service.ensure(people=5).url)"
    asking = [subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE) for _number in range(4)]
    answers = {process.communicate(timeout=60)[0] for process in asking}
    assert [process.returncode for process in asking] == [0] * 4
    assert answers == {f"{service.ensure().url}\n".encode()}


def test_it_ends_by_itself_when_nobody_uses_it(folder: Path) -> None:
    address = service.ensure(people=5, idle_s=0.2)
    until(lambda: not service.is_held(folder / "server.lock"), "the idle directory to end")
    assert service.ensure().url == address.url


def test_it_ends_when_its_folder_is_gone(folder: Path) -> None:
    service.ensure(people=5)
    pid = pid_of(folder)
    shutil.rmtree(folder)
    until(lambda: not Path(f"/proc/{pid}").exists(), "the homeless directory to end")


def test_it_does_not_end_under_a_client(folder: Path) -> None:
    client = administrator(service.ensure(people=5, idle_s=0.2))
    # Longer than it would wait, had nobody been there: this test is about time that passes.
    deadline = time.monotonic() + 1
    while time.monotonic() < deadline:
        assert service.is_held(folder / "server.lock")
        threading.Event().wait(0.05)
    assert client.who_am_i()
    client.close()
    until(lambda: not service.is_held(folder / "server.lock"), "the idle directory to end")


def test_a_folder_that_cannot_be_written_is_said_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "file"))
    with pytest.raises(StoreError) as caught:
        service.ensure(people=5)
    assert "XDG_DATA_HOME" in caught.value.hint


def test_data_that_cannot_be_read_is_said_so(folder: Path) -> None:
    service.ensure(people=5)
    end(folder, signal.SIGTERM)
    log = folder / "data.log"
    log.write_bytes(log.read_bytes().replace(b'"gone"', b"gone", 1))
    with pytest.raises(StoreError) as caught:
        service.ensure()
    assert str(folder) in caught.value.hint
