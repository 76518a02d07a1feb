"""Accounts brought to their rules with the groups they join, in one batch: done, read back, taken back to the byte."""

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from mailtui.demo.address import DemoAddress
from mailtui.domain.account import Kind
from mailtui.domain.batch import BatchState, RowState
from mailtui.domain.days import end_of
from mailtui.domain.entries import EntryKind
from mailtui.domain.policy import Department, Policy, Profile
from mailtui.domain.rules import encode_time
from mailtui.runner.front import Runner
from tests.cli.commands import mailtui, write_config
from tests.cli.test_account_tasks import PEOPLE, Office, Values, person
from tests.servers.embedded import embedded
from tests.servers.ldif import Record
from tests.servers.slapd import BASE_ENTRY, slapd

GIB = 1 << 30
RESEARCH, GROUPS = f"ou=Research,{PEOPLE}", "ou=groups,dc=example,dc=com"
POLICY = Policy(
    batch_limit=1000,
    profiles=(
        Profile("executive", (("title", ("CEO",)),), 50 * GIB),
        Profile("intern", (("group", ("interns",)),), GIB, services=("imap", "smtp"), expires_days=90),
        Profile("staff", kind=Kind.PERSON, quota_bytes=3 * GIB, groups=("All Staff",)),
    ),
    departments=(Department("Research", quota_bytes=10 * GIB, groups=("research", "all staff")),),
)


def group(name: str, *logins: str) -> Record:
    """Give a group."""
    members = [f"uid={login},{PEOPLE}" for login in logins]
    return f"cn={name},{GROUPS}", {"objectClass": ["groupOfNames"], "cn": [name], "member": members}


def researcher(number: int) -> Record:
    """Give somebody of the research department."""
    dn, entry = person(f"r{number:03}")
    return dn.replace(PEOPLE, RESEARCH), entry


COMPANY: list[Record] = [
    BASE_ENTRY,
    (PEOPLE, {"objectClass": ["organizationalUnit"], "ou": ["people"]}),
    (RESEARCH, {"objectClass": ["organizationalUnit"], "ou": ["Research"]}),
    (GROUPS, {"objectClass": ["organizationalUnit"], "ou": ["groups"]}),
    person("anna", title=["Clerk"], enabledService=["imap"]),
    person("bert", mailQuota=[str(3 * GIB)]),
    person("ivo", enabledService=["pop3", "IMAP"]),
    person("zoe", mailQuota=[str(3 * GIB)]),
    *map(researcher, range(300)),
    group("all staff", "zoe"),
    group("research", "zoe"),
    group("interns", "ivo", "zoe"),
]


@pytest.fixture(scope="module", params=["embedded", pytest.param("slapd", marks=pytest.mark.server)])
def server(request: pytest.FixtureRequest) -> Iterator[DemoAddress]:
    """A directory that all tests of the module share, each leaving it as it was."""
    starting: Callable[..., Any] = slapd if request.param == "slapd" else embedded
    with starting(COMPANY) as address:
        yield address


@pytest.fixture
def office(server: DemoAddress, tmp_path: Path) -> Iterator[Office]:
    """A desk of its own for each test."""
    with closing(Office(server, tmp_path, POLICY)) as opened:
        yield opened


def dn(login: str) -> str:
    return f"uid={login},{PEOPLE}"


def last_moment() -> str:
    """Give when somebody expires who is an intern from now on."""
    return encode_time(end_of(datetime.now().astimezone().date() + timedelta(days=90))).decode()


ROUND_TRIPS: list[tuple[str, list[str], dict[str, Any], dict[str, Values]]] = [
    (
        "apply-profile",
        ["anna", "bert", "ivo"],
        {},
        {
            dn("anna"): {"mailQuota": [str(3 * GIB)]},
            dn("ivo"): {"mailQuota": [str(GIB)], "enabledService": ["IMAP", "smtp"], "expiredDate": ["LAST"]},
            f"cn=all staff,{GROUPS}": {"member": [dn("zoe"), dn("anna"), dn("bert")]},
        },
    ),
    ("apply-profile", ["anna", "ivo"], {"what": "services"}, {dn("ivo"): {"enabledService": ["IMAP", "smtp"]}}),
    ("apply-profile", ["anna"], {"what": "groups"}, {f"cn=all staff,{GROUPS}": {"member": [dn("zoe"), dn("anna")]}}),
    (
        "change-profile",
        ["anna"],
        {"to": "executive"},
        {dn("anna"): {"title": ["CEO"], "mailQuota": [str(50 * GIB)]}},
    ),
    (
        "change-profile",
        ["ivo"],
        {"to": "staff"},
        {
            dn("ivo"): {"mailQuota": [str(3 * GIB)]},
            f"cn=all staff,{GROUPS}": {"member": [dn("zoe"), dn("ivo")]},
            f"cn=interns,{GROUPS}": {"member": [dn("zoe")]},
        },
    ),
    (
        "change-profile",
        ["bert"],
        {"to": "intern", "what": "quota"},
        {
            dn("bert"): {"mailQuota": [str(GIB)]},
            f"cn=interns,{GROUPS}": {"member": [dn("ivo"), dn("zoe"), dn("bert")]},
        },
    ),
]


