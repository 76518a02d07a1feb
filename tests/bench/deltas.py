"""Deltas from a slapd with as many accounts: with a session log, and by polling an indexed entryCSN."""

import random
import statistics
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from threading import Event
from time import perf_counter, sleep
from typing import Any

import ldap3

from mailtui.cache.writing import Cache
from mailtui.config import Config, DirectoryConfig
from mailtui.demo.address import DemoAddress
from mailtui.desk import Desk
from mailtui.domain.mirror import AccountRecord, GroupRecord, UnitRecord
from mailtui.paths import StorePaths
from mailtui.sync.searches import Scheme
from mailtui.sync.syncing import Wish, go_on
from tests.bench.caches import Filled
from tests.bench.company import BASE, Company
from tests.bench.measuring import Measure
from tests.servers import ldif
from tests.servers.slapd import BASE_ENTRY, SlapdOptions, slapd_server

_BYTES = 1 << 35
_WAYS = {
    "syncrepl": SlapdOptions(syncprov=True, session_log=5000, most_bytes=_BYTES),
    "csn": SlapdOptions(most_bytes=_BYTES),
}
_CHANGES = (0, 1, 1000)
_TIMES = 7
_NEWS_S = 12


def measure(caches: Sequence[Filled]) -> Iterator[Measure]:
    """Give, for each size and way, how long deltas of 0, 1 and 1,000 changes take on an open connection."""
    for cache in caches:
        company = Company(cache.accounts)
        with slapd_server(_entries(company), _WAYS["syncrepl"]) as server, tempfile.TemporaryDirectory() as folder:
            for way, options in _WAYS.items():
                server.restart(options)
                yield from _measured(server.address, cache.accounts, way, Path(folder) / way)


def _measured(address: DemoAddress, accounts: int, way: str, folder: Path) -> Iterator[Measure]:
    config = DirectoryConfig((address.url,), address.base, bind_dn=address.bind_dn)
    desk = Desk(Config(config), files=StorePaths(*(folder / name for name in ("cache.db", "j.db", "h.db"))))
    desk.give_password("operator", address.password)
    begun = perf_counter()
    report = desk.sync(lambda _progress: None, Event())
    assert report.cursor == way, report
    yield Measure(f"full sync ({way})", accounts, perf_counter() - begun, "s")
    scheme = Scheme(desk.schema, address.base, address.bind_dn)
    with closing(Cache(desk.cache_file)) as cache, closing(desk.connect()) as directory:
        # For some seconds a poll looks back a little from the newest entry: here, as far back as all of them.
        sleep(_NEWS_S)
        changing = _Changing(address, accounts, way)
        for number in _CHANGES:
            taken = []
            for _turn in range(_TIMES):
                changing.change(number)
                begun = perf_counter()
                delta = go_on(directory, cache, scheme, Wish.CHANGES, lambda _progress: None, Event())
                taken.append(1000 * (perf_counter() - begun))
                assert delta is not None
                assert delta.counts.changed == number, (way, number, delta)
            yield Measure(f"delta of {number:,} ({way})", accounts, statistics.median(taken))


class _Changing:
    """Somebody who changes accounts, each at most once a turn."""

    def __init__(self, address: DemoAddress, accounts: int, way: str) -> None:
        server = ldap3.Server(address.url, get_info=ldap3.NONE)
        self._connection: Any = ldap3.Connection(
            server, address.bind_dn, address.password.reveal(), auto_bind=True, raise_exceptions=True, check_names=False
        )
        self._company, self._chance, self._turn, self._way = Company(accounts), random.Random(1), 0, way

    def change(self, number: int) -> None:
        """Change so many."""
        self._turn += 1
        for one in self._chance.sample(range(self._company.accounts), number):
            change = {"telephoneNumber": [(ldap3.MODIFY_REPLACE, [f"+49 {self._way} {self._turn}"])]}
            self._connection.modify(self._company.dn(one), change)


def _entries(company: Company) -> Iterator[ldif.Record]:
    yield BASE_ENTRY
    yield f"ou=groups,{BASE}", {"objectClass": ["organizationalUnit"], "ou": ["groups"]}
    for record in company.records():
        if isinstance(record, UnitRecord):
            yield record.dn, {"objectClass": ["organizationalUnit"], "ou": [record.name]}
        elif isinstance(record, GroupRecord):
            members = list(dict.fromkeys(record.members))
            yield record.dn, {"objectClass": ["groupOfNames"], "cn": [record.name], "member": members}
        else:
            yield record.dn, _account(record)


def _account(record: AccountRecord) -> dict[str, Sequence[str]]:
    held: dict[str, Iterable[str | None]] = {
        "objectClass": ["inetOrgPerson", "mailUser"], "uid": [record.dn[4:].partition(",")[0]], "cn": [record.name],
        "sn": [record.name], "mail": [record.mail], "mailAlternateAddress": record.aliases, "title": [record.title],
        "employeeNumber": [record.employee_number], "telephoneNumber": [record.phone], "manager": [record.manager_dn],
        "enabledService": record.services, "mailQuota": [str(record.quota_limit)],
    }  # fmt: skip
    return {name: [value for value in values if value] for name, values in held.items()}
