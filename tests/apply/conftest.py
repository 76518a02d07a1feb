"""Directories to carry batches out on, the embedded one and a real slapd, and a second client that interferes."""

import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from threading import Event
from typing import Any

import ldap3
import pytest

from mailtui.apply.batches import How, carry_out
from mailtui.apply.means import Means, Seen
from mailtui.apply.settling import settle
from mailtui.config import DirectoryConfig
from mailtui.demo.address import DemoAddress
from mailtui.directory.connection import Login, connect
from mailtui.directory.port import Directory, Entry
from mailtui.directory.schemas import load_schema
from mailtui.domain import dn as names
from mailtui.domain.account import Account
from mailtui.domain.batch import Batch
from mailtui.domain.operator import Operator
from mailtui.domain.plan import Facts, Plan, Target
from mailtui.domain.policy import Policy
from mailtui.domain.quota import Quota
from mailtui.domain.schema import Schema
from mailtui.errors import Unreachable
from mailtui.journal.log import Journal
from mailtui.plans.catalogue import by_name
from mailtui.plans.undo import plan_undo
from mailtui.sync.mapping import AccountMapping, account_attributes
from mailtui.sync.searches import Scheme
from tests.servers.proxy import proxied
from tests.servers.rules import At

STATUS, FORWARDS, QUOTA = "accountStatus", "mailForwardingAddress", "mailQuota"
KIM = Operator("uid=kim", "kim")
Raw = Mapping[str, Sequence[bytes]]
Mend = Callable[[Sequence[Seen], datetime, Sequence[str]], None]

_numbers = itertools.count(1)


@dataclass(repr=False)
class World:
    """One directory with its journal, and what a test does with them."""

    schema: Schema
    journal: Journal
    directory: Directory
    second: Any
    address: DemoAddress
    operator: Operator = KIM
    mended: list[Entry] = field(default_factory=list)
    stop: Event = field(default_factory=Event)

    def person(self, values: Raw | None = None, tail: str = "") -> str:
        """Add a person, whose log-in has a tail, through the second client; give the DN as the server spells it."""
        login = f"user{next(_numbers)}"
        dn = names.join("uid", login + tail, f"ou=people,{self.address.base}")
        attributes: dict[str, Any] = {"cn": login, "sn": login, "mail": f"{login}@example.com"}
        attributes |= {name: list(given) for name, given in (values or {}).items() if given}
        self.second.add(dn, ["top", "inetOrgPerson", "mailUser"], attributes)
        self.second.search(dn, "(objectClass=*)", ldap3.BASE, attributes=["1.1"])
        return str(self.second.response[0]["dn"])

    def unit(self) -> str:
        """Add an org unit through the second client; give its DN."""
        name = f"unit{next(_numbers)}"
        dn = names.join("ou", name, f"ou=people,{self.address.base}")
        self.second.add(dn, ["top", "organizationalUnit"], {"ou": name})
        return dn

    def group(self, *members: str, name: str = "", owners: Sequence[str] = ()) -> str:
        """Add a group through the second client; give its DN."""
        name = name or f"group{next(_numbers)}"
        dn = names.join("cn", name, f"ou=people,{self.address.base}")
        owned = {"owner": list(owners)} if owners else {}
        self.second.add(dn, ["top", "groupOfNames"], {"cn": name, "member": list(members), **owned})
        return dn

    def change(self, dn: str, attribute: str, *values: bytes) -> None:
        """Let the second client replace all values of an attribute."""
        self.second.modify(dn, {attribute: [(ldap3.MODIFY_REPLACE, list(values))]})

    def entries(self, dns: Sequence[str]) -> list[dict[str, set[bytes]]]:
        """Read all user attributes of entries through the second client, byte for byte."""
        found = []
        for dn in dns:
            self.second.search(dn, "(objectClass=*)", ldap3.BASE, attributes=["*"])
            raw = self.second.response[0]["raw_attributes"]
            found.append({name: set(values) for name, values in raw.items()})
        return found

    def values(self, dn: str, attribute: str) -> set[bytes]:
        """Read an attribute through the second client."""
        self.second.search(dn, "(objectClass=*)", ldap3.BASE, attributes=[attribute])
        return set(self.second.response[0]["raw_attributes"].get(attribute, ()))

    def _mend(self, entries: Sequence[Seen], _as_of: datetime, _gone: Sequence[str] = ()) -> None:
        self.mended.extend(entry for _kind, entry in entries)

    def targets(self, dns: Sequence[str]) -> list[Target]:
        """Read accounts as the desk does; those that are gone are left out."""
        wanted = account_attributes(self.schema)
        return [self._target(entry) for entry in self.directory.read(dns, wanted).values()]

    def _target(self, entry: Entry) -> Target:
        record = AccountMapping(self.schema, self.address.base).record(entry)
        quota = Quota(limit_bytes=record.quota_limit)
        account = Account(
            record.id, record.dn, record.login, record.name, record.mail, record.kind, record.standing, quota,
            datetime.now(UTC), forwards=record.forwards,
        )  # fmt: skip
        return Target(account, {name: entry.get(name) for name in account_attributes(self.schema)})

    def plan(self, task: str, dns: Sequence[str], **answers: Any) -> Plan:
        """Plan a task; mail is redirected to the first account of the directory that is asked for."""
        ids = [target.account.id for target in self.targets(dns)]
        facts = Facts(restorable=self.journal.last_disable(ids))
        if "redirect_to" in answers:
            heir = self.targets([answers["redirect_to"]])[0].account
            facts = Facts(redirect_target=heir)
            answers["redirect_to"] = heir.mail
        return by_name(task).plan(self.targets(dns), answers, facts, self.schema, Policy())

    def open(self, plan: Plan) -> str:
        """Journal a plan."""
        return self.journal.open_batch(plan, self.operator, datetime.now(UTC))

    def means(self, directory: Directory | None = None, mend: Mend | None = None) -> Means:
        """Give what batches are carried out with, on this directory or another."""
        reading = {search.kind: search.attributes for search in Scheme(self.schema, self.address.base).searches}
        return Means(
            self.journal, directory or self.directory, self.schema, reading, mend or self._mend, self.operator
        )  # fmt: skip

    def carry_out(
        self, name: str, directory: Directory | None = None, *, mend: Mend | None = None, retry: bool = False
    ) -> Batch:
        """Carry out a batch that is journalled."""
        how = How.RETRY if retry else How.GO_ON
        return carry_out(name, self.means(directory, mend), how=how, stop=self.stop)

    def do(self, plan: Plan, directory: Directory | None = None) -> Batch:
        """Journal a plan and carry it out."""
        return self.carry_out(self.open(plan), directory)

    def lose(self, plan: Plan, *rules: At) -> Batch:
        """Journal a plan, and carry it out over a line that is lost."""
        name = self.open(plan)
        with (
            proxied(self.address, *rules) as proxy,
            closing(connected(proxy.address)) as directory,
            pytest.raises(Unreachable),
        ):
            self.carry_out(name, directory)
        return self.journal.batch(name)

    def settle(self, batch: Batch) -> Batch:
        """Find out what became of the rows of a batch that was cut short."""
        return settle(batch.id, self.means())

    def _now(self, batch: Batch) -> dict[str, Target]:
        ids = [row.account_id for row in batch.rows]
        entries = self.directory.read_ids(ids, account_attributes(self.schema))
        return {one: self._target(entry) for one, entry in entries.items()}

    def plan_undo(self, batch: Batch) -> Plan:
        """Plan to take a batch back."""
        return plan_undo(batch, self._now(batch), Facts(), self.schema, Policy())

    def undo(self, batch: Batch) -> Batch:
        """Take a batch back."""
        return self.do(self.plan_undo(batch))