@pytest.mark.parametrize(
    ("task", "logins", "answers", "changed"), ROUND_TRIPS, ids=[f"{case[0]}-{n}" for n, case in enumerate(ROUND_TRIPS)]
)
def test_rules_are_applied_read_back_and_taken_back(
    task: str, logins: list[str], answers: dict[str, Any], changed: dict[str, Values], office: Office
) -> None:
    before = office.entries()
    batch = office.do(office.plan(task, *logins, **answers))
    assert batch.state is BatchState.DONE, [row.detail for row in batch.rows]
    expected = {one: dict(values) for one, values in before.items()}
    for one, values in changed.items():
        filled = {
            name: [last_moment() if value == "LAST" else value for value in held] for name, held in values.items()
        }
        expected[one] |= {name: sorted(value.encode() for value in held) for name, held in filled.items()}
    assert office.entries() == expected
    undone = office.do(office.desk.plans.prepare_undo(batch.id))
    assert undone.state is BatchState.DONE
    assert office.entries() == before


def of_research(office: Office) -> list[str]:
    with closing(office.desk.mirror()) as mirror:
        return [account.id for number in range(300) for account in mirror.exact(f"r{number:03}")]


def test_a_department_of_300_is_one_batch_and_once_more_is_none(office: Office) -> None:
    before, ids = office.entries(), of_research(office)
    plan = office.desk.plans.prepare("apply-profile", ids, {})
    assert (plan.size, [row.name for row in plan.rows if row.kind is EntryKind.GROUP]) == (
        300,
        ["all staff", "research"],
    )
    batch = office.do(plan)
    assert batch.counts[RowState.VERIFIED] == 302
    assert len(office.entries()[f"cn=research,{GROUPS}"]["member"]) == 301
    again = office.desk.plans.prepare("apply-profile", ids, {})
    assert not again.changing
    assert {row.skip for row in again.rows} == {"it is already as department Research would have it"}
    assert office.do(office.desk.plans.prepare_undo(batch.id)).state is BatchState.DONE
    assert office.entries() == before


def test_somebody_who_was_put_into_a_group_meanwhile_stays_in_it(office: Office) -> None:
    before = office.entries()
    batch = office.do(office.plan("apply-profile", "anna", "bert", what="groups"))
    joined = office.do(office.plan("join", "ivo", group="all staff"))
    assert office.do(office.desk.plans.prepare_undo(batch.id)).state is BatchState.DONE
    members = [dn(login).encode() for login in ("ivo", "zoe")]
    assert office.entries()[f"cn=all staff,{GROUPS}"]["member"] == members
    assert office.do(office.desk.plans.prepare_undo(joined.id)).state is BatchState.DONE
    assert office.entries() == before


def test_what_is_saved_from_the_mirror_is_looked_at_again_before_it_is_sent(office: Office) -> None:
    before = office.entries()
    with closing(office.desk.mirror()) as mirror:
        ids = [account.id for login in ("anna", "bert", "ivo") for account in mirror.exact(login)]
    unread = office.desk.plans.prepare_unread("apply-profile", ids, {})
    read = office.desk.plans.prepare("apply-profile", ids, {})
    assert unread.rows == read.rows
    runner = Runner(office.desk)
    saved = runner.save(unread)
    joined = office.do(office.plan("join", "anna", group="all staff"))
    again = office.desk.plans.prepare_again(saved)
    changes = {row.name: [change.add for change in row.changes] for row in again.changing}
    assert changes["all staff"] == [(dn("bert").encode(),)]
    assert set(changes) == {"Anna", "Ivo", "all staff"}
    assert office.do(office.desk.plans.prepare_undo(joined.id)).state is BatchState.DONE
    assert office.entries() == before


def test_a_group_that_nobody_has_made_is_warned_of(server: DemoAddress, tmp_path: Path) -> None:
    policy = replace(POLICY, profiles=(Profile("staff", kind=Kind.PERSON, groups=("nobodys",)),))
    with closing(Office(server, tmp_path, policy)) as office:
        plan = office.plan("apply-profile", "anna")
        assert not plan.changing
        assert [caution.kind for caution in plan.warnings] == ["no-group"]


RULES = """
[[profiles]]
name = "executive"
when = { title = "CEO" }
quota = "50 GiB"
[[profiles]]
name = "staff"
kind = "person"
quota = "3 GiB"
groups = ["all staff"]
"""


def test_they_are_verbs_with_options(server: DemoAddress, tmp_path: Path) -> None:
    config = str(write_config(tmp_path / "config.toml", server, more=RULES))
    assert mailtui("--config", config, "sync").exit_code == 0
    done = mailtui("--config", config, "--json", "apply-profile", "anna", "bert", "--yes")
    assert done.exit_code == 0, done
    told = {row["name"]: row["result"] for row in done.json["rows"]}
    assert told == {"Anna": "verified", "Bert": "skipped", "all staff": "verified"}
    assert mailtui("--config", config, "--json", "undo", done.json["batch"], "--yes").exit_code == 0
    shown = mailtui("--config", config, "--json", "change-profile", "bert", "--to", "executive", "--dry-run")
    assert {change["attribute"]: change["add"] for change in shown.json["rows"][0]["changes"]} == {
        "title": ["CEO"], "mailQuota": [str(50 * GIB)],
    }  # fmt: skip
    refused = mailtui("--config", config, "--json", "apply-profile", "anna", "--what", "naming", "--yes")
    assert refused.exit_code == 2
    assert "quota, services, groups and expiry" in refused.json["error"]["hint"]
