"""Directories for a while: in the foreground, and in threads of a test, which may make them fail."""

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import ldap3
import pytest
from ldap3.core.exceptions import LDAPExceptionError

from mailtui.demo import service
from mailtui.demo.address import DemoAddress
from mailtui.demo.controls import Asked
from mailtui.demo.requests import Message
from mailtui.demo.results import Code, Refusal, Result
from mailtui.demo.searching import Found
from mailtui.demo.session import Session
from mailtui.errors import UsageError
from tests.conformance.client import REPLACE, Client, Verified
from tests.servers.waiting import until

BASE = "dc=example,dc=com"
SERVE = (
    "import sys, threading; from mailtui.demo import service;"
    "service.serve(3, 1, 0, lambda there: print(there.url, there.ca_file, flush=True), threading.Event())"
)


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_one_in_the_foreground_ends_with_a_signal_and_leaves_nothing(tmp_path: Path, how: signal.Signals) -> None:
    environment = {**os.environ, "TMPDIR": str(tmp_path), "XDG_DATA_HOME": str(tmp_path / "data")}
    with subprocess.Popen([sys.executable, "-c", SERVE], stdout=subprocess.PIPE, env=environment) as process:
        assert process.stdout
        _url, ca_file = process.stdout.readline().decode().split()
        assert Path(ca_file).is_relative_to(tmp_path)
        process.send_signal(how)
        assert process.wait(20) == 0
    assert list(tmp_path.iterdir()) == []


def test_one_in_the_foreground_ends_when_it_is_told() -> None:
    stop = threading.Event()
    addresses: list[DemoAddress] = []
    thread = threading.Thread(target=service.serve, args=(3, 1, 0, addresses.append, stop))
    thread.start()
    until(lambda: bool(addresses), "the directory to be ready")
    client = Client(addresses[0])
    assert len(client.search(BASE, "(title=*)").entries) == 3
    stop.set()
    thread.join(20)
    assert not thread.is_alive()
    assert not addresses[0].ca_file.exists()
    client.ldap.unbind()


def test_a_port_that_is_taken_is_said_so() -> None:
    with (
        service.temporary(0) as there,
        pytest.raises(UsageError, match=str(there.port)),
        service.temporary(0, port=there.port),
    ):
        pass


def test_without_people_there_are_the_base_and_two_units() -> None:
    with service.temporary(0) as there:
        client = Client(there)
        assert set(client.search(BASE).entries) == {BASE, f"ou=people,{BASE}", f"ou=groups,{BASE}"}
        client.close()


def test_people_of_the_company_can_bind() -> None:
    with service.temporary(3) as there:
        client = Client(there)
        (dn,) = client.search(BASE, "(title=CEO)").entries
        client.close()
        ceo = Client(there, dn, "sample")
        assert ceo.bound.code == 0
        ceo.close()


def test_tls_may_begin_at_once_on_the_same_port() -> None:
    with service.temporary(0) as there:
        tls = Verified(ca_certs_file=str(there.ca_file))
        server = ldap3.Server("localhost", port=there.port, use_ssl=True, tls=tls, get_info=ldap3.NONE)
        secured: ldap3.Connection = ldap3.Connection(server)
        assert secured.bind()
        secured.unbind()


def test_stopping_hangs_up_on_everybody() -> None:
    with service.temporary(0) as there:
        clients = [Client(there), Client(there, starts_tls=True)]
    for client in clients:
        with pytest.raises(LDAPExceptionError):
            client.search(BASE)


class DropsWrites(Session):
    """Says that a change was made, and makes none."""

    def modify(self, request: Message, asked: Asked) -> Result:
        return Result()


class LosesAnswers(Session):
    """Makes a change, and hangs up instead of saying so."""

    def modify(self, request: Message, asked: Asked) -> Result:
        super().modify(request, asked)
        raise ConnectionAbortedError


class EndsOnPageFour(Session):
    """Gives three pages, and then no more."""

    pages = 0

    def search(self, request: Message, asked: Asked) -> Found:
        self.pages += asked.page is not None
        if self.pages == 4:
            raise Refusal(Code.ADMIN_LIMIT_EXCEEDED, "enough")
        return super().search(request, asked)


def test_a_server_can_be_made_to_drop_a_change() -> None:
    with service.temporary(3, session=DropsWrites) as there:
        client = Client(there, there.bind_dn, there.password.reveal())
        assert client.modify(BASE, ("description", REPLACE, ["x"])).code == 0
        assert client.read(BASE, "description") == {}
        client.close()


def test_a_server_can_be_made_to_lose_an_answer() -> None:
    with service.temporary(3, session=LosesAnswers) as there:
        client = Client(there, there.bind_dn, there.password.reveal())
        with pytest.raises(LDAPExceptionError):
            client.modify(BASE, ("description", REPLACE, ["x"]))
        client = Client(there)
        assert client.read(BASE, "description") == {"description": [b"x"]}
        client.close()


def test_a_server_can_be_made_to_end_a_paged_search_early() -> None:
    with service.temporary(30, session=EndsOnPageFour) as there:
        client = Client(there)
        cookie, codes = b"", []
        for _page in range(4):
            answer, cookie = client.page(10, cookie)
            codes.append(answer.code)
        assert codes == [0, 0, 0, 11]
        client.close()
