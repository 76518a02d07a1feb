"""Accounts brought to their rules: python -m tests.bench.allotting [--accounts N] [--server slapd|embedded].

Every account gets another quota, other services and an end, and joins two groups, in one batch. Timed by the clock:
the plan, from targets read to rows; the batch, from the runner's start to its end; and both once more for undoing it.
"""

import argparse
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from threading import Event
from time import perf_counter
from typing import Any, TypeVar

from mailtui.config import Config, DirectoryConfig
from mailtui.demo.address import BASE, DemoAddress
from mailtui.desk import OPERATOR, Desk
from mailtui.domain.account import Kind
from mailtui.domain.batch import BatchState
from mailtui.domain.plan import Plan
from mailtui.domain.policy import Department, Policy, Profile
from mailtui.paths import StorePaths
from mailtui.queries.views import View
from mailtui.runner.front import Runner
from tests.servers.embedded import embedded
from tests.servers.ldif import Record
from tests.servers.slapd import BASE_ENTRY, SlapdOptions, slapd

GIB = 1 << 30
PEOPLE, GROUPS = f"ou=people,{BASE}", f"ou=groups,{BASE}"
DEPARTMENTS = 20
POLICY = Policy(
    batch_limit=1_000_000,
    profiles=(
        Profile("executive", (("title", ("CEO", "*Director*")),), 50 * GIB),
        Profile("intern", (("title", ("Intern*",)),), GIB, services=("imap",), groups=("all", "interns")),
        Profile("staff", kind=Kind.PERSON, quota_bytes=5 * GIB, services=("imap", "smtp"), expires_days=365),
    ),
    departments=tuple(
        Department(f"Department {number}", groups=("all", f"team {number}")) for number in range(DEPARTMENTS)
    ),
)
Made = TypeVar("Made")


def company(accounts: int) -> Iterator[Record]:
    """Walk a company none of whose accounts is as its rules would have it."""
    yield BASE_ENTRY
    for dn in (PEOPLE, GROUPS, *(f"ou=Department {number},{PEOPLE}" for number in range(DEPARTMENTS))):
        yield dn, {"objectClass": ["organizationalUnit"], "ou": [dn.partition(",")[0][3:]]}
    for number in range(accounts):
        login, department = f"user{number}", f"Department {number % DEPARTMENTS}"
        yield (
            f"uid={login},ou={department},{PEOPLE}",
            {"objectClass": ["inetOrgPerson", "mailUser"], "uid": [login], "cn": [f"User {number}"],
             "sn": [str(number)], "mail": [f"{login}@example.com"], "mailQuota": [str(3 * GIB)],
             "title": ["Clerk"], "enabledService": ["imap", "pop3"]},
        )  # fmt: skip
    for name in ("all", "interns", *(f"team {number}" for number in range(DEPARTMENTS))):
        yield f"cn={name},{GROUPS}", {"objectClass": ["groupOfNames"], "cn": [name], "member": [f"cn=nobody,{BASE}"]}


def _timed(what: str, action: Callable[[], Made]) -> Made:
    begun = perf_counter()
    made = action()
    print(f"{what:24} {perf_counter() - begun:7.2f} s", flush=True)
    return made


def _carried_out(runner: Runner, plan: Plan) -> str:
    batch = runner.start(plan)
    runner.wait(batch)
    result = runner.result(batch)
    assert result.state is BatchState.DONE, result.warnings
    return batch


def measure(address: DemoAddress, folder: Path) -> None:
    """Print a line for each step."""
    config = DirectoryConfig((address.url,), address.base, bind_dn=address.bind_dn, schema="demo")
    files = StorePaths(folder / "cache.db", folder / "journal.db", folder / "history.db")
    desk = Desk(Config(directory=config, policy=POLICY), files=files)
    desk.give_password(OPERATOR, address.password)
    _timed("mirrored", lambda: desk.sync(lambda _progress: None, Event()))
    with closing(desk.mirror()) as mirror:
        ids = [account.id for account in mirror.accounts(View("kind:person"), 1_000_000)]
    plan = _timed("planned", lambda: desk.plans.prepare("apply-profile", ids, {}, ticket="HD-1"))
    groups = len(plan.rows) - len(ids)
    print(f"{'':24} {plan.size} accounts, {groups} groups, {sum(len(row.changes) for row in plan.rows)} changes")
    runner = Runner(desk)
    batch = _timed("carried out", lambda: _carried_out(runner, plan))
    again = _timed("planned once more", lambda: desk.plans.prepare("apply-profile", ids, {}))
    assert not again.changing
    undo = _timed("undo planned", lambda: desk.plans.prepare_undo(batch, ticket="HD-1"))
    _timed("undo carried out", lambda: _carried_out(runner, undo))


def main() -> None:
    """Start a server and measure."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.allotting", description=__doc__)
    parser.add_argument("--accounts", type=int, default=10_000)
    parser.add_argument("--server", choices=("slapd", "embedded"), default="slapd")
    given = parser.parse_args()
    records = list(company(given.accounts))
    starting: Any = embedded(records) if given.server == "embedded" else slapd(records, SlapdOptions(fsync=True))
    with starting as address, tempfile.TemporaryDirectory() as folder:
        measure(address, Path(folder))


if __name__ == "__main__":
    main()