@contextmanager
def _embedded() -> Iterator[DemoAddress]:
    from mailtui.demo.service import temporary

    with temporary(people=0, seed=1) as address:
        yield address


@contextmanager
def _slapd() -> Iterator[DemoAddress]:
    from tests.servers.ldif import Record
    from tests.servers.slapd import BASE_ENTRY, slapd

    people: Record = ("ou=people,dc=example,dc=com", {"objectClass": ["top", "organizationalUnit"], "ou": ["people"]})
    with slapd([BASE_ENTRY, people]) as address:
        yield address


@pytest.fixture(scope="session", params=["embedded", pytest.param("slapd", marks=pytest.mark.server)])
def address(request: pytest.FixtureRequest) -> Iterator[DemoAddress]:
    """Give where a directory answers, each kind in its turn."""
    start: Callable[[], Any] = {"embedded": _embedded, "slapd": _slapd}[request.param]
    with start() as running:
        yield running


def connected(address: DemoAddress) -> Directory:
    """Open a bound connection that the caller closes."""
    config = DirectoryConfig((address.url,), address.base)
    return connect(config, Login("simple", address.bind_dn, address.password))


@contextmanager
def world_on(address: DemoAddress, journal: Path, operator: Operator = KIM) -> Iterator[World]:
    """Open a directory, with a journal of its own, for one operator."""
    server = ldap3.Server(address.url, get_info=ldap3.NONE)
    second = ldap3.Connection(
        server, address.bind_dn, address.password.reveal(), auto_bind=True, raise_exceptions=True, check_names=False
    )
    with closing(connected(address)) as directory, closing(Journal(journal)) as opened:
        yield World(load_schema("mailuser"), opened, directory, second, address, operator)
    second.unbind()


@pytest.fixture
def world(address: DemoAddress, tmp_path: Path) -> Iterator[World]:
    """Give a world with a journal of its own, on a directory that all tests share."""
    with world_on(address, tmp_path / "journal.db") as opened:
        yield opened
