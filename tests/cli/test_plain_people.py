"""People of a plain OpenLDAP, without mailboxes of their own: what its password policy can hold is done."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from threading import Event
from typing import Any

import ldap3
import pytest

from mailtui.apply.batches import carry_out
from mailtui.config import Config, DirectoryConfig
from mailtui.demo.address import DemoAddress
from mailtui.desk import OPERATOR, Desk
from mailtui.domain.account import Delivery, Standing
from mailtui.domain.batch import Batch, BatchState
from mailtui.domain.plan import Plan
from mailtui.errors import Refused
from mailtui.paths import StorePaths
from tests.servers.ldif import Record
from tests.servers.slapd import BASE_ENTRY, USUAL_ACCESS, SlapdOptions, slapd

pytestmark = pytest.mark.server

_BASE = "dc=example,dc=com"
_POLICED = f"""
overlay ppolicy
ppolicy_default "cn=policy,{_BASE}"
"""
_PEOPLE: list[Record] = [
    BASE_ENTRY,
    (f"ou=people,{_BASE}", {"objectClass": ["organizationalUnit"], "ou": ["people"]}),
    (f"ou=staff,{_BASE}", {"objectClass": ["organizationalUnit"], "ou": ["staff"]}),
    (f"cn=policy,{_BASE}", {
        "objectClass": ["applicationProcess", "pwdPolicy"], "cn": ["policy"], "pwdAttribute": ["userPassword"],
        "pwdLockout": ["TRUE"], "pwdMaxFailure": ["2"],
    }),
    *(
        (f"uid={login},ou=people,{_BASE}", {
            "objectClass": ["inetOrgPerson"], "uid": [login], "cn": [login.title()], "sn": [login.title()],
            "mail": [f"{login}@example.com"], "userPassword": ["right"],
        })
        for login in ("anna", "bela")
    ),
]  # fmt: skip


@pytest.fixture
def address() -> Iterator[DemoAddress]:
    """A slapd with a password policy."""
    with slapd(_PEOPLE, SlapdOptions(access=USUAL_ACCESS + _POLICED)) as running:
        yield running


class Office:
    """A desk on it."""

    def __init__(self, address: DemoAddress, folder: Path) -> None:
        self._address = address
        config = DirectoryConfig((address.url,), address.base, bind_dn=address.bind_dn, schema="inetorgperson")
        files = StorePaths(folder / "cache.db", folder / "journal.db", folder / "history.db")
        self.desk = Desk(Config(directory=config), files=files)
        self.desk.give_password(OPERATOR, address.password)
        self.desk.sync(lambda _progress: None, Event())

    def plan(self, task: str, login: str, /, **answers: Any) -> Plan:
        with closing(self.desk.mirror()) as mirror:
            (account,) = mirror.exact(login)
        return self.desk.plans.prepare(task, [account.id], answers)

    def do(self, plan: Plan) -> Batch:
        operator = self.desk.operator()
        with closing(self.desk.journal()) as journal, self.desk.connected() as directory:
            means = self.desk.means(journal, directory, operator)
            return carry_out(journal.open_batch(plan, operator, means.clock()), means)

    def standing(self, login: str) -> tuple[Standing, Delivery | None]:
        with closing(self.desk.mirror()) as mirror:
            (account,) = mirror.exact(login)
        return account.standing, account.delivery

    def gets_in(self, login: str, password: str = "right", unit: str = "people") -> bool:
        server = ldap3.Server(self._address.url, get_info=ldap3.NONE)
        client = ldap3.Connection(server, f"uid={login},ou={unit},{_BASE}", password)
        try:
            return bool(client.bind())
        finally:
            client.unbind()

    def entries(self) -> dict[str, dict[str, list[bytes]]]:
        """Give all entries, byte for byte, but for what a server does by itself."""
        server = ldap3.Server(self._address.url, get_info=ldap3.NONE)
        client = ldap3.Connection(server, self._address.bind_dn, self._address.password.reveal(), auto_bind=True)
        client.search(_BASE, "(objectClass=*)", ldap3.SUBTREE, attributes=["*", "pwdAccountLockedTime", "pwdEndTime"])
        found = {str(one["dn"]): dict(one["raw_attributes"]) for one in client.response or ()}
        client.unbind()
        return {dn: {name: sorted(values) for name, values in held.items() if values} for dn, held in found.items()}


def test_somebody_is_switched_off_where_the_server_itself_refuses_the_log_in(
    address: DemoAddress, tmp_path: Path
) -> None:
    office = Office(address, tmp_path)
    before = office.entries()
    done = office.do(office.plan("disable", "anna"))
    assert done.state is BatchState.DONE
    assert office.standing("anna") == (Standing.DISABLED, Delivery.RECEIVE)
    assert (office.gets_in("anna"), office.gets_in("bela")) == (False, True)
    assert office.do(office.desk.plans.prepare_undo(done.id)).state is BatchState.DONE
    assert office.gets_in("anna")
    assert office.entries() == before
    assert office.do(office.plan("disable", "anna")).is_clean
    assert office.do(office.plan("enable", "anna")).state is BatchState.DONE
    assert office.gets_in("anna")
    assert office.entries() == before


def test_whom_failed_log_ins_locked_out_is_locked_and_not_disabled(address: DemoAddress, tmp_path: Path) -> None:
    office = Office(address, tmp_path)
    assert [office.gets_in("anna", password) for password in ("no", "no", "right")] == [False, False, False]
    office.desk.sync(lambda _progress: None, Event())
    assert office.standing("anna") == (Standing.LOCKED, None)
    assert not office.plan("enable", "anna").changing
    assert office.do(office.plan("unlock", "anna")).state is BatchState.DONE
    assert office.gets_in("anna")


def test_an_expiry_is_heeded_by_the_server(address: DemoAddress, tmp_path: Path) -> None:
    office = Office(address, tmp_path)
    before = office.entries()
    done = office.do(office.plan("expire", "anna", on="+30d"))
    assert done.state is BatchState.DONE
    assert office.gets_in("anna")
    assert office.do(office.desk.plans.prepare_undo(done.id)).state is BatchState.DONE
    assert office.entries() == before


@pytest.mark.parametrize(
    ("task", "answers"),
    [
        ("set-quota", {"to": "1GiB"}),
        ("forward", {"to": "bela@example.com"}),
        ("add-alias", {"address": "a@example.com"}),
        ("disable", {"delivery": "bounce"}),
        ("disable", {"delivery": "redirect", "redirect_to": "bela@example.com"}),
    ],
)
def test_what_the_directory_cannot_hold_is_refused_with_the_reason(
    address: DemoAddress, tmp_path: Path, task: str, answers: dict[str, str]
) -> None:
    office = Office(address, tmp_path)
    with pytest.raises(Refused, match="inetorgperson"):
        office.plan(task, "anna", **answers)


@pytest.mark.parametrize(
    ("task", "answers"),
    [("edit", {"title": "Chief", "phone": "+49 30 1"}), ("move", {"to": "staff"}), ("rename", {"login": "anne"}),
     ("leaver", {"until": "+30d"}), ("delete", {})],
)  # fmt: skip
def test_each_task_round_trips(address: DemoAddress, tmp_path: Path, task: str, answers: dict[str, str]) -> None:
    office = Office(address, tmp_path)
    before = office.entries()
    done = office.do(office.plan(task, "anna", **answers))
    assert (done.state, office.entries() == before) == (BatchState.DONE, False)
    assert office.do(office.desk.plans.prepare_undo(done.id)).state is BatchState.DONE
    after = office.entries()
    if task == "delete":
        # What was deleted comes back without its password, as the plan says.
        del before[f"uid=anna,ou=people,{_BASE}"]["userPassword"]
    assert after == before
